"""What is chosen for a device, by its description: no such device is needed."""

from __future__ import annotations

import pytest
import torch

from digestqa.encoders.arithmetic import BatchPlan, DeviceDescription, describe_device, plan_batches

GIB = 1 << 30


def test_a_processor_gets_small_batches_and_half_precision_only_where_it_is_quick() -> None:
    assert plan_batches(DeviceDescription("cpu", bfloat16=True), 384) == BatchPlan("bf16", 1024)
    assert plan_batches(DeviceDescription("cpu"), 384) == BatchPlan("fp32", 1024)


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (DeviceDescription("cuda", 132, 139 * GIB, bfloat16=True, float16=True), BatchPlan("bf16", 132 * 1024)),
        (DeviceDescription("cuda", 40, 15 * GIB, float16=True), BatchPlan("fp16", 40 * 1024)),
        (DeviceDescription("cuda", 20, 4 * GIB), BatchPlan("fp32", 20 * 1024)),
    ],
)
def test_a_gpu_gets_work_for_all_its_multiprocessors(device: DeviceDescription, expected: BatchPlan) -> None:
    assert plan_batches(device, 384) == expected


def test_a_batch_fits_into_half_of_a_gpus_free_memory() -> None:
    small = plan_batches(DeviceDescription("cuda", 132, GIB // 2, bfloat16=True), 1024)

    assert 1024 < small.tokens < 132 * 1024
    assert small.tokens * 24 * 1024 * 4 <= GIB // 4
    assert plan_batches(DeviceDescription("cuda", 132, GIB >> 10, bfloat16=True), 1024).tokens == 1024


def test_this_machines_processor_is_described() -> None:
    described = describe_device(torch.device("cpu"))

    assert described.kind == "cpu"
    assert plan_batches(described, 384).precision in {"bf16", "fp32"}
