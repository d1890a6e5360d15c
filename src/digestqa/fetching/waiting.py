"""How long to wait before a request is tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from digestqa.fetching.limits import Limits


def back_off_s(attempt: int, limits: Limits, random_share: float) -> float:
    """Return the wait in seconds after a failed attempt: exponential, with full jitter.

    Full jitter (a random share of the whole interval) spreads the clients that failed together best: M. Brooker,
    "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.

    Args:
        attempt: the attempt that failed, from 1.
        limits: the first wait and the longest.
        random_share: from 0 to 1.
    """
    ceiling = min(limits.longest_wait_s, limits.back_off_s * 2.0 ** min(attempt - 1, 30))
    return ceiling * random_share


def retry_after_s(written: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, or None where it asks for nothing readable.

    RFC 9110, section 10.2.3: a number of seconds, or an HTTP date.

    Args:
        written: the header's value.
        now: the present, with a time zone; the clock's by default.
    """
    text = (written or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
