"""A statistic or a survival that is asked for by name: a sentence that gives another is no answer, however near.

A reader takes a median for the hazard ratio of the same outcome, and the months without progression for those of
survival; the name settles it.
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

_SURVIVALS = {
    name: re.compile(pattern)
    for name, pattern in (
        ("overall", r"(?i:\boverall\s+survival\b)|\bOS\b"),
        (
            "progression",
            r"(?i:\bprogression[\s-]free\s+survival\b|\bPFS\d?\b|\btime\s+to\s+(?:tumou?r\s+|disease\s+)?progression\b)"
            r"|\bTTP\b",
        ),
        ("disease", r"(?i:\bdisease[\s-]free\s+survival\b)|\bi?DFS\b"),
        ("event", r"(?i:\bevent[\s-]free\s+survival\b)|\bEFS\b"),
        ("relapse", r"(?i:\b(?:relapse|recurrence)[\s-]free\s+survival\b)|\bRFS\b"),
        ("metastasis", r"(?i:\bmetastas[ie]s[\s-]free\s+survival\b)|\bD?MFS\b"),
        ("response", r"(?i:\bduration\s+of\s+(?:the\s+)?response\b)|\bD[oO]R\b"),
    )
}
"""Times that are told alike; those to progression and without it are the same to most who ask."""

_NOT_ASKED = re.compile(r"\bnot\s+(?:the\s+|a\s+)?(?:mean|median|average)s?\b", re.IGNORECASE)
_MEAN, _MEDIAN = re.compile(r"\bmean\b", re.IGNORECASE), re.compile(r"\bmedian\b", re.IGNORECASE)
_AVERAGE = re.compile(r"\baverag|\bavg\b", re.IGNORECASE)
_ASKS_MEANING = re.compile(
    r"\b(?:do|does|did|would|could|might|may|will)\b[^?]*\bmean(?=\s*(?:\?|$|(?:for|by|that|to|when|if)\b))",
    re.IGNORECASE,
)


def lacks_asked_statistic(question: str, quote: str) -> bool:
    """Tell whether a question asks for a statistic by name (a hazard ratio) that a sentence does not give.

    Or for a survival, a mean or a median, where the sentence names only another; one that names none may well go on
    from a sentence before.
    """
    question = _HOURS.sub(" ", question)
    if any(kind.asked.search(question) and not kind.given.search(quote) for kind in _STATISTICS):
        return True
    asked, given = _survivals(question), _survivals(quote)
    if asked and given and asked.isdisjoint(given):
        return True
    return _gives_other_middle(question, quote)


def _gives_other_middle(question: str, quote: str) -> bool:
    """Tell whether a median is given for a mean that is asked for, or a mean for a median; an average may be either."""
    words = _NOT_ASKED.sub(" ", question)
    asks_mean = bool(_MEAN.search(words)) and not _ASKS_MEANING.search(words)
    if asks_mean == bool(_MEDIAN.search(words)) or _AVERAGE.search(quote):
        return False
    gives_mean = bool(_MEAN.search(quote))
    return gives_mean != bool(_MEDIAN.search(quote)) and gives_mean != asks_mean


def _survivals(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _SURVIVALS.items() if pattern.search(text))
