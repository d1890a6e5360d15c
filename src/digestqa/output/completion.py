"""Completion scripts for bash, zsh and fish, read off an argparse parser."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Literal

Shell = Literal["bash", "zsh", "fish"]

_PATH_METAVARS = {"DIR", "FILE", "PATH", "ANSWER.json", "QA.jsonl"}


@dataclass(frozen=True, slots=True)
class _Option:
    """An option or, without flags, a positional argument.

    Attributes:
        flags: its spellings.
        help: one line.
        takes_value: whether a word follows.
        choices: the words that may follow; empty where any may.
        path: whether the word is a file or folder.
    """

    flags: tuple[str, ...]
    help: str
    takes_value: bool
    choices: tuple[str, ...]
    path: bool


def completion_script(parser: argparse.ArgumentParser, shell: Shell) -> str:
    """Return a script that completes commands, options, choices and file names."""
    general = _options(parser)
    commands = {name: (help_line, _options(sub)) for name, help_line, sub in _commands(parser)}
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](parser.prog, general, commands)


_Commands = dict[str, tuple[str, list[_Option]]]


def _commands(parser: argparse.ArgumentParser) -> list[tuple[str, str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            lines = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return [(name, lines.get(name, ""), sub) for name, sub in action.choices.items()]
    return []


def _options(parser: argparse.ArgumentParser) -> list[_Option]:
    return [
        _Option(
            flags=tuple(action.option_strings),
            help=(action.help or "").replace("'", "’").replace("[", "(").replace("]", ")"),
            takes_value=action.nargs != 0,
            choices=tuple(str(choice) for choice in action.choices or ()),
            path=str(action.metavar) in _PATH_METAVARS,
        )
        for action in parser._actions
        if not isinstance(action, argparse._SubParsersAction)
    ]


def _words(options: list[_Option]) -> str:
    return " ".join(flag for option in options for flag in option.flags)


def _bash(program: str, general: list[_Option], commands: _Commands) -> str:
    lines = [
        f"_{program}() {{",
        '  local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="" at',
        "  for ((at = 1; at < COMP_CWORD; at++)); do",
        f'    case "${{COMP_WORDS[at]}}" in {"|".join(commands)}) command="${{COMP_WORDS[at]}}"; break;; esac',
        "  done",
        '  case "$previous" in',
    ]
    seen: set[str] = set()
    for option in [*general, *(option for _, options in commands.values() for option in options)]:
        flags = [flag for flag in option.flags if flag not in seen]
        if flags and option.takes_value and (option.choices or option.path):
            seen.update(flags)
            source = f'-W "{" ".join(option.choices)}"' if option.choices else "-f"
            lines.append(f'    {"|".join(flags)}) COMPREPLY=($(compgen {source} -- "$word")); return;;')
    lines += ["  esac", '  case "$command" in']
    for name, (_, options) in commands.items():
        positional = " ".join(choice for option in options if not option.flags for choice in option.choices)
        files = "-f " if any(option.path and not option.flags for option in options) else ""
        words = f"{_words(options)} {positional}".strip()
        lines.append(f'    {name}) COMPREPLY=($(compgen {files}-W "{words}" -- "$word"));;')
    lines += [
        f'    *) COMPREPLY=($(compgen -W "{" ".join(commands)} {_words(general)}" -- "$word"));;',
        "  esac",
        "}",
        f"complete -F _{program} {program}",
    ]
    return "\n".join(lines)


def _zsh_arguments(options: list[_Option]) -> list[str]:
    lines = []
    for option in options:
        action = f"({' '.join(option.choices)})" if option.choices else "_files" if option.path else ""
        if not option.flags:
            lines.append(f"'*:argument:{action}'" if action else "'*:argument: '")
            continue
        for flag in option.flags:
            value = f":value:{action}" if option.takes_value else ""
            lines.append(f"'{flag}[{option.help}]{value}'")
    return lines


def _zsh(program: str, general: list[_Option], commands: _Commands) -> str:
    lines = [
        f"#compdef {program}",
        f"_{program}() {{",
        "  local line state",
        "  local -a names",
        "  names=(" + " ".join(f"'{name}:{help_line}'" for name, (help_line, _) in commands.items()) + ")",
        "  _arguments -C " + " ".join(_zsh_arguments(general)) + " '1: :->command' '*:: :->rest'",
        '  case "$state" in',
        "    command) _describe 'command' names;;",
        '    rest) case "${line[1]}" in',
    ]
    for name, (_, options) in commands.items():
        lines.append(f"      {name}) _arguments {' '.join(_zsh_arguments(options))};;")
    lines += ["    esac;;", "  esac", "}", f'_{program} "$@"']
    return "\n".join(lines)


def _fish(program: str, general: list[_Option], commands: _Commands) -> str:
    lines = [f"complete -c {program} -f"]
    for name, (help_line, _) in commands.items():
        lines.append(f"complete -c {program} -n __fish_use_subcommand -a {name} -d '{help_line}'")
    lines += [_fish_option(program, option, "") for option in general]
    for name, (_, options) in commands.items():
        condition = f" -n '__fish_seen_subcommand_from {name}'"
        lines += [_fish_option(program, option, condition) for option in options]
    return "\n".join(lines)


def _fish_option(program: str, option: _Option, condition: str) -> str:
    parts = [f"complete -c {program}{condition}"]
    for flag in option.flags:
        parts.append(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}")
    if option.choices:
        parts.append(f"{'-x ' if option.flags else ''}-a '{' '.join(option.choices)}'")
    elif option.path:
        parts.append("-r -F" if option.flags else "-F")
    elif option.takes_value and option.flags:
        parts.append("-x")
    if option.flags:
        parts.append(f"-d '{option.help}'")
    return " ".join(parts)
