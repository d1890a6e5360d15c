"""Sentences that say how far a study is: that it recruits, that it was stopped before its end."""

from __future__ import annotations

import re
from collections.abc import Callable

from digestqa.names import fold

_IS_RECRUITING = re.compile(
    r"\b(?:(?:is|are|still|currently|now|actively|has been|have been|status:?|as)\s+(?:(?:still|also|actively|now)\s+)?"
    r"recruiting|was\s+recruiting(?=\s+(?:at|as of|in|towards?)\b)|open (?:and|,) recruiting|"
    r"recruiting\s+(?:study|trial|cohort|registry)|"
    r"(?:still|currently|now) enroll?ing|open (?:to|for) (?:recruitment|enrol\w*|accrual))\b"
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


_GOING = r"(?:recruiting|enroll?ing)"
_INTAKE = r"(?:recruitment|enroll?ment|accrual)"
_RECRUITS_NOT = re.compile(
    rf"(?P<over>\bno longer (?:{_GOING}|recruits|enroll?s)\b|\b(?:has|have|had) (?:stopped|ended|finished) {_GOING}\b"
    rf"|\b(?:stopped|ended|finished) {_GOING} (?=in |on |at |after )"
    rf"|\b{_INTAKE} (?:is|has been) (?:now |already )?(?:closed|completed?|over|finished|ended)\b"
    rf"|\bclosed to {_INTAKE}\b)"
    rf"|(?:\b(?:is|was|as|but)|\bstatus:|,) (?:not|never)(?: yet| currently)? {_GOING}\b"
    r"|\b(?:has|have|had) (?:not|yet to|never) (?:yet )?(?:begun|begin|start|started) (?:to )?(?:recruit|enrol)\w*\b"
    rf"|\b{_INTAKE} (?:has|had) not (?:yet )?(?:begun|started|opened)\b",
    re.IGNORECASE,
)


def says_not_recruiting(sentence: str) -> tuple[int, int] | None:
    """Return where a sentence says that a study does not recruit, not yet or no longer; None where none does."""
    match = _RECRUITS_NOT.search(sentence)
    return None if match is None else match.span()


def says_no_longer_recruiting(sentence: str) -> tuple[int, int] | None:
    """Return where a sentence says that a study has done with recruiting, or None."""
    match = next((found for found in _RECRUITS_NOT.finditer(sentence) if found["over"]), None)
    return None if match is None else match.span()


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


def stopped_for(reason: str) -> Callable[[str], tuple[int, int] | None]:
    """Return what finds where a sentence says that a study was stopped and has all words of a reason; empty for any."""
    words = set(fold(reason).split())

    def says(sentence: str) -> tuple[int, int] | None:
        return says_stopped(sentence) if words <= set(fold(sentence).split()) else None

    return says
