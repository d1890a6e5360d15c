"""Answers from the header and the footer of a digest: the whole line, with the fact marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.reading.base import Range
from digestqa.retrieval.naming import LEAST_SCORE, StudyNaming
from digestqa.understanding.page_facts import asked_page_facts, find_page_fact

if TYPE_CHECKING:
    from digestqa.digests.model import FactName
    from digestqa.library import DigestRecord, Library
    from digestqa.understanding import Understood

FACT_CONFIDENCE = 0.97
"""Of a fact read from the page of a study that the question names or describes unmistakably: of the questions of
digests-train for such facts, this share is answered rightly."""
MEANT_CONFIDENCE = 0.75
"""The same for a study that fits the question better than the others do, but not by far."""
_NEAR_SHARE = 0.9
_MOST_MEANT = 4


def find_page_facts(
    understood: Understood, findings: Sequence[Finding], library: Library, naming: StudyNaming
) -> list[Finding]:
    """Return the places of the facts of the page that a question asks for; empty where it asks for none.

    Args:
        understood: the question.
        findings: what the reader found; they tell the study where the question's words do not.
        library: an open library.
        naming: tells which studies words describe.
    """
    names = asked_page_facts(understood.asked or understood.text)
    if not names or understood.filters.sections:
        return []
    of_source = dict.fromkeys(understood.about, FACT_CONFIDENCE) or _meant(understood, library, naming)
    if not of_source:
        of_source = {item.digest.source: item.confidence for item in findings[:1]}
    found = []
    for source, confidence in of_source.items():
        digest = next(iter(library.find_digests(source)), None)
        if digest is not None and (item := _fact(names, digest, confidence, library)) is not None:
            found.append(item)
    return found


def in_its_line(span: Range, digest: DigestRecord, library: Library, confidence: float) -> Finding | None:
    """Return a span of the header or the footer, quoted with its line; None where no such line holds it."""
    for passage in library.digest_passages(digest.id):
        if passage.start <= span[0] and span[1] <= passage.end and passage.section in ("header", "footer"):
            return Finding(digest, passage.section, span, (passage.start, passage.end), confidence)
    return None


def line_of_title(digest: DigestRecord, library: Library) -> Finding | None:
    """Return the line of a digest's headline or title, whichever comes first; None where the page has neither."""
    fact = next((fact for fact in digest.facts if fact.name in ("headline", "official_title")), None)
    return None if fact is None else in_its_line((fact.start, fact.end), digest, library, FACT_CONFIDENCE)


def _fact(names: Sequence[FactName], digest: DigestRecord, confidence: float, library: Library) -> Finding | None:
    place = find_page_fact(names, digest.facts, library.digest_text(digest.id))
    return None if place is None else in_its_line((place.start, place.end), digest, library, confidence)


def _meant(understood: Understood, library: Library, naming: StudyNaming) -> dict[str, float]:
    """Return the studies that the question may mean, with how sure that is."""
    description = naming.describe(understood.text)
    first = description.scores.best
    if first < LEAST_SCORE or not understood.filters.empty:
        return {}
    best = description.best(_NEAR_SHARE)[:_MOST_MEANT]
    records = library.digest_records(best)
    return {
        records[digest_id].source: MEANT_CONFIDENCE * description.scores[digest_id] / first
        for digest_id in best
        if digest_id in records
    }
