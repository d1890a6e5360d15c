"""A question for a list: the span is widened over the items that stand beside it, and further sentences are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from digestqa.answering.citing import Finding

LEAST_OF_FURTHER = 0.6
"""How sure a further sentence of the same study must be, and how sure of the first one's confidence."""
SHARE_OF_FIRST = 0.85
MOST_OF_A_STUDY = 3

_CLAUSE = re.compile(
    r"\b(?:was|were|is|are|be|been|had|has|have|did|does|do|will|would|could|can|may|might|must|should|which|who|whom|"
    r"that|but|while|whereas|because|since|although|so|then|when|if|after|before|until|than|it|they|he|she|we|this|"
    r"these|there|led|came|gave|took|made|went|ran|began|ended|stopped|stayed|remained|fell|rose)\b",
    re.IGNORECASE,
)
_ITEM = r"(?:[^\s,;:.()]|(?<=\d)\.(?=\d))+(?:\s+(?:\([^()]{1,60}\)|(?:[^\s,;:.()]|(?<=\d)\.(?=\d))+)){0,7}"
_NEXT = re.compile(rf"(?:,\s+(?:and\s+|or\s+|as well as\s+)?|\s+(?:and|or)\s+)(?P<item>{_ITEM})")


def widen(finding: Finding, text: str) -> Finding:
    """Return a finding with its span widened to the end of the list that it stands in, within its sentence.

    Args:
        finding: whose span may hold only a part of a list.
        text: the digest's text.
    """
    start, end = finding.span
    while (match := _NEXT.match(text, end, finding.quote[1])) and not _CLAUSE.search(match["item"]):
        end = match.end()
    return replace(finding, span=(start, end))


def with_further(chosen: Sequence[Finding], findings: Sequence[Finding], most: int | None = None) -> list[Finding]:
    """Return the answers, each followed by the further sentences of its study that are about as sure.

    Args:
        chosen: the best of each study.
        findings: all, the surest first.
        most: answers at most; a further sentence takes no study's place. None sets no limit.
    """
    told: list[Finding] = []
    room = len(chosen) * MOST_OF_A_STUDY if most is None else most - len(chosen)
    for first in chosen:
        quotes = {first.quote}
        of_study = [first]
        for item in findings:
            if item.digest.id != first.digest.id or item.quote in quotes or item.section in ("header", "footer"):
                continue
            sure = item.confidence >= max(LEAST_OF_FURTHER, SHARE_OF_FIRST * first.confidence)
            if sure and room > 0 and len(of_study) < MOST_OF_A_STUDY:
                quotes.add(item.quote)
                of_study.append(item)
                room -= 1
        told += of_study
    return told
