"""What a session is made of, as values: turns that are saved, and what a search or a listing of sessions finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from digestqa.replies import Reply

Outcome = Literal["answered", "abstained", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """One question of a session and what became of it.

    Attributes:
        question: as typed.
        asked_at: when it was asked, ISO 8601 in UTC with seconds.
        outcome: what became of it.
        reply: what came back; None where the question failed or was cancelled.
        error: what went wrong, as shown; empty otherwise.
    """

    question: str
    asked_at: str
    outcome: Outcome
    reply: Reply | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One saved session in a list.

    Attributes:
        id: names the session in ``resume``.
        started_at: ISO 8601 in UTC with seconds.
        last_at: when its last question was asked; equal to ``started_at`` in an empty session.
        turns: how many questions it holds.
        first_question: its first question; empty in an empty session.
        damaged_lines: lines of its file that could not be read; they are in no count.
    """

    id: str
    started_at: str
    last_at: str
    turns: int
    first_question: str
    damaged_lines: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file in the folder of the sessions that is in no list, because it cannot be read; it stays as it is.

    Attributes:
        name: the file's name.
        reason: what is wrong with it.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class FoundTurn:
    """A turn of some session that a search found.

    Attributes:
        session_id: its session.
        position: its place in the session, from 0.
        turn: the turn.
    """

    session_id: str
    position: int
    turn: SavedTurn
