"""An ingest or a rebuild in a process of its own: ``python -m digestqa.tui.job``.

Importing the encoder that embeds holds Python's lock for long stretches and keeps some hundred megabytes; in a child
process neither is felt at the prompt, and quitting ends it at any moment (the library endures a killed writer).

The request is one JSON line on standard input; reports are JSON lines on standard output. The child ends when its
standard input closes, so that it never outlives the program that started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from digestqa.errors import DigestQAError, LibraryBusyError, LibraryError
from digestqa.settings import Settings
from digestqa.tui.events import JobEnded
from digestqa.tui.state import JobKind

OnProgress = Callable[[str, int, int], None]

_NICENESS = 5
"""How far the child steps back: whoever asks meanwhile comes first."""
_TAIL_CHARS = 300
_PROGRESS_EVERY_S = 0.1
_PROBLEMS_SHOWN = 5


@dataclass(slots=True)
class RunningJob:
    """A job's process, so that it can be ended with the program."""

    process: subprocess.Popen[str] | None = None

    def stop(self) -> None:
        """End the process, if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()


def run_job(
    kind: JobKind, paths: Sequence[str], settings: Settings, on_progress: OnProgress, running: RunningJob
) -> JobEnded:
    """Run a job to its end, telling its progress; call it in a thread of its own."""
    request = {
        "kind": kind,
        "paths": list(paths),
        "seeds": str(settings.seeds),
        "embeddings": str(settings.embeddings),
        "encoder": settings.encoder,
    }
    with tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace") as narration:
        process = subprocess.Popen(
            [sys.executable, "-m", "digestqa.tui.job"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=narration,
            encoding="utf-8",
            errors="surrogateescape",
            env={**os.environ, "PYTHONUTF8": "1"},
            start_new_session=True,
        )
        running.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        with process, process.stdin, process.stdout:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            ended = _follow(process.stdout, on_progress)
        if ended is not None:
            return ended
        narration.seek(0)
        told = narration.read().strip()[-_TAIL_CHARS:] or "it said nothing"
    return JobEnded(
        f"the {kind} ended with code {process.returncode}: {told}",
        failed=True,
        hint=f"run 'digestqa {'rebuild' if kind == 'rebuild' else 'ingest'}' in a shell to see more",
    )


def _follow(stream: IO[str], on_progress: OnProgress) -> JobEnded | None:
    ended: JobEnded | None = None
    told = ("", 0.0)
    for line in stream:
        value: dict[str, Any] = json.loads(line)
        if "phase" in value:
            now = time.monotonic()
            # Thousands of files make thousands of lines; a person sees ten a second.
            if value["phase"] != told[0] or now - told[1] >= _PROGRESS_EVERY_S:
                told = (value["phase"], now)
                on_progress(value["phase"], value["done"], value["total"])
        else:
            ended = JobEnded(**{**value, "problems": tuple(value.get("problems", ()))})
    return ended


def main() -> int:
    """Do what the request on standard input says."""
    # What a library prints must not get between the lines of the report.
    report = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogateescape")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)

    def write(value: dict[str, Any]) -> None:
        report.write(json.dumps(value) + "\n")
        report.flush()

    write(_work(request, lambda phase, done, total: write({"phase": phase, "done": done, "total": total})))
    return 0


def _end_with_the_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _work(request: dict[str, Any], on_phase: Callable[[str, int, int], None]) -> dict[str, Any]:
    seeds, embeddings, encoder = Path(request["seeds"]), Path(request["embeddings"]), request["encoder"]
    try:
        from digestqa.intake import take_in
        from digestqa.library import ingest, rebuild
        from digestqa.output.reports import describe_refusal, describe_report

        taken = take_in(request["paths"], seeds)
        work = rebuild if request["kind"] == "rebuild" else ingest
        report = work(embeddings, seeds, encoder_name=encoder, on_progress=on_phase)
    except LibraryBusyError as error:
        return {"summary": error.message, "hint": error.hint or "try again when it is done", "failed": True}
    except DigestQAError as error:
        hint = _inside(error.hint) if isinstance(error, LibraryError) else error.hint
        return {"summary": error.message, "hint": hint, "failed": True}
    except Exception as error:
        return {"summary": f"a defect of digestqa: {type(error).__name__}: {error}", "failed": True}
    refused = [f"{entry.origin}: {entry.reason}" for entry in taken if entry.outcome == "refused"]
    refused += [describe_refusal(entry) for entry in report.refused]
    problems = [f"refused {entry}" for entry in refused[:_PROBLEMS_SHOWN]]
    if len(refused) > _PROBLEMS_SHOWN:
        problems.append(f"and {len(refused) - _PROBLEMS_SHOWN:,} more were refused: /status lists them")
    return {
        "summary": describe_report(report, taken),
        "problems": [*problems, *report.warnings],
        "changed": report.changed,
    }


def _inside(hint: str) -> str:
    """Return a hint of the command line as it reads inside the program."""
    return hint.replace("'digestqa rebuild'", "/rebuild").replace("'digestqa ingest'", "/ingest")


if __name__ == "__main__":
    raise SystemExit(main())
