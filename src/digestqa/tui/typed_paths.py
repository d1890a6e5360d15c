"""Paths as they are typed behind a command of the conversation. No Textual here."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from digestqa.errors import UsageError


def typed_paths(argument: str) -> list[str]:
    """Return the paths that were typed: one with spaces in it as it is, otherwise as a shell would take them.

    Raises:
        UsageError: a quote is not closed.
    """
    whole = Path(argument).expanduser()
    if argument and whole.exists():
        return [str(whole)]
    try:
        words = shlex.split(argument, posix=os.name != "nt")
    except ValueError as error:
        raise UsageError(
            f"{argument} is no path: {error}", "put quotes around a name with spaces, both of them"
        ) from error
    return [str(Path(word).expanduser()) for word in words]
