"""Questions for all that the library holds: "list the studies", "how many digests are there?", "list the drugs"."""

from __future__ import annotations

import re
from typing import Literal

from digestqa.understanding.survey_words import KINDS

_IN_IT = r"in\s+(?:the|this|my|your|our)\s+(?:library|collection|folder)"
_THERE = rf"(?:there|here|in\s+here|available|covered|included|{_IN_IT})"
_HAD = r"(?:do\s+(?:you|we|i)\s+have|have\s+(?:you|we)\s+got)"
_OPENING = r"^\W*(?:(?:so|and|ok|please|now|can you|could you)\s+)*"
_LIST = r"(?:list|show(?:\s+me)?|give\s+me|name)\s+(?:(?:all|every|the|of|your|my|our|these|different)\s+)*"
_CLOSING = rf"(?:\s+(?:that\s+)?(?:(?:are\s+)?{_THERE}|there\s+are|you\s+have|we\s+have))?"
_DRUGS = r"(?:compounds?|drugs?|treatments?|interventions?|medicines|medications|substances)"
_STUDIES = (
    rf"{_LIST}(?:everything|{KINDS}){_CLOSING}",
    rf"(?:what|which)\s+(?:other\s+)?{KINDS}\s+(?:{_HAD}|are\s+{_THERE})",
    rf"what(?:'s|\s+is|\s+do\s+(?:you|we)\s+have)\s+(?:all\s+)?(?:in\s+here|here|{_IN_IT})",
    rf"how\s+many\s+{KINDS}(?:\s+(?:{_HAD}|are\s+{_THERE}))?(?:\s+in\s+(?:total|all))?",
)
_COMPOUNDS = (
    rf"{_LIST}{_DRUGS}{_CLOSING}",
    rf"(?:what|which)\s+{_DRUGS}\s+(?:{_HAD}|(?:are|were)\s+(?:(?:covered|studied|tested|represented|listed)\s+)?{_THERE})",
)
_MOST_CHARS = 90


def asks_for_whole_library(question: str) -> Literal["studies", "compounds"] | None:
    """Return what of everything in the library is asked for; None for a question that asks for more than that."""
    if len(question) > _MOST_CHARS or not re.search(
        rf"\b(?:{KINDS}|{_DRUGS}|everything|here|library|collection|folder)\b", question, re.IGNORECASE
    ):
        return None  # the patterns are costly to compile, and most runs ask one question
    if any(re.search(rf"{_OPENING}{pattern}\W*$", question, re.IGNORECASE) for pattern in _STUDIES):
        return "studies"
    if any(re.search(rf"{_OPENING}{pattern}\W*$", question, re.IGNORECASE) for pattern in _COMPOUNDS):
        return "compounds"
    return None
