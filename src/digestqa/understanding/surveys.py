"""Questions over the library: which digests have a flag or an evidence type, which studies recruit, what is here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from digestqa.understanding.wording import asks_which

SurveyKind = Literal["flag", "evidence_type", "recruiting", "stopped", "no_results", "subject", "tested"]


@dataclass(frozen=True, slots=True)
class Survey:
    """What is looked for in every digest.

    Attributes:
        kind: where and how it is looked for.
        wanted: a regular expression for what stands on the page, or the subject in words; empty where the kind says it.
        told: how the count is told: "n of m digests …".
    """

    kind: SurveyKind
    wanted: str
    told: str


_DOSE = r"\bdos(?:e|es|age|ing)\b"
_MENTION = r"\b(?:mention|flag)\w*"
_FLAGS = (
    (rf"{_DOSE}.*{_MENTION}|{_MENTION}.*{_DOSE}", "dose mentioned"),
    (r"\bprotocol[ -]relevant\b", "protocol relevant"),
    (r"\bsafety data\b|\bflag\w*\b.*\bsafety\b", "safety data present"),
)
_EVIDENCE = (
    (r"rcts?|randomi[sz]ed(?: controlled)?(?: trials?)?", r"rct|randomi[sz]ed controlled trial"),
    (r"meta[ -]?analys[ie]s", r"meta[ -]analysis"),
    (r"case series", r"case series"),
    (r"observational", r"observational"),
    (r"single[ -]arm", r"single[ -]arm"),
    (r"systematic reviews?", r"systematic review"),
    (r"preclinical", r"preclinical"),
    (r"in vitro", r"in vitro"),
    (r"animal(?: studies)?", r"animal"),
)
_RECRUITING = re.compile(
    r"\b(?:recruiting|enroll?ing|taking (?:on |in )?(?:patients|participants|people|volunteers)|"
    r"open (?:to|for) (?:recruitment|enrol\w*|accrual))\b",
    re.IGNORECASE,
)
_NOT_THAT = re.compile(r"\bnot yet\b|\b(?:begin|began|start)", re.IGNORECASE)
_KINDS = r"(?:trials|studies|digests|pages|papers)"
_STOP = r"(?:stopped|ended|closed|halted|terminated|abandoned|cut short|shut down|discontinued|withdrawn|suspended)"
_STOPPED = re.compile(
    rf"\b{_KINDS}\s+(?:(?:that|which)\s+)?(?:was|were|got|(?:has|have|had) been)\s+(?:\w+ly\s+)?{_STOP}\b"
    rf"|\b{_KINDS}\s+(?:(?:that|which)\s+)?{_STOP}\s*(?:\?|$|early\b|prematurely\b|before (?:time|the end)\b)"
    rf"|\b{_KINDS}\s+(?:(?:that|which)\s+)?(?:did\s+)?(?:the|its|their)\s+(?:sponsors?|company|companies)\s+{_STOP}\b",
    re.IGNORECASE,
)
_NO_RESULTS = re.compile(
    r"\bnothing to report\b|\b(?:no|without|lack\w*)\s+(?:\w+\s+){0,2}?(?:results?|findings?|data)\b|\bunreported\b|"
    r"\bwait(?:ing)? for (?:\w+ )?(?:results?|data)\b|"
    r"\bresults? (?:are )?(?:still )?(?:pending|awaited|outstanding)\b|"
    r"\b(?:not|yet to) (?:yet )?(?:report|publish|post)\w*\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?:\bwhat(?:'s| is)?\s+(?:\w+\s+)?(?:in here|there|here)\s+(?:about|on)|\banything\s+(?:\w+\s+)?(?:about|on)|"
    rf"\bdo (?:you|we) have\b.*?\b(?:about|on)|"
    rf"\b(?:which|how many|what)\s+(?:of the\s+)?(?:\w+\s+)?{_KINDS}\s+(?:(?:are|is|do|that)\s+)?"
    r"(?:about|on|mention|concern|deal with|cover|involve))\s+(?P<subject>[^,;]+?)\s*[?.!]*$",
    re.IGNORECASE,
)

_TESTED = re.compile(
    rf"\b(?:which|how many|what|list(?: the)?)\s+(?:of the\s+)?{_KINDS}\s+(?:(?:that|which|have|had)\s+)?"
    r"(?:test(?:ed)?|used?|gave|give|stud(?:y|ied)|tried|evaluated?|examined?|investigated?|assess(?:ed)?)"
    r"\s+(?P<thing>[^,;?]+?)\s*[?.!]*$",
    re.IGNORECASE,
)
_MORE_THAN_A_THING = re.compile(
    r"\d|\b(?:as|to|for|in|on|at|by|with|without|and|or|after|before|than|from|of|no|not|only|their|its|each|how|when|"
    r"once|twice|thrice|daily|weekly|monthly|every|per|most|more|less)\b",
    re.IGNORECASE,
)
"""What makes of a thing that was tested a way of testing it, which must be read for."""


def surveyed(question: str) -> Survey | None:
    """Return what a question looks for in every digest, where that is told by their words; else None."""
    if not asks_which(question):
        return None
    for pattern, flag in _FLAGS:
        if re.search(pattern, question, re.IGNORECASE):
            return Survey("flag", re.escape(flag), f"are flagged “{flag}”")
    for words, pattern in _EVIDENCE:
        tagged = rf"\b(?:are|is|were|was|as|tagged|labell?ed)\s+(?:an?\s+)?(?:{words})\s*\W*$"
        if re.search(tagged, question, re.IGNORECASE):
            return Survey("evidence_type", pattern, "have that evidence type on the tag line")
    if _RECRUITING.search(question) and not _NOT_THAT.search(question):
        return Survey("recruiting", "", "say that the study recruits")
    if _STOPPED.search(question):
        return Survey("stopped", "", "say that the study was stopped")
    if _NO_RESULTS.search(question):
        return Survey("no_results", "", "say that there are no results")
    if (tested := _TESTED.search(question)) and not _MORE_THAN_A_THING.search(tested["thing"]):
        thing = tested["thing"]
        return Survey("tested", thing, f"have “{thing}” in their headline, title or compound")
    if subject := _SUBJECT.search(question):
        return Survey("subject", subject["subject"], f"mention “{subject['subject']}”")
    return None


_IS_RECRUITING = re.compile(
    r"\b(?:recruiting|(?:still|currently|now) enroll?ing|open (?:to|for) (?:recruitment|enrol\w*|accrual))\b"
    r"(?!\s+(?:sites?|centres?|centers?|hospitals?))",
    re.IGNORECASE,
)
_NOT_RECRUITING = re.compile(
    r"\b(?:not|never|no longer|yet to|before|stopped|ended|finished|closed|withdrawn)\b", re.IGNORECASE
)
_REACH_OF_NOT = 40


def says_recruiting(sentence: str) -> tuple[int, int] | None:
    """Return where a sentence says that a study recruits, or None."""
    match = _IS_RECRUITING.search(sentence)
    if match is None or _NOT_RECRUITING.search(sentence, max(0, match.start() - _REACH_OF_NOT), match.start()):
        return None
    return match.span()


_HALTED = r"(?:terminated|halted|abandoned|cut short|suspended)"
_BY_WHOM = r"(?:sponsor|company|manufacturer|investigators|data (?:and )?safety (?:monitoring )?(?:board|committee))"
_WAS_STOPPED = re.compile(
    r"\b(?:study|trial|enrol\w*|recruitment|accrual|it)\s+(?:(?:was|had been|has been|is|were)\s+)"
    rf"(?:\w+\s+)?(?:{_HALTED}|withdrawn(?! from)|(?:stopped|closed|ended|discontinued)\s+"
    r"(?:early|prematurely|for|because|after|when|owing|due|before))\b"
    rf"|^(?:the )?(?:study|trial|enrol\w*|recruitment)\b[^;]*? and was (?:then )?{_HALTED}\b"
    rf"|\b(?:study|trial|record)\b[^;]{{0,40}}? (?:listed|given|marked) as (?:{_HALTED}|withdrawn)\b"
    rf"|\b{_BY_WHOM}\s+(?:\w+\s+)?(?:{_HALTED}|stopped|ended|closed|discontinued|withdrew)\s+"
    r"(?:early|prematurely|it\b|(?:the|this|its) (?:study|trial|programme|program|development|enrol\w*|recruitment))"
    r"|\b(?:study|trial|recruitment|enrol\w*|accrual)\s+(?:stopped|closed|ended|halted)\s+(?:early|prematurely|because|for)\b"
    r"|\bwhy the study stopped: [^.;\n]+|\b(?:early|premature) (?:termination|closure)\b",
    re.IGNORECASE,
)
_NOT_STOPPED = re.compile(r"\b(?:not|never|if|would|may|might|could|unless|until|should|no)\b", re.IGNORECASE)


def says_stopped(sentence: str) -> tuple[int, int] | None:
    """Return where a sentence says that a study was stopped before its end, or None."""
    match = _WAS_STOPPED.search(sentence)
    if match is None or _NOT_STOPPED.search(sentence, max(0, match.start() - _REACH_OF_NOT // 2), match.end()):
        return None
    return match.span()
