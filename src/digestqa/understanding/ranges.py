"""Conditions on a day or a number of the page: "ingested in April 2026", "dated since 2023", "under 10 patients"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

RangeOf = Literal["ingested", "date", "n"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = (
    rf"(?:(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d-\d\d|\d{{1,2}}\s+{_MONTH}\s+(?:19|20)\d\d|"
    rf"{_MONTH}\s+\d{{1,2}},?\s+(?:19|20)\d\d|{_MONTH}\s+(?:19|20)\d\d|(?:19|20)\d\d)(?![\w-]|\.\d)"
)
_WHEN = (
    rf"(?:between\s+(?P<first>{_DAY})\s+and\s+(?P<last>{_DAY})|"
    rf"(?P<how>in|on|during|from|since|after|before|until|by|(?=\d))\s*(?P<day>{_DAY}))"
)
_INGESTED = rf"\b(?:ingested|pulled in|taken (?:in|up)|added)\s+{_WHEN}"
_DATED = rf"\b(?:dated|with an?\s+(?:page\s+)?date)\s+{_WHEN}"

_PEOPLE = r"(?:patients|participants|people|persons|volunteers|subjects|women|men|children|adults|enrolled)"
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+)"
_COUNTED = (
    rf"\b(?:(?P<under>(?:fewer|less) than|under|below)|(?P<over>more than|over|above)|(?P<least>at least)|"
    rf"(?P<most>at most|up to)|(?P<exactly>exactly))\s+{_NUMBER}\s+{_PEOPLE}\b"
    rf"|\bn\s*(?P<sign>[<>]=?|[≤≥=])\s*{_NUMBER.replace('number', 'given')}(?![\d.])"
)
_DENIED = re.compile(r"\b(?:no|not)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what a value of the page must lie.

    Attributes:
        of: which fact of the page.
        least: the least value, a day as far as it was given (``2026``, ``2026-04``) or a number; empty for none.
        most: the greatest.
        open: whether the bounds themselves are left out.
    """

    of: RangeOf
    least: str = ""
    most: str = ""
    open: bool = False

    def hold(self, value: str) -> bool:
        """Tell whether a value as written on the page lies between them; a day that is too vague to tell does not."""
        if self.of == "n":
            digits = value.replace(",", "").strip()
            if not digits.isdigit():
                return False
            above, below = ((int(digits) - int(bound) if bound else None) for bound in (self.least, self.most))
        else:
            above, below = (_days_apart(value.strip(), bound) if bound else None for bound in (self.least, self.most))
            if (self.least and above is None) or (self.most and below is None):
                return False
        if self.open:
            return (above is None or above > 0) and (below is None or below < 0)
        return (above is None or above >= 0) and (below is None or below <= 0)


def _days_apart(value: str, bound: str) -> int | None:
    """Return -1, 0 or 1 for a day before, in or after a day, month or year; None where it is not told."""
    if not re.fullmatch(r"\d{4}(?:-\d\d){0,2}", value):
        return None
    length = min(len(value), len(bound))
    if value[:length] != bound[:length]:
        return -1 if value < bound else 1
    return 0 if len(value) >= len(bound) else None


def asked_bounds(question: str) -> tuple[Bounds, tuple[int, int], str] | None:
    """Return between what a fact of the page must lie, where a question says so, its place and how it is told."""
    if not any(character.isdigit() for character in question):
        return None  # the patterns are costly to compile, and most runs ask one question
    for of, pattern, told in (("ingested", _INGESTED, "were ingested"), ("date", _DATED, "are dated")):
        if match := re.search(pattern, question, re.IGNORECASE):
            name: RangeOf = "ingested" if of == "ingested" else "date"
            words = match.group()[len(match.group().split()[0]) :].strip()
            return _days(name, match), match.span(), f"{told} {words}"
    match = re.search(_COUNTED, question, re.IGNORECASE)
    if match is None or _DENIED.search(question, 0, match.start()):
        return None
    return _numbers(match), match.span(), f"give a number of people like that on the tag line ({match.group()})"


def _days(of: RangeOf, match: re.Match[str]) -> Bounds:
    if match["first"]:
        return Bounds(of, _day(match["first"]), _day(match["last"]))
    day, how = _day(match["day"]), (match["how"] or "on").lower()
    if how in ("since", "from", "after"):
        return Bounds(of, least=day, open=how == "after")
    if how in ("before", "until", "by"):
        return Bounds(of, most=day, open=how == "before")
    return Bounds(of, day, day)


def _day(written: str) -> str:
    """Return a day, month or year as digests write it: ``2026-04-03``, ``2026-04``, ``2026``."""
    if re.fullmatch(r"[\d-]+", written):
        return written
    month = next(place for place, name in enumerate(_MONTHS, start=1) if name in written.casefold())
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", written)
    return f"{written[-4:]}-{month:02d}" + (f"-{int(day.group()):02d}" if day else "")


def _numbers(match: re.Match[str]) -> Bounds:
    number = (match["number"] or match["given"]).replace(",", "")
    sign = match["sign"] or ""
    if match["under"] or sign == "<":
        return Bounds("n", most=number, open=True)
    if match["over"] or sign == ">":
        return Bounds("n", least=number, open=True)
    if match["least"] or sign in (">=", "≥"):
        return Bounds("n", least=number)
    if match["most"] or sign in ("<=", "≤"):
        return Bounds("n", most=number)
    return Bounds("n", number, number)
