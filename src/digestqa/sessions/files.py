"""A session's file: JSON Lines, only ever appended to.

The first line says what the file is; each further line is one finished turn with the whole answer object. A line is
there for good once ``append`` has returned; a torn last line, as a cut in the power leaves it, is passed over.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digestqa.errors import FileRefusedError
from digestqa.output.jsonform import dump, reply_from_value, reply_value
from digestqa.sessions.turns import Outcome, SavedTurn

FORMAT = "digestqa session"
SCHEMA_VERSION = 1
SUFFIX = ".jsonl"

_OUTCOMES: tuple[Outcome, ...] = ("answered", "abstained", "failed", "cancelled")
_LOCKED_BYTE = 1 << 40
"""Windows locks a range of bytes against readers too, so the range lies far behind the end of any session."""


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A session as its file tells it.

    Attributes:
        id: its name.
        started_at: ISO 8601 in UTC.
        library: what is known of the library it was held over.
        turns: in the order in which they were asked.
        damaged_lines: lines that could not be read.
    """

    id: str
    started_at: str
    library: Mapping[str, Any] = field(default_factory=dict)
    turns: tuple[SavedTurn, ...] = ()
    damaged_lines: int = 0


def header_value(session: SavedSession) -> dict[str, Any]:
    """Return the first line of a session's file."""
    return {
        "format": FORMAT,
        "schema": SCHEMA_VERSION,
        "id": session.id,
        "started_at": session.started_at,
        "library": dict(session.library),
    }


def turn_value(turn: SavedTurn) -> dict[str, Any]:
    """Return a turn's line; ``answer`` is the answer object of ``digestqa ask --json``, or null."""
    return {
        "question": turn.question,
        "asked_at": turn.asked_at,
        "outcome": turn.outcome,
        "error": turn.error,
        "answer": None if turn.reply is None else reply_value(turn.reply),
    }


def line_of(value: Mapping[str, Any]) -> bytes:
    """Return a value as one line of a file."""
    return dump(value).encode("utf-8") + b"\n"


def read_session(path: Path) -> SavedSession:
    """Read a session's file.

    Raises:
        FileRefusedError: it is no session, or one of a newer schema; the message is the reason alone.
        OSError: it cannot be read.
    """
    first, *lines = path.read_bytes().split(b"\n")
    header = _loaded(first)
    if header is None or header.get("format") != FORMAT:
        raise FileRefusedError("its first line is not that of a session" if first or lines else "it is empty")
    schema = header.get("schema")
    if schema != SCHEMA_VERSION:
        raise FileRefusedError(f"it was written by a newer digestqa (schema {schema})")
    turns = [_turn(line) for line in lines if line.strip()]
    kept = tuple(turn for turn in turns if turn is not None)
    library = header.get("library")
    return SavedSession(
        id=path.name.removesuffix(SUFFIX),
        started_at=str(header.get("started_at", "")),
        library=library if isinstance(library, dict) else {},
        turns=kept,
        damaged_lines=len(turns) - len(kept),
    )


def _turn(line: bytes) -> SavedTurn | None:
    value = _loaded(line)
    if value is None:
        return None
    try:
        outcome = value["outcome"]
        if outcome not in _OUTCOMES or not isinstance(value["question"], str):
            return None
        answer = value.get("answer")
        return SavedTurn(
            question=value["question"],
            asked_at=str(value.get("asked_at", "")),
            outcome=outcome,
            reply=None if answer is None else reply_from_value(answer),
            error=str(value.get("error", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _loaded(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


class HeldFile:
    """A session's file that this program alone adds to.

    The operating system's lock on it ends with the program, however that ends.
    """

    def __init__(self, path: Path, *, new: bool) -> None:
        """Open a file and lock it.

        Raises:
            FileExistsError: it is to be new and is there.
            BlockingIOError: another program holds it.
            OSError: it cannot be opened.
        """
        self.path = path
        flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(path, flags | (os.O_CREAT | os.O_EXCL if new else 0), 0o600)
        try:
            _lock(self._descriptor)
            self._ends_within_a_line = not new and _last_byte(path) not in (b"", b"\n")
        except BaseException:
            os.close(self._descriptor)
            raise
        if new:
            _sync_folder(path.parent)

    def append(self, line: bytes) -> None:
        """Add a line and wait until it is on the disk; what was written of a line that failed is taken away again.

        Raises:
            OSError: it cannot be written.
        """
        size = os.fstat(self._descriptor).st_size
        rest = b"\n" + line if self._ends_within_a_line else line
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, size)
            self._ends_within_a_line |= os.fstat(self._descriptor).st_size != size
            raise
        self._ends_within_a_line = False

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _lock(descriptor: int) -> None:
    """Lock an open file for this program, or raise BlockingIOError; file systems without locks go without."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(error.errno, "another program holds it") from error
    else:
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            return


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return b""
        file.seek(-1, os.SEEK_END)
        return file.read(1)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name last; systems that cannot sync a folder need not."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
