"""What drives the application: events change the conversation, effects are done, threads bring results back."""

from __future__ import annotations

import contextlib
import time
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual.app import App
from textual.css.query import NoMatches
from textual.message import Message

from digestqa.errors import DigestQAError
from digestqa.output.terminal import visible
from digestqa.tui.background import Background
from digestqa.tui.engine import Engine, NoDigestsError, Opened
from digestqa.tui.events import (
    Ask,
    AskFailed,
    Effect,
    Event,
    Forget,
    GiveBack,
    LibraryChanged,
    LibraryOpened,
    LibraryUnavailable,
    Reopen,
    Replied,
    Reveal,
    Save,
    Tell,
)
from digestqa.tui.reduce import reduce
from digestqa.tui.state import Conversation, Severity

if TYPE_CHECKING:
    from digestqa.replies import Reply
    from digestqa.tui.ports import SessionLog

Result = TypeVar("Result")

_NOTICE_S: dict[Severity, float] = {"information": 5.0, "warning": 8.0, "error": 12.0}
_NOTICE_CHARS = 600


class Delivered(Message):
    """Work of another thread is done; what follows from it is run in the event loop."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.then = then


class ConversationApp(App[int]):
    """The part of the application that knows no widgets."""

    def __init__(self, engine: Engine, sessions: SessionLog) -> None:
        super().__init__()
        self.engine = engine
        self.sessions = sessions
        self.conversation = Conversation()
        self.background = Background(self._deliver)
        self.search_began = 0.0
        self._searching: int | None = None
        self._forgotten: set[int] = set()
        self._looking = False

    # What the screen does

    @abstractmethod
    def draw(self) -> None:
        """Draw the conversation."""

    @abstractmethod
    def draw_source(self, *, anew: bool = False) -> None:
        """Draw the citation that is selected."""

    @abstractmethod
    def in_view(self, turn_id: int) -> bool:
        """Tell whether any of a turn is on the screen."""

    @abstractmethod
    def reveal(self, turn_id: int) -> None:
        """Bring a turn into view, its top first."""

    @abstractmethod
    def give_back(self, question: str) -> None:
        """Put a question into the prompt, if nothing stands there."""

    # Events and effects

    def dispatch(self, event: Event) -> None:
        """Change the conversation and do what follows."""
        in_view = not isinstance(event, Replied | AskFailed) or self.in_view(event.turn_id)
        self.conversation, effects = reduce(self.conversation, event)
        searching = self.conversation.searching
        if (searching.id if searching else None) != self._searching:
            self._searching, self.search_began = searching.id if searching else None, time.monotonic()
        self.draw()
        for effect in effects:
            if isinstance(effect, Reveal) and not in_view:
                self.tell("an answer has come below: alt+down goes there")  # whoever reads above is left in peace
            else:
                self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Ask():
                self._ask(effect)
            case Forget():
                self._forgotten.add(effect.turn_id)
            case GiveBack():
                self.give_back(effect.question)
            case Save():
                named = self.sessions.id
                self.try_to(lambda: self.sessions.append(effect.turn))
                if self.sessions.id != named:
                    self.draw()  # another program had taken the session's name first
            case Tell():
                self.tell(effect.text, effect.hint, effect.severity)
            case Reveal():
                self.reveal(effect.turn_id)
            case Reopen():
                self.open_library()

    def _ask(self, ask: Ask) -> None:
        def work() -> Reply | None:
            if ask.turn_id in self._forgotten:
                return None
            return self.engine.ask(ask.question, ask.history, ask.filters, ask.cited)

        def then(reply: Reply | None) -> None:
            if reply is not None:
                self.dispatch(Replied(ask.turn_id, reply))

        self.background.run_in_turn(work, then, lambda error: self.dispatch(AskFailed(ask.turn_id, *told_of(error))))

    def open_library(self) -> None:
        """Open the library in its present state, in the thread that answers."""

        def then(opened: Opened) -> None:
            self.dispatch(LibraryOpened(opened.facts, opened.warnings))
            self.draw_source(anew=True)
            self.background.run(self.engine.behind, self._tell_behind, lambda error: None)

        def failed(error: Exception) -> None:
            self.dispatch(LibraryUnavailable(*told_of(error), missing=isinstance(error, NoDigestsError)))

        self.background.run_in_turn(lambda: self.engine.open(self.dispatch_later), then, failed)

    def _tell_behind(self, behind: str) -> None:
        if behind:
            self.tell(f"the library is not in step with the seeds: {behind}", "/ingest takes them up", "warning")

    def look_for_change(self) -> None:
        """See whether another program has written to the library."""
        state = self.conversation
        if state.engine != "ready" or state.newer is not None or state.job is not None or self._looking:
            return
        self._looking = True

        def then(newer: int | None) -> None:
            self._looking = False
            if newer is not None:
                self.dispatch(LibraryChanged(newer))

        def failed(_: Exception) -> None:
            self._looking = False  # gone or unreadable: the state that is held goes on answering

        self.background.run(self.engine.newer_state, then, failed)

    def on_unmount(self) -> None:
        """Let the threads and the engine's processes go."""
        self.background.close()
        self.engine.close()

    # Threads

    def dispatch_later(self, event: Event) -> None:
        """Dispatch an event from another thread."""
        self._deliver(lambda: self.dispatch(event))

    def _deliver(self, then: Callable[[], None]) -> None:
        # The program may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            self.post_message(Delivered(then))

    def on_delivered(self, message: Delivered) -> None:
        """Do what follows from work of another thread."""
        if self.is_running and not self._exit:
            with contextlib.suppress(NoMatches):  # what was to be shown may be gone with the screen
                message.then()

    def in_background(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Do work in a thread and go on with what came of it; an error becomes a notice."""
        self.background.run(work, then, lambda error: self.tell(*told_of(error), "error"))

    # Notices

    def try_to(self, work: Callable[[], None]) -> None:
        """Do quick work; an error becomes a notice, also a defect: the conversation is worth more."""
        try:
            work()
        except Exception as error:
            self.tell(*told_of(error), "error")

    def tell(self, text: str, hint: str = "", severity: Severity = "information") -> None:
        """Show a notice."""
        text = text if len(text) <= _NOTICE_CHARS else f"{text[: _NOTICE_CHARS - 1]}…"  # else it covers the screen
        told = visible(text) + (f"\n{visible(hint)}" if hint else "")
        self.notify(told, severity=severity, timeout=_NOTICE_S[severity], markup=False)


def told_of(error: Exception) -> tuple[str, str]:
    """Return what is said of an error, and what to do about it."""
    if isinstance(error, DigestQAError):
        return error.message, error.hint
    return f"a defect of digestqa: {type(error).__name__}: {error}", "please report it"
