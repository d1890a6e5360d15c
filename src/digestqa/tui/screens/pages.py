"""Text over the conversation: the help with every key and command, and the library's status."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from digestqa.tui.literal import DIM_STYLE

if TYPE_CHECKING:
    from textual.app import ComposeResult


class PageScreen(ModalScreen[None]):
    """A title and a text that scrolls.

    Args:
        title: what it is.
        content: the text; drawn literally.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Back", show=False, id="page.leave"),
        Binding("j", "scroll(1)", "Down", show=False, id="page.down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="page.up"),
    ]

    def __init__(self, title: str, content: Content) -> None:
        super().__init__()
        self._title = title
        self._content = content

    def compose(self) -> ComposeResult:
        """Draw the text."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self._title, "bold"))
            with VerticalScroll():
                yield Static(self._content, id="page-text")
            yield Static(Content.styled("Up and Down scroll · Esc goes back", DIM_STYLE))

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, rows: int) -> None:
        """Scroll."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
