"""Facts of the page: which of them a question asks for, and where they stand in a digest's header and footer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digestqa.digests.model import Fact, FactName

_PAGE = r"(?:digest|page|record|entry|summary|tag[ -]?line|tag|header|footer|file)"
_MADE = r"(?:wrote|written|made|makes?|produced|generated|created|authored|drafted|digested|summari[sz]ed|did)"

_ASKED: tuple[tuple[FactName, tuple[str, ...]], ...] = (
    (
        "ingested",
        (
            r"\bingest(?:ed|ion|ing)?\b",
            r"\bpulled in\b",
            rf"\bwhen was\b.*\b{_PAGE}\b.*\b(?:added|taken (?:in|up)|loaded)\b",
        ),
    ),
    (
        "digest_model",
        (
            r"\bdigest(?:ing|ion)?[ -]model\b",
            rf"\b(?:model|llm|ai)\b.*\b(?:{_MADE}|used (?:for|on)|behind)\b.*\b{_PAGE}\b",
            rf"\b(?:model|llm|ai|who|what)\s+(?:was\s+)?(?:{_MADE})\b.*\b{_PAGE}\b",
            r"\bwho digested\b",
            r"\b(?:which|what) (?:llm|ai)\b",
            rf"\b(?:which|what) model\b.*\b(?:{_PAGE}|{_MADE})\b",
            rf"\b{_PAGE}'?s? model\b",
        ),
    ),
    (
        "evidence_type",
        (
            r"\bevidence (?:type|category|label|level|class|grade|tag|kind)\b",
            r"\b(?:type|kind|level) of evidence\b",
            r"\bstudy[ -](?:type|design) (?:tag|label)\b",
            r"\bevidence\b.*\b(?:filed|label\w*|tag\w*)\b",
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
            rf"\b(?:date|year|month)\b.*\b{_PAGE}\b",
            rf"\b{_PAGE}\b.*\bdate\b",
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
    ("headline", (r"\bheadline\b",)),
    (
        "source",
        (
            r"\b(?:nct|pmid|pubmed|registry|registration|trial|source|study)\s*(?:number|id|no\.?|identifier)\b",
            r"\bsource line\b",
            rf"\b{_PAGE}\b.*\bsourced from\b",
            rf"\bwhere does\b.*\b{_PAGE}\b.*\bcome from\b",
            r"\bwhich registry\b",
            rf"\bsource of the\b.*\b{_PAGE}\b",
        ),
    ),
    ("flags", (r"\bflag(?:s|ged)?\b", rf"\b(?:which|what) markers?\b.*\b{_PAGE}\b")),
    ("keywords", (r"\bkey ?words?\b",)),
    ("compound", (rf"\bcompound\b.*\b{_PAGE}\b", r"\bslug\b")),
    (
        "class_words",
        (r"\b(?:drug )?class\b.*\b(?:tag|header|tag[ -]?line|digest|page)\b", r"\b(?:tag|header)\b.*\bclass\b"),
    ),
)
_ASKED_PATTERNS = tuple((name, re.compile("|".join(patterns), re.IGNORECASE)) for name, patterns in _ASKED)
_OTHER_NUMBER = re.compile(r"\b(?:other|second|former|secondary|also|another)\b.*\b(?:number|id|name)", re.IGNORECASE)

_COUNT_MARK = re.compile(r"n\s?=\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageFact:
    """What a question asks of the page, found in one digest.

    Attributes:
        names: the facts.
        start: first character of the span, in the digest's text.
        end: one past its last.
    """

    names: tuple[FactName, ...]
    start: int
    end: int


def asked_page_facts(question: str) -> tuple[FactName, ...]:
    """Return the facts of the page that a question asks for; empty where it asks for none."""
    if _OTHER_NUMBER.search(question):
        return ()
    asked = [name for name, pattern in _ASKED_PATTERNS if pattern.search(question)]
    if "ingested" in asked and "date" in asked:
        asked.remove("date")
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
    return PageFact(tuple(names), start, end)
