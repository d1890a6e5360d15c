"""What the documentation says of the command line is what the command line says of itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from digestqa.cli import COMMANDS

ROOT = Path(__file__).parent.parent
HELP = ROOT / "docs" / "help.md"


def help_page() -> str:
    parts = ["# Help\n\nWhat `digestqa --help` and `digestqa COMMAND --help` print.\n"]
    for command in ("", *COMMANDS):
        arguments = [command] if command else []
        done = subprocess.run(
            [sys.executable, "-m", "digestqa", *arguments, "--help"],
            env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        parts.append(f"## digestqa {command}".rstrip() + f"\n\n```\n{done.stdout.strip()}\n```\n")
    return "\n".join(parts)


def test_the_help_page_is_what_the_program_prints() -> None:
    page = help_page()
    if os.environ.get("UPDATE_GOLDENS"):
        HELP.write_text(page, encoding="utf-8")
    assert HELP.read_text(encoding="utf-8") == page, "run the tests once with UPDATE_GOLDENS=1"


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"`{command}`" in readme


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("setting", ["SEEDS", "EMBEDDINGS", "ENCODER", "READER", "SESSIONS", "FETCH_URL"])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`DIGESTQA_{setting}`" in (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")


def test_the_readme_shows_a_real_answer(tmp_path: Path) -> None:
    """The shown quote and citation, word for word; the confidence and layout are the program's at the time."""
    from digestqa.library import Library, ingest

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    quote = re.search(r"^(?!\$).*▶.*◀.*$", readme, re.MULTILINE)
    assert quote is not None
    text = (ROOT / "seeds" / "NCT06598839.txt").read_text(encoding="utf-8")
    assert quote.group().replace("▶", "").replace("◀", "") in text
    ingest(tmp_path / "embeddings", ROOT / "seeds", no_embed=True)
    with Library.open(tmp_path / "embeddings", ROOT / "seeds") as library:
        (record,) = library.digests()
    assert f"[1] {record.source} · Results · {record.headline}" in readme
