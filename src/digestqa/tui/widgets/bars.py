"""The one-line bars: header, scope, status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from digestqa.tui.literal import DIM_STYLE, literal
from digestqa.tui.scope import Chip, chips
from digestqa.tui.wording import header_words

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from digestqa.retrieval.scope import Filters
    from digestqa.tui.state import Conversation


class HeaderBar(Horizontal):
    """The program's name, the library, and the session."""

    def __init__(self) -> None:
        super().__init__(
            Static(Content.styled("digestqa", "bold"), id="header-name"),
            Static(Content(""), id="header-library"),
            Static(Content(""), id="header-session"),
            id="header",
        )

    def show(self, state: Conversation, seeds: str, session: str) -> None:
        """Draw the facts of a state."""
        self.query_one("#header-library", Static).update(literal(header_words(state, seeds)))
        self.query_one("#header-session", Static).update(
            literal(f"session {session}", DIM_STYLE) if session else Content("")
        )


class ScopeChip(Static):
    """One limit; a click removes it."""

    class Removed(Message):
        """The chip was clicked."""

        def __init__(self, chip: Chip) -> None:
            super().__init__()
            self.chip = chip

    def __init__(self, chip: Chip) -> None:
        super().__init__(Content.assemble(literal(f" {chip.text} "), ("× ", "bold")), classes="chip")
        self._chip = chip

    def on_click(self, event: events.Click) -> None:
        """Remove the limit."""
        event.stop()
        self.post_message(self.Removed(self._chip))


class ScopeBar(Horizontal):
    """The limits of the next question; not shown where there are none."""

    def __init__(self) -> None:
        super().__init__(id="scope")
        self._shown: Filters | None = None

    def show(self, filters: Filters) -> None:
        """Draw a chip for each limit."""
        if filters == self._shown:
            return
        self._shown = filters
        self.set_class(not filters.empty, "-limited")
        self.refresh(recompose=True)

    def compose(self) -> ComposeResult:
        """Draw the chips."""
        if self._shown is None or self._shown.empty:
            return
        yield Static(Content("scope:"), classes="scope-word")
        for chip in chips(self._shown):
            yield ScopeChip(chip)
        yield Static(Content.styled("f4 or Backspace on an empty line removes", DIM_STYLE), classes="scope-word")
