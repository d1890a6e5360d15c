"""What the terminal UI needs from outside: where sessions are kept, the clipboard, and what opens a link.

Nothing here imports Textual. ``digestqa.sessions`` implements ``SessionLog``; tests use ``MemorySessionLog``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from digestqa.sessions.turns import FoundTurn, LeftOut, SavedTurn, SessionSummary

ExportForm = Literal["markdown", "json"]


class SessionLog(Protocol):
    """The sessions of a person, one of which is being written.

    Every method may be called from any thread and raises nothing but ``DigestQAError``; the UI shows such an error as
    a notice and goes on. ``append``, ``note_question`` and ``questions`` are called between two key presses and must
    return within a few milliseconds; the others are called from a daemon thread and may take their time.
    """

    @property
    def id(self) -> str:
        """The present session's name, short enough for a title bar, such as ``2026-11-22-1``."""

    @property
    def location(self) -> Path | None:
        """The file of the present session; None where nothing is kept."""

    def append(self, turn: SavedTurn) -> None:
        """Add a finished turn to the present session. A session without turns leaves no file."""

    def note_question(self, question: str) -> None:
        """Add a line to the input history (Up and Down), at the moment it is sent; a repeat of the last is dropped."""

    def questions(self) -> Sequence[str]:
        """Return the input history of all sessions, oldest first."""

    def start_new(self) -> None:
        """End the present session and begin an empty one."""

    def resume(self, session_id: str) -> Sequence[SavedTurn]:
        """Make an earlier session the present one and return its turns; what is appended now goes to it.

        Raises:
            UsageError: there is no such session; the hint names the nearest.
        """

    def sessions(self) -> Sequence[SessionSummary]:
        """Return all sessions that hold a turn, latest first."""

    def left_out(self) -> Sequence[LeftOut]:
        """Return the files of the sessions' folder that no list holds because they cannot be read."""

    def search(self, text: str, limit: int = 50) -> Sequence[FoundTurn]:
        """Return turns of all sessions, the present one too, whose question or quotes hold every word of the text.

        Letter case does not matter; latest first; an empty text finds the latest turns.
        """

    def export(self, form: ExportForm, path: Path | None = None) -> Path:
        """Write the present session and return the file.

        Args:
            form: ``markdown`` for people, ``json`` for ``digestqa verify``.
            path: where to; None chooses a name in the current folder that is not taken yet. An existing file is
                never overwritten.

        Raises:
            StorageError: it cannot be written, or the path is taken.
            UsageError: the session holds no turn.
        """


class Clipboard(Protocol):
    """Copies a text to the system's clipboard (the UI itself also sends OSC 52 to the terminal)."""

    def __call__(self, text: str, /) -> bool:
        """Return whether a system clipboard took the text; False over SSH or without a display."""


class LinkOpener(Protocol):
    """Opens a link in a browser of its own window."""

    def __call__(self, url: str, /) -> bool:
        """Return whether a browser was started; False without a display, over SSH, or for a text-mode browser."""
