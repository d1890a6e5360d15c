"""Lists of studies by a name alone: "list the trials of zelanide", "do you have studies on heart failure?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digestqa.retrieval.naming import is_frame
from digestqa.retrieval.terms import STOPWORDS
from digestqa.understanding.survey_words import KIND_WORDS, KINDS

_ASKED = (
    r"^\W*(?:so\s+|and\s+|please\s+)*(?:which|what|how many|list|show(?:\s+me)?|name|give\s+me|(?:are|is)\s+there|"
    r"do\s+(?:you|we)\s+have|have\s+(?:you|we)(?:\s+got)?)\s+(?:(?:me|all|any|some|the|of|our|your)\s+)*"
)
_BESIDES = r"(?:do (?:you|we) have|have you got|are there|are|that are|exist)"
_CLOSING = rf"(?:\s+(?:{_BESIDES}|in here|here|there|in (?:the|this|my) library))*\s*[?.!]*$"
_OF_A_THING = (
    rf"{_ASKED}(?P<rest>(?:[\w/+-]+\s+){{0,4}}?){KINDS}\s+(?:{_BESIDES}\s+)?"
    rf"(?P<how>of|with|testing|on|about|in|for)\s+(?P<thing>[^,;?]+?){_CLOSING}"
)
_BEFORE_STUDIES = (
    r"^\W*(?:so\s+|and\s+|please\s+)*(?:list|show(?:\s+me)?|name|give\s+me|how many|are\s+there|"
    rf"do\s+(?:you|we)\s+have)\s+(?:(?:me|all|any|some|the|of|our|your)\s+)*(?P<thing>(?:[\w/+-]+\s+){{0,3}}?[\w/+-]+)\s+{KINDS}{_CLOSING}"
)
_MENTIONED = ("on", "about", "in", "for")
_MOST_WORDS = 4
_PREDICATE = (
    r"\w(?:ed|ing)$|^(?:\d.*|gave|took|ran|found|met|led|saw|came|went|began|won|lost|fell|rose|shrank|grew|kept|work|"
    r"works|helps?|meets?|fails?|allows?|requires?|excludes?|includes?|measures?|uses?|randomi[sz]ed|first|last|"
    r"largest|smallest|newest|oldest|latest|recent|other|placebo|phase|blind|open-label|planned|completed|"
    r"unpublished|positive|negative|significant|safety|dose|dosing|efficacy|women|men|children|adults)$"
)
"""What makes more than a name of it; "women" in a list says who took part, not what a study is called after."""

LIMIT_OF_DESIGN = frozenset("tested test used use gave give evaluated studied testing using controlled".split())
"""Words that say no more than that a study is one of the thing that follows."""
_SAID_OF_STUDIES = (
    r"\b(?:had|report\w*|show\w*|found|finish\w*|start\w*|complet\w*|recruiting|enrolling|stopped|terminated|died|die|"
    r"ended|began|because|when|where|how(?! many)|why|who|whose|their|its)\b"
)


@dataclass(frozen=True, slots=True)
class NamedList:
    """Studies that are asked for by a name.

    Attributes:
        thing: the name.
        mentioned: whether it is enough that a digest mentions it: studies "on" a condition, not "of" a drug.
        rest: what else stands before "trials" or "studies".
    """

    thing: str
    mentioned: bool
    rest: str = ""


def listed_by_name(question: str) -> NamedList | None:
    """Return the name by which a question asks for studies, where it asks for nothing else; else None."""
    if not any(kind in question.lower() for kind in KIND_WORDS):
        return None  # the patterns are costly to compile, and most runs ask one question
    if (match := re.search(_OF_A_THING, question, re.IGNORECASE)) and _is_a_name(match["thing"]):
        return NamedList(match["thing"], match["how"].lower() in _MENTIONED, match["rest"])
    if (match := re.search(_BEFORE_STUDIES, question, re.IGNORECASE)) and _is_a_name(match["thing"]):
        return NamedList(match["thing"], mentioned=False)
    return None


def _is_a_name(thing: str) -> bool:
    words = thing.lower().split()
    if not 1 <= len(words) <= _MOST_WORDS or any(word in STOPWORDS for word in words):
        return False
    return not any(is_frame(word) or re.search(_PREDICATE, word, re.IGNORECASE) for word in words)


def names_a_limit(rest: str) -> bool:
    """Tell whether what a question says besides may only name what the studies are about."""
    return re.search(_SAID_OF_STUDIES, rest, re.IGNORECASE) is None
