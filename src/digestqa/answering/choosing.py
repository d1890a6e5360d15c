"""Which findings are answers: the best of each study, as long as it is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.reading.base import Range
from digestqa.understanding.wording import studies_asked

if TYPE_CHECKING:
    from digestqa.retrieval.naming import Description
    from digestqa.understanding import Understood

MAX_ANSWERS = 6
"""Answers at most where nobody says how many, and no more studies were asked about."""
_ANSWERS_OF_SURVEY = 10
NEAREST_SHOWN = 3
SHARE_OF_THRESHOLD_WHEN_NAMED = 0.5
"""Where a question names several studies, each is asked about: its best place need be less sure than a lone answer."""
SHARE_OF_THRESHOLD_OF_THE_FIRST = 0.75
"""The same of the surest of them: where none is half sure, none of the studies says it."""
SHARE_WITHOUT_DESCRIPTION = 0.5
"""What is left, in a survey, of the confidence of a study that the question's words do not describe at all."""
LEAST_OF_SURVEY = 0.5
"""Over many studies, each answer after the first must be more likely right than wrong: nobody named its study."""
WEIGHS_NOT = "digests are quoted, not weighed against each other or summed up: name studies, and each is quoted"
"""What a person is told who asks for the longest, the commonest or the sum over studies."""


def choose(findings: Sequence[Finding], understood: Understood, threshold: float) -> list[Finding]:
    """Return the best finding of each study that is good enough, the surest first.

    Args:
        findings: of all studies.
        understood: the question.
        threshold: of the reader, for an answer that stands alone.
    """
    by_source: dict[str, Finding] = {}
    for item in sorted(findings, key=lambda item: -item.confidence):
        by_source.setdefault(item.digest.source, item)
    least = threshold if understood.reading != "each" else SHARE_OF_THRESHOLD_WHEN_NAMED * threshold
    chosen = [item for item in by_source.values() if item.confidence >= least]
    if understood.reading == "each" and chosen and chosen[0].confidence < SHARE_OF_THRESHOLD_OF_THE_FIRST * threshold:
        return []
    if understood.reading == "survey":
        return [*chosen[:1], *(item for item in chosen[1:] if item.confidence >= LEAST_OF_SURVEY)]
    return chosen


def most_answers(understood: Understood) -> int:
    """Return how many studies answer at most where nobody says how many."""
    if understood.reading == "each":
        # Each of them was asked about.
        return max(MAX_ANSWERS, len(understood.about))
    if understood.reading == "survey":
        return studies_asked(understood.text) or _ANSWERS_OF_SURVEY
    return MAX_ANSWERS


def agreed(readings: Sequence[Sequence[Finding]], share_of_first: float) -> list[Finding]:
    """Return the findings of one question's readings, as sure as their weighted mean is of each sentence.

    A follow-up read with the earlier question is drawn to the earlier answer, and read alone it lacks its subject;
    where both agree, they are right more often than either. What only one of them is sure of, is less sure.

    Args:
        readings: one or two.
        share_of_first: what the first of two counts.
    """
    if len(readings) == 1:
        return sorted(readings[0], key=lambda item: -item.confidence)
    shares = (share_of_first, 1 - share_of_first)
    by_quote: dict[tuple[int, Range], list[Finding]] = {}
    means: dict[tuple[int, Range], float] = {}
    for share, findings in zip(shares, readings, strict=True):
        best: dict[tuple[int, Range], float] = {}
        for item in findings:
            key = (item.digest.id, item.quote)
            by_quote.setdefault(key, []).append(item)
            best[key] = max(best.get(key, 0.0), item.confidence)
        for key, confidence in best.items():
            means[key] = means.get(key, 0.0) + share * confidence
    merged = []
    for key, items in by_quote.items():
        strongest = max(item.confidence for item in items) or 1.0
        by_span: dict[Range, Finding] = {}
        for item in sorted(items, key=lambda item: -item.confidence):
            by_span.setdefault(item.span, item)
        merged += [replace(item, confidence=means[key] * item.confidence / strongest) for item in by_span.values()]
    return sorted(merged, key=lambda item: -item.confidence)


def weigh_by_description(findings: Sequence[Finding], described: Description) -> list[Finding]:
    """Return the findings of a survey, less sure where the question's words describe other studies better."""
    base = SHARE_WITHOUT_DESCRIPTION
    return [
        replace(item, confidence=item.confidence * (base + (1 - base) * described.share(item.digest.id)))
        for item in findings
    ]


def nearest(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with different quotes, the surest first."""
    by_quote: dict[tuple[int, Range], Finding] = {}
    for item in sorted(findings, key=lambda item: -item.confidence):
        by_quote.setdefault((item.digest.id, item.quote), item)
    return list(by_quote.values())


def too_few(findings: Sequence[Finding], threshold: float) -> list[Finding]:
    """Return findings that each tell of one study what was asked of all together: none is sure enough to answer."""
    return [replace(item, confidence=threshold * item.confidence / 2) for item in findings]
