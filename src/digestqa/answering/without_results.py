"""A question for a finding over a study without results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digestqa.answering.citing import Citer, Finding
from digestqa.answering.first_sentence import first_sentence
from digestqa.reading.base import Range
from digestqa.reading.claims import claim_of
from digestqa.replies import Answer
from digestqa.understanding.wording import asks_for_finding

if TYPE_CHECKING:
    from digestqa.library import DigestRecord
    from digestqa.understanding import Understood


def tell_missing_results(chosen: Sequence[Finding], understood: Understood, citer: Citer) -> list[Finding]:
    """Return the answers, those of studies without results preceded by the sentence that says so.

    Only where a finding was asked for and a mere expectation would answer: an expectation is never shown alone then.

    Args:
        chosen: the answers.
        understood: the question.
        citer: of the library.
    """
    if not asks_for_finding(understood.text):
        return list(chosen)
    told: list[Finding] = []
    for item in chosen:
        missing = None
        if citer.no_results_yet(item.digest) and _is_no_finding(citer.answer(item)):
            missing = says_missing(item.digest, citer, item.confidence)
        told += [item] if missing is None else [missing, item]
    return told


def _is_no_finding(answer: Answer) -> bool:
    """Tell whether an answer of a study without results is none: an expectation, or words without a figure."""
    return answer.claim == "expected" or (
        answer.claim == "reported" and not any(character.isdigit() for character in answer.quote)
    )


def missing_results(findings: Sequence[Finding], understood: Understood, citer: Citer) -> Finding | None:
    """Return the sentence that says that the one study that a refused question is about has no results yet.

    Where nothing but that study was found, it is what the question is about.

    Args:
        findings: what was found, none of it good enough.
        understood: the question.
        citer: of the library.
    """
    if not findings or not asks_for_finding(understood.text):
        return None
    if len(understood.about) != 1 and len({item.digest.id for item in findings}) != 1:
        return None
    first = findings[0]
    return says_missing(first.digest, citer, first.confidence) if citer.no_results_yet(first.digest) else None


def says_missing(digest: DigestRecord, citer: Citer, confidence: float) -> Finding | None:
    """Return the first sentence of a digest that says that results are missing, whole; None where none says so."""
    return first_sentence(citer.library, digest, _whole_if_missing, confidence)


def _whole_if_missing(sentence: str) -> Range | None:
    return (0, len(sentence)) if claim_of(sentence, no_results_yet=True) == "not_available" else None
