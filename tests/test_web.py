"""Serving the terminal UI to a browser, up to where textual-serve takes over."""

from __future__ import annotations

import asyncio
import shlex
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from digestqa.web import command_line, is_own_page
from shelf import Run, Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A folder without digests: nothing is asked here."""
    return Shelf(tmp_path)


def test_without_the_extra_the_person_is_told_how_to_get_it(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    done = run(shelf, "chat", "--web")
    assert (done.code, done.out) == (2, "")
    assert "'chat --web' needs textual-serve, which is not installed" in done.err
    assert "hint: install it in the clone: python -m pip install '.[web]'" in done.err


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("127.0.0.1:8000", None, True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("localhost:8000", "http://localhost:8000", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("127.0.0.1:8000", "https://evil.example", False),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", False),
        ("127.0.0.1:8000", "null", False),
        ("evil.example:8000", "http://evil.example:8000", False),
        ("evil.example", None, False),
    ],
)
def test_pages_of_other_sites_do_not_reach_it(host: str, origin: str | None, own: bool) -> None:
    assert is_own_page(host, origin, "127.0.0.1") is own


def test_on_another_address_only_its_own_pages_count() -> None:
    assert is_own_page("box.example:8000", "http://box.example:8000", "0.0.0.0")
    assert not is_own_page("box.example:8000", "http://evil.example", "0.0.0.0")


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell's quoting")
def test_the_programs_command_line_survives_the_shell() -> None:
    assert shlex.split(command_line(["--seeds", "my digests; $x"])) == [
        sys.executable,
        "-m",
        "digestqa",
        "--seeds",
        "my digests; $x",
    ]


class Forbidden(Exception):  # noqa: N818 - named as aiohttp names it
    def __init__(self, text: str) -> None:
        super().__init__(text)


class Server:
    """Stands in for textual-serve's: what it is given, and the one method that is wrapped."""

    made: ClassVar[list[Server]] = []

    def __init__(self, command: str, host: str, port: int, title: str) -> None:
        self.command, self.host, self.port, self.title = command, host, port, title
        self.public_url = ""
        self.middlewares: list[Callable[..., Any]] = []
        self.made.append(self)

    async def _make_app(self) -> types.SimpleNamespace:
        return types.SimpleNamespace(middlewares=self.middlewares)

    def serve(self) -> None:
        asyncio.run(self._make_app())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    module = types.ModuleType("textual_serve.server")
    module.Server = Server  # type: ignore[attr-defined]  # a module made up here
    web = types.SimpleNamespace(middleware=lambda handler: handler, HTTPForbidden=Forbidden)
    aiohttp = types.ModuleType("aiohttp")
    aiohttp.web = web  # type: ignore[attr-defined]  # a module made up here
    monkeypatch.setitem(sys.modules, "textual_serve", types.ModuleType("textual_serve"))
    monkeypatch.setitem(sys.modules, "textual_serve.server", module)
    monkeypatch.setitem(sys.modules, "aiohttp", aiohttp)
    Server.made.clear()
    return Server


def test_it_listens_on_this_machine_alone_and_serves_these_settings(
    shelf: Shelf, run: Run, server: type[Server]
) -> None:
    done = run(shelf, "--seeds", "other", "chat", "--web", "--sessions", "off")
    assert (done.code, done.err) == (0, "")
    (made,) = server.made
    assert (made.host, made.port) == ("127.0.0.1", 8000)
    assert "--seeds other" in made.command
    assert made.command.endswith("chat --sessions off")


def test_another_address_comes_with_a_warning(shelf: Shelf, run: Run, server: type[Server]) -> None:
    done = run(shelf, "chat", "--web", "--host", "0.0.0.0", "--port", "9000")
    assert done.code == 0
    assert "everyone who reaches 0.0.0.0:9000 can read the digests" in done.err
    assert [(made.host, made.port) for made in server.made] == [("0.0.0.0", 9000)]


def test_each_request_is_checked_and_the_page_names_the_address_it_was_reached_by(
    shelf: Shelf, run: Run, server: type[Server]
) -> None:
    assert run(shelf, "chat", "--web").code == 0
    (made,) = server.made
    (check,) = made.middlewares

    async def page(request: Any) -> str:
        return made.public_url

    def reached(host: str, origin: str | None = None) -> str:
        headers = {"Origin": origin} if origin else {}
        request = types.SimpleNamespace(host=host, headers=headers, scheme="http")
        return str(asyncio.run(check(request, page)))

    assert reached("localhost:8000") == "http://localhost:8000"
    with pytest.raises(Forbidden, match="its own pages only"):
        reached("localhost:8000", "https://evil.example")


def test_a_port_that_cannot_be_had_is_an_error_with_a_hint(
    shelf: Shelf, run: Run, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(self: Server) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(server, "serve", taken)
    done = run(shelf, "chat", "--web")
    assert done.code == 2
    assert "127.0.0.1:8000 cannot be served: Address already in use" in done.err
    assert "another --port" in done.err


@pytest.mark.parametrize("arguments", [["--web", "--linear"], ["--port", "0"], ["--port", "x"]])
def test_a_wrong_command_line_is_refused(shelf: Shelf, run: Run, arguments: list[str]) -> None:
    done = run(shelf, "chat", *arguments)
    assert done.code == 2
    assert "hint: " in done.err
