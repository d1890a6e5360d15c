"""The state of a conversation: values only, no event loop, no Textual. ``reduce`` changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from digestqa.replies import Citation, Reply
from digestqa.retrieval.scope import Filters
from digestqa.sessions.turns import SavedTurn

EngineState = Literal["loading", "building", "ready", "missing", "failed"]
TurnState = Literal["queued", "searching", "answered", "abstained", "failed", "cancelled"]
JobKind = Literal["build", "ingest", "rebuild"]
Severity = Literal["information", "warning", "error"]

PENDING: tuple[TurnState, ...] = ("queued", "searching")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what became of it.

    Attributes:
        id: the request's number, never given twice in one run of the program.
        question: as typed.
        asked_at: ISO 8601 in UTC with seconds.
        filters: the scope at the moment it was sent.
        state: where it stands.
        reply: what came back, once it has.
        error: what went wrong.
        hint: what to do about it.
        restored: whether it was read from a saved session, and is saved already.
    """

    id: int
    question: str
    asked_at: str
    filters: Filters
    state: TurnState
    reply: Reply | None = None
    error: str = ""
    hint: str = ""
    restored: bool = False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The turn's citations in the order of their numbers: of the answers, or of the nearest passages."""
        if self.reply is None:
            return ()
        return tuple(answer.citation for answer in self.reply.answers) or self.reply.nearest


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What a person is told about the open library."""

    digests: int
    passages: int
    state: int
    encoder: str = ""
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """An ingest or a rebuild that runs; ``total`` is 0 where the length is not known."""

    kind: JobKind
    phase: str = "starting"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """A citation of a turn; ``index`` counts from 0, what a person sees from 1."""

    turn_id: int
    index: int


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that the screen shows of a conversation.

    Attributes:
        engine: whether questions can be answered.
        engine_error: why not.
        engine_hint: what to do about it.
        library: the open library; None before it is.
        newer: the number of a newer state on disk; None where there is none.
        job: the ingest or rebuild that runs.
        turns: in the order in which they were asked.
        filters: the scope of the next question.
        selection: the citation in the source panel.
        next_id: the next turn's number.
    """

    engine: EngineState = "loading"
    engine_error: str = ""
    engine_hint: str = ""
    library: LibraryFacts | None = None
    newer: int | None = None
    job: Job | None = None
    turns: tuple[Turn, ...] = ()
    filters: Filters = NO_FILTERS
    selection: Selection | None = None
    next_id: int = 1

    def turn(self, turn_id: int) -> Turn | None:
        """Return the turn of that number, or None."""
        return next((turn for turn in self.turns if turn.id == turn_id), None)

    @property
    def searching(self) -> Turn | None:
        """The turn whose question is being answered."""
        return next((turn for turn in self.turns if turn.state == "searching"), None)

    @property
    def selected_turn(self) -> Turn | None:
        """The turn of the citation in the source panel."""
        return self.turn(self.selection.turn_id) if self.selection else None

    @property
    def selected_citation(self) -> Citation | None:
        """The citation in the source panel."""
        turn = self.selected_turn
        if turn is None or self.selection is None or self.selection.index >= len(turn.citations):
            return None
        return turn.citations[self.selection.index]

    def history(self, before: int) -> tuple[str, ...]:
        """Return the questions that were answered or abstained from before a turn: what a follow-up may lean on."""
        return tuple(turn.question for turn in self.turns if turn.id < before and turn.reply is not None)

    def cited(self, before: int) -> tuple[str, ...] | None:
        """Return the studies that the last question of the history leaves spoken of; None where it leaves none."""
        replies = (turn.reply for turn in reversed(self.turns) if turn.id < before and turn.reply is not None)
        last = next(replies, None)
        return last.spoken_of if last is not None else None


def saved(turn: Turn) -> SavedTurn:
    """Return a finished turn as a session keeps it."""
    if turn.state == "queued" or turn.state == "searching":
        raise ValueError(f"turn {turn.id} is not finished")
    return SavedTurn(turn.question, turn.asked_at, turn.state, turn.reply, turn.error)


def restored(turn: SavedTurn, turn_id: int) -> Turn:
    """Return a turn of a saved session as the screen shows it."""
    filters = turn.reply.filters if turn.reply else NO_FILTERS
    return Turn(
        turn_id, turn.question, turn.asked_at, filters, turn.outcome, turn.reply, error=turn.error, restored=True
    )


def with_turn(state: Conversation, turn: Turn) -> Conversation:
    """Return the state with a turn in the place of the one of its number."""
    return replace(state, turns=tuple(turn if old.id == turn.id else old for old in state.turns))
