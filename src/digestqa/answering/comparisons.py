"""A question about several studies, put to each of them: what names the others is left out.

Read whole, "LVEF cut-offs: FEC-75 sequencing vs the DS-8201a study" draws the reader of either study to sentences that
say something of both; read as "LVEF cut-offs: FEC-75 sequencing", to the one that answers for this study.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from digestqa.digests import find_source_ids

if TYPE_CHECKING:
    from digestqa.reading.base import Range
    from digestqa.retrieval.naming import Description

SHARE_OF_WHOLE = 0.5
"""What reading the whole question counts beside reading what is asked of the one study."""
_TELLING_NAME = 0.35
"""Weight from which a word of another study's name is left out; 1.0 is a word of one study only."""
_TELLING = 0.75
"""The same of a word that stands elsewhere in its digest."""

_HOLE = "\x00"
_JOINING = r"(?:\band|\bor|\bvs\.?|\bversus|\bthan|\bcompared (?:with|to)|\bbetween|\bboth|\bplus|[,;&/+–-])"
_SMALL = r"(?:the|a|an|of|in|on|for|with|to|from|by|at|under|after|that|those|its|their|one|study|trial)"
# Possessive, as what joins may also stand between: a long run of commas would be divided up in every way. Nor is a run
# tried from its middle, which reaches no hole that its beginning does not.
_BEFORE_HOLE = rf"(?<![,;&/+–-])(?:(?:{_JOINING}|\b{_SMALL}\b)[\s,;:&/+]*+)*+"
_KINDS = r"(?:ones?|stud(?:y|ies)|trials?|cohort|group|arm|paper|digest|regimen|combinations?|therapy|patients)"
_AFTER_HOLE = rf"(?:[\s,]*\b{_KINDS}\b)?"
_BETWEEN_HOLES = re.compile(rf"{_HOLE}(?:[\s,/&+()–-]|\b(?:plus|with|and|of|the|for|to|in|study|trial)\b)*(?={_HOLE})")
_HOLES = re.compile(rf"{_BEFORE_HOLE}{_HOLE}+{_AFTER_HOLE}", re.IGNORECASE)
_JOINING_NOTHING = re.compile(
    r"\b(?:and|or|vs\.?|versus|than)(?:\s+(?:for|in|with|on|of|the))*\s*(?=[?.]?\s*$)", re.IGNORECASE
)
_OPENING = re.compile(r"^\W*(?:(?:compare|and|or|vs\.?|versus)\b\s*)*", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"^how (?:does|do|did|is|are|was|were) (?P<thing>.+?) (?:differ\w*|different)\b(?:\s+(?:between|in|from|for))?\s*",
    re.IGNORECASE,
)


def asked_of_one(question: str, described: Description, own: int, others: Collection[int], source: str = "") -> str:
    """Return what a question about several studies asks of one of them; the question itself where nothing is left out.

    Args:
        question: about several studies.
        described: which studies its words describe.
        own: id of the digest that is asked.
        others: ids of the other digests.
        source: the study's id; ids of other studies are left out.
    """
    places = [(found.start, found.end) for found in find_source_ids(question) if source and found.source != source]
    for term in described.terms:
        if term.frame or own in term.anywhere:
            continue
        names_another = any(
            (other in term.named and term.weight >= _TELLING_NAME * described.rarest)
            or (other in term.anywhere and term.weight >= _TELLING * described.rarest)
            for other in others
        )
        if names_another:
            pattern = rf"(?<!\w){re.escape(term.text)}(?!\w)"
            places += [match.span() for match in re.finditer(pattern, question, re.IGNORECASE)]
    if not places:
        return question
    asked = question.replace(_HOLE, " ")
    for start, end in reversed(_joined(places)):
        asked = f"{asked[:start]}{_HOLE}{asked[end:]}"
    asked = _HOLES.sub(" ", _BETWEEN_HOLES.sub("", asked))
    asked = re.sub(r"\s+([?.,;:])", r"\1", re.sub(r"\s{2,}", " ", asked)).strip()
    asked = _OPENING.sub("", _JOINING_NOTHING.sub("", asked))
    asked = _DIFFERENCE.sub(lambda match: f"what is {match['thing']} in ", asked).strip(" ,;:")
    return asked if any(character.isalnum() for character in asked) else question


def _joined(places: Iterable[Range]) -> list[Range]:
    """Return places in their order, those that overlap as one.

    A name of several words is a term, and so is each of its words.
    """
    joined: list[Range] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
