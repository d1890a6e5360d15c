"""Paths as they are typed behind a command of the conversation. No Textual here."""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path

from digestqa.errors import UsageError

_SHOWN_CHARS = 60


def typed_paths(argument: str) -> list[str]:
    """Return the paths that were typed: one with spaces in it as it is, otherwise as a shell would take them.

    Raises:
        UsageError: a quote is not closed, or a name is none.
    """
    if argument and os.path.exists(whole := typed_path(argument)):
        return [str(whole)]
    try:
        words = shlex.split(argument, posix=os.name != "nt")
    except ValueError as error:
        raise UsageError(
            f"{argument} is no path: {error}", "put quotes around a name with spaces, both of them"
        ) from error
    return [str(typed_path(word)) for word in words]


def typed_path(argument: str) -> Path:
    """Return one path as it was typed, with ``~`` for a home.

    Raises:
        UsageError: it is blank, names the home of a person who is not there, holds a zero byte, or is too long.
    """
    if not argument.strip():
        raise UsageError("a path is empty", "name a file or a folder")  # it would stand for the current folder
    if "\0" in argument:
        raise UsageError(f"{argument} is no path: it holds a zero byte", "name a file or a folder")
    try:
        path = Path(argument).expanduser()
        path.lstat()
    except RuntimeError as error:
        raise UsageError(f"{argument} is no path: there is no such home", "write the folder out") from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            shown = f"{argument[:_SHOWN_CHARS]}…"
            raise UsageError(f"{shown} is no path: the name is too long", "name a file or a folder") from error
    return path
