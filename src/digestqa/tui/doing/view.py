"""Commands about the screen: help, finding words, colours, leaving."""

from __future__ import annotations

from textual.content import Content

from digestqa.errors import UsageError
from digestqa.tui.doing.base import Commands
from digestqa.tui.keys import help_lines
from digestqa.tui.literal import DIM_STYLE
from digestqa.tui.widgets.find import FindBar

_KEY_CELLS = 26


class ViewCommands(Commands):
    """What is seen."""

    _found: tuple[int, ...] = ()
    _at = 0

    def do_help(self, _: str) -> None:
        """Show every key and command."""
        lines = []
        for key, what, name in help_lines(self._app.keys):
            if not what:
                lines.append(Content.styled(f"\n{key}", "bold"))
                continue
            setting = Content.styled(f"  {name}", DIM_STYLE) if name else Content("")
            lines.append(Content.assemble((key.ljust(_KEY_CELLS) + " ", "bold"), what, setting))
        note = 'To change a key, write its name (last word of the line) = "key" under [keys] in digestqa.toml'
        lines.append(Content.styled(f"\n{note}", DIM_STYLE))
        self._app.show_page("Keys and commands", Content("\n").join(lines))

    def do_find(self, argument: str) -> None:
        """Find words in the session."""
        self._app.show_digests(shown=False)
        self._app.main.query_one(FindBar).open(argument)

    def find_words(self, words: str) -> None:
        """Find the turns that hold the words; the last of them first."""
        self._found = tuple(self._app.transcript.find(words)) if words.strip() else ()
        self._at = len(self._found) - 1
        self._show_found(words)

    def find_step(self, step: int) -> None:
        """Go to the next turn that was found, round and round."""
        if self._found:
            self._at = (self._at + step) % len(self._found)
            self._show_found("x")

    def _show_found(self, words: str) -> None:
        bar = self._app.main.query_one(FindBar)
        if not self._found:
            bar.tell("nothing found" if words.strip() else "")
            self._app.transcript.mark(None)
            return
        turn_id = self._found[self._at]
        bar.tell(f"{self._at + 1} of {len(self._found)} · Enter: the one before · Esc goes back")
        self._app.transcript.mark(turn_id)
        self._app.reveal(turn_id)

    def do_theme(self, argument: str) -> None:
        """Change the colours."""
        app = self._app
        if not argument:
            app.search_themes()
        elif argument in app.available_themes:
            app.theme = argument
        else:
            raise UsageError(f"there is no theme '{argument}'", f"there are {', '.join(sorted(app.available_themes))}")

    def do_quit(self, _: str) -> None:
        """Leave."""
        self._app.exit(0)
