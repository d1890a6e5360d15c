"""``digestqa chat``: the terminal UI."""

from __future__ import annotations

import argparse
import os
import sys

from digestqa.commands.values import given_text
from digestqa.errors import UsageError
from digestqa.output.terminal import Console
from digestqa.settings import Settings

HELP = "a conversation with the digests in the terminal"
DESCRIPTION = (
    "Opens the terminal UI: ask, read the quoted answer, and see its place in the digest. "
    "Needs a terminal; 'digestqa ask' and 'digestqa chat --linear' do not."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--linear", action="store_true", help="plain lines, for screen readers, dumb terminals and pipes"
    )
    parser.add_argument("--web", action="store_true", help="serve the terminal UI to a browser (needs digestqa[web])")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="with --web: where to listen (default this machine only)",
    )
    parser.add_argument("--port", type=_port, default=8000, metavar="N", help="with --web: port (default 8000)")
    parser.add_argument(
        "--sessions", type=given_text, metavar="DIR", help="folder in which conversations are kept; off to keep none"
    )


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Run the application until it is left."""
    if parsed.linear and parsed.web:
        raise UsageError("give --linear or --web, not both", "see 'digestqa chat --help'")
    if parsed.linear or _is_dumb_terminal():
        from digestqa.linear import run_linear

        return run_linear(settings, console, color=parsed.color == "always")
    if parsed.web:
        from digestqa.web import serve

        return serve(_served(parsed, settings), console, host=parsed.host, port=parsed.port)
    in_browser = bool(os.environ.get("TEXTUAL_DRIVER"))
    if not in_browser:
        _require_terminal()
    if parsed.color == "never":
        os.environ["NO_COLOR"] = "1"
    from digestqa.clipboard import copy_text
    from digestqa.links import open_link
    from digestqa.sessions import SessionFiles
    from digestqa.tui.app import ChatApp
    from digestqa.tui.engine import LibraryEngine

    sessions = SessionFiles.of(settings)
    app = ChatApp(
        LibraryEngine(settings),
        sessions,
        seeds=settings.seeds.as_posix(),
        clipboard=None if in_browser else copy_text,
        opener=None if in_browser else open_link,
        keys=settings.keys,
        theme=settings.theme,
    )
    try:
        app.run()
    finally:
        sessions.close()
    code = app.return_code or 0
    if app.background.busy:
        # A thread inside a model's native code must not meet a dying interpreter.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port")
    return int(text)


def _served(parsed: argparse.Namespace, settings: Settings) -> list[str]:
    """Return the arguments of the program behind each page: the settings as they hold here."""
    arguments = ["--seeds", str(settings.seeds), "--embeddings", str(settings.embeddings), "--color", parsed.color]
    return [*arguments, "chat", *(["--sessions", settings.sessions] if settings.sessions else [])]


def _is_dumb_terminal() -> bool:
    """Whether someone sits at a terminal that can only take one line after the other."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") == "dumb"


def _require_terminal() -> None:
    """Refuse to draw where nobody can see it.

    Raises:
        UsageError: standard input or error is no terminal, or the terminal cannot place a cursor.
    """
    hint = "use 'digestqa ask \"QUESTION\"', or 'digestqa chat --linear' for a conversation in plain lines"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("the terminal UI needs a terminal", hint)
    if os.environ.get("TERM", "dumb") in ("dumb", "unknown") and sys.platform != "win32":
        raise UsageError("the terminal UI cannot draw on this terminal (TERM=dumb)", hint)
