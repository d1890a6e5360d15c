"""Questions that set studies against each other: by size or day, which pages give, or by what must be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digestqa.understanding.ranges import RangeOf
from digestqa.understanding.survey_words import KIND_WORDS

_SINGLE = ("trial", "study", "digest", "page", "paper")
_STUDY = rf"(?:{'|'.join((*KIND_WORDS, *_SINGLE))})"
_PEOPLE = r"(?:patients|participants|people|persons|volunteers|subjects)"
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_COUNT = rf"(?:(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})\s+)?"
_SEVERAL = 3
"""As many as "the largest trials" are."""

_ASKED = r"^\W*(?:(?:so|and|please|tell me|do you know)\s+)*(?:which|what|name|show(?:\s+me)?|list|give\s+me|find)\b"
_OF = r"\s+of\s+(?:them|these|those|(?:the|all|our|my)\s+(?:[\w/+-]+\s+){0,3}?(?:trials|studies|digests))"
_WHICH = (
    rf"{_ASKED}(?P<thing>(?:\s+(?!of\b)[\w/+-]+){{0,4}}?)(?:\s+(?P<kind>{_STUDY})(?P<of>{_OF})?|(?P<ones>{_OF}))\s+"
)
_SIZES = (
    rf"(?:{_ASKED}(?:'s|\s+(?:is|was|are|were))?\s+|^\W*)(?:the\s+)?{_COUNT}(?P<how>largest|biggest|smallest)\s+"
    rf"(?P<thing>(?:[\w/+-]+\s+){{0,4}}?)(?P<kind>{_STUDY})(?:\s+by\s+(?:sample\s+)?size)?\b",
    rf"{_WHICH}(?:(?:that|which)\s+)?"
    rf"(?:had|has|have|enroll?ed|recruited|included|randomi[sz]ed|with|took\s+in)\s+(?:the\s+)?"
    rf"(?P<how>most|fewest|least|(?:largest|highest|greatest|biggest|smallest|lowest)\s+number\s+of)\s+{_PEOPLE}\b",
    rf"{_WHICH}(?:is|was|are|were)\s+"
    rf"(?:the\s+)?{_COUNT}(?P<how>largest|biggest|smallest)(?:\s+(?:one|ones))?(?:\s+by\s+(?:sample\s+)?size)?(?=\W*$)",
)
_TAKEN_IN = r"(?:ingested|added|pulled\s+in|taken\s+(?:in|up))"
_DAYS = (
    rf"{_ASKED}(?P<thing>(?:\s+[\w/+-]+){{0,4}}?)\s+(?P<kind>{_STUDY})\s+(?:(?:was|were|is|are|got)\s+)?{_TAKEN_IN}\s+"
    r"(?:the\s+)?(?P<how>last|most\s+recently|latest|first|earliest)\b",
    rf"{_ASKED}(?:'s|\s+(?:is|was|are|were))?\s+(?:the\s+)?{_COUNT}(?P<how>last|most\s+recently|latest|first)\s+"
    rf"{_TAKEN_IN}\s+(?P<thing>(?:[\w/+-]+\s+){{0,4}}?)(?P<kind>{_STUDY})\b",
)
_LEAST = ("smallest", "fewest", "least", "lowest", "first", "earliest")

_BEST = (
    r"(?:longest|shortest|highest|lowest|greatest|largest|biggest|smallest|best|worst|fewest|strongest|weakest|safest|"
    r"most(?!\s+recent)|least)"
)
_ALL_STUDIES = (
    r"(?:across|among|over|in|of)\s+(?:(?:all|the|these|those|our|my|every)\s+)*"
    r"(?:(?:trials|studies|digests)\b|(?:whole\s+|entire\s+)?library\b)"
)
_SUMMED = (
    r"(?:most\s+(?:common(?:ly)?|frequent(?:ly)?|often|used|reported)|commonest|average|mean|total|altogether|typical(?:ly)?|"
    r"usual(?:ly)?|highest|lowest|longest|shortest|overall\s+(?:rate|number|response))"
)
_WEIGHING = (
    rf"\b(?:which|what)\s+(?:of\s+(?:the|these|those|our|my)\s+)?(?:[\w/+-]+\s+){{0,3}}?{_STUDY}\s+(?:(?:that|which)\s+)?"
    rf"(?:had|has|have|found|show(?:ed|s)?|report(?:ed|s)?|saw|gave|got|used|tested|was|is|were|are|with|lasted|ran|took)\s+"
    rf"(?:[\w-]+\s+)?(?:the\s+)?{_BEST}\b",
    rf"\b{_SUMMED}\b.*\b{_ALL_STUDIES}",
    rf"\b{_ALL_STUDIES}.*\b{_SUMMED}\b",
    r"\bmost\s+of\s+(?:the|these|our|my)\s+(?:trials|studies|digests)\b",
    r"^\W*(?:who|which|what)\b.*\bmost\s+(?:trials|studies)\b",
)
_WEIGHING_WORD = r"est\b|\b(?:most|least|average|mean|total|altogether|overall|typical\w*|usual\w*)\b"


@dataclass(frozen=True, slots=True)
class Extreme:
    """The greatest or least value that pages give.

    Attributes:
        of: which fact of the page.
        greatest: the greatest values; else the least.
        count: studies that are asked for; more where several have the same value as the last of them.
    """

    of: RangeOf
    greatest: bool
    count: int = 1

    @property
    def told(self) -> str:
        """What the digests that are found have, as the count is told."""
        if self.of == "n":
            return f"with the {'largest' if self.greatest else 'smallest'} number of people on the tag line"
        return f"with the {'latest' if self.greatest else 'earliest'} day of ingestion"


def asked_extreme(question: str) -> tuple[Extreme, tuple[int, int], str] | None:
    """Return which greatest or least value a question asks for, the place of that, and what else limits the studies.

    None where it asks for none, or for one that no line of a page gives.
    """
    if not re.search(r"est\b|\bmost\b|\blast\b|\bfirst\b", question, re.IGNORECASE):
        return None  # the patterns are costly to compile, and most runs ask one question
    wanted: tuple[tuple[RangeOf, tuple[str, ...]], ...] = (("n", _SIZES), ("ingested", _DAYS))
    for of, patterns in wanted:
        for pattern in patterns:
            if match := re.search(pattern, question, re.IGNORECASE):
                named = match.groupdict()
                extreme = Extreme(of, not named["how"].lower().startswith(_LEAST), _count(named))
                return extreme, match.span(), named["thing"] or ""
    return None


def _count(named: dict[str, str | None]) -> int:
    if count := named.get("count"):
        return max(1, int(count)) if count.isdigit() else _COUNTS[count.lower()]
    return _SEVERAL if (named.get("kind") or "").lower() in KIND_WORDS and not named.get("of") else 1


def weighs_studies(question: str) -> bool:
    """Tell whether studies must be weighed against each other to answer: a superlative, a sum or a mean over them."""
    if not re.search(_WEIGHING_WORD, question, re.IGNORECASE):
        return False  # the patterns are costly to compile, and most runs ask one question
    return any(re.search(pattern, question, re.IGNORECASE) for pattern in _WEIGHING)
