"""The application's screen: what stands where, and how a conversation is drawn."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import ContentSwitcher, Footer, OptionList, Static

from digestqa.clipboard import osc52, passed_through
from digestqa.replies import Citation
from digestqa.tui.base import ConversationApp, told_of
from digestqa.tui.keys import all_bindings
from digestqa.tui.pages import quote_alone
from digestqa.tui.widgets.bars import HeaderBar, ScopeBar
from digestqa.tui.widgets.digests import DigestList
from digestqa.tui.widgets.find import FindBar
from digestqa.tui.widgets.prompt import Prompt
from digestqa.tui.widgets.source import SourcePanel
from digestqa.tui.widgets.transcript import Transcript
from digestqa.tui.wording import one_line, status_words

if TYPE_CHECKING:
    from textual.screen import Screen

    from digestqa.library import DigestRecord
    from digestqa.tui.engine import Engine
    from digestqa.tui.pages import DigestPage
    from digestqa.tui.ports import Clipboard, LinkOpener, SessionLog

_TICK_S = 0.2
_LOOK_EVERY_S = 2.0
WIDE_COLUMNS = 100
"""From here on the source stands beside the answers."""
_BREAKPOINTS = [(0, "-narrow"), (WIDE_COLUMNS, "-wide")]


class DrawnApp(ConversationApp):
    """The conversation as it is drawn.

    Args:
        engine: what answers.
        sessions: where sessions are kept.
        seeds: the digests' folder, as it is shown.
        clipboard: the system's clipboard, beside the terminal's own.
        opener: opens a link; None leaves it to Textual.
        keys: other keys by binding id.
        theme: the name of a Textual theme.
    """

    CSS_PATH = "app.tcss"
    TITLE = "digestqa"
    HORIZONTAL_BREAKPOINTS = _BREAKPOINTS

    def __init__(
        self,
        engine: Engine,
        sessions: SessionLog,
        *,
        seeds: str = "seeds",
        clipboard: Clipboard | None = None,
        opener: LinkOpener | None = None,
        keys: Mapping[str, str] | None = None,
        theme: str | None = None,
    ) -> None:
        super().__init__(engine, sessions)
        self.seeds = seeds
        self.system_clipboard = clipboard
        self.opener = opener
        self.keys = dict(keys or {})
        self._wanted_theme = theme
        self._shown: object = None

    def compose(self) -> ComposeResult:
        """Draw the screen."""
        yield HeaderBar()
        with Horizontal(id="body"):
            with ContentSwitcher(initial="transcript", id="left"):
                yield Transcript()
                yield DigestList()
            yield SourcePanel()
        yield FindBar()
        yield ScopeBar()
        yield Static(Content(""), id="status")
        yield OptionList(id="menu", markup=False, compact=True)
        with Horizontal(id="prompt-row"):
            yield Static(Content("❯ "), id="prompt-mark")
            yield Prompt()
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Put the cursor in the prompt; load only once the screen has been drawn."""
        self._main = self.screen
        self.query_one("#menu").can_focus = False
        self.prompt.focus()
        self._set_keys_and_theme()
        self.draw()
        self.set_interval(_TICK_S, self._tick)
        self.set_interval(_LOOK_EVERY_S, self.look_for_change)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.open_library()
        self.in_background(self.sessions.questions, self.prompt.take_history)

    def _set_keys_and_theme(self) -> None:
        known = {binding.id for _, bindings in all_bindings() for binding in bindings}
        unknown = sorted(set(self.keys) - known)
        if unknown:
            self.tell(f"no such key in the settings: {', '.join(unknown)}", "f1 lists their names", "warning")
        self.set_keymap({name: key for name, key in self.keys.items() if name in known})
        if self._wanted_theme in self.available_themes:
            self.theme = self._wanted_theme
        elif self._wanted_theme is not None:
            self.tell(f"no such theme: {self._wanted_theme}", "/theme lists them", "warning")

    @property
    def main(self) -> Screen[object]:
        """The conversation's screen, whatever lies over it."""
        return self._main

    @property
    def prompt(self) -> Prompt:
        """The prompt."""
        return self.main.query_one(Prompt)

    @property
    def transcript(self) -> Transcript:
        """The answers."""
        return self.main.query_one(Transcript)

    @property
    def source(self) -> SourcePanel:
        """The source panel."""
        return self.main.query_one(SourcePanel)

    # Drawing

    def draw(self) -> None:
        """Draw the conversation; what did not change is left alone."""
        state = self.conversation
        self.main.query_one(HeaderBar).show(state, self.seeds, self.sessions.id)
        self.main.query_one(ScopeBar).show(state.filters)
        self.transcript.show(state)
        self._draw_status()
        self.draw_source()

    def _draw_status(self) -> None:
        words = status_words(self.conversation, time.monotonic() - self.search_began)
        self.main.query_one("#status", Static).update(Content(words))

    def _tick(self) -> None:
        if self.conversation.searching is not None:
            self._draw_status()

    def draw_source(self, *, anew: bool = False) -> None:
        """Show the selected citation's digest, if it is not shown already."""
        citation = self.conversation.selected_citation
        wanted = (self.conversation.selection, citation)
        if citation is None or (wanted == self._shown and not anew):
            return
        self._shown = wanted
        self.open_page(citation, self._place(citation))

    def _place(self, citation: Citation) -> str:
        turn, selection = self.conversation.selected_turn, self.conversation.selection
        if turn is None or selection is None:
            return ""
        kind = "nearest passage, no answer, " if turn.state == "abstained" else ""
        return f"{kind}[{selection.index + 1}] of {len(turn.citations)} · {one_line(citation.section)}"

    def open_page(self, wanted: Citation | DigestRecord, place: str = "") -> None:
        """Show a digest in the source panel, once it is read."""
        shown = self._shown = self._shown if self.conversation.selected_citation is wanted else wanted

        def then(page: DigestPage) -> None:
            if self._shown is shown:  # else something else was asked for meanwhile
                self.call_next(self.source.show, page, place)

        def failed(error: Exception) -> None:
            message, hint = told_of(error)
            if isinstance(wanted, Citation):
                then(quote_alone(wanted, f"the digest cannot be shown: {message}"))
            else:
                self.tell(message, hint, "error")

        self.background.run(lambda: self.engine.page(wanted), then, failed)

    def show_source(self, *, shown: bool | None = None) -> None:
        """Show or hide the source panel, or the other way round."""
        narrow = self.main.has_class("-narrow")
        name = "-source-on" if narrow else "-source-off"
        if shown is None:
            self.main.toggle_class(name)
        else:
            self.main.set_class(shown is narrow, name)
        focused = self.main.focused
        if focused is None or not focused.is_on_screen:
            self.prompt.focus()

    def copy_to_clipboard(self, text: str) -> None:
        """Have the terminal copy a text, also where tmux or GNU screen stands between."""
        super().copy_to_clipboard(text)
        wrapped = passed_through(osc52(text, {}))
        if wrapped and self._driver is not None and not self.is_web:
            self._driver.write(wrapped)

    def show_page(self, title: str, content: Content) -> None:
        """Show a text over the conversation."""
        from digestqa.tui.screens.pages import PageScreen

        self.push_screen(PageScreen(title, content))

    @property
    def digest_list(self) -> DigestList:
        """The list of digests."""
        return self.main.query_one(DigestList)

    @property
    def digests_shown(self) -> bool:
        """Whether the list of digests stands in the place of the answers."""
        return self.main.query_one("#left", ContentSwitcher).current == "digests"

    def show_digests(self, *, shown: bool) -> None:
        """Show the list of digests, or the answers."""
        self.main.query_one("#left", ContentSwitcher).current = "digests" if shown else "transcript"
        if not shown:
            self.prompt.focus()
            self.draw_source(anew=True)

    def in_view(self, turn_id: int) -> bool:
        """Tell whether any of a turn is on the screen."""
        return self.transcript.in_view(turn_id)

    def reveal(self, turn_id: int) -> None:
        """Bring a turn into view, its top first."""
        self.transcript.reveal(turn_id)

    def give_back(self, question: str) -> None:
        """Put a question into the prompt, if nothing stands there."""
        if not self.prompt.text:
            self.prompt.put(question)
