"""What a question's words ask for, and what a text's words give: cues that both readers weigh."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from digestqa.retrieval.terms import words

ASKS_NUMBER = re.compile(
    r"\b(?:how (?:many|much|long|old|often|far|high|low|big|large)|what (?:proportion|share|fraction|age|size)|percent|"
    r"percentage|number|rate|dose|dosage|p-?value|hazard ratio|hr|ci|confidence interval|median|mean|odds ratio|n)\b|%",
    re.IGNORECASE,
)
GIVES_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|half|third|quarter|none|nobody|no)\b",
    re.IGNORECASE,
)
ASKS_PAGE_FACT = re.compile(
    r"\b(?:ingest(?:ed|ion)?|digest|model|source|registry|evidence|official|title|headline|tag(?:line|ged)?|header|"
    r"footer|page|flag(?:s|ged)?|keyword|kind of study|type of study|study type|nct|id|identifier|date|wrote|written|"
    r"llm|ai|class)\b",
    re.IGNORECASE,
)
ASKS_REASON = re.compile(r"\bwhy\b|\breasons?\b|\bhow come\b|\brationale\b", re.IGNORECASE)
GIVES_REASON = re.compile(
    r"\b(?:because|since|so|in order|to (?:see|test|find|learn|avoid|reduce|keep|make|let)|therefore|owing|due to|"
    r"reason|as (?:an?|the|it|they)|for fear|causes?|leads?|led|thus|hence|aim|why|given that|means?|allow\w*|"
    r"may|might|could|can)\b",
    re.IGNORECASE,
)
_IN_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
             "nine": "9", "ten": "10", "eleven": "11", "twelve": "12"}  # fmt: skip
_AS_DIGITS = _IN_WORDS | {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_COUNTED = r"week|month|day|year|cycle|grade|phase|part|cohort|dose level|level|arm|stage|step|group"
_QUALIFIER = re.compile(
    rf"\b(?P<unit>{_COUNTED})s?\s+(?P<number>\d+|one|two|three|four|five|six|[iv]+|[a-d])\b"
    rf"|\b(?P<many>\d+|{'|'.join(_IN_WORDS)})[\s-](?P<time>week|month|day|year|hour|minute)s?\b",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:ies|es|s|ed|ing|ly)$")


@lru_cache(maxsize=256)
def qualifiers(text: str) -> frozenset[tuple[str, str]]:
    """Return what narrows a statement to a time, an arm or a part: ``week 4`` and ``12 months`` as (unit, number)."""
    found = set()
    for match in _QUALIFIER.finditer(text):
        unit = (match["unit"] or match["time"]).lower().removeprefix("dose ")
        number = (match["number"] or match["many"]).lower()
        found.add((unit, _AS_DIGITS.get(number, number)))
    return frozenset(found)


def stem(word: str) -> str:
    """Return a word without a common ending."""
    return _ENDING.sub("", word) if len(word) > 4 else word


def stems(text: str) -> frozenset[str]:
    """Return the words of a text with common endings cut."""
    return frozenset(stem(word) for word in words(text))


def share_of_terms(terms: Sequence[str], present: Collection[str]) -> float:
    """Return the share of the terms whose stem is present; 0.0 where there are no terms."""
    return sum(stem(term) in present for term in terms) / len(terms) if terms else 0.0
