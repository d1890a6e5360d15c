"""The command line: flags in, exit codes out.

Exit codes are a contract: ``ask`` 0 answered, 1 the digests do not say; 2 for every error, so that a crash never
reads as "no answer"; 130 interrupted. ``ingest``, ``fetch`` and ``rebuild`` 0 all done, 1 some inputs
were refused, 2 failed.
"""

from __future__ import annotations

import argparse
import atexit
import errno
import importlib
import os
import sys
import threading
from collections.abc import Sequence
from enum import IntEnum
from typing import NoReturn

from digestqa import __version__
from digestqa.commands.values import given_text
from digestqa.errors import DigestQAError, UsageError
from digestqa.output.terminal import Console, occupy_standard_descriptors
from digestqa.settings import load_settings


class ExitCode(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    ERROR = 2
    INTERRUPTED = 130


COMMANDS = ("chat", "ask", "ingest", "fetch", "rebuild", "list", "show", "status", "verify", "eval", "completion")

_SHOWN_CHARS = 60
"""Of a name that is too long."""


class _Parser(argparse.ArgumentParser):
    """Reports a wrong command line in the program's own form."""

    def error(self, message: str) -> NoReturn:
        Console().error(message, f"'{self.prog} --help' shows what it takes")
        raise SystemExit(ExitCode.ERROR)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with all commands; imports nothing heavy."""
    parser = _Parser(
        prog="digestqa",
        description="Ask questions of clinical-study digests: verbatim answers with cited sources, offline.",
        epilog='Start with: digestqa ask "what is the primary outcome?"',
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"digestqa {__version__}")
    _add_shared(parser, suppress=False)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name in COMMANDS:
        module = importlib.import_module(f"digestqa.commands.{name}")
        subparser = subparsers.add_parser(
            name,
            help=module.HELP,
            description=module.DESCRIPTION,
            allow_abbrev=False,
            epilog=getattr(module, "EPILOG", None),
        )
        module.configure(subparser)
        _add_shared(subparser, suppress=True)
    return parser


def _add_shared(parser: argparse.ArgumentParser, *, suppress: bool) -> None:
    """Add the options that stand before or after the command; the later place wins."""
    default = argparse.SUPPRESS if suppress else None
    group = parser.add_argument_group("everywhere")
    group.add_argument(
        "--seeds", type=given_text, metavar="DIR", default=default, help="folder of the digests (default ./seeds)"
    )
    group.add_argument(
        "--embeddings",
        type=given_text,
        metavar="DIR",
        default=default,
        help="folder of everything derived (default ./embeddings)",
    )
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default=argparse.SUPPRESS if suppress else "auto",
        help="colour on the terminal (default auto; NO_COLOR is respected)",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Nothing escapes as a traceback but a defect under ``DIGESTQA_TRACEBACK=1``.
    """
    console = Console()
    try:
        parser = build_parser()
        parsed, unknown = parser.parse_known_args(arguments)
        console = Console(parsed.color, quiet=getattr(parsed, "quiet", False))
        if unknown:
            raise _unknown_arguments(unknown, parsed)
        if parsed.command is None:
            given = sys.argv[1:] if arguments is None else arguments
            parsed = parser.parse_args([*given, "chat"])
        settings = load_settings(
            {
                "seeds": parsed.seeds,
                "embeddings": parsed.embeddings,
                "encoder": getattr(parsed, "model", None),
                "reader": getattr(parsed, "reader", None),
                "sessions": getattr(parsed, "sessions", None),
                "fetch_url": getattr(parsed, "base_url", None),
            }
        )
        module = importlib.import_module(f"digestqa.commands.{parsed.command}")
        return int(module.run(parsed, settings, console))
    except DigestQAError as error:
        console.error(error.message, error.hint)
        return ExitCode.ERROR
    except KeyboardInterrupt:
        console.error("interrupted")
        return ExitCode.INTERRUPTED
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else ExitCode.DONE
        return code if _finished(console) else ExitCode.ERROR
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            shown = str(error.filename)[:_SHOWN_CHARS]
            console.error(f"{shown}… is too long for the name of a file", "check the names on the command line")
            return ExitCode.ERROR
        if os.environ.get("DIGESTQA_TRACEBACK"):
            raise
        console.error(
            f"a defect of digestqa: {type(error).__name__}: {error}",
            "set DIGESTQA_TRACEBACK=1 to see where, and report it",
        )
        return ExitCode.ERROR


def _unknown_arguments(unknown: Sequence[str], parsed: argparse.Namespace) -> UsageError:
    """Tell what the command line has too much; a question without quotes comes as many arguments."""
    told = f"unrecognized arguments: {' '.join(unknown)}"
    if parsed.command == "ask" and parsed.question and not any(word.startswith("-") for word in unknown):
        return UsageError(told, f'put the question in quotes: digestqa ask "{parsed.question} {" ".join(unknown)}"')
    name = f"digestqa {parsed.command}" if parsed.command else "digestqa"
    return UsageError(told, f"'{name} --help' shows what it takes")


def _finished(console: Console) -> bool:
    """Write what the parser printed; tell it and return False where standard output takes nothing."""
    try:
        console.finish()
    except DigestQAError as error:
        console.error(error.message, error.hint)
        return False
    return True


def run() -> NoReturn:
    """Entry point of the installed program."""
    occupy_standard_descriptors()
    leave(main())


def leave(code: int) -> NoReturn:
    """End the process without taking down module by module and model by model, which costs a tenth of a second.

    What was registered to run at exit runs, and what was printed is written. Where another thread still works or
    something cannot be written, the process ends in the ordinary way, which waits or complains.
    """
    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):  # a closed pipe, a closed stream, no stream at all
        sys.exit(code)
    os._exit(code)
