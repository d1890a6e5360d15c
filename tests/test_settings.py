from __future__ import annotations

from pathlib import Path

import pytest

from digestqa.errors import UsageError
from digestqa.settings import Settings, load_settings


def test_defaults_are_the_folders_of_a_clone(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path) == Settings(Path("seeds"), Path("embeddings"), None, None)


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "digestqa.toml").write_text('seeds = "from-file"\nembeddings = "from-file"\nencoder = "from-file"\n')
    environment = {"DIGESTQA_SEEDS": "from-env", "DIGESTQA_EMBEDDINGS": "from-env"}
    settings = load_settings({"seeds": "from-flag"}, environment, tmp_path)
    assert settings == Settings(Path("from-flag"), Path("from-env"), "from-file", None)


def test_the_tool_table_of_a_pyproject_serves_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.digestqa]\nseeds = "digests"\n')
    assert load_settings({}, {}, tmp_path).seeds == Path("digests")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("sedes = 'x'\n", "unknown setting 'sedes'"),
        ("seeds = 3\n", "'seeds' is no text"),
        ("seeds = [\n", "cannot be read"),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "digestqa.toml").write_text(text)
    with pytest.raises(UsageError, match=what):
        load_settings({}, {}, tmp_path)


@pytest.mark.parametrize(
    ("file", "table"), [("digestqa.toml", "[aliases]"), ("pyproject.toml", "[tool.digestqa.aliases]")]
)
def test_the_users_own_names_come_from_the_configuration(tmp_path: Path, file: str, table: str) -> None:
    (tmp_path / file).write_text(f'{table}\n"thymosin alpha 1" = ["Tα1", "Zadaxin"]\nCTC = []\n', encoding="utf-8")
    assert load_settings({}, {}, tmp_path).aliases == {"thymosin alpha 1": ("Tα1", "Zadaxin"), "CTC": ()}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("aliases = 'CTC'\n", "'aliases' is no table"),
        ("[aliases]\nCTC = 'cells'\n", "the aliases of 'CTC' are no list of texts"),
        ("[aliases]\nCTC = [3]\n", "the aliases of 'CTC' are no list of texts"),
        ("[aliases]\nCTC = ['-']\n", "the aliases of 'CTC' are no list of texts"),
    ],
)
def test_aliases_of_the_wrong_kind_are_named(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "digestqa.toml").write_text(text)
    with pytest.raises(UsageError, match=what) as caught:
        load_settings({}, {}, tmp_path)
    assert "Zadaxin" in caught.value.hint


def test_keys_and_colours_of_the_terminal_ui_are_settings_too(tmp_path: Path) -> None:
    (tmp_path / "digestqa.toml").write_text('theme = "nord"\n[keys]\ncopy = "f8"\n"prompt.newline" = "ctrl+k"\n')
    settings = load_settings({}, {}, tmp_path)
    assert settings.theme == "nord"
    assert settings.keys == {"copy": "f8", "prompt.newline": "ctrl+k"}
    assert load_settings({}, {"DIGESTQA_THEME": "dracula"}, tmp_path).theme == "dracula"


@pytest.mark.parametrize("table", ["keys = 3\n", "[keys]\ncopy = 8\n", '[keys]\ncopy = ""\n'])
def test_wrong_keys_are_named(tmp_path: Path, table: str) -> None:
    (tmp_path / "digestqa.toml").write_text(table)
    with pytest.raises(UsageError, match="'keys' is no table of texts"):
        load_settings({}, {}, tmp_path)
