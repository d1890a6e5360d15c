"""Which findings are answers: the best of each study, as long as it is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.reading.base import Range

if TYPE_CHECKING:
    from digestqa.retrieval.naming import Description
    from digestqa.understanding import Understood

MAX_ANSWERS = 6
"""Answers at most where nobody says how many: as many as studies can be named side by side."""
NEAREST_SHOWN = 3
SHARE_OF_THRESHOLD_WHEN_NAMED = 0.5
"""Where a question names several studies, each is asked about: its best place need be less sure than a lone answer."""
SHARE_OF_A_REPEAT = 0.2
"""How sure another span of a sentence must be, of a repeat's confidence, to take its place."""
SHARE_WITHOUT_DESCRIPTION = 0.5
"""What is left, in a survey, of the confidence of a study that the question's words do not describe at all."""
LEAST_OF_SURVEY = 0.5
"""Over many studies, each answer after the first must be more likely right than wrong: nobody named its study."""


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
    if understood.reading == "survey":
        return [*chosen[:1], *(item for item in chosen[1:] if item.confidence >= LEAST_OF_SURVEY)]
    return chosen


def agreed(readings: Sequence[Sequence[Finding]]) -> list[Finding]:
    """Return the findings of several readings of one question, in the order of each sentence's mean confidence.

    A follow-up read with the earlier question is drawn to the earlier answer, and read alone it lacks its subject;
    where both agree, they are right more often than either.
    """
    if len(readings) == 1:
        return sorted(readings[0], key=lambda item: -item.confidence)
    by_quote: dict[tuple[int, Range], list[Finding]] = {}
    sums: dict[tuple[int, Range], float] = {}
    for findings in readings:
        best: dict[tuple[int, Range], float] = {}
        for item in findings:
            key = (item.digest.id, item.quote)
            by_quote.setdefault(key, []).append(item)
            best[key] = max(best.get(key, 0.0), item.confidence)
        for key, confidence in best.items():
            sums[key] = sums.get(key, 0.0) + confidence
    first = max((item.confidence for item in readings[0]), default=0.0)
    # The first reading is the one that the calibration was fitted to: the best sentence keeps its confidence.
    scale = first * len(readings) / max(sums.values(), default=1.0) if first else 1.0
    merged = []
    for key, items in by_quote.items():
        strongest = max(item.confidence for item in items) or 1.0
        merged += [
            replace(item, confidence=min(1.0, scale * sums[key] / len(readings)) * item.confidence / strongest)
            for item in items
        ]
    return sorted(merged, key=lambda item: -item.confidence)


def weigh_by_description(findings: Sequence[Finding], described: Description) -> list[Finding]:
    """Return the findings of a survey, less sure where the question's words describe other studies better."""
    base = SHARE_WITHOUT_DESCRIPTION
    return [
        replace(item, confidence=item.confidence * (base + (1 - base) * described.share(item.digest.id)))
        for item in findings
    ]


def without_repeats(findings: Sequence[Finding], earlier: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a follow-up, those that repeat what the earlier question was answered with put last.

    A follow-up asks for something else, often in the same sentence: only there another span takes a repeat's place.
    """
    said = [(item.digest.id, item.span) for item in earlier]
    result = list(findings)
    for place, item in enumerate(findings):
        if not any(_same(item, *where) for where in said):
            continue
        others = [
            other
            for other in findings
            if other.quote == item.quote
            and other.digest.id == item.digest.id
            and not any(_same(other, *where) for where in said)
        ]
        best = max(others, key=lambda other: other.confidence, default=None)
        if best is not None and best.confidence >= SHARE_OF_A_REPEAT * item.confidence:
            result[place] = replace(best, confidence=item.confidence)
    return result


def _same(item: Finding, digest_id: int, span: Range) -> bool:
    if item.digest.id != digest_id:
        return False
    common = min(item.span[1], span[1]) - max(item.span[0], span[0])
    return common > 0.5 * (max(item.span[1], span[1]) - min(item.span[0], span[0]))


def nearest(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with different quotes, the surest first."""
    by_quote: dict[tuple[int, Range], Finding] = {}
    for item in sorted(findings, key=lambda item: -item.confidence):
        by_quote.setdefault((item.digest.id, item.quote), item)
    return list(by_quote.values())
