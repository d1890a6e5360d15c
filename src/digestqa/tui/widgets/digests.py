"""The list of digests: browse and filter; the one under the cursor opens in the source panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from digestqa.output.reports import counted
from digestqa.tui.literal import DIM_STYLE, literal
from digestqa.tui.wording import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from digestqa.library import DigestRecord

_SHOWN = 400
"""Rows drawn at once; more words find the rest."""


class DigestList(Vertical):
    """All digests of the library, with a line to filter them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=False, priority=True, id="digests.open"),
        Binding("down", "move(1)", "Down", show=False, priority=True, id="digests.down"),
        Binding("up", "move(-1)", "Up", show=False, priority=True, id="digests.up"),
        Binding("pagedown", "move(10)", "Page down", show=False, priority=True, id="digests.page_down"),
        Binding("pageup", "move(-10)", "Page up", show=False, priority=True, id="digests.page_up"),
    ]

    class Shown(Message):
        """A digest is under the cursor; ``opened`` where Enter or a click asked for it."""

        def __init__(self, record: DigestRecord, *, opened: bool) -> None:
            super().__init__()
            self.record = record
            self.opened = opened

    def __init__(self) -> None:
        super().__init__(id="digests")
        self._records: Sequence[DigestRecord] = ()
        self._found: list[DigestRecord] = []

    def compose(self) -> ComposeResult:
        """Draw the filter, the rows and a line of help."""
        yield Input(placeholder="words of title, study, compound, date", id="digests-filter", compact=True)
        yield OptionList(id="digests-rows", markup=False, compact=True)
        yield Static(Content(""), id="digests-help")

    def take(self, records: Sequence[DigestRecord], words: str = "") -> None:
        """Show these digests, filtered by words."""
        self._records = records
        line = self.query_one(Input)
        line.value = words
        line.focus()
        self._filter(words)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter."""
        event.stop()
        self._filter(event.value)

    def _filter(self, typed: str) -> None:
        words = typed.casefold().split()
        self._found = [record for record in self._records if all(word in _searched(record) for word in words)]
        rows = self.query_one(OptionList)
        rows.clear_options()
        rows.add_options([Option(_row(record)) for record in self._found[:_SHOWN]])
        if self._found:
            rows.highlighted = 0
        more = f", the first {_SHOWN} shown" if len(self._found) > _SHOWN else ""
        told = f"{len(self._found):,} of {counted(len(self._records), 'digest')}{more}"
        told += " · Enter opens · f2 asks about it · Esc goes back"
        self.query_one("#digests-help", Static).update(Content.styled(told, DIM_STYLE))

    @property
    def current(self) -> DigestRecord | None:
        """The digest under the cursor."""
        at = self.query_one(OptionList).highlighted
        return self._found[at] if at is not None and at < len(self._found) else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what the cursor is on."""
        event.stop()
        record = self.current
        if record is not None:
            self.post_message(self.Shown(record, opened=False))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was clicked."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Open the digest under the cursor."""
        record = self.current
        if record is not None:
            self.post_message(self.Shown(record, opened=True))

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        listed = self.query_one(OptionList)
        if listed.option_count:
            listed.highlighted = min(max((listed.highlighted or 0) + rows, 0), listed.option_count - 1)


def _searched(record: DigestRecord) -> str:
    parts = (record.source, record.headline, record.official_title, record.compound, record.evidence_type, record.date)
    return " ".join((*(part for part in parts if part), record.path)).casefold()


def _row(record: DigestRecord) -> Content:
    date = (record.date or "undated")[:10].ljust(10)
    source = one_line(record.source)[:16].ljust(16)
    old = literal("  superseded", DIM_STYLE) if not record.current else ""
    return Content.assemble(literal(f"{source} {date} ", DIM_STYLE), literal(one_line(record.headline)), old)
