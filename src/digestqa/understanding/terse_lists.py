"""Lists of studies asked for in hardly a word: "rcts", "single arm studies", "recruiting trials?"."""

from __future__ import annotations

import re

from digestqa.understanding.courtesy import place_of_asking, plainly
from digestqa.understanding.survey_words import KINDS

_SHOW = r"(?:(?:show(?: me)?|give me|find(?: me)?|list|display|name) )?(?:(?:all|any|the|some|of|your|our|my) )*"
_OF = r"(?:of|on|with|in|for|about|testing)"
_TAIL = (
    rf"(?P<of>(?: {_OF} "
    r"(?!(?:here|there|it|them|these|those|which|whom|what|(?:the|my|our|your) library|this|that)\b)"
    r"(?:[\w/+.-]+ ){0,3}?[\w/+.-]+)?)"
    r"(?: (?:in here|here|in (?:the|this|my|our|your) library|there are|you have))?"
)
_SPOKEN_OF = (
    r"\b(?:same|such|its|their|theirs|his|her)\b"
    r"|\bthe (?:[\w-]+ )?(?:drugs?|compounds?|medicines?|medications?|treatments?|therapy|intervention|agent|substance|"
    r"product|disease|condition|illness|disorder|patients?|participants?|people|volunteers|subjects|population|group|"
    r"cohort|arm|sponsor|company|authors?|trials?|stud(?:y|ies)|digests?|papers?|"
    r"first|second|third|last|latter|former|next|previous|others?|ones?)(?=$| (?:on|with|in|for|about|testing)\b)"
)
"""Points at what was spoken of before: "the drug", but not "the drug zelanide"; no study is listed by that."""
_DESIGN = (
    r"randomi[sz]ed(?: controlled)?|rct|single[- ]arm|observational|preclinical|in[- ]vitro|animal|meta[- ]analysis"
)
_DESIGNED = rf"{_SHOW}(?P<design>(?:{_DESIGN}) {KINDS}|rcts){_TAIL}"
_REVIEWS = rf"{_SHOW}(?P<reviews>meta[- ]analyses|systematic reviews|case series){_TAIL}"
_GOING_ON = rf"{_SHOW}(?:currently |still |actively |now )?(?P<going>recruiting|enroll?ing) (?P<kind>{KINDS}){_TAIL}"
_BROKEN_OFF = r"(?:terminated|stopped|halted|abandoned|discontinued|withdrawn|suspended)"
_STOPPED = rf"{_SHOW}(?P<stopped>{_BROKEN_OFF}) (?P<kind>{KINDS}){_TAIL}"
_WHY = (
    r" for (?:[\w-]+ ){0,3}?(?:futility|(?:in)?efficacy|benefit|success|harms?|safety|toxicity|tolerability|accrual|"
    r"enrol?lment|recruitment|funding|funds|money|feasibility|reasons?|concerns?|issues|problems)"
)
"""Of studies that were stopped, "for futility" says why; "for depression" says which."""
_NAMED = rf" {_OF} (?:the |an? )?(?P<name>(?:(?!{_OF}\b)[\w/+.-]+ ?)+)"
_WITHOUT_RESULTS = rf"{_SHOW}(?P<kind>{KINDS}) (?P<without>without (?:any )?results)(?P<of>)"
_SAID = (
    rf"{_SHOW}(?P<kind>{KINDS}) (?:that|which) (?P<said>(?:are|were) (?:(?:still|currently) )?"
    rf"(?:recruiting|enroll?ing|terminated|stopped|withdrawn|suspended|rcts|randomi[sz]ed|observational|single[- ]arm))"
    rf"(?P<of>)"
)
_HINT = r"\b(?:rcts?|analyses|reviews|series)\b|\b(?:trials|studies|digests|pages|papers)\b"
_MOST_CHARS = 90
_MOST_WORDS = 10


def as_full_list(question: str) -> str:
    """Return a list that is asked for tersely as it is asked for in full; any other question as it is.

    Only what names a kind of studies and nothing else is one: "rcts", but not "rcts that had deaths", and not the
    "and rcts?" that leans on what was asked before.
    """
    if len(question) > _MOST_CHARS or len(question.split()) > _MOST_WORDS:
        return question
    if not re.search(_HINT, question, re.IGNORECASE):
        return question  # the patterns are costly to compile, and most runs ask one question
    start, _ = place_of_asking(question)
    if re.search(r"\band\b", question[:start], re.IGNORECASE):
        return question
    plain = plainly(question)
    for pattern in (_DESIGNED, _REVIEWS, _GOING_ON, _STOPPED, _WITHOUT_RESULTS, _SAID):
        if match := re.fullmatch(pattern, plain, re.IGNORECASE):
            said = match.groupdict()
            return question if re.search(_SPOKEN_OF, said["of"] or "", re.IGNORECASE) else _in_full(said)
    return question


def _in_full(said: dict[str, str | None]) -> str:
    of = said["of"] or ""
    kind = said.get("kind") or "studies"
    if design := said.get("design"):
        if design.lower() == "rcts":
            return f"which studies{of} are rcts?"
        return f"which {design}{of} are there?"
    if reviews := said.get("reviews"):
        return f"which studies{of} are {reviews}?"
    if going := said.get("going"):
        return f"which {kind}{of} are {going}?"
    if stopped := said.get("stopped"):
        if re.fullmatch(_WHY, of, re.IGNORECASE):
            return f"which {kind} were {stopped}{of}?"
        if named := re.fullmatch(_NAMED, of, re.IGNORECASE):
            return f"which {named['name']} {kind} were {stopped}?"
        return f"which {kind}{of} were {stopped}?"
    if said.get("without"):
        return f"which {kind} have no results?"
    return f"which {kind} {said.get('said')}?"
