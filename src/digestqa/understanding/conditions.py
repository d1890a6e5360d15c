"""What a question over the library says besides what it looks for: names of studies, or too much for a list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from digestqa.digests import find_source_ids
from digestqa.retrieval.naming import is_frame
from digestqa.understanding.survey import Survey
from digestqa.understanding.survey_words import KINDS, LIMITS, SAYS_NOTHING

NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|lack\w*|except|excluding|but|instead|rather|other than)\b|n['’]t\b",
    re.I,
)
TRAILING = re.compile(r",?\s*\band\s+(?:why|when|for (?:what|which) reasons?|on what grounds?)\s*\W*$", re.I)
_NOW = re.compile(
    r"\b(?:at (?:the moment|present|this (?:time|point))|right now|so far|as yet|as of (?:now|today)|to date|"
    rf"these days|at all|in total|(?<=the )\d+(?=\s+{KINDS})|(?<=these )\d+(?=\s+{KINDS}))\b",
    re.I,
)
_WORD = re.compile(r"[^\W_]+(?:[-'’./+][^\W_]+)*")
_SAID_OF_WHAT_FOLLOWS = frozenset({"flag", "not_recruiting", "no_longer_recruiting", "stopped", "no_results"})
"""Kinds after whose words stands of what they are said: "no results on survival", "mention dose reductions"."""


def without(question: str, spans: Collection[tuple[int, int]]) -> str:
    """Return a question with strokes in the place of what was found in it, and of the study ids."""
    for start, end in (*spans, *((cited.start, cited.end) for cited in find_source_ids(question))):
        question = question[:start] + "|" * (end - start) + question[end:]
    return question


def limited(survey: Survey, rest: str, ignored: frozenset[str]) -> Survey | None:
    """Return a survey limited to the things that the rest of the question names; None where it asks for more."""
    rest = _NOW.sub(" ", TRAILING.sub("", rest))
    if NEGATION.search(rest):
        return None
    runs: list[tuple[int, int]] = []
    joined = True
    for start, end in _telling_places(rest, ignored):
        word = rest[start:end].lower()
        if is_frame(word) or word in LIMITS or any(character.isdigit() for character in word):
            return None
        between = rest[runs[-1][1] : start] if runs else ""
        if runs and not between.strip():
            runs[-1] = (runs[-1][0], end)
            continue
        joined = joined and bool(re.fullmatch(r"\s*(?:[,;/&]|\band\b|\bor\b|\s)*", between))
        runs.append((start, end))
    joined = joined and len(runs) > 1
    if survey.kind in _SAID_OF_WHAT_FOLLOWS and not joined and runs and runs[-1][0] > rest.find("|"):
        return None
    return replace(survey, things=tuple(rest[start:end] for start, end in runs), joined=joined)


def _telling_places(rest: str, ignored: frozenset[str]) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(rest):
        if match.group().lower() not in SAYS_NOTHING and match.group().lower() not in ignored:
            yield match.span()
