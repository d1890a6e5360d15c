"""The application: its keys, and what the widgets tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from digestqa.tui.commands import COMMANDS, command_named, completions, is_command, read_command
from digestqa.tui.doing import Doing
from digestqa.tui.drawing import DrawnApp
from digestqa.tui.events import Cancelled, CitationChosen, FiltersSet, Submitted, TurnStepped
from digestqa.tui.scope import chips
from digestqa.tui.state import PENDING
from digestqa.tui.widgets.bars import ScopeChip
from digestqa.tui.widgets.digests import DigestList
from digestqa.tui.widgets.find import FindBar
from digestqa.tui.widgets.prompt import Prompt
from digestqa.tui.widgets.source import SourceText
from digestqa.tui.widgets.transcript import Transcript
from digestqa.tui.widgets.turn import Chosen

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen

_MENU_NAME_CELLS = 34
_MENU_COLUMNS = 60
"""In a narrower window what a command does follows its name at once: else it would be cut off altogether."""


class ChatApp(DrawnApp):
    """The conversation with its keys; arguments are those of ``DrawnApp``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                command.key,
                f"command('{command.name}')",
                command.label or command.help,
                show=bool(command.label),
                tooltip=command.help,
                priority=True,
                id=command.name,
            )
            for command in COMMANDS
            if command.key
        ),
        Binding("escape", "step_back", "Back; takes a waiting question back", show=False, id="back"),
        Binding("alt+up", "turn(-1)", "The answer before", show=False, priority=True, id="turn.previous"),
        Binding("alt+down", "turn(1)", "The answer after", show=False, priority=True, id="turn.next"),
    ]

    _menu: tuple[str, ...] = ()

    @cached_property
    def _doing(self) -> Doing:
        return Doing(self)

    # What the widgets tell

    def on_prompt_sent(self, event: Prompt.Sent) -> None:
        """Do a command or ask a question."""
        line = event.text.strip()
        self.try_to(lambda: self.sessions.note_question(line))
        self.prompt.take_history(self.sessions.questions())
        if is_command(line):
            self._do_line(line)
            return
        if self.digests_shown:
            self.show_digests(shown=False)
        question = line.removeprefix("/") if line.startswith("//") else line
        asked_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.dispatch(Submitted(question, asked_at))

    def _do_line(self, line: str) -> None:
        entered = read_command(line)
        if entered.command is None:
            near = f"did you mean /{entered.nearest}? " if entered.nearest else ""
            hint = f"{near}A question that begins with a slash is typed with two"
            self.tell(f"there is no command /{entered.name}", hint, "warning")
            self.give_back(line)
            return
        self._doing.do(entered.command.name, entered.argument)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Open the menu of commands while a name is typed."""
        if not self.main.is_running:
            return  # the program is ending
        found = completions(event.text_area.text)
        narrow = self.size.width < _MENU_COLUMNS
        self._menu = tuple(command.name for command in found)
        menu = self.main.query_one("#menu", OptionList)
        menu.clear_options()
        for command in found:
            name = f"/{command.name} {command.argument}"
            title = f"{name.strip()}  " if narrow else name.ljust(_MENU_NAME_CELLS)
            menu.add_option(Option(Content.assemble((title, "bold"), command.help)))
        menu.set_class(bool(found), "-open")
        if found:
            menu.highlighted = 0

    def on_prompt_menu_moved(self, event: Prompt.MenuMoved) -> None:
        """Move in the menu, round and round."""
        menu = self.main.query_one("#menu", OptionList)
        if self._menu:
            menu.highlighted = ((menu.highlighted or 0) + event.step) % len(self._menu)

    def on_prompt_menu_taken(self, event: Prompt.MenuTaken) -> None:
        """Complete the name; Enter also does it, where nothing need follow."""
        names = tuple(command.name for command in completions(event.typed))
        at = self.main.query_one("#menu", OptionList).highlighted or 0
        if not names:
            return
        name = names[at] if names == self._menu else names[0]
        needs = next(command.needs for command in COMMANDS if command.name == name)
        if event.run and not needs:
            self.prompt.put("")
            self.on_prompt_sent(Prompt.Sent(f"/{name}"))
        else:
            self.prompt.put(f"/{name} ")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked in the menu."""
        self.on_prompt_menu_taken(Prompt.MenuTaken(self.prompt.text, run=True))

    def on_prompt_limit_dropped(self) -> None:
        """Drop the last limit of the scope."""
        shown = chips(self.conversation.filters)
        if shown:
            self.dispatch(FiltersSet(shown[-1].without))

    def on_scope_chip_removed(self, event: ScopeChip.Removed) -> None:
        """Drop a limit of the scope."""
        self.dispatch(FiltersSet(event.chip.without))

    def on_chosen(self, event: Chosen) -> None:
        """Show the citation that was clicked."""
        self.dispatch(CitationChosen(event.index, event.turn_id))
        self.draw_source(anew=True)
        self.show_source(shown=True)

    def on_digest_list_shown(self, event: DigestList.Shown) -> None:
        """Show the digest under the cursor of the list."""
        self.open_page(event.record)
        if event.opened:
            self.show_source(shown=True)

    def on_find_bar_typed(self, event: FindBar.Typed) -> None:
        """Find words in the session."""
        self._doing.find_words(event.words)

    def on_find_bar_stepped(self, event: FindBar.Stepped) -> None:
        """Go to the next turn that was found."""
        self._doing.find_step(event.step)

    def on_key(self, event: events.Key) -> None:
        """Type into the prompt what is typed elsewhere and means nothing there."""
        typed = event.character
        elsewhere = len(self.screen_stack) == 1 and isinstance(self.main.focused, Transcript | SourceText)
        if typed and event.is_printable and elsewhere and event.key not in self.main.active_bindings:
            self.prompt.focus()
            self.prompt.insert(typed)

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys of the conversation alone while something lies over it."""
        if len(self.screen_stack) > 1 and action in ("command", "turn", "cite", "step_back", "page"):
            return parameters == ("quit",)
        return True

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the commands for the palette."""
        for command in COMMANDS:
            title = f"{command.name} {command.argument}".strip()
            yield SystemCommand(title, command.help, lambda name=command.name: self.action_command(name))

    def action_command(self, name: str) -> None:
        """Do a command without an argument, or begin to type it where it needs one."""
        if any(command.needs for command in COMMANDS if command.name == name):
            self.prompt.focus()
            self.prompt.put(f"/{name} ")
        else:
            self._doing.do(name, "")

    def action_help_quit(self) -> None:
        """Say how one leaves: Ctrl-C with nothing selected is mostly meant to."""
        quitting = command_named("quit")
        key = self.keys.get("quit", quitting.key if quitting else "")
        self.tell(f"{' or '.join(key.split(','))} or /quit leaves", "ctrl+c copies what is selected; esc goes back")

    def action_cite(self, number: int) -> None:
        """Show the citation of a number."""
        self._doing.do("cite", str(number))

    def action_turn(self, step: int) -> None:
        """Go to the next or the previous answer."""
        self.dispatch(TurnStepped(step))

    def action_page(self, pages: int) -> None:
        """Scroll the answers; in a narrow window, what stands in their place."""
        shown = self.transcript if self.transcript.is_on_screen else self.main.query_one(SourceText)
        shown.scroll_relative(y=pages * max(shown.size.height - 2, 1), animate=False)

    def action_step_back(self) -> None:
        """Close what is open, else take a waiting question back, else go to the prompt."""
        find = self.main.query_one(FindBar)
        if self.prompt.menu_open:
            self.prompt.put("")
        elif find.has_class("-open"):
            find.remove_class("-open")
            self.transcript.mark(None)
        elif self.digests_shown:
            self.show_digests(shown=False)
        elif any(turn.state in PENDING for turn in self.conversation.turns):
            self.dispatch(Cancelled())
        elif self.main.has_class("-narrow") and self.main.has_class("-source-on"):
            self.show_source(shown=False)
        self.prompt.focus()
