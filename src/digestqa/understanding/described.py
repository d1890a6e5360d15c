"""Which studies a question describes by what they are called after, without their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.names import fold
from digestqa.retrieval.naming import FURTHER_GAIN, FURTHER_GAIN_OF_SEVERAL, LEAST_SCORE, Description, sources_of
from digestqa.understanding.wording import asks_several, asks_which, joins_things, sides, studies_asked

if TYPE_CHECKING:
    from digestqa.library import Library
    from digestqa.retrieval.naming import StudyNaming
    from digestqa.retrieval.scope import Filters

_SHARE_OF_SEVERAL = 0.5
"""Of the best score: as many studies as were asked for ("the two … trials") have at least that much, and no other."""

_SHARE_OF_A_SIDE = 0.85
"""The same of one side of a comparison: it has fewer words, and a name that the other side has too."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two studies that are set side by side.

    Attributes:
        studies: ids of their digests.
        shared: whether both sides have a name in common ("A with B and A with C").
    """

    studies: tuple[int, int]
    shared: bool


def described_studies(question: str, filters: Filters, library: Library, naming: StudyNaming) -> tuple[str, ...]:
    """Return the studies that a question describes unmistakably; empty where it is not certain."""
    if len(filters.sources) == 1:
        return ()
    description = naming.describe(question)
    chosen: list[int] = []
    if asks_several(question):
        of_sides = _of_sides(question, naming)
        chosen = description.cover(FURTHER_GAIN_OF_SEVERAL)
        if of_sides is not None and of_sides.shared:
            # A name that stands on both sides is asked about with each.
            chosen = list(of_sides.studies)
        wanted = studies_asked(question) or 0
        if len(chosen) < wanted:
            chosen = description.best(_SHARE_OF_SEVERAL)
            if len(chosen) != wanted:
                return ()
        if len(chosen) < 2 and of_sides is not None:
            chosen = list(of_sides.studies)
    elif joins_things(question):
        chosen = description.cover(FURTHER_GAIN)
    if len(chosen) < 2:
        chosen = _one(description, question)
    sources = sources_of(library, chosen)
    return tuple(source for source in sources if not filters.sources or source in filters.sources)


def _of_sides(question: str, naming: StudyNaming) -> _Sides | None:
    """Return the studies that the two sides of a question describe, each by a name that the other has not."""
    parts = sides(question)
    if parts is None:
        return None
    left, right = map(naming.describe, parts)
    if min(left.scores.best, right.scores.best) < LEAST_SCORE:
        return None
    ours, theirs = left.best(_SHARE_OF_A_SIDE), right.best(_SHARE_OF_A_SIDE)
    if len(ours) != 1 or len(theirs) != 1:
        return None
    if not (left.sets_apart(*ours, *theirs) and right.sets_apart(*theirs, *ours)):
        return None
    names = [{fold(term.text) for term in side.terms if term.weight > 0 and term.named} for side in (left, right)]
    return _Sides((ours[0], theirs[0]), shared=not names[0].isdisjoint(names[1]))


def _one(description: Description, question: str) -> list[int]:
    if asks_which(question) or description.decisive is None:
        return []
    return [description.decisive]
