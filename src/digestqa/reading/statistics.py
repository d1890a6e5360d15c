"""A statistic that is asked for by name: a sentence that does not give it is no answer, however near it stands.

A reader takes a median for the hazard ratio of the same outcome; the name of the statistic settles it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Statistic:
    asked: re.Pattern[str]
    given: re.Pattern[str]


_STATISTICS = tuple(
    _Statistic(re.compile(asked, re.IGNORECASE), re.compile(given))
    for asked, given in (
        (r"\bhazard\s+ratios?\b", r"(?i:hazard)|\b[a-z]?HRs?\b"),
        # HR is the heart rate too, and SD stable disease.
        (r"\bHRs?\b", r"(?i:hazard|heart\s+rate)|\b[a-z]?HRs?\b|\bbpm\b"),
        (r"\bodds\s+ratios?\b", r"(?i:odds)|\b[a-z]?ORs?\b"),
        (r"\b(?:relative\s+risk|risk\s+ratio)s?\b", r"(?i:relative\s+risk|risk\s+ratio)|\bRRs?\b"),
        (r"\bp[\s-]?values?\b", r"(?i:\bp\s*[-=<>≤≥]|\bp[\s-]?value|signific)"),
        (r"\bconfidence\s+(?:interval|limit)s?\b|\b95\s?%?\s?CI\b", r"(?i:confidence)|\bCIs?\b|\d\s?(?:–|-|to)\s?-?\d"),
        (r"\bstandard\s+deviations?\b", r"(?i:standard\s+deviation)|\bSDs?\b|±"),
        (r"\bSDs?\b", r"(?i:standard\s+deviation|\bstab(?:le|ility|ili[sz]))|\bSDs?\b|±"),
        (r"\bstandard\s+errors?\b", r"(?i:standard\s+error)|\bSEM?s?\b|±"),
        (r"\binterquartile\b|\bIQRs?\b", r"(?i:quartile)|\bIQRs?\b"),
    )
)

_HOURS = re.compile(
    r"\b\d+(?:\.\d+)?[\s-]*(?i:hrs?)\b|/hrs?\b|\bhrs\b|\b(?i:per|many|few|several|each|every|half|first|last|next|one|"
    r"two|three|four|six|eight|twelve|twenty-four|forty-eight|seventy-two)[\s-]+hr\b"
)
"""What is written like a hazard ratio and tells the time."""


def lacks_asked_statistic(question: str, quote: str) -> bool:
    """Tell whether a question asks for a statistic by name (a hazard ratio) that a sentence does not give."""
    question = _HOURS.sub(" ", question)
    return any(kind.asked.search(question) and not kind.given.search(quote) for kind in _STATISTICS)
