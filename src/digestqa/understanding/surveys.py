"""Questions over the library: which digests have a flag or an evidence type, which studies recruit, what is here."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from digestqa.retrieval.naming import is_frame
from digestqa.retrieval.terms import STOPWORDS
from digestqa.understanding.conditions import NEGATION, TRAILING, limited, without
from digestqa.understanding.extremes import asked_extreme
from digestqa.understanding.named_lists import LIMIT_OF_DESIGN, listed_by_name, names_a_limit
from digestqa.understanding.phases import asked_phase, lists_phase
from digestqa.understanding.ranges import asked_bounds
from digestqa.understanding.survey import Survey, SurveyKind
from digestqa.understanding.survey_words import KINDS, MARKED, RANDOMISED_ON_TAG_LINE, RESULTS, TAKING_PART, WRITES
from digestqa.understanding.whole_library import asks_for_whole_library
from digestqa.understanding.wording import asks_which

_DOSE = re.compile(r"\bdos(?:e|es|age|ing)\b", re.I)
_MENTION = re.compile(r"\b(?:mention|flag)\w*", re.I)
_FLAGS = (
    ((_DOSE, _MENTION), "dose mentioned"),
    ((re.compile(r"\bprotocol[ -]relevant\b", re.I),), "protocol relevant"),
    ((re.compile(r"\bsafety data\b", re.I),), "safety data present"),
    ((re.compile(r"\bflag\w*\b", re.I), re.compile(r"\bsafety\b", re.I)), "safety data present"),
)
_EVIDENCE = (
    (r"rcts?|randomi[sz]ed(?: controlled)?(?: trials?)?", RANDOMISED_ON_TAG_LINE),
    (r"meta[ -]?analys[ie]s", r"meta[ -]analysis"),
    (r"case series", r"case series"),
    (r"observational", r"observational"),
    (r"single[ -]arm", r"single[ -]arm"),
    (r"systematic reviews?", r"systematic review"),
    (r"preclinical", r"preclinical"),
    (r"in[ -]vitro", r"in[ -]vitro"),
    (r"animal(?: studies)?", r"animal"),
)
_PEOPLE = r"(?:patients|participants|people|volunteers|subjects)"
_RECRUITING = re.compile(
    rf"\b(?:(?:recruiting|enroll?ing)(?:\s+(?:any |new )?{_PEOPLE})?|taking (?:on |in )?(?:any |new )?{_PEOPLE}|"
    r"open (?:to|for) (?:recruitment|enrol\w*|accrual))\b",
    re.IGNORECASE,
)
_NOT_RECRUITING = re.compile(
    rf"(?:(?P<over>\bno longer)|\bnot(?! yet)|n['’]t)\s+(?:(?:still|currently|now|actively|any longer|any more)\s+)?"
    rf"(?:{_RECRUITING.pattern})(?:\s+(?P<any_more>any ?(?:more|longer)))?",
    re.IGNORECASE,
)
_STOP = r"(?:stopped|ended|closed|halted|terminated|abandoned|cut short|shut down|discontinued|withdrawn|suspended)"
_TOO_SOON = (
    r"(?:early|prematurely|too soon|before (?:time|(?:the|their|its) (?:planned )?end)|ahead of (?:time|schedule))\b"
)
_STOPPED = re.compile(
    rf"(?:\b{KINDS}\s+(?:(?:that|which)\s+)?(?:was|were|got|(?:has|have|had) been)\s+(?:\w+ly\s+)?{_STOP}\b"
    rf"|\b{KINDS}\s+(?:(?:that|which)\s+)?{_STOP}(?=\s*(?:\?|$|{_TOO_SOON}))"
    rf"|\b{KINDS}\s+(?:(?:that|which)\s+)?(?:did\s+)?(?:the|its|their)\s+(?:sponsors?|company|companies)\s+{_STOP}\b)"
    rf"(?:\s+{_TOO_SOON})?",
    re.IGNORECASE,
)
_STOPPED_AS = re.compile(r"\b(?:withdrawn|suspended)\b", re.IGNORECASE)
_OF_RESULTS = (
    r"(?:(?:posted|published|reported|available|released|public|outcome|final|study|trial|clinical|known|such|any|their|its|"
    r"the)\s+)"
)
_NO_RESULTS = re.compile(
    rf"\bnothing to report\b|\b(?:no|without|lack\w*)\s+{_OF_RESULTS}{{0,2}}(?:results?|findings?|data)\b|"
    r"\bunreported\b|\bwait(?:ing)? for (?:\w+ )?(?:results?|data)\b|"
    r"\bresults? (?:are )?(?:still )?(?:pending|awaited|outstanding)\b|"
    r"(?:\bnot|n['’]t|\byet to) (?:yet )?(?:report|publish|post)\w*\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?:\bwhat(?:'s| is)?\s+(?:\w+\s+)?(?:in here|there|here)\s+(?:about|on)|\banything\s+(?:\w+\s+)?(?:about|on)|"
    rf"\bdo (?:you|we) have\b.*?\b(?:about|on)|"
    rf"\b(?:which|how many|what)\s+(?:of the\s+)?(?:(?P<kind>\w+)\s+)?{KINDS}\s+(?:(?:are|is|do|that)\s+)?"
    r"(?:about|on|mention|concern|deal with|cover|involve))\s+(?P<subject>[^,;]+?)\s*[?.!]*$",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\s*(?:for|because of|due to|owing to|on account of)\s+(?:a |an |the |its |their )?"
    r"(?P<reason>[a-z][a-z -]*?[a-z])(?:\s+(?:reasons?|concerns?|issues|problems))?\s*\W*$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(?:and|or|than|by|with|in|to|from|as|only|not|no)\b", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:or|either)\b", re.IGNORECASE)

_TESTED = re.compile(
    rf"\b(?:which|how many|what|list(?: the)?)\s+(?:of the\s+)?{KINDS}\s+(?:(?:that|which|have|had)\s+)?"
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
    """Return what a question looks for in every digest, where that is told by their words; else None.

    The first kind whose words it has decides. What it says besides must name things that studies are called after:
    a negation, a number, a time, a reason are conditions that no list keeps, so that such a question is read for.
    """
    if everything := asks_for_whole_library(question):
        told = "are there (all: digestqa list)" if everything == "studies" else "are quoted, one for each compound"
        return Survey(everything, "", told)
    found = _extreme(question) or (_first_kind(question) if asks_which(question) or lists_phase(question) else None)
    if found is None:
        return None
    survey, rest, ignored = found
    return limited(survey, rest, ignored)


def asks_who_wrote(question: str) -> bool:
    """Tell whether it asks for the digests that somebody wrote."""
    return bool(_OF_DIGESTS.search(question) and _WRITING.search(question))


def surveyed_model(question: str, models: Collection[str]) -> Survey | None:
    """Return a survey of the digests that a model wrote, where a question asks for them; else None.

    Args:
        question: as asked.
        models: that the digests of the library were written by; another one counts as such after "written by" only.
    """
    if not asks_who_wrote(question):
        return None
    place = _WRITTEN_BY.search(question)
    span = place.span("model") if place is not None else None
    for model in sorted(models, key=len, reverse=True):
        if span is None and (known := re.search(as_whole(re.escape(model)), question, re.IGNORECASE)):
            span = known.span()
    if span is None:
        return None
    model = question[slice(*span)]
    survey = Survey("digest_model", re.escape(model), f"were written by {model}")
    return limited(survey, without(question, [span]), WRITES)


def as_whole(pattern: str) -> str:
    """Return a pattern that no longer name goes on from, nor ends with: gpt-5 in gpt-5-mini, RCT in non-RCT."""
    return rf"(?<![\w.-])(?:{pattern})(?![\w-]|\.\w)"


_WRITTEN_BY = re.compile(
    r"\bwritten by\s+(?P<model>(?=\S*\d)[a-z][\w/:]*(?:[-.][\w/:]+)+)",
    re.IGNORECASE,
)
_WRITING = re.compile(r"\b(?:digests|pages|written|writes?|wrote|made|generated|produced|created)\b", re.IGNORECASE)
_OF_DIGESTS = re.compile(
    r"\b(?:which|what|how many|list)\b.*\b(?:digests|pages|studies|trials)\b"
    r"|^\W*(?:and\s+)?(?:which|how many)\s+(?:of (?:them|these|those)\s+)?(?:was|were|are|is)\s+written by\b",
    re.IGNORECASE,
)


def _first_kind(question: str) -> tuple[Survey, str, frozenset[str]] | None:
    """Return what is looked for, what the question says besides, and words of that which limit nothing."""
    for parts, flag in _FLAGS:
        if all(part.search(question) for part in parts):
            spans = [match.span() for part in parts for match in part.finditer(question)]
            survey = Survey("flag", re.escape(flag), f"are flagged “{flag}”")
            return survey, without(question, spans), MARKED
    for words, pattern in _EVIDENCE:
        tagged = rf"\b(?:are|is|were|was|as|tagged|labell?ed)\s+(?:an?\s+)?(?:{words})\s*\W*$"
        if match := re.search(tagged, question, re.IGNORECASE):
            survey = Survey("evidence_type", pattern, "have that evidence type on the tag line")
            return survey, without(question, [match.span()]), MARKED
    if match := _NOT_RECRUITING.search(question):
        over = bool(match["over"] or match["any_more"])
        kind: SurveyKind = "no_longer_recruiting" if over else "not_recruiting"
        survey = Survey(kind, "", f"say that the study {'no longer recruits' if over else 'does not recruit'}")
        return survey, without(question, [match.span()]), frozenset()
    if match := _RECRUITING.search(question):
        survey = Survey("recruiting", "", "say that the study recruits")
        return survey, without(question, [match.span()]), frozenset()
    if match := _STOPPED.search(question):
        survey = Survey("stopped", "", "say that the study was stopped")
        if said := _STOPPED_AS.search(match.group()):
            # Each is a status of its own in the registries; the other words are used for any of them.
            how = said.group().lower()
            survey = replace(survey, wanted=how, told=f"say that the study was {how}")
        if reason := _REASON.match(question, match.end()):
            why = reason["reason"]
            if not all(word in STOPWORDS or not is_frame(word) for word in why.lower().split()) or _JOINED.search(why):
                return None
            told = f"say in one sentence that the study was {survey.wanted or 'stopped'}, with “{why}”"
            return (
                replace(survey, wanted=f"{survey.wanted} {why}".strip(), told=told),
                without(question, [(match.start(), len(question))]),
                frozenset(),
            )
        # Of one that was stopped, "for" says why.
        rest = without(question, [match.span()])
        return survey, re.sub(r"\bfor\b", "because", TRAILING.sub("", rest)), frozenset()
    if match := _NO_RESULTS.search(question):
        survey = Survey("no_results", "", "say that there are no results")
        return survey, without(question, [match.span()]), RESULTS
    if designed := _by_page(question):
        return designed
    if asked := asked_phase(question):
        phase, span = asked
        told = f"speak of “phase {phase}”, not counting “phase {phase} dose”"
        return Survey("phase", phase, told), without(question, [span]), LIMIT_OF_DESIGN | {"find", "number", "got"}
    if (match := _TESTED.search(question)) and not _MORE_THAN_A_THING.search(match["thing"]):
        thing = match["thing"]
        survey = Survey("tested", thing, f"have “{thing}” in their headline, title or compound")
        return survey, without(question, [match.span()]), frozenset()
    if match := _SUBJECT.search(question):
        subject = match["subject"]
        if NEGATION.search(subject) or _EITHER.search(subject):
            return None
        rest = f"{without(question, [match.span()])} {match['kind'] or ''}"
        return Survey("subject", subject, f"mention “{subject}”"), rest, frozenset()
    if named := listed_by_name(question):
        called = f"have “{named.thing}” in their headline, title or compound"
        told = f"mention “{named.thing}”" if named.mentioned else called
        survey = Survey("subject" if named.mentioned else "tested", named.thing, told)
        return survey, f"{without(question, [(0, len(question))])} {named.rest}", frozenset()
    return None


def _extreme(question: str) -> tuple[Survey, str, frozenset[str]] | None:
    """Return what is looked for where the largest or latest studies are asked for."""
    if (asked := asked_extreme(question)) is None:
        return None
    extreme, span, thing = asked
    return Survey("extreme", "", extreme.told, extreme=extreme), f"{without(question, [span])} {thing}", TAKING_PART


def _by_page(question: str) -> tuple[Survey, str, frozenset[str]] | None:
    """Return what is looked for where a day, a number or an evidence type of the page limits the studies."""
    if asked := asked_bounds(question):
        bounds, span, told = asked
        # "Had more than 100 patients" says of the number alone that studies had it.
        rest = re.sub(r"\bha[ds]\s+(?=\|)", "", without(question, [span]))
        return (Survey("within_bounds", "", told, bounds=bounds), rest, TAKING_PART) if names_a_limit(rest) else None
    for words, pattern in _EVIDENCE:
        if match := re.search(rf"\b(?:(?:{words})\s+{KINDS}|(?:{words})(?<=rcts))\b", question, re.IGNORECASE):
            survey = Survey("evidence_type", pattern, "have that evidence type on the tag line")
            rest = without(question, [match.span()])
            return (survey, rest, LIMIT_OF_DESIGN) if names_a_limit(rest) else None
    return None
