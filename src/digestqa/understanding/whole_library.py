"""Questions for all that the library holds: "list the studies", "how many digests are there?", "list the drugs"."""

from __future__ import annotations

import re
from typing import Literal

from digestqa.understanding.courtesy import plainly
from digestqa.understanding.survey_words import KINDS

_LIBRARY = r"(?:the|this|my|your|our) (?:whole |entire )?(?:library|collection|folder|database|corpus)"
_IN_IT = rf"in {_LIBRARY}"
_THERE = rf"(?:there|here|in here|available|covered|included|{_IN_IT})"
_HAD = r"(?:do (?:you|we|i) (?:have|hold|know(?: of| about)?)(?: (?:in )?here)?|have (?:you|we) got)"
_LIST = (
    r"(?:(?:(?:give|show) me )?(?:an? |the )?(?:(?:full|complete) )?list of|list|show(?: me)?|display|enumerate|"
    r"give me|name) (?:(?:all|every|the|of|your|my|our|these|different) )*"
)
_CLOSING = rf"(?: (?:that )?(?:(?:are )?{_THERE}|there are|you have|we have))?"
_DRUGS = r"(?:compounds|drugs|treatments|interventions|medicines|medications|substances)"
_IN_TOTAL = r"(?:,? (?:in total|in all|altogether))?"
_STUDIES = (
    rf"{_LIST}(?:everything|{KINDS}){_CLOSING}",
    rf"(?:all|every) (?:of )?(?:the |your |our |my )?{KINDS}{_CLOSING}",
    rf"(?:what|which) (?:other )?{KINDS} (?:{_HAD}|are {_THERE})",
    rf"(?:what|which) are (?:all )?(?:the|your|our|my) {KINDS}{_CLOSING}",
    rf"what(?:'?s| is| do (?:you|we) have) (?:all )?(?:in here|here|{_IN_IT})",
    r"(?:show me )?what (?:(?:do )?(?:you|we) have|have (?:you|we) got)",
    rf"how many {KINDS}(?: (?:{_HAD}|are {_THERE}|{_IN_IT}|does {_LIBRARY} (?:have|hold|contain)))?{_IN_TOTAL}",
    rf"(?:what is )?(?:the )?(?:total )?(?:number|count) of (?:the |all )*{KINDS}{_CLOSING}",
    rf"count (?:the|all|your) {KINDS}",
    rf"how (?:big|large) is {_LIBRARY}",
    rf"(?:(?:give me )?(?:an? |the )?(?:overview|summary) of|summari[sz]e|describe|show me|tell me about) "
    rf"(?:{_LIBRARY}|(?:all )?(?:the|your|our|my) {KINDS}{_CLOSING})|what is {_LIBRARY} about",
)
_PLACED = rf"(?:there|here|in here|covered|{_IN_IT})"
_COMPOUNDS = (
    rf"{_LIST}{_DRUGS}{_CLOSING}",
    rf"(?:what|which|how many)(?: different)? {_DRUGS} (?:{_HAD}|are {_PLACED}|"
    rf"(?:are|were) (?:covered|studied|tested|represented|listed|included|available) (?:here|in here|{_IN_IT}))",
    rf"(?:what|which) {_DRUGS} do (?:the|your|our) {KINDS} (?:test|study|cover)",
)
_SURELY = (
    rf"\b(?:all|every|there|here|(?:you|we) (?:have|hold|know)|have (?:you|we)|covered|"
    rf"do (?:the|your|our) {KINDS}|{_LIBRARY})\b"
)
_MOST_CHARS = 90


def asks_for_whole_library(question: str, *, after_others: bool = False) -> Literal["studies", "compounds"] | None:
    """Return what of everything in the library is asked for; None for a question that asks for more than that.

    Args:
        question: as asked.
        after_others: whether a study was asked about before: "list the drugs" may then mean those that it gave.
    """
    if not re.search(
        rf"\b(?:{KINDS}|{_DRUGS}|everything|here|library|collection|folder|database|corpus|have|got)\b",
        question[: 2 * _MOST_CHARS],
        re.IGNORECASE,
    ):
        return None  # the patterns are costly to compile, and most runs ask one question
    plain = plainly(question)
    if len(plain) > _MOST_CHARS:
        return None
    if any(re.fullmatch(pattern, plain, re.IGNORECASE) for pattern in _STUDIES):
        return "studies"
    if any(re.fullmatch(pattern, plain, re.IGNORECASE) for pattern in _COMPOUNDS):
        return None if after_others and not re.search(_SURELY, plain, re.IGNORECASE) else "compounds"
    return None
