"""Questions that set studies against each other: by size or day, which pages give, or by what must be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digestqa.choosing import BY_SIZE, COUNTS, IN_IT, MOST, MOST_PEOPLE, OF_ALL, TOOK_IN, most_of_ones
from digestqa.understanding.courtesy import place_of_asking
from digestqa.understanding.ranges import RangeOf
from digestqa.understanding.survey_words import KIND_WORDS, RANDOMISED_ON_TAG_LINE

_SINGLE = ("trial", "study", "digest", "page", "paper", "rct")
_STUDY = rf"(?:{'|'.join((*KIND_WORDS, 'rcts', *_SINGLE))})"
_COUNT = rf"(?:(?:top\s+)?(?P<count>\d{{1,2}}|{'|'.join(COUNTS)})\s+)?"
_SEVERAL = 3
"""As many as "the largest trials" are."""

_ASKED = r"^\W*(?:which|what|name|show(?:\s+me)?|list|give\s+me|find)\b"
_IS = r"(?:'?s|\s+(?:is|was|are|were))"
_OF = r"\s+of\s+(?:them|these|those|(?:the|all|our|my)\s+(?:[\w/+-]+\s+){0,3}?(?:trials|studies|digests))"
_WHICH = (
    rf"{_ASKED}(?P<thing>(?:\s+(?!of\b)[\w/+-]+){{0,4}}?)(?:\s+(?P<kind>{_STUDY})(?P<of>{_OF})?|(?P<ones>{_OF}))"
    rf"(?:\s+{IN_IT})?\s+"
)
_END = rf"(?=\W*$|\s+(?:{IN_IT}|in\s+it|overall|in\s+total|altogether|of\s+(?:all|them|these|those|the)\b))"
"""Of "the most patients with anaemia" or "the largest study arm" no page tells."""
_MORE_OF_IT = rf"(?=\W*$|\s+(?:{IN_IT}|of|on|in|for|about|with|testing|among|overall|to\s+date|so\s+far)\b)"
_SIZES = (
    rf"(?:{_ASKED}{_IS}?\s+|^\W*)(?:(?:the|our|your|my)\s+)?{_COUNT}(?P<how>largest|biggest|smallest)\s+"
    rf"(?P<thing>(?:[\w/+-]+\s+){{0,4}}?)(?P<kind>{_STUDY}){BY_SIZE}{_MORE_OF_IT}",
    rf"{_WHICH}(?:(?:that|which)\s+)?"
    rf"{TOOK_IN}\s+{MOST_PEOPLE}{_END}",
    rf"(?:{_ASKED}{_IS}\s+|^\W*)(?:the\s+)?(?P<thing>(?:[\w/+-]+\s+){{0,3}}?)(?P<kind>{_STUDY})\s+"
    rf"(?:with|that\s+(?:had|has|enroll?ed|recruited))\s+{MOST_PEOPLE}{_END}",
    rf"{_WHICH}(?:is|was|are|were)\s+"
    rf"(?:the\s+)?{_COUNT}(?P<how>largest|biggest|smallest){OF_ALL}{BY_SIZE}"
    rf"(?:\s+{IN_IT})?(?=\W*$)",
)
_TAKEN_IN = r"(?:ingested|added|pulled\s+in|taken\s+(?:in|up))"
_DAYS = (
    rf"{_ASKED}(?P<thing>(?:\s+[\w/+-]+){{0,4}}?)\s+(?P<kind>{_STUDY})\s+(?:(?:was|were|is|are|got)\s+)?{_TAKEN_IN}\s+"
    r"(?:the\s+)?(?P<how>last|most\s+recently|latest|first|earliest)\b",
    rf"(?:{_ASKED}{_IS}?\s+|^\W*)(?:the\s+)?{_COUNT}(?P<how>last|most\s+recently|latest|first)\s+"
    rf"{_TAKEN_IN}\s+(?P<thing>(?:[\w/+-]+\s+){{0,4}}?)(?P<kind>{_STUDY})\b",
    rf"^\W*what{_IS}\s+(?P<how>new)(?:\s+{IN_IT})?(?=\W*$)",
    rf"^\W*what\s+(?:is|was|were|has\s+been|got)\s+{_TAKEN_IN}\s+(?P<how>last|most\s+recently|recently|latest)(?=\W*$)",
    rf"(?:{_ASKED}{_IS}?\s+|^\W*)(?:the\s+)?(?P<how>latest|newest|last|most\s+recent)\s+additions?{_END}",
)
_RECENT = r"(?P<how>latest|newest|most\s+recent|oldest|earliest)(?:\s+(?P<many>\d{1,2}|two|three|four|five|six|ten))?"
_DATES = (
    rf"(?:{_ASKED}{_IS}?\s+|^\W*)(?:(?:the|our|your|my)\s+)?{_COUNT}{_RECENT}\s+"
    rf"(?P<thing>(?:[\w/+-]+\s+){{0,4}}?)(?P<kind>{_STUDY}){_MORE_OF_IT}",
    rf"{_WHICH}(?:is|was|are|were)\s+(?:the\s+)?{_COUNT}{_RECENT}{OF_ALL}(?:\s+{IN_IT})?(?=\W*$)",
)
"""Of digests and pages the day they were ingested is meant, of studies the date on the tag line."""
_AS_READ = str.maketrans("’ıİſ", "'iis")
"""Letters that a pattern takes for others where case does not count, but that stay themselves in lower case."""
_LEAST = ("smallest", "fewest", "least", "lowest", "first", "earliest", "oldest")

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
    rf"(?:had|has|have|enroll?ed|included|found|show(?:ed|s)?|report(?:ed|s)?|saw|gave|got|used|tested|was|is|were|are|with|lasted|ran|took)\s+"
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
        evidence: a regular expression for the evidence type among whose studies it is looked for; empty for all.
    """

    of: RangeOf
    greatest: bool
    count: int = 1
    evidence: str = ""

    @property
    def told(self) -> str:
        """What the digests that are found have, as the count is told."""
        if self.of == "n":
            return f"have the {'largest' if self.greatest else 'smallest'} number of people on the tag line"
        day = "day of ingestion" if self.of == "ingested" else "date on the tag line"
        return f"have the {'latest' if self.greatest else 'earliest'} {day}"


