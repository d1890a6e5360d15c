"""One writer at a time: the second fails at once and is told who the first is."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.errors import LibraryBusyError
from digestqa.library.storage import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.json"


@contextlib.contextmanager
def writer_lock(embeddings: Path) -> Iterator[None]:
    """Hold the library's writer lock.

    The operating system frees the lock when the process ends, however it ends; the note beside it only says who
    holds it, and a stale note does no harm.

    Args:
        embeddings: an existing folder.

    Raises:
        LibraryBusyError: another process or thread holds it.
        StorageError: the lock file cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(embeddings / LOCK_NAME, timeout=0)
    with storage_errors(embeddings / LOCK_NAME):
        try:
            lock.acquire()
        # A kind of OSError, and to be caught before those are told as failures of the disk.
        except Timeout:
            holder = describe_holder(embeddings)
            raise LibraryBusyError(
                f"the library in {embeddings} is being written by {holder or 'another process'}",
                "wait until it has finished, or stop it; questions are answered meanwhile",
            ) from None
    note = embeddings / HOLDER_NAME
    try:
        with contextlib.suppress(OSError):
            note.write_text(
                json.dumps({"pid": os.getpid(), "command": _command(), "started_at": _now()}), encoding="utf-8"
            )
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()
        lock.release()


def describe_holder(embeddings: Path) -> str:
    """Say who last noted himself as the writer, or return an empty string."""
    try:
        note = json.loads((embeddings / HOLDER_NAME).read_text(encoding="utf-8"))
        return f"process {note['pid']} ({note['command']}, since {note['started_at']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def active_writer(embeddings: Path) -> str:
    """Say who is writing now, or return an empty string; a killed process's note counts for nothing."""
    holder = describe_holder(embeddings)
    if not holder:
        return ""
    from filelock import FileLock, Timeout

    lock = FileLock(embeddings / LOCK_NAME, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return holder
    except OSError:
        return ""
    lock.release()
    return ""


def _command() -> str:
    words = [Path(sys.argv[0]).name or "python", *sys.argv[1:]]
    return " ".join(words)[:200]


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
