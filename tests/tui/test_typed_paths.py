from __future__ import annotations

from pathlib import Path

import pytest

from digestqa.errors import UsageError
from digestqa.tui.typed_paths import typed_path, typed_paths


def test_a_path_with_spaces_that_is_there_is_one_path(tmp_path: Path) -> None:
    folder = tmp_path / "my digests"
    folder.mkdir()
    assert typed_paths(str(folder)) == [str(folder)]


def test_others_are_taken_as_a_shell_would_and_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert typed_paths("~/new 'a b.txt'") == [str(tmp_path / "new"), "a b.txt"]
    assert typed_paths("") == []


def test_a_quote_that_is_not_closed_is_told() -> None:
    with pytest.raises(UsageError, match="is no path"):
        typed_paths("'a")


@pytest.mark.parametrize("typed", ["~nobody-of-that-name/a.txt", "''", "a '' b", "a\0b"])
def test_what_names_no_file_is_told_and_never_stands_for_the_current_folder(typed: str) -> None:
    with pytest.raises(UsageError):
        typed_paths(typed)


def test_a_name_that_is_too_long_for_the_system_is_told_in_short() -> None:
    with pytest.raises(UsageError, match="is too long") as caught:
        typed_paths("a" * 5000)
    assert len(str(caught.value)) < 200


def test_one_path_may_hold_spaces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert typed_path("~/my talk.md") == tmp_path / "my talk.md"