def asked_extreme(question: str) -> tuple[Extreme, tuple[int, int], str] | None:
    """Return which greatest or least value a question asks for, the place of that, and what else limits the studies.

    None where it asks for none, or for one that no line of a page gives.
    """
    if not re.search(r"est\b|\b(?:most|least|last|first|new)\b|recent", question, re.IGNORECASE):
        return None  # the patterns are costly to compile, and most runs ask one question
    start, end = place_of_asking(question)
    plain = question[start:end].translate(_AS_READ)
    wanted: tuple[tuple[RangeOf, tuple[str, ...]], ...] = (("n", _SIZES), ("ingested", _DAYS), ("date", _DATES))
    for of, patterns in wanted:
        for pattern in patterns:
            if match := re.search(pattern, plain, re.IGNORECASE):
                named = match.groupdict()
                how, kind = (named.get("how") or named["size"]).lower(), (named.get("kind") or "").lower()
                fact: RangeOf = "ingested" if of == "date" and kind.startswith(("digest", "page")) else of
                thing, evidence = _of_evidence(named.get("thing") or "", kind)
                extreme = Extreme(fact, not how.startswith(_LEAST), _count(named), evidence)
                return extreme, (0, start + match.end()), thing
    return None


def asks_for_extreme_of_all(question: str) -> bool:
    """Tell whether the largest or latest of all studies is asked for, not of "them" or "those"."""
    return asked_extreme(question) is not None and not re.search(r"\b(?:them|these|those)\b", question, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExtremeOfOnes:
    """The largest or latest of things that the question does not name.

    Attributes:
        of_them: the question, asked of "them".
        of_all: the question, asked of all studies.
        bare: whether it says no more than "the largest", which may be of anything.
    """

    of_them: str
    of_all: str
    bare: bool


def extreme_of_ones(question: str) -> ExtremeOfOnes | None:
    """Return what is asked for where the largest or latest of "them" is: "which one is the largest?", "the latest?"."""
    if (said := most_of_ones(question)) is None:
        return None
    rest, bare = said
    return ExtremeOfOnes(f"which of them{rest}", f"which study{rest}", bare)


def with_other_extreme(earlier: str, question: str) -> str | None:
    """Return an earlier question for an extreme, asked for the one that a later question brings up; None if not so."""
    old, new = (list(re.finditer(rf"\b{MOST}\b", asked, re.IGNORECASE)) for asked in (earlier, question))
    if len(old) != 1 or len(new) != 1 or asked_extreme(earlier) is None:
        return None
    other = earlier[: old[0].start()] + new[0].group() + earlier[old[0].end() :]
    return other if asked_extreme(other) is not None else None


_RANDOMISED = r"\b(?:rcts?|randomi[sz]ed(?:\s+controlled)?)\b"
_OTHER_EVIDENCE = r"\b(?:observational|single[ -]arm|preclinical)\b"


def _of_evidence(thing: str, kind: str) -> tuple[str, str]:
    """Return what is left of a thing without its evidence type, and what finds that on the tag line."""
    if kind.startswith("rct") or re.search(_RANDOMISED, thing, re.IGNORECASE):
        return re.sub(_RANDOMISED, " ", thing, flags=re.IGNORECASE), RANDOMISED_ON_TAG_LINE
    if other := re.search(_OTHER_EVIDENCE, thing, re.IGNORECASE):
        return re.sub(_OTHER_EVIDENCE, " ", thing, flags=re.IGNORECASE), re.sub(r"[ -]", "[ -]", other.group())
    return thing, ""


def _count(named: dict[str, str | None]) -> int:
    if count := named.get("count") or named.get("many"):
        return max(1, int(count)) if count.isdigit() else COUNTS[count.lower()]
    several = (named.get("kind") or "").lower() in (*KIND_WORDS, "rcts") and not named.get("of")
    return _SEVERAL if several else 1


def weighs_studies(question: str) -> bool:
    """Tell whether studies must be weighed against each other to answer: a superlative, a sum or a mean over them."""
    if not re.search(_WEIGHING_WORD, question, re.IGNORECASE):
        return False  # the patterns are costly to compile, and most runs ask one question
    return any(re.search(pattern, question, re.IGNORECASE) for pattern in _WEIGHING)
