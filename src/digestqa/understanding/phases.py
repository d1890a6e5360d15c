"""Phases of trials: "which studies are phase 3?", and the sentences that speak of one."""

from __future__ import annotations

import re
from collections.abc import Callable

from digestqa.understanding.survey_words import KINDS

_ONE = r"(?:[0-4]|IV|I{1,3})"
_NUMBERS = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "I": 1, "II": 2, "III": 3, "IV": 4}
_PHASE = rf"phases?[\s-]*(?P<phase>{_ONE}[abc]?(?:\s*(?:/|-|–|and|or|to)\s*(?:phase\s+)?{_ONE}[abc]?)*)(?![\w.])"
_PART = re.compile(rf"({_ONE})([abc]?)", re.IGNORECASE)
_ASKED = (
    rf"\b{_PHASE}(?:\s+(?:clinical\s+)?{KINDS})",
    rf"\b{KINDS}\s+(?:(?:that|which)\s+)?(?:are|is|were|was|in|of)\s+(?:in\s+|an?\s+|of\s+)?{_PHASE}(?=\W*$)",
)
_OTHER_PHASE = r"\s+(?:dose|dosing|testing|recommended)\b"
"""A "recommended phase 2 dose" is an outcome of phase 1."""


def asked_phase(question: str) -> tuple[str, tuple[int, int]] | None:
    """Return the phase that a question asks for studies of, as written, and its place with the word before; or None."""
    if "phase" not in question.lower():
        return None  # the patterns are costly to compile, and most runs ask one question
    for pattern in _ASKED:
        if match := re.search(pattern, question, re.IGNORECASE):
            return match["phase"], match.span()
    return None


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
