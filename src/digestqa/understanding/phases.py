"""Phases of trials: "which studies are phase 3?", and the sentences that speak of one."""

from __future__ import annotations

import re
from collections.abc import Callable

from digestqa.understanding.courtesy import plainly
from digestqa.understanding.survey_words import KINDS

_NUMBERS = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "I": 1, "II": 2, "III": 3, "IV": 4}
_NUMBERS |= {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4}
_ONE = r"(?:[0-4]|IV|I{1,3}|one|two|three|four)"
_PHASE = rf"phases?[\s-]*(?P<phase>{_ONE}[abc]?(?:\s*(?:/|-|–|and|or|to)\s*(?:phase\s+)?{_ONE}[abc]?)*)(?![\w.])"
_PART = re.compile(rf"({_ONE})([abc]?)", re.IGNORECASE)
_BETWEEN = r"(?:(?!(?:of|in|the|dose|part|portion|and|or)\b)[\w/+-]+\s+){0,3}?"
_ASKED = (
    rf"\b{_PHASE}(?=\s+{_BETWEEN}(?:{KINDS}|rcts)\b)",
    rf"\b(?:{KINDS}|ones|which|many|of\s+(?:them|these|those))\s+(?:(?:that|which)\s+)?(?:are|is|were|was|in|of)\s+"
    rf"(?:in\s+|an?\s+|of\s+)?{_PHASE}(?=\W*$)",
    rf"\b(?:(?:is|are)\s+there|have|any)\s+(?:got\s+)?(?:an?\s+|any\s+)?{_PHASE}(?=\s+{_BETWEEN}(?:trial|study|rct)\b)",
)
_LISTED = (
    r"^(?:(?:which|what|how many|list|show(?: me)?|give me|find|name|any|all|some|the|number of|(?:is|are) there|"
    r"(?:do|have) (?:you|we)(?: have| got)?|of|an?|other|are|ones|them|these|those|is|was|were) )*"
    rf"(?:in |an? )*{_PHASE}(?:$| (?!study\b|trial\b){_BETWEEN}(?:{KINDS}|rcts)\b)"
)
_ANY = (
    rf"^(?:is there|do (?:you|we) have|have (?:you|we) got|any|find) (?:an? |any )?{_PHASE} "
    rf"{_BETWEEN}(?:trial|study|rct)\b"
)
_MOST_CHARS = 200
_OTHER_PHASE = r"\s+(?:dose|dosing|testing|recommended)\b"
"""A "recommended phase 2 dose" is an outcome of phase 1."""


def asked_phase(question: str) -> tuple[str, tuple[int, int]] | None:
    """Return the phase that a question asks for studies of, as written, and the place of that; or None."""
    if "phase" not in question.lower():
        return None  # the patterns are costly to compile, and most runs ask one question
    for pattern in _ASKED:
        if match := re.search(pattern, question, re.IGNORECASE):
            return match["phase"], (match.start(), match.end("phase"))
    return None


def lists_phase(question: str) -> bool:
    """Tell whether studies of a phase are what a question asks for, before anything else: "phase 3 trials?"."""
    if "phase" not in question.lower():
        return False
    plain = plainly(question)
    if len(plain.split()) < 3 or len(plain) > _MOST_CHARS:
        return False  # "phase 3?" may ask anything
    return any(re.search(pattern, plain, re.IGNORECASE) for pattern in (_LISTED, _ANY))


def says_phase(phase: str) -> Callable[[str], tuple[int, int] | None]:
    """Return what finds the first mention of a phase in a sentence: of 2 in "phase I/II", of 1 in "phase Ib".

    Args:
        phase: as asked for: ``3``, ``II``, ``1b``, ``1/2``.
    """
    wanted = _parts(phase)
    mention = re.compile(rf"\b[Pp]{_PHASE[1:]}(?!{_OTHER_PHASE})")

    def says(sentence: str) -> tuple[int, int] | None:
        for match in mention.finditer(sentence):
            said = _parts(match["phase"])
            if all((number, letter) in said or (not letter and number in dict(said)) for number, letter in wanted):
                return match.span()
        return None

    return says


def _parts(phase: str) -> frozenset[tuple[int, str]]:
    return frozenset((_NUMBERS[number.upper()], letter.lower()) for number, letter in _PART.findall(phase))
