"""Follow-ups: a question that leans on the one before it is resolved against the history.

A question that stands alone is never altered. One that does not (it opens with "and …", points with a pronoun, or
has hardly a word of content) is read together with the last question that stood alone, whose words give the subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digestqa.digests import find_source_ids
from digestqa.retrieval.terms import content_words

MAX_HISTORY = 20
"""Earlier questions looked at; older ones no longer say what a conversation is about."""

_OPENING = re.compile(
    r"^\s*(?:and|or|but|also|then|same|so|ok(?:ay)?|what about|how about|plus|versus|vs\.?|compared (?:to|with))\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|she|his|her|this|that|these|those|there|ones?|same|others?|latter|former|"
    r"the (?:trial|study|paper|digest|drug|arm|group|patients?|participants?|compound|authors?)|both|either|each)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """A question as it is searched and read.

    Attributes:
        text: the question itself, or the earlier question and it.
        carried: whether anything was taken from the history.
    """

    text: str
    carried: bool


def resolve(question: str, history: Sequence[str] = ()) -> ResolvedQuestion:
    """Resolve a question against earlier ones, oldest first."""
    question = question.strip()
    if not history or not leans_on_history(question):
        return ResolvedQuestion(question, carried=False)
    anchor = ""
    for earlier in reversed([entry.strip() for entry in history[-MAX_HISTORY:] if entry.strip()]):
        anchor = f"{earlier} {anchor}".strip()
        if not leans_on_history(earlier):
            break
    if not anchor:
        return ResolvedQuestion(question, carried=False)
    return ResolvedQuestion(f"{anchor} {question}", carried=True)


def leans_on_history(question: str) -> bool:
    """Tell whether a question needs an earlier one to be understood."""
    if find_source_ids(question):
        return False
    if _OPENING.search(question):
        return True
    content = content_words(question)
    return len(content) <= _FEW_WORDS or (bool(_POINTING.search(question)) and len(content) <= 2 * _FEW_WORDS)
