"""Where sessions are kept, and how an error of that place is told."""

from __future__ import annotations

import errno
from pathlib import Path

from digestqa.errors import StorageError

OFF = "off"
"""The value of the setting ``sessions`` that keeps nothing."""


def sessions_folder(chosen: str | None) -> Path | None:
    """Return the folder of the saved sessions, which need not exist; None where nothing is to be kept.

    Args:
        chosen: the setting ``sessions``: a folder, ``off``, or None for the platform's state directory
            (``$XDG_STATE_HOME/digestqa/sessions`` on Linux, under ``Application Support`` on macOS and under
            ``%LOCALAPPDATA%`` on Windows).
    """
    if chosen is not None:
        return None if chosen.strip().lower() == OFF else Path(chosen).expanduser()
    from platformdirs import user_state_path

    return user_state_path("digestqa", appauthor=False) / "sessions"


def session_storage_error(error: OSError, where: Path) -> StorageError:
    """Tell an operating system error as what happened, where, and what to do next."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError(
            f"the disk is full: {where} cannot be written", "free some space; the conversation goes on unsaved"
        )
    return StorageError(
        f"{where} cannot be read or written: {error.strerror or error}",
        "name another folder with --sessions, or keep no sessions with --sessions off",
    )
