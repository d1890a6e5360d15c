"""Every key of the program, by place: for the help, and for settings that change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.binding import Binding, BindingType

from digestqa.tui.commands import COMMANDS


def all_bindings() -> Iterator[tuple[str, list[Binding]]]:
    """Yield each place with its bindings."""
    from digestqa.tui.app import ChatApp
    from digestqa.tui.screens.pages import PageScreen
    from digestqa.tui.screens.search import SearchScreen
    from digestqa.tui.widgets.digests import DigestList
    from digestqa.tui.widgets.find import FindBar
    from digestqa.tui.widgets.prompt import Prompt
    from digestqa.tui.widgets.source import SourcePanel
    from digestqa.tui.widgets.transcript import Transcript

    places: tuple[tuple[str, list[BindingType]], ...] = (
        ("Everywhere", ChatApp.BINDINGS),
        ("Prompt", Prompt.BINDINGS),
        ("Answers (Tab goes there)", Transcript.BINDINGS),
        ("Source (Tab goes there)", SourcePanel.BINDINGS),
        ("List of digests", DigestList.BINDINGS),
        ("Find", FindBar.BINDINGS),
        ("Search over sessions", SearchScreen.BINDINGS),
        ("Help and status", PageScreen.BINDINGS),
    )
    for place, bindings in places:
        yield place, [binding for binding in bindings if isinstance(binding, Binding)]


def help_lines(keymap: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the help: (key, what it does, name in the settings) a line; a place's title stands alone."""
    lines: list[tuple[str, str, str]] = []
    for place, bindings in all_bindings():
        lines.append((place, "", ""))
        numbered = False
        for binding in bindings:
            if binding.id is None:
                if not numbered:
                    lines.append(("1-9", "The citation of that number", ""))
                numbered = True
                continue
            key = " or ".join(keymap.get(binding.id, binding.key).split(","))
            lines.append((key, binding.tooltip or binding.description, binding.id))
        if place == "Everywhere":
            lines += [("ctrl+p", "The command palette", ""), ("tab", "The next panel", "")]
            lines += [("ctrl+c", "Copy what the mouse has selected", "")]
    lines.append(("Commands", "", ""))
    for command in COMMANDS:
        lines.append((f"/{command.name} {command.argument}".rstrip(), command.help, ""))
    return lines
