"""Facts of the page: which of them a question asks for, and where they stand in a digest's header and footer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digestqa.digests.model import Fact, FactName

_LINE = r"(?:tag[ -]?line|tag|header|footer)"
# Patients have records and files too, and scores are summed up.
_TEXT = (
    r"(?:digest|page|(?<!medical )(?<!health )(?<!patient )(?<!clinical )(?:record|file)|"
    r"summary(?!\s+(?:scores?|statistics?|measures?|estimates?)\b))"
)
# "From study entry" is a day in a patient's course.
_ENTRY = r"(?:(?<!study )(?<!trial )(?<!at )(?<!from )(?<!since )(?<!before )(?<!after )(?<!of )(?<!on )entry)"
_PAGE = rf"(?:{_TEXT}|{_LINE}|{_ENTRY})"
_ID = r"(?:NCT|PMID)[\s:]*\d+"
_THIS = rf"(?:it|this|that|{_ID}|(?:the|this|that)\s+(?:[\w./+-]+\s+){{0,6}}?(?:study|trial|paper|one))"
_WROTE = r"(?:wrote|written|authored|drafted|digested|summari[sz]ed)"
_MADE = rf"(?:{_WROTE}|made|makes?|produced|generated|created)"
_MODEL = r"(?:model|llm|ai)"
_OF_THE_STUDY = "".join(rf"(?<!{word} )" for word in ("completion", "end", "closing", "closure", "approval", "death"))
"""Dates that are not the page's."""

_ASKED: tuple[tuple[FactName, tuple[str, ...]], ...] = (
    (
        "ingested",
        (
            r"\bingest(?:ed|ion|ing)?[ -]+dates?\b",
            r"\b(?:dates?|(?:which|what)\s+day)\b.*\bingest(?:ed|ion)\b",
            r"\bwhen\s+(?:was|were|did)\b.*\bingested\b|\bwhen\s+did\s+(?:you|we|they|i)\s+ingest\b",
            r"\bingested\s+(?:when\b(?!\s+\w)|on\s+(?:which|what)\b)",
            rf"\b{_TEXT}(?:\W+(?:when|was|is|been|has|get|got|first|last|ever|already))*\W+ingest(?:ed|ion)\b",
            r"\bpulled in\b",
            rf"\b(?:when|dates?|day)\b.*\b{_PAGE}\b.*\b(?:added|imported|loaded|(?:taken|brought|read) in|taken up)\b",
        ),
    ),
    (
        "digest_model",
        (
            r"\bdigest(?:ing)?[ -]model\b",
            rf"\b{_MODEL}\b.*\b(?:{_MADE}|used (?:for|on)|behind)\b.*\b{_PAGE}\b",
            rf"\b(?:who|what)\s+(?:was\s+)?{_MADE}\b.*\b{_PAGE}\b",
            r"\bwho digested\b",
            rf"\b{_MODEL}\s+(?:has\s+)?(?:digested\b|{_WROTE}\s+(?:up\b|{_THIS}\b)|{_MADE}\s+(?:it|this|that)\s*\W*$)",
            rf"\b{_MODEL}\s+(?:was|is|has)\s+{_THIS}\s+(?:been\s+)?{_WROTE}\b",
            r"\b(?:which|what)\s+llm(?:\s+(?:was|is)\s+(?:it|this))?\s*\W*$",
            rf"\b{_PAGE}'?s? model\b",
        ),
    ),
    (
        "evidence_type",
        (
            r"\bevidence (?:type|category|label|level|class|grade|tag|kind)\b",
            r"\b(?:type|kind|level) of evidence\b",
            r"\bstudy[ -](?:type|design) (?:tag|label)\b",
            r"\bevidence\b.*\b(?:filed|(?<!open[ -])(?<!off[ -])label\w*|tag\w*)\b",
        ),
    ),
    (
        "n",
        (
            rf"\bn\b(?:\s*=)?\s.*\b{_PAGE}\b",
            rf"\b{_PAGE}\b.*\bn\b(?![-'’])",
            r"^\s*(?:what(?:'s| is)? (?:the )?)?n (?:for|of|in|on)\b",
            r"\bevidence type (?:and|\+|&) n\b",
            r"\b(?:sample sizes?|number of \w+|how many \w+)\b.*\b(?:tag(?:[ -]?line)?|header)s?\b",
            r"\btag[ -]?line\b.*\bsample size\b",
        ),
    ),
    (
        "date",
        (
            rf"{_OF_THE_STUDY}(?<!\d[ -])\b(?:date|year|month)\b.*\b(?:{_TEXT}|{_LINE})\b",
            rf"\b{_LINE}\b.*\bdate\b|\b{_TEXT}\s+date\b",
            rf"\b{_TEXT}\b.*{_OF_THE_STUDY}\bdate\b(?!\s+(?:of|when)\b)",
            rf"\b{_PAGE}\b.*\bdated\b",
        ),
    ),
    (
        "official_title",
        (
            r"\b(?:official|full|registry|registered|formal|complete|whole|registry-style|long|study|scientific)"
            r"(?:[\s-]+[\w-]+)?\s+title\b",
            r"\btitle\b.*\b(?:trial|study|digest|page|paper)\b",
        ),
    ),
    ("headline", (r"\bheadline\b(?!\s+(?:results?|findings?|figures?|numbers?|outcomes?)\b)",)),
    (
        "source",
        (
            r"\b(?:nct|pmid|pubmed|registry|registration|trial|source|study)\s*(?:number|id|identifier)\b",
            r"\b(?:nct|pmid|pubmed|registry|registration)\s*no\b",
            r"\b(?:trial|source|study)\s*(?:no\.(?!\s*of\s+(?!the\b|this\b))|no(?=\s*(?:\?|$)))",
            r"\bsource line\b",
            rf"\b{_PAGE}\b.*\bsourced from\b",
            rf"\bwhere does\b.*\b{_PAGE}\b.*\bcome from\b",
            r"\bwhich registry\b",
            rf"\bsource of the\b.*\b{_PAGE}\b",
        ),
    ),
    (
        "flags",
        (
            rf"(?<!red )\bflags?\b.*\b{_PAGE}\b",
            rf"\b{_PAGE}\b(?:\s+\S+){{0,2}}?\s+(?<!red )flag(?:s|ged)?\b",
            rf"\bwhat(?:'s| is| was)\s+flagged\s+(?:on|in)\b.*\b{_PAGE}\b",
            rf"\b(?:is|was)\s+(?:{_THIS}\s+|(?:[\w/+-]+\s+){{1,4}}?(?=flagged\s*\W*$))flagged\b",
            r"\bflagged\b.*\b(?:dose mentioned|protocol relevant|safety data)\b",
            r"^\W*(?:(?:what|which|the|list|show)\s+){0,3}flags\b(?!.*\b(?:rais\w+|were|board|dsmb|monitor\w*)\b)",
            rf"\b(?:which|what) markers?\b.*\b{_PAGE}\b",
        ),
    ),
    ("keywords", (r"\bkey ?words?\b",)),
    ("compound", (rf"\bcompound\b.*\b{_PAGE}\b", r"\bslug\b")),
    (
        "class_words",
        (r"\b(?:drug )?class\b.*\b(?:tag|header|tag[ -]?line|digest|page)\b", r"\b(?:tag|header)\b.*\bclass\b"),
    ),
)
_ASKED_PATTERNS = tuple((name, re.compile("|".join(patterns), re.IGNORECASE)) for name, patterns in _ASKED)
_SWALLOWED = (
    r"(?:capsules?|tablets?|pills?|doses?|drugs?|medicines?|medications?|meals?|foods?|drinks?|solutions?|supplements?|"
    r"alcohol|glucose|caffeine|water|fluids?|tracers?|contrast|substrates?|substances?|batter(?:y|ies)|sensors?|juice|milk)"
)
_TAKEN_IN = re.compile(
    r"\b(?:after|before|following|since|upon|post|during)[\s-]+(?:[\w-]+\s+)?ingest(?:ion|ing)\b"
    rf"|\b{_SWALLOWED}(?:\s+(?:first|last|was|were|is|are|be|been|being|get|got|has|had|have))*\s+ingest(?:ed|ion|ing)?\b"
    rf"|\bingestion\s+of\b(?!.*\b{_TEXT}\b)"
    rf"|\bingest(?:ed|ing)?\s+(?:an?|the|their|any|no|with|without|orally|daily|once|twice|\d\S*)\s(?!.*\b{_TEXT}\b)",
    re.IGNORECASE,
)
"""What people swallow, not what a library takes up."""
_OTHER_NUMBER = re.compile(r"\b(?:other|second|former|secondary|also|another)\b.*\b(?:number|id|name)", re.IGNORECASE)

