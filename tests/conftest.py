from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from shelf import Done, Run, Shelf, write_digests

# A shell that starts the tests in the background has them ignore Ctrl-C, and some are about Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if name.startswith("DIGESTQA_") or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    # No test may read or write the sessions of whoever runs it.
    monkeypatch.setenv("DIGESTQA_SESSIONS", str(tmp_path_factory.getbasetemp() / "sessions-of-no-one"))


@pytest.fixture(scope="session")
def built_shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Three digests, built once with the real encoder; never written to by a test."""
    from digestqa.library import ingest

    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    write_digests(shelf.seeds)
    ingest(shelf.embeddings, shelf.seeds)
    return shelf


@pytest.fixture
def shelf(built_shelf: Shelf, tmp_path: Path) -> Shelf:
    """A copy of the built library that a test may change."""
    copy = Shelf(tmp_path / "shelf")
    shutil.copytree(built_shelf.folder, copy.folder)
    return copy


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, in a shelf's folder."""
    from digestqa.cli import main

    def call(shelf: Shelf, *arguments: str) -> Done:
        monkeypatch.chdir(shelf.folder)
        capsys.readouterr()
        code = main(arguments)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call
