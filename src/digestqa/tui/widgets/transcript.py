"""The conversation so far: turns below each other, the newest answer's top kept in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from digestqa.output.terminal import visible
from digestqa.tui.widgets.turn import TurnView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from digestqa.tui.state import Conversation

WELCOME = (
    "Ask about the digests in plain words, such as: what is the primary outcome?\n"
    "Every answer is a quote, with its study and its place; what the digests do not say is not answered."
    "\n\nEnter asks · ctrl+j begins a new line · / lists the commands · f1 shows every key"
)


class Transcript(VerticalScroll):
    """All turns of the session."""

    FOCUS_ON_CLICK = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "app.command('next')", "Next", show=False, id="transcript.next"),
        Binding("N", "app.command('previous')", "Previous", show=False, id="transcript.previous"),
        Binding("e", "fold", "Open or close a study's answers", show=False, id="transcript.fold"),
        Binding("E", "fold_all", "Open or close all answers", show=False, id="transcript.fold_all"),
        Binding("slash", "app.command('find')", "Find", show=False, id="transcript.find"),
        Binding("j", "scroll_down", "Down", show=False, id="transcript.down"),
        Binding("k", "scroll_up", "Up", show=False, id="transcript.up"),
        *(Binding(str(n), f"app.cite({n})", f"Citation {n}", show=False) for n in range(1, 10)),
    ]

    def __init__(self) -> None:
        super().__init__(id="transcript")
        self._views: dict[int, TurnView] = {}
        self._selected: TurnView | None = None
        self._wanted: TurnView | None = None
        self._rest: float | None = None

    def compose(self) -> ComposeResult:
        """Draw the words that stand before the first question."""
        yield Static(Content(WELCOME), id="welcome")
        yield Vertical(id="turns")

    def show(self, state: Conversation) -> None:
        """Draw the turns of a state; only what changed is drawn anew."""
        self.set_class(bool(state.turns), "-begun")
        present = {turn.id for turn in state.turns}
        for turn_id in [turn_id for turn_id in self._views if turn_id not in present]:
            self._views.pop(turn_id).remove()
        new: list[TurnView] = []
        for turn in state.turns:
            chosen = state.selection.index if state.selection and state.selection.turn_id == turn.id else None
            view = self._views.get(turn.id)
            if view is None:
                view = self._views[turn.id] = TurnView(turn, chosen)
                new.append(view)
            elif view.show(turn, chosen):
                view.refresh(recompose=True)
            if chosen is not None:
                self._selected = view
        if new:
            self.query_one("#turns").mount_all(new)

    def welcome(self, text: str) -> None:
        """Say something in the place where the first turn will stand."""
        self.query_one("#welcome", Static).update(Content(visible(text)))

    def in_view(self, turn_id: int) -> bool:
        """Tell whether any of a turn is on the screen now."""
        view = self._views.get(turn_id)
        if view is None:
            return False
        if not view.virtual_region.height:
            return True  # not drawn yet: it was asked a moment ago
        top, bottom = view.virtual_region.y, view.virtual_region.bottom
        return top < self.scroll_y + self.scrollable_content_region.height and bottom > self.scroll_y

    def reveal(self, turn_id: int) -> None:
        """Bring a turn into view, its top first, and keep it there as it is drawn, until someone scrolls."""
        view = self._views.get(turn_id)
        if view is not None:
            self._wanted, self._rest = view, None
            self.call_after_refresh(self._scroll_to_wanted)

    def on_turn_view_resized(self, event: TurnView.Resized) -> None:
        """An answer has taken the place of its question: keep its top in view."""
        event.stop()
        if event.view is self._wanted and self._rest in (None, self.scroll_y):
            self.call_after_refresh(self._scroll_to_wanted)

    def _scroll_to_wanted(self) -> None:
        if self._wanted is not None and self._wanted.is_attached:
            self.scroll_to_widget(self._wanted, animate=False, top=True)
            self._rest = self.scroll_target_y

    def find(self, words: str) -> list[int]:
        """Return the numbers of the turns that hold the words, in any case, as they are shown."""
        wanted = words.casefold()
        return [
            turn_id
            for turn_id, view in self._views.items()
            if any(wanted in str(part.content).casefold() for part in view.query(Static))
        ]

    def mark(self, turn_id: int | None) -> None:
        """Mark the turn that a search found."""
        for number, view in self._views.items():
            view.set_class(number == turn_id, "-found")

    def action_fold(self) -> None:
        """Open or close the answers of the study in the source panel."""
        view = self._selected
        if view is not None and view.turn.citations and view.selected is not None:
            view.fold(view.turn.citations[view.selected].source)
            view.refresh(recompose=True)

    def action_fold_all(self) -> None:
        """Open or close all answers of the turn in the source panel."""
        if self._selected is not None:
            self._selected.fold()
            self._selected.refresh(recompose=True)
