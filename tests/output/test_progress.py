from __future__ import annotations

import pytest

from digestqa.output.progress import describe_rate, progress
from digestqa.output.terminal import Console


@pytest.mark.parametrize(
    ("done", "elapsed_s", "left", "told"),
    [
        (2120, 10.0, 13_780, ", 212 a second, 1:05 left"),
        (10, 20.0, 3600, ", 0.5 a second, 2:00:00 left"),
        (100, 1.0, 0, ", 100 a second"),
        (0, 5.0, 100, ""),
        (5, 0.0, 100, ""),
    ],
)
def test_a_rate_is_told_with_the_time_left(done: int, elapsed_s: float, left: int, told: str) -> None:
    assert describe_rate(done, elapsed_s, left) == told


def test_long_work_tells_its_rate_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [100.0]
    monkeypatch.setattr("digestqa.output.progress.time.monotonic", lambda: clock[0])

    with progress(Console()) as on_phase:
        for done in (0, 500, 1000):
            on_phase("embedding", done, 4000)
            clock[0] += 6.0

    assert capsys.readouterr().err.strip().endswith("embedding: 1,000 of 4,000, 83 a second, 0:36 left")
