"""One question and its answer on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from digestqa.output.text import ABSTAINED, CLAIM_WORDS
from digestqa.replies import Answer, Citation
from digestqa.tui.literal import DIM_STYLE, literal, marked
from digestqa.tui.wording import Group, confidence_words, groups_of, one_line, source_line, turn_line

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from digestqa.tui.state import Turn

_ALL_OPEN = 3
"""With this many studies or fewer, all of them are shown whole at first."""
_FIRST_OPEN = 2


class Chosen(Message):
    """A citation was clicked."""

    def __init__(self, turn_id: int, index: int) -> None:
        super().__init__()
        self.turn_id = turn_id
        self.index = index


class CitedBlock(Static):
    """A block that shows a citation's place when it is clicked."""

    def __init__(self, content: Content, turn_id: int, index: int, classes: str) -> None:
        super().__init__(content, classes=classes)
        self._turn_id = turn_id
        self.index = index

    def on_click(self, event: events.Click) -> None:
        """Choose the citation."""
        event.stop()
        self.post_message(Chosen(self._turn_id, self.index))


class GroupLine(Static):
    """The line of one study: opens and closes what is below it."""

    class Toggled(Message):
        """The line was clicked."""

        def __init__(self, source: str) -> None:
            super().__init__()
            self.source = source

    def __init__(self, content: Content, source: str) -> None:
        super().__init__(content, classes="group")
        self._source = source

    def on_click(self, event: events.Click) -> None:
        """Open or close."""
        event.stop()
        self.post_message(self.Toggled(self._source))


class TurnView(Vertical):
    """A turn: the question, what it was understood as, and the answers or the refusal.

    Args:
        turn: what is shown.
        selected: the index of its citation in the source panel, or None.
    """

    class Resized(Message):
        """The turn takes more or less room than before."""

        def __init__(self, view: TurnView) -> None:
            super().__init__()
            self.view = view

    def __init__(self, turn: Turn, selected: int | None = None) -> None:
        super().__init__(classes=f"turn {turn.state}")
        self.turn = turn
        self.selected = selected
        self._folded: set[str] | None = None

    def show(self, turn: Turn, selected: int | None) -> bool:
        """Take over a turn's new state; return whether anything is to be drawn anew."""
        if turn is self.turn and selected == self.selected:
            return False
        if turn.state != self.turn.state:
            self.set_classes(f"turn {turn.state}")
        self.turn, self.selected = turn, selected
        if selected is not None and self._folded:
            self._folded -= {group.source for group in self._groups if any(selected == at for at, _ in group.answers)}
        return True

    @property
    def _groups(self) -> tuple[Group, ...]:
        return groups_of(self.turn.reply) if self.turn.reply else ()

    def _folded_sources(self) -> set[str]:
        if self._folded is None:
            groups = self._groups
            later = groups[_FIRST_OPEN:] if len(groups) > _ALL_OPEN else ()
            self._folded = {group.source for group in later}
        return self._folded

    def fold(self, source: str | None = None) -> None:
        """Open or close a study's answers; without one, all of them."""
        closed = self._folded_sources()
        if source is not None:
            closed ^= {source}
        elif closed:
            closed.clear()
        else:
            closed.update(group.source for group in self._groups[1:])

    def on_resize(self) -> None:
        """Tell that the room has changed."""
        self.post_message(self.Resized(self))

    def on_group_line_toggled(self, event: GroupLine.Toggled) -> None:
        """Open or close what was clicked."""
        event.stop()
        self.fold(event.source)
        self.refresh(recompose=True)

    def compose(self) -> ComposeResult:
        """Draw the turn."""
        turn = self.turn
        yield Static(Content.assemble(("❯ ", "bold $text-primary"), literal(turn.question, "bold")), classes="question")
        reply = turn.reply
        if reply is not None:
            if reply.resolved_question != reply.question:
                yield Static(literal(f"understood as: {reply.resolved_question}", DIM_STYLE), classes="aside")
            for note in reply.notes:
                yield Static(literal(f"note: {note}", "$text-warning"), classes="aside")
            if turn.state == "answered":
                yield from self._answers()
            elif turn.state == "abstained":
                yield from self._refusal(reply.nearest)
        yield Static(literal(turn_line(turn), DIM_STYLE), classes="aside outcome")

    def _answers(self) -> ComposeResult:
        groups = self._groups
        several = len(groups) > 1
        for group in groups:
            closed = several and group.source in self._folded_sources()
            if several:
                yield GroupLine(_group_line(group, closed=closed), group.source)
            if not closed:
                for index, answer in group.answers:
                    content = _answer(index, answer, chosen=index == self.selected, several=several)
                    block = CitedBlock(content, self.turn.id, index, "answer")
                    block.set_class(index == self.selected, "-selected")
                    yield block

    def _refusal(self, nearest: tuple[Citation, ...]) -> ComposeResult:
        yield Static(Content.assemble(("◇ ", "bold $text-warning"), literal(ABSTAINED, "bold")), classes="refusal")
        if nearest:
            yield Static(literal("Nearest passages. They are no answer:", DIM_STYLE), classes="refusal")
        for index, citation in enumerate(nearest):
            block = CitedBlock(_nearest(index, citation, chosen=index == self.selected), self.turn.id, index, "nearest")
            block.set_class(index == self.selected, "-selected")
            yield block


def _number(index: int, *, chosen: bool) -> Content:
    return Content.styled(f"[{index + 1}]", "bold reverse" if chosen else "bold")


def _group_line(group: Group, *, closed: bool) -> Content:
    mark = "▸" if closed else "▾"
    line = f"{mark} {one_line(group.source)} · {one_line(group.title)}"
    if not closed:
        return literal(line, "bold")
    numbers = "".join(f"[{index + 1}]" for index, _ in group.answers)
    best = group.answers[0][1]
    return Content.assemble(
        literal(line, "bold"), literal(f"\n    {numbers} “{one_line(best.text)}” {best.confidence:.2f}")
    )


def _answer(index: int, answer: Answer, *, chosen: bool, several: bool) -> Content:
    cited = answer.citation
    span = (cited.span_start, cited.span_end)
    quote = marked(answer.quote, cited.start, None, span, marks=span)
    lines = [Content.assemble("“", quote, "” ", _number(index, chosen=chosen))]
    if answer.claim in CLAIM_WORDS:
        lines.append(literal(CLAIM_WORDS[answer.claim], "$text-warning"))
    # Below a study's line only the section is new.
    lines.append(literal(f"[{index + 1}] {one_line(cited.section) if several else source_line(cited)}"))
    maker = one_line(cited.digest_model) if cited.digest_model else "an unnamed model"
    whence = "from the registry record" if cited.of_record else f"from a summary by {maker}"
    lines.append(literal(f"{confidence_words(answer.confidence)} · {whence}", DIM_STYLE))
    return Content("\n").join(lines)


def _nearest(index: int, citation: Citation, *, chosen: bool) -> Content:
    lines = [
        Content.assemble(_number(index, chosen=chosen), literal(f" “{one_line(citation.quote)}”", DIM_STYLE)),
        literal(f"    {source_line(citation)}", DIM_STYLE),
    ]
    return Content("\n").join(lines)
