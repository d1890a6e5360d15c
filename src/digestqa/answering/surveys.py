"""Answers to questions over the library: one quote from each digest that has what was looked for, and their count."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.answering.first_sentence import first_sentence
from digestqa.answering.page_facts import FACT_CONFIDENCE, line_around
from digestqa.reading.base import Range
from digestqa.reading.claims import claim_of, has_no_results_yet
from digestqa.retrieval.naming import StudyNaming, is_frame
from digestqa.understanding.surveys import Survey, says_recruiting, surveyed

if TYPE_CHECKING:
    from digestqa.digests.model import FactName
    from digestqa.library import DigestRecord, Library
    from digestqa.retrieval import Filters
    from digestqa.understanding import Understood

_MOST_TERMS = 4


@dataclass(frozen=True, slots=True)
class Counted:
    """What a question over the library found.

    Attributes:
        findings: one for each digest that has it.
        digests: digests that were looked at.
        told: how the count is told.
    """

    findings: tuple[Finding, ...]
    digests: int
    told: str

    def note(self, found: int) -> str:
        """Return the count as a sentence about the library: no digest says it."""
        return f"counted over the library: {found} of {self.digests} digests {self.told}"


Find = Callable[["DigestRecord"], Finding | None]


class Surveyor:
    """Looks through the digests of one library.

    Args:
        library: an open library.
        naming: tells which digests hold a word.
    """

    def __init__(self, library: Library, naming: StudyNaming) -> None:
        self._library = library
        self._naming = naming

    def survey(self, understood: Understood) -> Counted | None:
        """Return the digests that have what a question looks for; None where the question must be read for."""
        if understood.carried or understood.filters.sections:
            return None
        asked = surveyed(understood.text) or self._model_asked(understood.text)
        if asked is None:
            return None
        find = self._finder(asked)
        if find is None:
            return None
        digests = within(self._library, understood.filters)
        findings = tuple(finding for digest in digests if (finding := find(digest)) is not None)
        return Counted(findings, len(digests), asked.told)

    def _model_asked(self, question: str) -> Survey | None:
        if not re.search(r"\b(?:which|what|how many|list)\b.*\b(?:digests|pages|studies|trials)\b", question, re.I):
            return None
        models = {record.digest_model for record in self._library.digests() if record.digest_model}
        for model in sorted(models, key=len, reverse=True):
            if model.casefold() in question.casefold():
                return Survey("flag", re.escape(model), f"were written by {model}")
        return None

    def _finder(self, asked: Survey) -> Find | None:
        if asked.kind == "flag":
            return self._in_facts(("flags", "digest_model"), asked.wanted)
        if asked.kind == "evidence_type":
            return self._in_facts(("evidence_type",), asked.wanted)
        if asked.kind == "recruiting":
            return self._in_sentences(says_recruiting)
        if asked.kind == "no_results":
            return self._in_sentences(_says_no_results)
        return self._of_subject(asked.wanted)

    def _in_facts(self, names: tuple[FactName, ...], pattern: str) -> Find:
        wanted = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)

        def find(digest: DigestRecord) -> Finding | None:
            for fact in digest.facts:
                if fact.name in names and (match := wanted.search(fact.value)):
                    span = (fact.start + match.start(), fact.start + match.end())
                    if (line := line_around(span, digest, self._library)) is not None:
                        return Finding(digest, line.section, span, (line.start, line.end), FACT_CONFIDENCE)
            return None

        return find

    def _in_sentences(self, says: Callable[[str], Range | None]) -> Find:
        return lambda digest: first_sentence(self._library, digest, says, FACT_CONFIDENCE)

    def _of_subject(self, subject: str) -> Find | None:
        """Return what finds the sentence with most of a subject's words in each digest that holds them all."""
        terms = [term for term in self._naming.describe(subject).terms if not is_frame(term.text)]
        if not 1 <= len(terms) <= _MOST_TERMS:
            return None
        holding = frozenset.intersection(*(term.anywhere | term.named for term in terms))
        if not holding and len(terms) > 1:
            return None
        pattern = re.compile(rf"\b(?:{'|'.join(re.escape(term.text) for term in terms)})", re.IGNORECASE)

        def find(digest: DigestRecord) -> Finding | None:
            return self._best_sentence(digest, pattern) if digest.id in holding else None

        return find

    def _best_sentence(self, digest: DigestRecord, pattern: re.Pattern[str]) -> Finding | None:
        best: tuple[int, Finding] | None = None
        for passage in self._library.digest_passages(digest.id):
            for start, end in passage.sentences:
                sentence = passage.text[start - passage.start : end - passage.start]
                hits = [match.span() for match in pattern.finditer(sentence)]
                different = len({sentence[slice(*hit)].casefold() for hit in hits})
                if different > (best[0] if best else 0):
                    span = (start + hits[0][0], start + hits[-1 if different > 1 else 0][1])
                    best = (different, Finding(digest, passage.section, span, (start, end), FACT_CONFIDENCE))
        if best is not None:
            return best[1]
        # The words stand there in another spelling: the headline says what the digest is about.
        fact = next((fact for fact in digest.facts if fact.name in ("headline", "official_title")), None)
        line = None if fact is None else line_around((fact.start, fact.end), digest, self._library)
        if fact is None or line is None:
            return None
        return Finding(digest, line.section, (fact.start, fact.end), (line.start, line.end), FACT_CONFIDENCE)


def within(library: Library, filters: Filters) -> list[DigestRecord]:
    """Return the searched digests that pass the filters."""
    current = [digest for digest in library.digests() if digest.current]
    if filters.empty:
        return current
    ids = library.passage_ids(filters.sources, filters.sections, filters.compounds, filters.since)
    passing = {passage.digest.id for passage in library.passages(ids)}
    return [digest for digest in current if digest.id in passing]


def _says_no_results(sentence: str) -> Range | None:
    if not has_no_results_yet([sentence]) or claim_of(sentence, no_results_yet=True) != "not_available":
        return None
    return 0, len(sentence)
