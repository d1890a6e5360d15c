"""Runs batches side by side on a CPU: one batch a core needs no waiting for the other cores after each operation."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_MOST_WORKERS = 8  # above it Python's part of a model's forward pass, one thread at a time, would be what is waited for
_BATCHES_WAITING_PER_WORKER = 2


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How PyTorch's threads are shared out.

    Attributes:
        workers: batches computed at the same time.
        threads_each: PyTorch threads that compute one batch.
    """

    workers: int
    threads_each: int


def plan_workers(device_type: str) -> WorkerPlan:
    """Share out the threads that PyTorch would use; other devices than the CPU get one worker."""
    import torch

    threads = torch.get_num_threads()
    workers = min(threads, _MOST_WORKERS) if device_type == "cpu" else 1
    return WorkerPlan(workers, threads // workers)


def compute_batches(
    compute: Callable[[Batch], Result], batches: Iterable[Batch], plan: WorkerPlan
) -> Generator[Result, None, None]:
    """Yield the result of each batch in the order of the batches, holding only a few of either at a time.

    A single batch is computed in the calling thread with all its threads.
    """
    source = iter(batches)
    first = list(islice(source, 2))
    if plan.workers == 1 or len(first) == 1:
        yield from map(compute, chain(first, source))
        return
    import torch

    threads_before = torch.get_num_threads()
    waiting: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(plan.workers, "digestqa-encoder", torch.set_num_threads, (plan.threads_each,))
    try:
        for batch in chain(first, source):
            waiting.append(pool.submit(compute, batch))
            if len(waiting) >= plan.workers * _BATCHES_WAITING_PER_WORKER:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
        torch.set_num_threads(threads_before)  # the workers' setting is also what later threads would start with
