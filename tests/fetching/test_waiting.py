from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digestqa.fetching import Limits
from digestqa.fetching.waiting import back_off_s, retry_after_s

NOW = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)


def test_the_longest_wait_doubles_with_each_try_up_to_the_limit() -> None:
    limits = Limits(back_off_s=2, longest_wait_s=30)
    assert [back_off_s(attempt, limits, 1.0) for attempt in range(1, 7)] == [2, 4, 8, 16, 30, 30]
    assert back_off_s(10_000, limits, 1.0) == 30


def test_a_wait_is_a_random_share_of_the_longest() -> None:
    limits = Limits(back_off_s=2, longest_wait_s=30)
    assert back_off_s(2, limits, 0.0) == 0
    assert back_off_s(2, limits, 0.25) == 1


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 01 May 2026 12:00:30 GMT", 30.0),
        ("Fri, 01 May 2026 11:00:00 GMT", 0.0),
        ("Fri, 01 May 2026 12:00:30", 30.0),
        ("9" * 5000, 999_999_999_999.0),
        (None, None),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("Fri, 99 May 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(written: str | None, seconds: float | None) -> None:
    assert retry_after_s(written, NOW) == seconds
