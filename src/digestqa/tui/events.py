"""What happens to a conversation (events) and what must be done about it (effects). Values only."""

from __future__ import annotations

from dataclasses import dataclass

from digestqa.replies import Reply
from digestqa.retrieval.scope import Filters
from digestqa.sessions.turns import SavedTurn
from digestqa.tui.state import JobKind, LibraryFacts, Severity

# Events


@dataclass(frozen=True, slots=True)
class LibraryOpened:
    """The library and the models are there, or a newer state was taken up."""

    facts: LibraryFacts
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryUnavailable:
    """No question can be answered; ``missing`` where there is no library and nothing to build one from."""

    message: str
    hint: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class LibraryChanged:
    """There is a newer state on disk."""

    state: int


@dataclass(frozen=True, slots=True)
class JobStarted:
    """An ingest or a rebuild began."""

    kind: JobKind


@dataclass(frozen=True, slots=True)
class JobProgressed:
    """It went on."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class JobEnded:
    """It ended: what it did, or why it failed; ``problems`` are files refused and warnings."""

    summary: str
    problems: tuple[str, ...] = ()
    failed: bool = False
    hint: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """A question was sent."""

    question: str
    asked_at: str


@dataclass(frozen=True, slots=True)
class Replied:
    """The engine answered or abstained."""

    turn_id: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class AskFailed:
    """The engine could not answer."""

    turn_id: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The person takes the newest waiting question back."""


@dataclass(frozen=True, slots=True)
class FiltersSet:
    """The scope of the next question was set or removed."""

    filters: Filters


@dataclass(frozen=True, slots=True)
class CitationChosen:
    """A citation was chosen by its number (from 0); ``turn_id`` None means the turn in the source panel."""

    index: int
    turn_id: int | None = None


@dataclass(frozen=True, slots=True)
class CitationStepped:
    """The next (1) or the previous (-1) citation of the turn, round and round."""

    step: int


@dataclass(frozen=True, slots=True)
class TurnStepped:
    """The next (1) or the previous (-1) turn that has citations."""

    step: int


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session begins: empty, or with the turns of an earlier one."""

    turns: tuple[SavedTurn, ...] = ()


Event = (
    LibraryOpened
    | LibraryUnavailable
    | LibraryChanged
    | JobStarted
    | JobProgressed
    | JobEnded
    | Submitted
    | Replied
    | AskFailed
    | Cancelled
    | FiltersSet
    | CitationChosen
    | CitationStepped
    | TurnStepped
    | SessionStarted
)


# Effects


@dataclass(frozen=True, slots=True)
class Ask:
    """Give a question to the engine; ``cited`` are the studies that the turn before it leaves spoken of."""

    turn_id: int
    question: str
    history: tuple[str, ...]
    filters: Filters
    cited: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """The engine need not answer this question any more."""

    turn_id: int


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Put a question back into the prompt, if nothing stands there."""

    question: str


@dataclass(frozen=True, slots=True)
class Save:
    """Add a finished turn to the session's file."""

    turn: SavedTurn


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the person something that is no answer."""

    text: str
    hint: str = ""
    severity: Severity = "information"


@dataclass(frozen=True, slots=True)
class Reveal:
    """Bring a turn into view, its top first."""

    turn_id: int


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open the library anew in its present state."""


Effect = Ask | Forget | GiveBack | Save | Tell | Reveal | Reopen
