"""Forks a writer for every line it reads, and has it killed at a moment.

Each line is JSON: {"root", "work": "ingest" | "rebuild", "weights", "after_steps": n | null, "after_s": t | null}. The
writer kills itself before its n-th step (a SQL statement, or a file that is synced, put in place or deleted), or is
killed after t seconds. Each answer is JSON: {"killed": bool, "steps": how many there were, or -1, "elapsed_s": t}.
Forking spares the imports, so that a kill takes no longer than the work that it ends.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import faiss

from digestqa.library import embedding
from library.library_stand import Place, StandInEncoder

STEPS_NAME = "steps"

connect = sqlite3.connect


class Countdown:
    """Counts steps, and kills the process before the n-th."""

    def __init__(self, kill_after: int | None) -> None:
        self.kill_after = kill_after
        self.steps = 0

    def step(self) -> None:
        if self.steps == self.kill_after:
            os.kill(os.getpid(), signal.SIGKILL)
        self.steps += 1


def install(countdown: Countdown) -> None:
    """Make statements and changes of files steps."""

    class CountedConnection(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            countdown.step()
            return super().execute(*arguments)

        def executemany(self, *arguments: Any) -> sqlite3.Cursor:
            countdown.step()
            return super().executemany(*arguments)

        def close(self) -> None:
            countdown.step()
            super().close()

    def counted_connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        return connect(*arguments, factory=CountedConnection, **options)

    def counted(original: Any) -> Any:
        def run(*arguments: Any, **options: Any) -> Any:
            countdown.step()
            return original(*arguments, **options)

        return run

    put(sqlite3, "connect", counted_connect)
    for owner, name in ((os, "fsync"), (os, "replace"), (Path, "unlink")):
        put(owner, name, counted(getattr(owner, name)))


def put(owner: object, name: str, value: object) -> None:
    """Replace a function of a module or class, in this process for good."""
    setattr(owner, name, value)


def write(order: dict[str, Any]) -> None:
    """Do the work that is to be killed; note the steps if it was not."""
    embedding.TEXTS_PER_BATCH = 7
    countdown = Countdown(order["after_steps"])
    install(countdown)
    place = Place(Path(order["root"]), StandInEncoder(weights=order["weights"]))
    (place.ingest if order["work"] == "ingest" else place.rebuild)()
    (place.root / STEPS_NAME).write_text(str(countdown.steps), encoding="utf-8")


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Fork a writer, have it killed, and say what became of it."""
    steps = Path(order["root"]) / STEPS_NAME
    steps.unlink(missing_ok=True)
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            write(order)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    if order["after_s"] is not None:
        time.sleep(order["after_s"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    if not killed and status != 0:
        raise RuntimeError(f"the writer failed: {order}")
    return {
        "killed": killed,
        # A kill may fall into the writing of this note, too.
        "steps": -1 if killed else int(steps.read_text(encoding="utf-8")),
        "elapsed_s": time.perf_counter() - began,
    }


if __name__ == "__main__":
    # Loaded before the forks, so that no kill falls into the import.
    assert faiss
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
