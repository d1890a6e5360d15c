"""Questions that ask which studies: "which of these are randomised?", "which one is the largest?"."""

from __future__ import annotations

import re

_CHOOSING = re.compile(
    r"\b(?:which\s+(?:of\s+(?:these|those|them)\b|ones\b|(?:are|were|have)\s+(?!the\b))"
    r"|(?:which|how many)\s+(?:of\s+)?(?:(?!(?:do|does|did|is|are|was|were|has|have|had)\b)[\w-]+\s+){0,4}?"
    r"(?:trials|studies|digests|papers|pages|records)\b)",
    re.IGNORECASE,
)
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
"""Numbers of studies, as they are written out."""
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(COUNTS)})"
_LARGEST = r"(?:largest|biggest|smallest)"
_LATEST = r"(?:latest|newest|most\s+recent|oldest|earliest)"
MOST = rf"(?:{_LARGEST}|{_LATEST})"
"""What studies are by a number or a day of their pages, the most of all."""
PEOPLE = r"(?:patients|participants|people|persons|volunteers|subjects)"
MOST_PEOPLE = (
    rf"(?:the\s+)?(?:(?P<how>most|fewest|least|(?:largest|highest|greatest|biggest|smallest|lowest)\s+number\s+of)\s+{PEOPLE}"
    r"|(?P<size>largest|highest|greatest|biggest|smallest|lowest)\s+(?:sample(?:\s+size)?|n))\b"
)
TOOK_IN = r"(?:had|has|have|enroll?ed|recruited|included|randomi[sz]ed|with|took\s+in)"
BY_SIZE = r"(?:\s+by\s+(?:(?:sample\s+)?size|n))?"
IN_IT = r"(?:(?:in\s+)?here|in\s+(?:the|this|my|our|your)\s+library|(?:that\s+)?(?:you|we)\s+have)"
OF_ALL = r"(?:\s+(?:ones?|of\s+(?:them\s+)?all))?"
_LEAD_OF_ONES = r"^\W*(?:(?:and|but|or|so|ok(?:ay)?|then|also|what\s+about|how\s+about)\b[\s,]*)*"
_CLOSING_OF_ONES = r"(?:[\s,]+(?:please|pls|thanks|thank\s+you|for\s+me|then|again|overall))*\W*$"
_AMONG = (
    rf"(?:\s+(?:{IN_IT}|in\s+it|overall|in\s+total|altogether|"
    rf"of\s+(?:all|(?:them|these|those)(?:\s+all)?|the\s+(?:{'|'.join(COUNTS)}))))*"
)
_MOST_OF_ONES = (
    rf"{_LEAD_OF_ONES}(?:which|what)\s+(?:ones?|of\s+(?:them|these|those))(?P<rest>(?:"
    rf"(?:'s|\s+(?:is|was|are|were))\s+(?:the\s+)?(?:(?:top\s+)?{_COUNT}\s+)?"
    rf"(?:{_LARGEST}{OF_ALL}{BY_SIZE}|{_LATEST}(?:\s+{_COUNT})?{OF_ALL})(?:\s+{IN_IT})?"
    rf"|\s+(?:(?:that|which)\s+)?{TOOK_IN}\s+{MOST_PEOPLE}{_AMONG}){_CLOSING_OF_ONES})"
)
_MOST_ALONE = (
    rf"{_LEAD_OF_ONES}(?:(?:which|what)(?:\s+(?:is|was|are|were)|'s)\s+)?(?:the\s+)?(?P<most>{MOST})"
    rf"(?P<one>\s+ones?|\s+of\s+(?:them|these|those)(?:\s+all)?)?{_CLOSING_OF_ONES}"
)
_MOST_CHARS_OF_ONES = 100


def most_of_ones(question: str) -> tuple[str, bool] | None:
    """Return what is said of "which one" where the largest or latest of "them" is asked for: " is the largest?".

    And whether the question says no more than "the largest", which may be of anything. None for other questions.
    """
    plain = " ".join(question.replace("’", "'").split())
    if len(plain) > _MOST_CHARS_OF_ONES or not re.search(r"est\b|\b(?:most|least)\b", plain, re.IGNORECASE):
        return None  # the patterns are costly to compile, and most runs ask one question
    if match := re.search(_MOST_ALONE, plain, re.IGNORECASE):
        return f" is the {match['most']}?", not (match["one"] or "").strip().startswith("of")
    if match := re.search(_MOST_OF_ONES, plain, re.IGNORECASE):
        return re.sub(r"^'s\b", " is", match["rest"]), False
    return None


def chooses_studies(question: str) -> bool:
    """Tell whether a question asks which studies ("which of these are randomised?"), so that the others are left.

    "Which one is the largest?" does too.
    """
    return bool(_CHOOSING.search(question)) or most_of_ones(question) is not None
