"""How long ago something was, in the words that a list of sessions shows."""

from __future__ import annotations

import datetime

_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S
_WEEK_S = 7 * _DAY_S
_LONGEST_S = 8 * _WEEK_S
"""From here on a date says more than a count of weeks."""


def age_words(then: str, now: datetime.datetime | None = None) -> str:
    """Return the age of a moment in words, such as ``3 hours ago``; its date where it is long past.

    Args:
        then: ISO 8601 with an offset; what is no moment comes back as it is.
        now: with a time zone; the present by default.
    """
    try:
        moment = datetime.datetime.fromisoformat(then)
    except ValueError:
        return then
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    seconds = int(((now or datetime.datetime.now(datetime.UTC)) - moment).total_seconds())
    if seconds < _MINUTE_S:
        return "just now"
    for unit_s, name, until_s in (
        (_MINUTE_S, "minute", _HOUR_S),
        (_HOUR_S, "hour", _DAY_S),
        (_DAY_S, "day", _WEEK_S),
        (_WEEK_S, "week", _LONGEST_S),
    ):
        if seconds < until_s:
            count = seconds // unit_s
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return moment.astimezone().date().isoformat()
