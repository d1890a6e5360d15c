"""Progress of long work: a bar on a terminal, a line now and then elsewhere, always on stderr."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from digestqa.output.terminal import Console

_LINE_EVERY_S = 10.0


class OnPhase(Protocol):
    """Called with the name of the phase, what is done and what there is in all."""

    def __call__(self, phase: str, done: int, total: int, /) -> None:
        """Report progress."""


@contextmanager
def progress(console: Console) -> Iterator[OnPhase]:
    """Yield a callback that shows progress while the block runs."""
    if console.quiet:
        yield lambda phase, done, total: None
    elif console.interactive_err:
        with _bars() as on_phase:
            yield on_phase
    else:
        yield _lines(console)


@contextmanager
def _bars() -> Iterator[OnPhase]:
    # rich comes with Textual and is imported only when a bar is drawn.
    from rich.console import Console as RichConsole
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=RichConsole(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def on_phase(phase: str, done: int, total: int, /) -> None:
            if phase not in tasks:
                # A phase of unknown length is over when the next begins.
                for task in bars.tasks:
                    if task.total is None:
                        bars.update(task.id, total=1, completed=1)
                tasks[phase] = bars.add_task(phase, total=total or None)
            bars.update(tasks[phase], completed=done, total=total or None)

        yield on_phase


def _lines(console: Console) -> OnPhase:
    shown: dict[str, float] = {}
    began: dict[str, tuple[float, int]] = {}

    def on_phase(phase: str, done: int, total: int, /) -> None:
        now = time.monotonic()
        # Short work stays silent: a line comes only once a phase has run for a while.
        began.setdefault(phase, (now, done))
        if now - shown.setdefault(phase, now) >= _LINE_EVERY_S:
            shown[phase] = now
            since, before = began[phase]
            console.note(f"{phase}: {done:,} of {total:,}{describe_rate(done - before, now - since, total - done)}")

    return on_phase


def describe_rate(done: int, elapsed_s: float, left: int) -> str:
    """Return ``, 212 a second, 1:05 left``; nothing where nothing is done yet, no time where none can be told."""
    if done <= 0 or elapsed_s <= 0:
        return ""
    rate = done / elapsed_s
    told = f", {rate:,.0f} a second" if rate >= 10 else f", {rate:,.1f} a second"
    if left <= 0:
        return told
    minutes, seconds = divmod(round(left / rate), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{told}, {f'{hours}:{minutes:02}' if hours else minutes}:{seconds:02} left"
