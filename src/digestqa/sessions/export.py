"""A session as a file for others: Markdown to be read, JSON to be checked with ``digestqa verify``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from digestqa.errors import StorageError, UsageError
from digestqa.output.jsonform import dump
from digestqa.sessions.files import SavedSession, header_value, turn_value
from digestqa.sessions.markdown import session_markdown

ExportForm = Literal["markdown", "json"]

_SUFFIXES: dict[ExportForm, str] = {"markdown": ".md", "json": ".json"}


def export_session(session: SavedSession, form: ExportForm, path: Path | None = None) -> Path:
    """Write a session to a new file.

    Args:
        session: with at least one turn.
        form: what to write.
        path: the file, or a folder for it; by default the current folder. The file's own name is
            ``digestqa-ID.md`` or ``.json``, with a number where that is taken.

    Returns:
        The file.

    Raises:
        StorageError: it cannot be written, or the path is taken.
        UsageError: the session holds no turn.
    """
    if not session.turns:
        raise UsageError("this session holds no question yet", "ask one first, or resume an earlier session")
    text = session_markdown(session) if form == "markdown" else dump(session_value(session), indent=2) + "\n"
    data = text.encode("utf-8", errors="backslashreplace")
    chosen = path.expanduser() if path is not None else Path()
    if chosen.is_dir():
        stem = f"digestqa-{session.id}"
        number = 1
        while True:
            target = chosen / f"{stem if number == 1 else f'{stem}-{number}'}{_SUFFIXES[form]}"
            if not os.path.lexists(target):
                break
            number += 1
    else:
        target = chosen
    try:
        with target.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise StorageError(f"{target} is there already", "choose another name; nothing is overwritten") from error
    except OSError as error:
        raise StorageError(
            f"{target} cannot be written: {error.strerror or error}", "choose another folder or free some space"
        ) from error
    return target


def session_value(session: SavedSession) -> dict[str, Any]:
    """Return a session as plain JSON values: its header, and each turn with its answer object."""
    return {**header_value(session), "turns": [turn_value(turn) for turn in session.turns]}
