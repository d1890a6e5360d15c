"""Things that a study has several of (arms, doses, outcomes): "the second one" may be one of them, and no study."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digestqa.understanding.pointing import Pointing

PLACES = {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
    "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6, "eighth": 7, "8th": 7, "ninth": 8, "9th": 8, "tenth": 9,
    "10th": 9, "last": -1, "latter": -1,
}  # fmt: skip
KINDS = r"(?:stud(?:y|ies)|trials?|digests?|papers?)"
ORDINALS = rf"(?:{'|'.join(word for word, place in PLACES.items() if place >= 0)})"

_THING = r"(?:arm|cohort|group|part|phase|stage|level|cycle|step|visit|period)"
_ORDERED = rf"\b{ORDINALS}\s+(?!(?:ones?|{KINDS})\b)\w"
_COUNTED = (
    rf"\b{_THING}\s+(?:\d|[A-Z]\b|i+\b|one|two|three)|\b(?:each|which|both|two|three|four)\s+(?:[\w-]+\s+)?{_THING}s?\b"
    r"|\b(?:sub-?)?(?:arms|groups|cohorts)\b"
)
_A_GROUP = r"(?<!\bthere )\b(?:the|an?|this|that)\s+(?:[\w/+.-]+\s+){0,3}?(?:arm|(?:sub-?)?group|cohort)\b"
_LISTED = (
    r"dose(?:\s+level)?|dosage|end\s?-?point|outcome|objective|aim|drug|medication|medicine|treatment|intervention|compound|"
    r"site|cent(?:re|er)|hospital"
)
_LISTS_THINGS = rf"\b(?<!\bother )(?:{_LISTED})s\b|\bwhich\s+(?:[\w-]+\s+)?(?:{_LISTED})\b|\b\d\s?m?c?g\s+dose\b"


def of_a_thing(before: str) -> bool:
    """Tell whether "the other one", after some words, is one of the arms or doses that they speak of."""
    if re.search(rf"\b{ORDINALS} (?:[\w-]+ )?(?:{_THING}|dose|day|week|drug)s?\b", before, re.IGNORECASE):
        return not re.search(r"\bof $", before, re.IGNORECASE)
    things = re.search(rf"{_COUNTED}|{_A_GROUP}", before, re.IGNORECASE)
    return bool(things) and not re.search(r"\b(?:in|of|for|from) $", before, re.IGNORECASE)


def counts_things(question: str) -> bool:
    """Tell whether a question speaks of an order of other things than studies: "the first cohort", "which arm"."""
    return bool(re.search(rf"{_ORDERED}|{_COUNTED}", question, re.IGNORECASE))


def may_mean_things(pointing: Pointing, earlier: str, *, of_one: bool) -> bool:
    """Tell whether "the other one" may be another group, dose or outcome of one study, by the question before it.

    Args:
        pointing: what points.
        earlier: the question before it.
        of_one: whether that was about one study.
    """
    if pointing.by_name:
        return False
    if counts_things(earlier):
        return True
    if re.search(_A_GROUP, earlier, re.IGNORECASE):
        return pointing.alone or not (pointing.inside and pointing.by_order)
    return of_one and not pointing.inside and bool(re.search(_LISTS_THINGS, earlier, re.IGNORECASE))
