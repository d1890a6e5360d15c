"""What a conversation line by line is made of: where its lines go, what answers, and what was said so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from digestqa.errors import DigestQAError
from digestqa.linear.lines import line
from digestqa.linear.work import Worker
from digestqa.output.reports import counted
from digestqa.retrieval.scope import Filters

if TYPE_CHECKING:
    from digestqa.output.terminal import Console
    from digestqa.replies import Citation, Reply
    from digestqa.sessions import SavedTurn
    from digestqa.tui.engine import Engine, Opened
    from digestqa.tui.ports import SessionLog

Result = TypeVar("Result")


@dataclass(slots=True)
class Talk:
    """One conversation.

    Attributes:
        console: gets every line.
        engine: answers.
        log: keeps the turns.
        interactive: whether a person types, and can take a question back.
        turns: of the present session.
        filters: the scope of the next question.
        opened: what the open library holds; None before it is open.
        failed: whether something that was asked or told could not be done.
    """

    console: Console
    engine: Engine
    log: SessionLog
    interactive: bool
    turns: list[SavedTurn] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)
    opened: Opened | None = None
    failed: bool = False
    _worker: Worker = field(default_factory=Worker)

    def say(self, *lines: str) -> None:
        """Write lines."""
        self.say_all(lines)

    def say_all(self, lines: Iterable[str]) -> None:
        """Write lines."""
        for entry in lines:
            self.console.result(entry)

    def tell_problem(self, error: DigestQAError) -> None:
        """Say what went wrong and what to do next."""
        self.say(line("Problem", error.message))
        if error.hint:
            self.say(line("Hint", error.hint))

    def guarded(self, work: Callable[[], object]) -> None:
        """Do something that may fail or be taken back, and say so."""
        try:
            work()
        except DigestQAError as error:
            self.failed = True
            self.tell_problem(error)
        except KeyboardInterrupt:
            if not self.interactive:
                raise
            self.say("", "Cancelled.")

    def wait_for(self, work: Callable[[], Result]) -> Result:
        """Have the engine do something; Ctrl-C turns away from it."""
        return self._worker.wait_for(work)

    def take_up(self) -> None:
        """Open the library in its present state, built first where there is none."""
        self.opened = self.wait_for(lambda: self.engine.open(lambda event: None))
        self.say_all(line("Note", warning) for warning in self.opened.warnings)

    def take_up_what_is_new(self) -> None:
        """Open the library if it is not, or if there is a newer state of it."""
        if self.opened is None:
            self.take_up()
        elif self.wait_for(self.engine.newer_state) is not None:
            self.take_up()
            self.say(line("Note", f"the library has changed; answering from {self.facts}"))

    @property
    def facts(self) -> str:
        """What the open library holds."""
        if self.opened is None:
            return "no library"
        facts = self.opened.facts
        return f"state {facts.state}: {counted(facts.digests, 'digest')}, {counted(facts.passages, 'passage')}"

    @property
    def last_reply(self) -> Reply | None:
        """What came back for the last question that was not taken back and did not fail."""
        return next((turn.reply for turn in reversed(self.turns) if turn.reply is not None), None)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources of the last answer, in the order of their numbers."""
        reply = self.last_reply
        if reply is None:
            return ()
        return tuple(answer.citation for answer in reply.answers) or reply.nearest
