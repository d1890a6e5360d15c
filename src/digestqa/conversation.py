"""Follow-ups: a question that leans on the one before it is resolved against the history.

A question that stands alone is never altered: one that names a study or brings up something that the library knows
from few studies, or not at all, is no follow-up, however short. One that leans (it opens with "and …", points with a
pronoun, or has hardly a word of content) is read together with the last question that stood alone. What is shown has
the changed facet put in the place of the old one where both are of one kind: "ORR with 50 mg?", "and 75 mg?" becomes
"ORR with 75 mg?".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digestqa.digests import find_source_ids
from digestqa.retrieval.naming import Description, is_frame
from digestqa.retrieval.terms import content_words

MAX_HISTORY = 20
"""Earlier questions looked at; older ones no longer say what a conversation is about."""

Describe = Callable[[str], Description]

_OPENING = re.compile(
    r"^\s*(?:and|or|but|also|then|ok(?:ay)?|what about|how about|plus|versus|vs\.?|compared (?:to|with))\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|she|his|her|that|those|these|this|ones|same|others?|latter|former|instead|"
    r"else|afterwards?|the one|the (?:trial|study|paper|digest|drug|arm|group|patients?|participants?|compound|"
    r"authors?))\b|\bthen\s*\??$",
    re.IGNORECASE,
)
# "It" that points at nothing, and "these trials" that are those of the library.
_NOT_POINTING = re.compile(
    r"\b(?:is|was|does|will|did|would)\s+it\s+(?:take|going|possible|true|safe|the case|likely|mean)\b|"
    r"\b(?:these|those|this|the)\s+(?:[\w-]+\s+){0,3}?(?:trials|studies|digests|pages|library)\b|"
    r"\b(?:its|their|his|her) own\b|\bother (?:code )?names?\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3
_FEW_WORDS_POINTING = 5
_TELLING = 0.5
"""Weight from which a word points at particular studies; 1.0 is a word of one study only."""
_TELLING_WHEN_POINTING = 0.67
# A name by its looks: HeroTracker, IHS4, TWT-101.
_CODE = re.compile(r"[A-Za-z]-?\d|\d-?[A-Za-z]|[a-z][A-Z]|^[A-Z]{3,}$")


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """A question as it is searched and read.

    Attributes:
        text: the question itself, or the earlier question and it: what the reader was trained to read.
        shown: the question itself, or what it is understood as, in one question.
        carried: whether anything was taken from the history.
        anchor: the earlier questions that it leans on, oldest first; empty where it stands alone.
    """

    text: str
    shown: str
    carried: bool
    anchor: tuple[str, ...] = ()


def resolve(question: str, history: Sequence[str] = (), describe: Describe | None = None) -> ResolvedQuestion:
    """Resolve a question against earlier ones.

    Args:
        question: as asked.
        history: earlier questions, oldest first.
        describe: tells which studies words describe; without it only the wording counts.
    """
    question = question.strip()
    if not history or not leans_on_history(question, describe):
        return ResolvedQuestion(question, question, carried=False)
    anchor: list[str] = []
    for earlier in reversed([entry.strip() for entry in history[-MAX_HISTORY:] if entry.strip()]):
        anchor.insert(0, earlier)
        if not leans_on_history(earlier, describe):
            break
    if not anchor:
        return ResolvedQuestion(question, question, carried=False)
    text = " ".join((*anchor, question))
    shown = anchor[0]
    for later in (*anchor[1:], question):
        shown = replace_facet(shown, later) or f"{shown} {later}"
    return ResolvedQuestion(text, shown, carried=True, anchor=tuple(anchor))


_OVER_THE_LIBRARY = re.compile(
    r"^\s*(?:(?:in\s+)?which|how many|are there(?: any)?|list(?: all)?)\s+(?!of\b|other\b)"
    r"(?:(?!these\b|those\b)[\w-]+\s+){0,3}?"
    r"(?:trials|studies|digests|papers|pages|records)\b|\bin here\b",
    re.IGNORECASE,
)
"""Asks among all studies, so that it has a subject of its own."""


def leans_on_history(question: str, describe: Describe | None = None) -> bool:
    """Tell whether a question needs an earlier one to be understood."""
    if find_source_ids(question):
        return False
    opening = bool(_OPENING.search(question))
    if not opening and _OVER_THE_LIBRARY.search(question):
        return False
    content = [word for word in content_words(question) if not word.replace(".", "").isdigit()]
    pointing = bool(_POINTING.search(question)) and not _NOT_POINTING.search(question)
    if not opening and len(content) > (_FEW_WORDS_POINTING if pointing else _FEW_WORDS):
        return False
    if describe is None:
        return opening or pointing or len(content) <= _FEW_WORDS
    described = describe(question)
    if opening:
        # "And what dose did the curcumin trial give?" names its own study.
        return described.decisive is None or sum(_tells(described, _TELLING_WHEN_POINTING)) < 2
    if pointing:
        return not any(_tells(described, _TELLING_WHEN_POINTING))
    # A word that the library does not know is a new subject.
    return not any(_tells(described, _TELLING)) and all(
        term.anywhere or is_frame(term.text) for term in described.terms
    )


def _tells(described: Description, least: float) -> list[bool]:
    return [
        not term.frame
        and term.weight >= least * described.rarest
        and (bool(term.named) or bool(_CODE.search(term.text)))
        for term in described.terms
    ]


_LEAD = re.compile(
    r"^\s*(?:(?:and|or|but|also|then|so|ok(?:ay)?|plus|what about|how about|versus|vs\.?|compared (?:to|with))\s+)+"
    r"(?P<rest>.+?)\s*\??\s*$",
    re.IGNORECASE,
)
_PREPOSITION = r"with|on|in|for|among|under|after|before|at|of|to|from|by"
_PHRASE = re.compile(rf"^(?P<preposition>{_PREPOSITION})\s+(?P<thing>\S.*)$", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?<![\w.])[≥≤<>]?\s?\d[\d.,]*\s?(?:mg/m[²2]|mg/kg|µg|μg|mcg|ug|mg|g|kg|ml|gy|iu|units?|weeks?|months?|days?|years?|"
    r"hours?|h|%|mm|cm)\b(?:\s+(?:dose|group|arm))?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?P<kind>arm|group|cohort|phase|part|stage|grade|stratum|cycle|day|week|month|year|variant|level)\s+"
    r"(?P<label>[A-Z]|[ivxIVX]+|\d+[a-z]?)\b"
)
_LONGEST_FACET_WORDS = 6


def replace_facet(earlier: str, later: str) -> str | None:
    """Return the earlier question with its facet replaced by that of the later one; None where that is not certain.

    Facets of one kind are: amounts with their unit, labels (arm A, cohort 2), and what follows one preposition, once.
    """
    lead = _LEAD.match(later)
    if not lead or len(lead["rest"].split()) > _LONGEST_FACET_WORDS:
        return None
    rest = lead["rest"].removeprefix("the ")
    for pattern in (_AMOUNT, _LABEL):
        new = pattern.search(rest)
        old = list(pattern.finditer(earlier))
        bare = re.sub(rf"^(?:{_PREPOSITION})\s+(?:the\s+)?", "", rest, flags=re.IGNORECASE)
        if not new or len(old) != 1 or bare.casefold() != new.group().casefold():
            continue
        if pattern is _LABEL and old[0]["kind"].casefold() != new["kind"].casefold():
            continue
        return earlier[: old[0].start()] + new.group() + earlier[old[0].end() :]
    phrase = _PHRASE.match(lead["rest"])
    if phrase and len(re.findall(rf"\b{phrase['preposition']}\b", earlier, re.IGNORECASE)) == 1:
        place = re.search(rf"\b{phrase['preposition']}\s+(?P<thing>[^?]+?)\s*\??\s*$", earlier, re.IGNORECASE)
        if (
            place
            and len(place["thing"].split()) <= _LONGEST_FACET_WORDS
            and not re.search(rf"\b(?:{_PREPOSITION})\b", place["thing"], re.IGNORECASE)
        ):
            end = "?" if earlier.rstrip().endswith("?") else ""
            return f"{earlier[: place.start('thing')]}{phrase['thing']}{end}"
    return None
