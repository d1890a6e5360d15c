"""A question for how far a study is: answered by the sentence of its digest that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digestqa.answering.citing import Citer, Finding
from digestqa.answering.first_sentence import first_sentence
from digestqa.reading.base import Range
from digestqa.understanding.wording import asks_for_status

if TYPE_CHECKING:
    from digestqa.understanding import Understood

_STATES = (
    r"(?:recruiting|enrolling|ongoing|on-going|under way|planned|complete|completed|finished|terminated|withdrawn|"
    r"suspended|stopped|halted|closed|active)"
)
_SAYS_STATUS = re.compile(
    rf"\b(?P<before>{_STATES}(?: (?:phase|randomi[sz]ed|clinical|single-arm|pilot)\b(?: [IV\d/]+)?)*"
    r" (?:study|trial))\b"
    rf"|\b(?:study|trial)\b(?: (?!not\b)\w+){{0,3}}? (?P<after>(?:is|was|has been|remains|were)(?: \w+)? {_STATES})\b"
    r"|\b(?P<not_yet>(?:not yet (?:begun|started|recruiting|been reported|available|reported)|"
    r"(?:is|are) (?:still|currently) (?:recruiting|enrolling|under way|ongoing)))\b"
    r"|\b(?P<field>(?:Overall status|Recruitment status|Status): [^.;\n]+)",
    re.IGNORECASE,
)


def status_finding(findings: Sequence[Finding], understood: Understood, citer: Citer) -> Finding | None:
    """Return the first sentence that says how far the one study asked about is, where that is asked and it is said.

    Args:
        findings: what was found, none of it good enough.
        understood: the question.
        citer: of the library.
    """
    if not findings or not asks_for_status(understood.asked or understood.text):
        return None
    if len({item.digest.id for item in findings}) != 1:
        return None
    item = findings[0]
    return first_sentence(citer.library, item.digest, _status_said, item.confidence)


def _status_said(sentence: str) -> Range | None:
    match = _SAYS_STATUS.search(sentence)
    return None if match is None or match.lastgroup is None else match.span(match.lastgroup)
