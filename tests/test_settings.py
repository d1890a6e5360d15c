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
