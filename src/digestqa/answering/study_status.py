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

_GOING = r"(?:recruiting|enrolling|ongoing|on-going|under way|planned|active)"
_ENDED = r"(?:complete|completed|finished|terminated|withdrawn|suspended|stopped|halted|closed)"
_STATES = rf"(?:{_GOING}|{_ENDED})"
_STUDY = r"(?: (?:phase|randomi[sz]ed|clinical|single-arm|pilot)\b(?: [IV\d/]+)?)* (?:study|trial)"
_OF_THE_STUDY = (
    r"(?!['’]s\b|[\s-]+(?:drugs?|medications?|medicines?|treatments?|therap(?:y|ies)|agents?|interventions?|infusions?|"
    r"dos(?:es?|ing)|products?|devices?|compounds?|regimens?|procedures?|arms?|groups?|visits?|periods?|phases?|part|ends?|"
    r"entry|day|weeks?|participants?|patients?|subjects?|sites?|cent(?:re|er)s?)\b)"
)
"""What follows where a study's drug or a part of it is meant, not the study."""
_AFTER_STUDY = r"(?: (?!(?:not|in|on|who|whom|whose|which|that|where|when|and|but)\b)\w+){0,3}?"
_SAYS_STATUS = re.compile(
    rf"\b(?P<going>{_GOING}{_STUDY})\b{_OF_THE_STUDY}"
    # "98 people completed study visits" tells of the people.
    rf"|(?:^|\b(?:an?|the|this|as|now)\s+(?:\w+ly\s+)?)(?P<ended>{_ENDED}{_STUDY})\b{_OF_THE_STUDY}"
    # "One patient in the trial was withdrawn" tells of the patient.
    rf"|(?<!\b(?:in|on)\sthe\s)(?<!\b(?:in|on)\sthis\s)\b(?:study|trial)\b{_OF_THE_STUDY}{_AFTER_STUDY}"
    rf" (?P<after>(?:is|was|has been|remains)(?: \w+)? {_STATES})\b"
    r"|\b(?P<not_yet>not yet (?:begun|started|recruiting))\b"
    r"|\b(?:results?|findings?|data|outcomes?|nothing)\b[^.;]{0,40}"
    r"\b(?P<no_results>not yet (?:been reported|available|reported))\b"
    r"|\b(?P<recruits>(?:is|are) (?:still|currently) (?:recruiting|enrolling))\b"
    r"|\b(?:study|trial|research|work|project|recruitment|enrol?lment|follow-?up|it)\s"
    r"(?P<goes_on>(?:is|are) (?:still|currently) (?:under way|ongoing))\b"
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
    return first_sentence(citer.library, item.digest, status_said, item.confidence)


def status_said(sentence: str) -> Range | None:
    """Return the characters of a sentence that say how far its study is; None where it does not say so."""
    match = _SAYS_STATUS.search(sentence)
    return None if match is None or match.lastgroup is None else match.span(match.lastgroup)
