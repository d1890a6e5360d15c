"""Planned is not observed: the claim label of a sentence.

A sentence that says results are missing is ``not_available``; one that states an aim, a plan, a hypothesis or an
expectation is ``expected``; every other sentence is ``reported``. The label is decided from the sentence's own words
and from one fact about its digest: whether the digest says that the study has no results yet. In such a digest
an outcome is something that is going to be measured, so a sentence that names one is ``expected``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Claim = Literal["reported", "expected", "not_available"]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_RESULT = r"(?:results?|findings?|outcomes?|data|figures?|numbers?|estimates?|measurements?|conclusions?|answers?)"
_SHOWN = (
    r"(?:available|posted|reported|published|released|known|given|disclosed|presented|shared|provided|recorded|"
    r"supplied|stated|announced|shown|out)"
)

_MEASURE = (
    r"(?:results?|findings?|figures?|data|scores|values|numbers|p-?values?|confidence intervals?|hazard ratios?|"
    r"odds ratios?|significance tests?|interim analys[ie]s|estimates?|non-inferiority margins?)"
)
_KIND = (
    r"(?:outcome|efficacy|safety|survival|response|posted|published|public|official|formal|interim|clinical|trial|study|"
    r"numerical|usable|such|an?|or|nor|further|other)"
)

_NOT_AVAILABLE = _any(
    rf"\b{_RESULT}\b[^.;]{{0,60}}?\b(?:are|is|were|was|have|has|had|remain|do|does|did|could|can)\s+"
    rf"(?:not|n't|never|yet to)\b(?:\s+(?:yet|been|be|so far|currently|now))*\s+"
    rf"(?:{_SHOWN}|listed|appear|in the (?:registry|record|entry)|part of|form part|made public|accompany)\b",
    rf"\b(?:no|without|lacks?|lacking)\s+(?:\w+[\s-]){{0,4}}?{_RESULT}\b(?:\s+\w+){{0,6}}?\s+"
    rf"(?:(?:is|are|was|were|has|have|had)\s+(?:yet\s+|been\s+)*)?(?:{_SHOWN}|yet|exist|made public|attached)",
    rf"\b(?:no|neither)\s+(?:{_KIND}[\s-]+){{0,4}}{_MEASURE}\b",
    r"\b(?:not|never)\s+(?:yet\s+)?(?:been\s+)?(?:posted|published|released|disclosed)\b",
    rf"\b(?:does|do|did)\s+not\s+(?:yet\s+)?(?:give|report|state|supply|provide|contain|include|say|list|show|disclose)"
    rf"\b[^.;]{{0,40}}\b(?:{_RESULT}|{_MEASURE}|intervals?|ratios?|percentages?)\b",
    rf"\b(?:gives?|supplies|provides?|contains?|reports?|reported|offers?|holds?|carries|lists?|has|have)\s+no\s+"
    rf"(?:\w+[\s-]){{0,3}}?{_MEASURE}\b",
    rf"\b{_RESULT}\s+(?:are|is|remain)\s+(?:still\s+)?(?:pending|awaited|outstanding|unavailable|unknown|unreported|"
    r"unpublished|to come)\b",
    r"\bnothing\b[^.;]{0,30}\b(?:has|have|can|could)\s+(?:yet\s+)?(?:been|be)\s+(?:yet\s+)?(?:posted|reported|"
    r"published|released|measured)\b",
    r"\bnot\s+(?:yet\s+)?(?:been\s+)?(?:part of|among)\s+(?:the|these|those)\s+(?:posted|published|outcomes?|figures|"
    r"results)\b",
    r"\buntil\s+(?:the\s+|any\s+)?(?:results?|findings?|figures?|numbers?|data)\s+(?:are|is|appear|come|arrive)\b",
    r"\bcould\s+not\s+be\s+reported\b",
    r"\b(?:results?|figures?|numbers?|data)\b[^.;]{0,60}\b(?:says?\s+nothing\b|(?:do|does|did)\s+not\s+(?:tell|say)\b)",
)

_EXPECTED = _any(
    r"\bexpect(?:s|ed|ing|ation|ations)?\b",
    r"\banticipat(?:es?|ed|ing|ion)\b",
    r"\bhypothes(?:is|es|ised|ized|ise|ize|ises|izes)\b",
    r"\b(?:aims?|aimed|aiming|intends?|intended|hopes?|hoped|hoping|plans?|planned|planning|seeks?|sought)\s+"
    r"(?:to|on|for|at|an?|its|their)\b",
    r"\b(?:aim|goal|objective|intention|purpose|plan|idea|hope)s?\s+(?:is|are|was|were|of)\b",
    r"\b(?:designed|set up|set out|meant|scheduled|due|foreseen|proposed|projected|slated|powered)\s+(?:to|for)\b",
    r"\b(?:will|shall)\s+(?:\w+\s+){0,2}?[a-z]+\b",
    r"\b(?:would|could|might|may)\s+(?:\w+\s+){0,2}?(?:show|demonstrate|prove|confirm|establish|support|offer|help|"
    r"improve|reduce|lower|provide|give|become|pave|open|justify|allow|make|lead|mean|change|strengthen|inform|point)\b",
    r"\bif\s+(?:successful|positive|confirmed|it\s+works|the\s+trial\s+succeeds|effective|proven)\b",
    r"\b(?:is|are)\s+to\s+(?:be\s+)?(?:measure|assess|determine|evaluate|compare|test|receive|enrol|enroll|find|"
    r"measured|assessed|determined|evaluated|compared|tested|enrolled|given|treated|randomi[sz]ed|followed|recruited)\b",
    r"\b(?:planned|target|intended|anticipated|estimated|projected)\s+(?:enrol?lment|sample|number|completion|end|"
    r"recruitment|accrual|start|size)\b",
    r"\b(?:recruiting|not yet recruiting|still (?:enrolling|recruiting))\b[^.]{0,60}\b(?:study|trial)\b",
    r"\bpositive (?:findings|results) would\b",
    r"\b(?:addresses|explores|explored|considers|probes|looks at|looked at|examines|investigates|studies)\s+"
    r"(?:\w+\s+){0,2}?(?:potential|promise)\b",
    r"\b(?:asks?|asked|tests?|tested|examin(?:es?|ed)|assess(?:es|ed)?|investigat(?:es?|ed)|evaluat(?:es?|ed)|"
    r"explor(?:es?|ed)|determines?|checks|checked|to see|to learn|to find out|set out to \w+)\s+(?:whether|if)\b",
)

_OUTCOME = _any(
    r"\b(?:primary|secondary|main|key|chief|principal|co-primary|exploratory|other)\s+(?:\w+\s+)?(?:outcome|end\s?-?point|"
    r"measure|yardstick|question)s?\b",
    r"\b(?:outcome|end\s?-?point)\s*(?:measure)?s?\b[^.;]{0,30}\b(?:is|are|include|includes|including)\b",
)


def has_no_results_yet(sentences: Iterable[str]) -> bool:
    """Tell whether a digest says that its study has no results yet (recruiting, planned, withdrawn)."""
    return any(_NO_RESULTS_YET.search(sentence) for sentence in sentences)


_NO_RESULTS_YET = _any(
    rf"\b(?:results?|findings?|outcome data)\b[^.;]{{0,40}}?\b(?:are|is|were|have|has)\s+(?:not|yet to)\b"
    rf"(?:\s+(?:yet|been|be))*\s+{_SHOWN}\b",
    r"\bno\s+(?:\w+\s+){0,3}?(?:results?|findings?|outcome data|outcomes?)\s+(?:\w+\s+){0,4}?(?:yet|posted|available|"
    r"reported|released|published|exist)\b",
    r"\b(?:results?|findings?)\s+(?:are|remain)\s+(?:still\s+)?(?:pending|awaited|outstanding|unavailable)\b",
    r"\bas a (?:recruiting|planned|ongoing) study\b",
    r"\b(?:not yet recruiting|is (?:still )?recruiting|still enrolling)\b",
)


def claim_of(sentence: str, *, no_results_yet: bool = False) -> Claim:
    """Label one sentence.

    Args:
        sentence: the sentence as quoted.
        no_results_yet: what :func:`has_no_results_yet` says of its digest.

    Returns:
        ``not_available`` wins where a sentence both says that results are missing and states an aim: the lack is
        what a reader who asks for a finding must see.
    """
    if _NOT_AVAILABLE.search(sentence):
        return "not_available"
    if _EXPECTED.search(sentence) or (no_results_yet and _OUTCOME.search(sentence)):
        return "expected"
    return "reported"
