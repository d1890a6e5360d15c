"""``digestqa completion``: shell completion, generated from the parser."""

from __future__ import annotations

import argparse

from digestqa.output.terminal import Console
from digestqa.settings import Settings

HELP = "print completion for a shell"
DESCRIPTION = (
    "Prints a completion script. bash: source it; zsh: save it as _digestqa on your fpath; "
    "fish: save it under completions/."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Print the script."""
    from digestqa.cli import build_parser
    from digestqa.output.completion import completion_script

    console.result(completion_script(build_parser(), parsed.shell))
    return 0
