"""The one table of commands: slash commands, the command palette, key bindings and the help panel are read off it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the program can be told to do.

    Attributes:
        name: what stands behind the slash, and the id under which its key can be remapped.
        help: one line.
        argument: what may follow, as shown; empty where nothing may.
        key: the key that does it without an argument; empty where there is none.
        label: one word for the footer; empty where it is not shown there.
        needs: whether it does nothing without an argument.
    """

    name: str
    help: str
    argument: str = ""
    key: str = ""
    label: str = ""
    needs: bool = False


COMMANDS = (
    Command("next", "the next citation of the answer", key="ctrl+g", label="Next"),
    Command("previous", "the previous citation of the answer", key="alt+g"),
    Command("cite", "the citation of that number", "N", needs=True),
    Command("source", "show or hide the source beside the answers", key="ctrl+t", label="Source"),
    Command("copy", "copy the answer with its citation", "[answer|quote|turn|session]", "ctrl+y", "Copy"),
    Command("open", "open the study's page in a browser, or show its link", "[N]", "ctrl+o", "Open"),
    Command("digests", "list the digests, browse and filter them", "[WORDS]", "ctrl+l", "Digests"),
    Command("about", "ask only about the study in the source panel", "[STUDY]", "f2"),
    Command("filter", "limit what is searched", "STUDY|section:S|compound:C|since:DATE|off"),
    Command("all", "search all digests again", key="f4"),
    Command("history", "search the questions of all sessions", "[WORDS]", "ctrl+r", "History"),
    Command("sessions", "list earlier sessions and resume one", "[WORDS]"),
    Command("new", "begin a new session", key="ctrl+n"),
    Command("export", "write the session to a file, Markdown or JSON by its ending", "[FILE.md|FILE.json]", "ctrl+s"),
    Command("find", "find words in this session", "[WORDS]", "ctrl+f"),
    Command("ingest", "take up digests: a file, a folder or a glob; without it what changed in the seeds", "[PATH]"),
    Command("rebuild", "read and embed everything anew"),
    Command("status", "what the library holds, and whether it is in step with the seeds"),
    Command("reload", "take up the library's newest state", key="f5"),
    Command("theme", "change the colours", "[NAME]"),
    Command("help", "every key and every command", key="f1", label="Help"),
    Command("quit", "leave", key="ctrl+q"),
)

_ALIASES = {
    "exit": "quit",
    "scope": "filter",
    "keys": "help",
    "resume": "sessions",
    "list": "digests",
    "search": "find",
    "sources": "source",
}

_BARE = {"quit": "quit", "exit": "quit", ":q": "quit", "help": "help"}
"""Lines that other programs obey; nobody asks a digest that."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A line that is a command, read.

    Attributes:
        command: the command; None where there is none of that name.
        argument: what followed it.
        name: what was typed behind the slash.
        nearest: the nearest command's name where there is none; may be empty.
    """

    command: Command | None
    argument: str
    name: str
    nearest: str = ""


def is_command(line: str) -> bool:
    """Tell whether a line is a command; a question that starts with a slash is typed with two."""
    return (line.startswith("/") and not line.startswith("//")) or line.strip().lower() in _BARE


def read_command(line: str) -> Entered:
    """Read a line that is a command."""
    bare = _BARE.get(line.strip().lower())
    name, _, argument = (bare or line[1:]).partition(" ")
    name = name.strip()
    found = command_named(_ALIASES.get(name.lower(), name.lower()))
    nearest = ""
    if found is None:
        names = [command.name for command in COMMANDS] + list(_ALIASES)
        close = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
        nearest = close[0] if close else ""
    return Entered(found, argument.strip(), name, nearest)


def command_named(name: str) -> Command | None:
    """Return the command of exactly that name, or None."""
    return next((command for command in COMMANDS if command.name == name), None)


def completions(typed: str) -> tuple[Command, ...]:
    """Return the commands for a line being typed: those that begin with it, then those that hold it."""
    if not typed.startswith("/") or any(char.isspace() for char in typed):
        return ()
    word = typed[1:].lower()
    first = [command for command in COMMANDS if command.name.startswith(word)]
    rest = [command for command in COMMANDS if word in command.name and command not in first]
    return (*first, *rest)
