"""What is asked for: study numbers as people write them, or a search of the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from digestqa.digests import normalize_source
from digestqa.errors import UsageError
from digestqa.fetching.report import Refused

STATUSES = (
    "ACTIVE_NOT_RECRUITING",
    "APPROVED_FOR_MARKETING",
    "AVAILABLE",
    "COMPLETED",
    "ENROLLING_BY_INVITATION",
    "NO_LONGER_AVAILABLE",
    "NOT_YET_RECRUITING",
    "RECRUITING",
    "SUSPENDED",
    "TEMPORARILY_NOT_AVAILABLE",
    "TERMINATED",
    "UNKNOWN",
    "WITHDRAWN",
    "WITHHELD",
)
"""The values of ``overallStatus`` in the ClinicalTrials.gov API v2."""

NCT = re.compile(r"NCT[0-9]{8}")
"""A study's number in its one written form."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the registry; all parts that are given must hold.

    Attributes:
        query: words or an Essie expression, over all fields (``query.term``).
        condition: condition or disease (``query.cond``).
        intervention: drug or other treatment (``query.intr``).
        statuses: of ``STATUSES``; any of them (``filter.overallStatus``).
        updated_since: only studies whose last update was posted on this day or later.
    """

    query: str = ""
    condition: str = ""
    intervention: str = ""
    statuses: tuple[str, ...] = ()
    updated_since: date | None = None

    def parameters(self) -> dict[str, str]:
        """Return the parameters of ``GET /api/v2/studies``; empty where nothing is asked for."""
        since = f"AREA[LastUpdatePostDate]RANGE[{self.updated_since.isoformat()},MAX]" if self.updated_since else ""
        written = {
            "query.term": self.query.strip(),
            "query.cond": self.condition.strip(),
            "query.intr": self.intervention.strip(),
            "filter.overallStatus": ",".join(self.statuses),
            "filter.advanced": since,
        }
        return {name: value for name, value in written.items() if value}


def read_status(written: str) -> str:
    """Return the registry's name of a status: ``active, not recruiting`` is ``ACTIVE_NOT_RECRUITING``.

    Raises:
        UsageError: there is no such status.
    """
    name = re.sub(r"[^A-Z]+", "_", written.upper()).strip("_")
    if name not in STATUSES:
        told = ", ".join(status.lower() for status in STATUSES)
        raise UsageError(f"there is no status {written!r}", f"the registry knows {told}")
    return name


def read_day(written: str) -> date:
    """Return a day written as YYYY-MM-DD, YYYY-MM or YYYY; the first one of a month or year.

    Raises:
        UsageError: it is no day.
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", written.strip(), re.ASCII)
    try:
        if match is None:
            raise ValueError(written)
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError as error:
        raise UsageError(f"{written!r} is no day", "write it like 2026-03-31, 2026-03 or 2026") from error


def read_numbers(written: Iterable[str]) -> tuple[tuple[str, ...], tuple[Refused, ...]]:
    """Return the study numbers among what was written, each once and in order, and what is none."""
    numbers: dict[str, None] = {}
    refused: list[Refused] = []
    for text in written:
        source = normalize_source(text)
        if NCT.fullmatch(source):
            numbers[source] = None
        else:
            told = text.strip()[:40]
            refused.append(Refused(told, f"{told!r} is no NCT number", "write it like NCT01234567"))
    return tuple(numbers), tuple(refused)


def split_numbers(text: str) -> list[str]:
    """Return what may be study numbers in a text that lists them by lines, blanks, commas or semicolons.

    What follows a ``#`` on a line is a comment.
    """
    parts: list[str] = []
    for line in text.splitlines():
        stripped = line.partition("#")[0].strip()
        # A number may be written with blanks in it, alone on its line.
        if NCT.fullmatch(normalize_source(stripped)):
            parts.append(stripped)
        else:
            parts += re.split(r"[\s,;]+", stripped)
    return [part for part in parts if part]
