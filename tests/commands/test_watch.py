"""``digestqa ingest --watch``: follows the folder, and ends cleanly on Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from digestqa.errors import StorageError
from shelf import PAPER, PLANNED, REPORTED, Run, Shelf, write_digests


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that in a minute")


@pytest.mark.skipif(os.name != "posix", reason="the signal is that of POSIX systems")
def test_it_takes_up_what_comes_and_ends_on_an_interrupt(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    write_digests(shelf.seeds, {"a.txt": PLANNED, "bad.txt": "no digest"})
    command = [sys.executable, "-m", "digestqa", "ingest", "--watch", "--no-embed"]
    told = tmp_path / "told"
    with told.open("w") as out, subprocess.Popen(command, cwd=tmp_path, stdout=out, stderr=out) as process:
        wait_until(lambda: "watching seeds; Ctrl-C ends it" in told.read_text())
        (shelf.seeds / "b.txt").write_text(REPORTED, encoding="utf-8")
        (shelf.seeds / "bad.txt").write_text(PAPER, encoding="utf-8")
        wait_until(lambda: "at state 2" in told.read_text())
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    words = told.read_text()
    assert "refused" in words
    assert "library at state 1: 1 new, 1 refused" in words
    assert "library at state 2: 2 new, 1 unchanged" in words
    assert words.rstrip().endswith("no longer watching")
    assert "Traceback" not in words


def test_a_full_disk_only_puts_it_off(shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from digestqa.commands import session

    attempts: list[str] = []
    run_ingest = session.run_ingest

    def sometimes(*arguments: object, **options: object) -> object:
        attempts.append("ingest")
        if len(attempts) == 1:
            raise StorageError("the disk is full", "free some space")
        return run_ingest(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    def interrupted(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "run_ingest", sometimes)
    monkeypatch.setattr(time, "sleep", lambda seconds: attempts.append(f"sleep {seconds:.0f}"))
    monkeypatch.setattr("digestqa.library.watching.folder_fingerprint", lambda *_: "seen")
    monkeypatch.setattr("digestqa.library.watching.wait_for_changes", lambda *_, **__: map(interrupted, [1]))
    done = run(shelf, "ingest", "--watch", "--no-embed")
    assert attempts == ["ingest", "sleep 10", "ingest"]
    assert done.code == 0
    assert "the disk is full" in done.err
    assert "no longer watching" in done.err


def test_watching_and_a_dry_run_exclude_each_other(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "ingest", "--watch", "--dry-run")
    assert (done.code, done.out) == (2, "")
