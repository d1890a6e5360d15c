from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.stage import FakeEngine


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an async test in a new event loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True


@pytest.fixture(autouse=True)
def no_person_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No motion, and no session of a real person is read or written."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("DIGESTQA_SESSIONS", "off")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    """An engine that does what the test lets it do; no thread is left waiting for it."""
    engine = FakeEngine()
    yield engine
    engine.release()