_COUNT_MARK = re.compile(r"n\s?=\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageFact:
    """What a question asks of the page, found in one digest.

    Attributes:
        start: first character of the span, in the digest's text.
        end: one past its last.
    """

    start: int
    end: int


def asked_page_facts(question: str) -> tuple[FactName, ...]:
    """Return the facts of the page that a question asks for; empty where it asks for none."""
    if _OTHER_NUMBER.search(question):
        return ()
    asked = [name for name, pattern in _ASKED_PATTERNS if pattern.search(question)]
    if "ingested" in asked and "date" in asked:
        asked.remove("date")
    if "ingested" in asked and _TAKEN_IN.search(question):
        asked.remove("ingested")
    return tuple(asked)


def find_page_fact(names: Sequence[FactName], facts: Sequence[Fact], text: str) -> PageFact | None:
    """Return where the asked facts stand; None where the page lacks one of them, or they are far apart.

    Args:
        names: of the facts.
        facts: of the digest, in the order of its text.
        text: the digest's text.
    """
    found: list[Fact] = []
    for name in names:
        of_name = [fact for fact in facts if fact.name == name]
        if not of_name:
            return None
        found.append(of_name[-1] if name == "source" else of_name[0])
    start, end = min(fact.start for fact in found), max(fact.end for fact in found)
    first = min(found, key=lambda fact: fact.start)
    if first.name == "n" and (mark := _COUNT_MARK.search(text[max(0, start - 4) : start])):
        start -= len(mark.group())
    if len(found) > 1 and "\n" in text[start:end]:
        return None
    return PageFact(start, end)
