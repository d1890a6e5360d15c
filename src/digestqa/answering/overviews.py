"""A study as a whole: the digest's own headline, and the sentence that gives its first result or tells of none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from digestqa.answering.citing import Citer, Finding
from digestqa.answering.page_facts import line_of_title
from digestqa.answering.without_results import says_missing
from digestqa.reading.claims import claim_of
from digestqa.retrieval.terms import content_words
from digestqa.understanding.overviews import MOST_STUDIES_TOLD, overview_of
from digestqa.understanding.wording import asks_for_finding

if TYPE_CHECKING:
    from digestqa.library import DigestRecord
    from digestqa.retrieval.aliases import Aliases
    from digestqa.retrieval.naming import StudyNaming
    from digestqa.understanding import Understood

RESULT_CONFIDENCE = 0.8
"""Of the sentence that gives the first result: it is chosen by its words, not by what was asked."""
_SAY_STUDY = frozenset(
    "trial trials study studies digest digests page paper record project work research summary "
    "author authors investigators researchers team".split()
)
_RESULT = (
    r"\d\s?%|\b\d[\d,]* of (?:the )?\d|\b(?:CI|SD|SE|IQR|HR|OR|RR|interval)\b|\bp\s?[=<≤]|\bhazard ratio\b"
    r"|\b(?:mean|median|average|score|rate)s?\b[^.]*\d|\b(?:none|no one|nobody|neither|not one)\b"
)
_NO_RESULT = (
    r"\b(?:mean(?:s|t|ing) (?:that|a|an|the|any)|counted (?:as|confirmed|any|a|an)|defined?|definition|assess\w*|"
    r"judged|criteria|planned|enrol\w*|randomi[sz]ed to|years? (?:old|of age)|eligible|"
    r"was measured|were measured|scored with|received|was given|were given|took)\b"
)
_HARM = r"\b(?:adverse|side effects?|serious|toxicit\w+|died|deaths?)\b"
_POINTS_BACK = r"(?:it|they|this|these|that|those|both|one of them|the same)\b"
_NO_RESULTS_SECTION = r"background|design|method|introduction|why|matter|header|footer"


def overview(understood: Understood, citer: Citer, naming: StudyNaming, aliases: Aliases) -> list[Finding]:
    """Return headline and first result of the studies whose overview is asked for; empty where none is.

    Args:
        understood: the question; only of studies that it is known to be about, or of the only one there is.
        citer: of the library.
        naming: tells which words the studies are called by.
        aliases: the names that the user knows, for the compounds among its limits.
    """
    asked = understood.asked or understood.text
    thing = overview_of(asked)
    if thing is None:
        return []
    sources = understood.about or _only_study(understood, citer)
    if not 1 <= len(sources) <= MOST_STUDIES_TOLD or understood.filters.sections:
        return []
    digests = [next(iter(citer.library.find_digests(source)), None) for source in sources]
    compounds = aliases.compound_names(understood.filters.compounds)
    within = set(citer.library.digest_ids(sources, compounds, understood.filters.since).tolist())
    known = [digest for digest in digests if digest is not None and digest.id in within and citer.is_fresh(digest)]
    if not known or not _names_no_more(thing, known, naming):
        return []
    found = asks_for_finding(asked)
    return [finding for digest in known for finding in _of_one(digest, citer, found=found)]


def shown_by(sources: Sequence[str]) -> str:
    """Return what tells a person where the rest of the digests is."""
    if len(sources) > 1:
        return f"parts of the digests; all of one: digestqa show {sources[0]}"
    return f"parts of the digest; all of it: digestqa show {sources[0]}"


def _only_study(understood: Understood, citer: Citer) -> tuple[str, ...]:
    if understood.filters.sources or citer.library.counts.digests != 1:
        return ()
    return tuple(digest.source for digest in citer.library.digests(superseded=False))


def _names_no_more(thing: str, digests: list[DigestRecord], naming: StudyNaming) -> bool:
    """Tell whether words only say which studies are meant, and nothing of what is asked about them."""
    called = {term.text.lower(): term.named | term.compound for term in naming.describe(thing).terms}
    for word in content_words(thing):
        if word in _SAY_STUDY:
            continue
        ids = next((ids for text, ids in called.items() if word in text.split()), None)
        if ids is None or not any(digest.id in ids for digest in digests):
            return False
    return True


def _of_one(digest: DigestRecord, citer: Citer, *, found: bool) -> Iterator[Finding]:
    """Yield what tells of one study; where it has no results yet and `found` is asked for, that alone."""
    planned = citer.no_results_yet(digest)
    result = says_missing(digest, citer, RESULT_CONFIDENCE) if planned else _first_result(digest, citer)
    told_alone = planned and found and result is not None
    if not told_alone and (line := line_of_title(digest, citer.library)) is not None:
        yield line
    if result is not None:
        yield result


def _first_result(digest: DigestRecord, citer: Citer) -> Finding | None:
    """Return the first sentence that gives a figure as a result, rather of benefit than of harm."""
    harm: Finding | None = None
    for passage in citer.library.digest_passages(digest.id):
        if re.search(_NO_RESULTS_SECTION, passage.section, re.IGNORECASE):
            continue
        for place, (start, end) in enumerate(passage.sentences):
            sentence = passage.text[start - passage.start : end - passage.start]
            if not re.search(_RESULT, sentence, re.IGNORECASE) or re.search(_NO_RESULT, sentence, re.IGNORECASE):
                continue
            if claim_of(sentence, no_results_yet=False) != "reported":
                continue
            # "It occurred in 40 of 63" says nothing without the sentence that tells what occurred.
            with_former = place > 0 and re.match(_POINTS_BACK, sentence, re.IGNORECASE)
            first = passage.sentences[place - 1][0] if with_former else start
            found = Finding(digest, passage.section, (start, end), (first, end), RESULT_CONFIDENCE)
            if not re.search(_HARM, sentence, re.IGNORECASE):
                return found
            harm = harm or found
    return harm
