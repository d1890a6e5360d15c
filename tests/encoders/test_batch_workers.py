from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import torch

from digestqa.encoders.workers import WorkerPlan, compute_batches, plan_workers


@pytest.mark.parametrize("count", [0, 1, 2, 50])
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_batches(count: int, workers: int) -> None:
    def compute(number: int) -> int:
        time.sleep(0.001 * (number % 3))
        return number * number

    results = compute_batches(compute, range(count), WorkerPlan(workers, 1))

    assert list(results) == [number * number for number in range(count)]


def test_only_a_few_batches_are_taken_ahead() -> None:
    taken: list[int] = []

    def batches() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = compute_batches(lambda number: number, batches(), WorkerPlan(2, 1))

    assert next(results) == 0
    assert len(taken) <= 6
    results.close()


def test_a_failing_batch_ends_the_others_and_restores_the_threads() -> None:
    threads = torch.get_num_threads()
    computed: list[int] = []

    def compute(number: int) -> int:
        if number == 3:
            raise ValueError("batch 3")
        computed.append(number)
        return number

    with pytest.raises(ValueError, match="batch 3"):
        list(compute_batches(compute, range(1000), WorkerPlan(2, 1)))

    assert len(computed) < 20
    assert torch.get_num_threads() == threads
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("digestqa-encoder")]


def test_the_threads_of_the_processor_are_shared_out() -> None:
    plan = plan_workers("cpu")

    assert plan.workers >= 1
    assert plan.workers * plan.threads_each <= torch.get_num_threads()
    assert plan_workers("cuda").workers == 1
