"""Work that Ctrl-C can turn away from: it goes on in its thread, and what comes of it is dropped."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")

_LOOK_UP_S = 0.1
"""Waiting for a queue without end does not notice Ctrl-C on Windows."""


class Worker:
    """One daemon thread that does one thing after the other."""

    def __init__(self) -> None:
        """Start the thread."""
        self._tasks: queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[tuple[Any, BaseException | None]]]]
        self._tasks = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            task, done = self._tasks.get()
            try:
                done.put((task(), None))
            except BaseException as error:
                done.put((None, error))

    def wait_for(self, task: Callable[[], Result]) -> Result:
        """Do a task after those given before it and return what it returns.

        Raises:
            KeyboardInterrupt: Ctrl-C; the task's result is dropped when it comes.
            Exception: whatever the task raises.
        """
        done: queue.SimpleQueue[tuple[Result, BaseException | None]] = queue.SimpleQueue()
        self._tasks.put((task, done))
        while True:
            try:
                result, error = done.get(timeout=_LOOK_UP_S)
            except queue.Empty:
                continue
            if error is not None:
                raise error
            return result
