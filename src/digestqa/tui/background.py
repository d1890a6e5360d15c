"""Work outside the event loop, in daemon threads, so that quitting never waits for a model or a search.

Textual's thread workers are not used: the program would wait for them at its end.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Result = TypeVar("Result")
Deliver = Callable[[Callable[[], None]], None]


@dataclass(slots=True)
class Background:
    """Runs work in threads and hands what comes of it back to the event loop.

    Attributes:
        deliver: called in a thread with what must be run in the event loop; must be safe to call from any thread.
    """

    deliver: Deliver
    _asking: queue.SimpleQueue[Callable[[], None] | None] = field(default_factory=queue.SimpleQueue)
    _busy: set[int] = field(default_factory=set)
    _started: bool = False

    def run(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do work in a thread of its own."""
        threading.Thread(target=self._do, args=(work, then, failed), daemon=True).start()

    def run_in_turn(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do work after all other work given here, in the one thread that loads the models and answers."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._answer, daemon=True).start()
        self._asking.put(lambda: self._do(work, then, failed))

    def close(self) -> None:
        """Let the answering thread end once it has nothing to do."""
        self._asking.put(None)

    @property
    def busy(self) -> bool:
        """Whether a thread is at work."""
        return bool(self._busy)

    def _answer(self) -> None:
        while (work := self._asking.get()) is not None:
            work()

    def _do(
        self, work: Callable[[], Result], then: Callable[[Result], None], failed: Callable[[Exception], None]
    ) -> None:
        self._busy.add(threading.get_ident())
        try:
            result = work()
        except Exception as error:
            caught = error
            self.deliver(lambda: failed(caught))
        else:
            self.deliver(lambda: then(result))
        finally:
            self._busy.discard(threading.get_ident())
