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

_TOLD = (
    r"posted|published|released|disclosed|reported|presented|supplied|stated|announced|made public|given|shared|known|"
    r"available|provided"
)
_MISSABLE = (
    r"results?|findings?|outcomes?|data|figures?|numbers?|estimates?|values?|rates?|conclusions?|efficacy|safety|"
    r"effect|answers?"
)

_NOT_AVAILABLE = _any(
    rf"\b{_RESULT}\b[^.;]{{0,60}}?\b(?:are|is|were|was|have|has|had|remain|do|does|did|could|can)\s+"
    rf"(?:not|never|yet to)\b(?:\s+(?:yet|been|be|so far|currently|now))*\s+"
    rf"(?:{_SHOWN}|listed|appear|in the (?:registry|record|entry)|part of|form part|made public|accompany)\b",
    rf"\b(?:no|without|lacks?|lacking)\s+(?:\w+[\s-]){{0,4}}?{_RESULT}\b(?:\s+\w+){{0,6}}?\s+"
    rf"(?:(?:is|are|was|were|has|have|had)\s+(?:yet\s+|been\s+)*)?(?:{_SHOWN}|yet|exist|made public|attached)",
    rf"\b(?:no|neither)\s+(?:{_KIND}[\s-]+){{0,4}}{_MEASURE}\b",
    rf"\bno\s+(?:{_KIND}[\s-]+){{0,3}}(?:outcomes?|information|conclusions?|outcome measures?|follow-?up data)\b"
    rf"[^.;]{{0,40}}?\b(?:{_SHOWN}|about results|drawn)\b",
    rf"\b(?:without|lacks?|lacking|missing)\s+(?:posting\s+|reporting\s+|any\s+)?(?:{_KIND}[\s-]+){{0,3}}"
    rf"(?:results?|findings?|outcome data|figures)\b",
    rf"\b(?:is|are|was|were|has|have|had|do|does|did)\s+(?:not|never)\s+(?:yet\s+)?(?:been\s+)?(?:{_TOLD})\b",
    rf"\b(?:{_MISSABLE})\b[^.;]{{0,50}}?\b(?:is|are|was|were|remains?)\s+(?:still\s+)?(?:unpublished|unreported|"
    r"unavailable|undisclosed|unknown|awaited|pending|outstanding|missing)\b",
    rf"\bnone of the\s+(?:\w+\s+){{0,2}}?{_MEASURE}\b[^.;]{{0,30}}?\b(?:has|have|was|were|is|are)\s+(?:been\s+)?"
    rf"{_SHOWN}\b",
    rf"\bneither\b[^.;]{{0,60}}\b(?:has|have|was|were|is|are)\s+(?:been\s+)?(?:{_SHOWN})\b",
    r"\bnothing\b[^.;]{0,40}\b(?:to report|published|reported|posted|released)\b|\bsays? nothing (?:about|of|on)\b|"
    r"\b(?:is|are|remains?) silent (?:on|about)\b",
    rf"\b(?:has|have|had)\s+(?:yet to|not yet)\s+(?:be\s+)?(?:{_TOLD}|report|publish|post|release)\b",
    r"\b(?:record|entry|digest|page|abstract|registry|register|publication|paper|summary|study|trial|authors|investigators|"
    r"sponsor|company)\s+(?:do|does|did|has|have)\s+not\s+(?:yet\s+)?(?:report|state|share|disclose|supply|supplie)[sd]?\b",
    r"\b(?:do|does|did|has|have)\s+not\s+(?:yet\s+)?(?:share|disclose|supply|supplie)[sd]?\b",
    rf"\bno\s+(?:\w+\s+){{0,3}}?(?:hazard ratio|odds ratio|p-?value|analysis|comparison|statistical\s+\w+|test)\b"
    rf"[^.;]{{0,40}}?\b{_SHOWN}\b",
    r"\bno\s+(?:outcome\s+|further\s+)?(?:data|figures|numbers|values)\s+(?:exist|are|on|from|about|for)\b",
    r"\bresults?\s*:\s*(?:none|no|not)\b|\bresults? (?:are|is) not out\b",
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

_ASKING = r"(?:(?:ask|test|examin|assess|investigat|evaluat|explor|determin|check|study|prob)ing|looking\s+(?:at|into))"
_FOUND = (
    r"(?:found|finds?|showed|shows?|shown|revealed|demonstrated|concluded|reported|reports|saw|seen|observed|noted|did|had|"
    r"was|were)"
)
_DUE = (
    r"(?:be|begin|start|open|end|finish|close|stop|complete|conclude|report|publish|read|run|last|receive|get|take|have|"
    r"enrol|enroll|recruit|return|join|go|continue|deliver|appear|come)"
)

_EXPECTED = _any(
    r"\bexpect(?:s|ed|ing|ation|ations)?\b",
    r"\banticipat(?:es?|ed|ing|ion)\b",
    r"\bhypothes(?:is|es|ised|ized|ise|ize|ises|izes)\b",
    r"\b(?:aims?|aimed|aiming|intends?|intended|hopes?|hoped|hoping|plans?|planned|planning|seeks?|sought)\s+"
    r"(?:to|on|for|(?<!aimed\s)at|an?|its|their)\b|\baimed\s+at\s+\w+ing\b|\b(?:study|trial|it|they|researchers|investigators|authors|team)\s+(?:(?:is|was|are|were)\s+)?aimed\s+at\b|(?<!little\s)(?<!no\s)\b(?:hope[sd]?|hoping|hopeful)\s+that\b"
    r"(?!\s+(?:are|is|were|was)\b)",
    r"\b(?:aim|goal|objective|intention|purpose|plan|idea|hope)s?\s+(?:is|are|was|were|of)\b",
    r"\b(?:designed|set up|set out|meant|scheduled|foreseen|proposed|projected|slated|powered)\s+to\b",
    # "An app designed for the old cut falls" tells of a finding.
    r"\b(?:(?:is|are|was|were|been|study|trial|it|now)\s+(?:designed|meant)|set up|scheduled|foreseen|proposed|"
    r"projected|slated|powered)\s+for\b",
    rf"\bdue\s+(?:for\b|to\s+{_DUE}\b)",
    r"\b(?:will|shall)\s+(?:\w+\s+){0,2}?[a-z]+\b",
    r"\b(?:would|could(?!\s+not\b)|might|may)\s+(?:\w+\s+){0,2}?(?:show|demonstrate|prove|confirm|establish|support|offer|help|"
    r"improve|reduce|lower|provide|give|become|pave|open|justify|allow|make|lead|mean|change|strengthen|inform|point)\b",
    r"\bif\s+(?:successful|positive|confirmed|it\s+works|the\s+trial\s+succeeds|effective|proven)\b",
    r"\b(?:is|are)\s+to\s+be\s+\w+(?:ed|en|wn|nt|lt|pt)\b|\bis intended\b|\b(?:is|are) forecast\b",
    r"\b(?:would|could|might|should|may)\s+(?!not\b)(?:\w+ly\s+)?(?:spare|show|shorten|mean|replace|reveal|tell|cut|free|let|"
    r"prevent|protect|enable|answer|lengthen|separate|extend|simplify|widen|ease|bring)\b",
    r"^should\s+[^,;]+\bprove\b",
    r"\b(?:is|are)\s+to\s+(?:be\s+)?(?:measure|assess|determine|evaluate|compare|test|receive|enrol|enroll|find|"
    r"measured|assessed|determined|evaluated|compared|tested|enrolled|given|treated|randomi[sz]ed|followed|recruited)\b",
    r"\b(?:planned|target|intended|anticipated|estimated|projected)\s+(?:enrol?lment|sample|number|completion|end|"
    r"recruitment|accrual|start|size)\b(?![^.;]*\b(?:never|not|missed|short|reached)\b)",
    r"\b(?:recruiting|not yet recruiting|still (?:enrolling|recruiting))\b[^.]{0,60}\b(?:study|trial)\b",
    r"\bpositive (?:findings|results) would\b",
    r"\b(?:addresses|explores|explored|considers|probes|looks at|looked at|examines|investigates|studies)\s+"
    r"(?:\w+\s+){0,2}?(?:potential|promise)\b",
    r"\b(?:asks?|asked|tests?|tested|examin(?:es?|ed)|assess(?:es|ed)?|investigat(?:es?|ed)|evaluat(?:es?|ed)|"
    r"explor(?:es?|ed)|determines?|checks|checked|to see|to learn|to find out|set out to \w+)\s+(?:whether|if)\b",
    # "Investigators testing whether it works found that it does" tells of a finding.
    rf"\b(?:is|are|was|were|be|been|now|still|currently)\s+(?:\w+ly\s+)?{_ASKING}\s+(?:whether|if)\b",
    rf"\b{_ASKING}\s+(?:whether|if)\b(?![^.]*\b{_FOUND}\b)",
)

_OUTCOME = _any(
    r"\b(?:primary|secondary|main|key|chief|principal|co-primary|exploratory|other)\s+(?:\w+\s+)?(?:outcome|end\s?-?point|"
    r"measure|yardstick|question|target)s?\b",
    r"\b(?:outcome|end\s?-?point)\s*(?:measure)?s?\b[^.;]{0,30}\b(?:is|are|include|includes|including)\b",
)


def has_no_results_yet(sentences: Iterable[str]) -> bool:
    """Tell whether a digest says that its study has no results yet (recruiting, planned, withdrawn)."""
    return any(
        _NO_RESULTS_YET.search(sentence)
        or (_GOES_ON.search(sentence) and _NOT_AVAILABLE.search(sentence) and not _OF_ONE_MEASURE.search(sentence))
        for sentence in map(_spelt_out, sentences)
    )


_OF_ONE_MEASURE = _any(
    r"\bfor (?:this|that|these) (?:\w+ )?(?:end\s?-?points?|outcomes?|outcome measures?|measures?|analys[ei]s|part|arm|"
    r"cohort)\b",
    r"\bgives no figures for the \w+ outcome\b",
)
"""What is lacking is one measure of a study whose others may be there."""


_GOES_ON = _any(
    r"\b(?:recruit|enrol|accru)\w*\b",
    r"\b(?:ongoing|under way|underway|in progress|continues|so far|as yet|yet to (?:start|begin|open))\b",
    r"\b(?:not|never) (?:yet )?(?:begun|started|opened|ended)\b",
)

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
    sentence = _spelt_out(sentence)
    if _NOT_AVAILABLE.search(sentence):
        return "not_available"
    if _EXPECTED.search(sentence) or (no_results_yet and _OUTCOME.search(sentence)):
        return "expected"
    return "reported"


_SHORT_NOT = re.compile(r"\b(?:(ca|wo)n['’]t|(can)not|(\w+)n['’]t)\b", re.IGNORECASE)
_WHOLE = {"ca": "can", "wo": "will"}


def _spelt_out(sentence: str) -> str:
    """Return a sentence with its short negations as two words: "haven't" as "have not"."""
    return _SHORT_NOT.sub(_two_words, sentence)


def _two_words(match: re.Match[str]) -> str:
    verb = match[1] or match[2] or match[3]
    return f"{_WHOLE.get(verb.lower(), verb)} not"
