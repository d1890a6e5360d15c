"""The prompt: Enter asks, Up and Down go through the history, a slash opens the menu of commands."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from digestqa.tui.commands import completions

if TYPE_CHECKING:
    from textual import events

PLACEHOLDER = "Ask about the digests, or / for commands"


class Prompt(TextArea):
    """A text area that sends what is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "then('send')", "Ask", priority=True, id="prompt.send"),
        Binding(
            "ctrl+j,shift+enter,alt+enter",
            "then('newline')",
            "New line",
            show=False,
            priority=True,
            id="prompt.newline",
        ),
        Binding("up", "then('up')", "Earlier question", show=False, priority=True, id="prompt.up"),
        Binding("down", "then('down')", "Later question", show=False, priority=True, id="prompt.down"),
        Binding("tab", "then('tab')", "Complete, or next panel", show=False, priority=True, id="prompt.tab"),
        Binding(
            "backspace", "backspace", "Delete; on an empty line, the last limit", show=False, id="prompt.backspace"
        ),
        Binding("pageup", "app.page(-1)", "Scroll the answers up", show=False, priority=True, id="prompt.page_up"),
        Binding("pagedown", "app.page(1)", "Scroll the answers down", show=False, priority=True, id="prompt.page_down"),
    ]

    class Then(Message):
        """Something to do once the keys pressed before it are typed."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Sent(Message):
        """The line was sent."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class MenuMoved(Message):
        """Up or Down was pressed while the menu is open."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class MenuTaken(Message):
        """Tab or Enter was pressed while the menu is open; ``run`` for Enter."""

        def __init__(self, typed: str, *, run: bool) -> None:
            super().__init__()
            self.typed = typed
            self.run = run

    class LimitDropped(Message):
        """Backspace was pressed on an empty line."""

    def __init__(self) -> None:
        super().__init__(
            id="prompt", soft_wrap=True, compact=True, highlight_cursor_line=False, placeholder=PLACEHOLDER
        )
        self._history: Sequence[str] = ()
        self._at: int | None = None
        self._draft = ""

    def take_history(self, questions: Sequence[str]) -> None:
        """Take over the input history, oldest first."""
        self._history = questions
        self._at = None

    def put(self, text: str) -> None:
        """Replace the line and go to its end."""
        self.text = text
        self.move_cursor(self.document.end)

    @property
    def menu_open(self) -> bool:
        """Whether a command's name is being typed."""
        return bool(completions(self.text))

    def action_then(self, name: str) -> None:
        """Do something in its turn: a key that has priority would else overtake the letters typed before it."""
        if name == "tab" and not self.text.startswith("/"):
            self._tab()  # the letters typed after it belong to the next panel
        else:
            self.post_message(self.Then(name))

    def on_prompt_then(self, event: Then) -> None:
        """Do it."""
        event.stop()
        work = {"send": self._send, "newline": self._newline, "up": self._up, "down": self._down, "tab": self._tab}
        work[event.name]()

    def _send(self) -> None:
        """Send the line, or take what the menu shows."""
        if self.menu_open:
            self.post_message(self.MenuTaken(self.text, run=True))
        elif self.text.strip():
            text = self.text
            self.put("")
            self._at, self._draft = None, ""
            self.post_message(self.Sent(text))

    def _newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def _up(self) -> None:
        """Go up in the menu, in the text, or to the question before."""
        if self.menu_open:
            self.post_message(self.MenuMoved(-1))
        elif not self._on_first_row():
            self.action_cursor_up()
        else:
            self._recall(-1)

    def _down(self) -> None:
        """Go down in the menu, in the text, or to the question after."""
        if self.menu_open:
            self.post_message(self.MenuMoved(1))
        elif not self._on_last_row():
            self.action_cursor_down()
        else:
            self._recall(1)

    def _on_first_row(self) -> bool:
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    def _on_last_row(self) -> bool:
        return self.wrapped_document.location_to_offset(self.cursor_location).y >= self.wrapped_document.height - 1

    def _recall(self, step: int) -> None:
        if not self._history:
            return
        if self._at is None:
            if step > 0:
                return
            self._draft, self._at = self.text, len(self._history)
        at = self._at + step
        if at < 0:
            return
        if at >= len(self._history):
            self._at = None
            self.put(self._draft)
            return
        self._at = at
        self.put(self._history[at])

    def _tab(self) -> None:
        """Complete the command, or go to the next panel."""
        if self.menu_open:
            self.post_message(self.MenuTaken(self.text, run=False))
        else:
            self.screen.focus_next()

    def action_backspace(self) -> None:
        """Delete to the left; on an empty line, drop the last limit of the scope."""
        if self.text:
            self.action_delete_left()
        else:
            self.post_message(self.LimitDropped())

    async def _on_paste(self, event: events.Paste) -> None:
        """Take pasted text without the characters that would steer the terminal."""
        event.stop()
        event.prevent_default()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
        self.replace("".join(kept), *self.selection, maintain_selection_offset=False)
