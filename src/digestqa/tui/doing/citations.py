"""Commands about the citation that is shown: going on, copying, opening its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.errors import UsageError
from digestqa.tui.doing.base import Commands
from digestqa.tui.events import CitationChosen, CitationStepped
from digestqa.tui.wording import answer_to_copy, turn_to_copy

if TYPE_CHECKING:
    from digestqa.tui.ports import LinkOpener


class CitationCommands(Commands):
    """Next, previous, by number; source, copy, open."""

    def do_next(self, _: str) -> None:
        """Go to the next citation."""
        self._app.dispatch(CitationStepped(1))

    def do_previous(self, _: str) -> None:
        """Go to the previous citation."""
        self._app.dispatch(CitationStepped(-1))

    def do_cite(self, argument: str) -> None:
        """Go to the citation of a number."""
        self._app.dispatch(CitationChosen(_number(argument) - 1))

    def do_source(self, _: str) -> None:
        """Show or hide the source."""
        self._app.show_source()

    def do_open(self, argument: str) -> None:
        """Open the study's page, or show and copy its link."""
        app = self._app
        if argument:
            self.do_cite(argument)
        citation = app.conversation.selected_citation
        page = app.source.page
        url = citation.url if argument and citation else page.url if page else citation.url if citation else None
        if not url:
            raise UsageError("there is no link to open", "a link belongs to a study with an NCT number or a PMID")
        if app.opener is None:
            app.open_url(url)
        else:
            self._open(url, app.opener)

    def _open(self, url: str, opener: LinkOpener) -> None:
        app = self._app

        def then(opened: bool) -> None:
            if not opened:
                app.copy_to_clipboard(url)
                app.tell(url, "no browser could be opened here; the link was copied")

        app.in_background(lambda: opener(url), then)

    def do_copy(self, argument: str) -> None:
        """Copy an answer, a quote, a turn or the session."""
        app = self._app
        what = argument.lower() or "answer"
        state = app.conversation
        turn = state.selected_turn or next((turn for turn in reversed(state.turns) if turn.reply), None)
        if turn is None:
            raise UsageError("there is no answer to copy yet", "ask a question first")
        citation = state.selected_citation
        if what == "session":
            text = "\n\n\n".join(turn_to_copy(turn) for turn in state.turns)
        elif what == "turn" or citation is None:
            text = turn_to_copy(turn)
        elif what in ("answer", "quote"):
            text = answer_to_copy(citation) if what == "answer" else citation.quote
        else:
            raise UsageError(f"'{argument}' cannot be copied", "write answer, quote, turn or session")
        self._copy(text, what)

    def _copy(self, text: str, what: str) -> None:
        app = self._app
        text = text.encode("utf-8", "replace").decode("utf-8")  # no clipboard takes half a character
        app.copy_to_clipboard(text)
        port = app.system_clipboard

        def then(taken: bool) -> None:
            app.tell(f"{what} copied" if taken else f"{what} copied by way of the terminal (OSC 52)")

        # The system's clipboard is a program of its own and may take its time.
        app.in_background(lambda: port is not None and port(text), then)


def _number(written: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise UsageError(f"'{written}' is no number", "write /cite 2, or press 2 in the answers") from None
