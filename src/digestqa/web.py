"""The terminal UI in a browser, through textual-serve (extra ``web``); on this machine alone unless told otherwise."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from digestqa.errors import UsageError

if TYPE_CHECKING:
    from digestqa.output.terminal import Console

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000

Handler = Callable[[Any], Awaitable[Any]]


def serve(arguments: Sequence[str], console: Console, *, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT) -> int:
    """Serve the terminal UI until Ctrl-C, a program of its own for every page, and return the exit code.

    Args:
        arguments: of ``digestqa`` for each of these programs.
        console: where the address and a warning go.
        host: the address to listen on.
        port: its port.

    Raises:
        UsageError: the extra is not installed, or the address cannot be had.
    """
    try:
        from textual_serve.server import Server
    except ImportError as error:
        raise UsageError(
            "'chat --web' needs textual-serve, which is not installed",
            "install it in the clone: python -m pip install '.[web]'",
        ) from error
    if host not in LOOPBACK:
        console.warn(
            f"everyone who reaches {host}:{port} can read the digests and ask; there is no password and no encryption"
        )
    server = Server(command_line(arguments), host=host, port=port, title="digestqa")
    _guard(server, host)
    try:
        server.serve()
    except OSError as error:
        raise UsageError(
            f"{host}:{port} cannot be served: {error.strerror or error}", "choose another --port"
        ) from error
    return 0


def command_line(arguments: Sequence[str]) -> str:
    """Return the command that starts the program for a page, as this system's shell reads it."""
    words = [sys.executable, "-m", "digestqa", *arguments]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def is_own_page(host: str, origin: str | None, listening_on: str) -> bool:
    """Tell whether a request comes from a page of this server's own.

    A page of another site in the same browser must not reach it: neither through its script (the origin differs), nor
    under a name of its own that leads to this machine (DNS rebinding: the host is no loopback name).

    Args:
        host: the request's ``Host``.
        origin: its ``Origin``, if it has one; browsers send it with every web socket.
        listening_on: the address that is listened on.
    """
    name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
    if listening_on in LOOPBACK and name not in LOOPBACK:
        return False
    return origin is None or origin.partition("://")[2] == host


def _guard(server: Any, listening_on: str) -> None:
    """Have the server refuse foreign pages, and name itself by the address under which it was reached."""
    from aiohttp import web

    make_app = server._make_app

    async def only_own_pages(request: Any, handler: Handler) -> Any:
        if not is_own_page(request.host, request.headers.get("Origin"), listening_on):
            raise web.HTTPForbidden(text="this address serves its own pages only")
        server.public_url = f"{request.scheme}://{request.host}"
        return await handler(request)

    async def guarded() -> Any:
        app = await make_app()
        app.middlewares.append(web.middleware(only_own_pages))
        return app

    server._make_app = guarded
