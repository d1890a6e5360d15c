"""A line to type into and rows below it, over the conversation: for questions asked earlier and for sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from digestqa.tui.literal import DIM_STYLE

if TYPE_CHECKING:
    from textual.app import ComposeResult

Row = tuple[str, Content]
"""What a chosen row gives back, and what it shows."""
Fetch = Callable[[str, Callable[[Sequence[Row]], None]], None]
"""Called with the words typed and with what takes the rows, once they are found."""


class SearchScreen(ModalScreen[str | None]):
    """Gives back the chosen row's value, or None.

    Args:
        title: what is searched.
        help_line: what Enter does.
        fetch: finds the rows.
        words: what stands in the line at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, id="search.leave"),
        Binding("enter", "take", "Take", show=False, priority=True, id="search.take"),
        Binding("down", "move(1)", "Down", show=False, priority=True, id="search.down"),
        Binding("up", "move(-1)", "Up", show=False, priority=True, id="search.up"),
        Binding("pagedown", "move(10)", "Page down", show=False, priority=True, id="search.page_down"),
        Binding("pageup", "move(-10)", "Page up", show=False, priority=True, id="search.page_up"),
    ]

    def __init__(self, title: str, help_line: str, fetch: Fetch, words: str = "") -> None:
        super().__init__()
        self._title = title
        self._help_line = help_line
        self._fetch = fetch
        self._words = words
        self._values: list[str] = []

    def compose(self) -> ComposeResult:
        """Draw the line and the rows."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self._title, "bold"))
            yield Input(value=self._words, placeholder="words", compact=True)
            yield OptionList(markup=False, compact=True)
            yield Static(Content.styled(self._help_line, DIM_STYLE))

    def on_mount(self) -> None:
        """Show the first rows."""
        self._search(self._words)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search anew."""
        event.stop()
        self._search(event.value)

    def _search(self, words: str) -> None:
        def take(rows: Sequence[Row]) -> None:
            # Rows for words that are no longer typed come too late.
            if self.is_attached and self.query_one(Input).value == words:
                self._show(rows)

        self._words = words
        self._fetch(words, take)

    def _show(self, rows: Sequence[Row]) -> None:
        self._values = [value for value, _ in rows]
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Option(content) for _, content in rows])
        if rows:
            listed.highlighted = 0
        else:
            listed.add_option(Option(Content("nothing found"), disabled=True))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Give back the row under the cursor."""
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._values):
            self.dismiss(self._values[at])

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        listed = self.query_one(OptionList)
        if self._values:
            listed.highlighted = min(max((listed.highlighted or 0) + rows, 0), len(self._values) - 1)

    def action_leave(self) -> None:
        """Go back without a choice."""
        self.dismiss(None)
