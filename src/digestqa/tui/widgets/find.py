"""The line that finds words in the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from digestqa.tui.literal import DIM_STYLE

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FindBar(Horizontal):
    """A line for words, and how many turns hold them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "step(-1)", "Earlier", show=False, priority=True, id="find.earlier"),
        Binding("up", "step(1)", "Later", show=False, priority=True, id="find.later"),
    ]

    class Typed(Message):
        """Other words were typed."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Stepped(Message):
        """The next found turn is asked for: later (1) or earlier (-1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__(id="find")

    def compose(self) -> ComposeResult:
        """Draw the line."""
        yield Static(Content("find"), id="find-word")
        yield Input(id="find-words", compact=True, placeholder="words of this session")
        yield Static(Content(""), id="find-count")

    def open(self, words: str) -> None:
        """Show the line with these words."""
        self.add_class("-open")
        line = self.query_one(Input)
        line.value = words
        line.focus()
        self.post_message(self.Typed(words))

    def tell(self, text: str) -> None:
        """Say how many turns hold the words."""
        self.query_one("#find-count", Static).update(Content.styled(text, DIM_STYLE))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find anew."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def action_step(self, step: int) -> None:
        """Go to the next found turn."""
        self.post_message(self.Stepped(step))
