"""Which studies tested something: those that are called after it, each with the sentence that tells of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.answering.page_facts import in_its_line
from digestqa.answering.survey_finders import SubjectFinder, WordedSentence

if TYPE_CHECKING:
    from digestqa.library import DigestRecord, Library
    from digestqa.library.digest_ids import DigestIds
    from digestqa.retrieval.naming import DescribingTerm

TESTED_CONFIDENCE = 0.8
"""A study that is called after a thing may also have taken people who had had it before."""
_GIVEN = re.compile(
    r"\b(?:giv(?:e|es|en|ing)|gave|receiv\w+|took|takes?|taken|tests?|tested|compar\w+|assign\w+|randomi[sz]ed|randomly|"
    r"paired|joined|added|adding|mg(?:/\w+)?|infus\w+|inject\w+|sessions?|placed)\b",
    re.IGNORECASE,
)
_HAD_BEFORE = re.compile(
    r"\b(?:never|prior|previous(?:ly)?|earlier|already|before|progress\w*|relaps\w*|exclu\w+|eligib\w+|"
    r"not allowed|barred|commonly|standard|usual\w*|long used|avoid\w*|without)\b",
    re.IGNORECASE,
)
_TELLS_OF_IT = 2
"""A sentence that says less of how the thing was given than the headline does is not shown for it."""
_OF_THE_STUDY = ("results", "study design", "methods", "safety")


class NamedAfterFinder(SubjectFinder):
    """Finds the digests whose headline, title or compound has all words of a thing.

    Args:
        library: an open library.
        terms: the words.
    """

    def __init__(self, library: Library, terms: Sequence[DescribingTerm]) -> None:
        super().__init__(library, terms)
        self._pattern = re.compile(rf"\b(?:{'|'.join(re.escape(term.text) for term in terms)})", re.IGNORECASE)

    def _searched_for(self, terms: Sequence[DescribingTerm]) -> DigestIds:
        """Return the digests that are called after every word."""
        return self._named

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the sentence that tells most of how it was given; else the headline, or one with most of the words."""
        of_body = (sentence for sentence in self._sentences(digest) if sentence.section not in ("header", "footer"))
        best = max(of_body, key=_tells_of_giving, default=None)
        tells = 0 if best is None else _tells_of_giving(best)
        if tells < _TELLS_OF_IT and (headline := self._headline(digest)):
            return headline
        if best is not None and tells > 0:
            return Finding(digest, best.section, best.span, best.quote, TESTED_CONFIDENCE)
        found = super().place(digest)
        return None if found is None else replace(found, confidence=TESTED_CONFIDENCE)

    def _headline(self, digest: DigestRecord) -> Finding | None:
        fact = next((fact for fact in digest.facts if fact.name == "headline"), None)
        hit = None if fact is None else self._pattern.search(fact.value)
        if fact is None or hit is None:
            return None
        span = (fact.start + hit.start(), fact.start + hit.end())
        return in_its_line(span, digest, self._library, TESTED_CONFIDENCE)


def _tells_of_giving(sentence: WordedSentence) -> int:
    """Return how much a sentence tells of how the thing was given in the study."""
    given, had_before = _GIVEN.search(sentence.text), _HAD_BEFORE.search(sentence.text)
    of_study = int(sentence.section.lower() in _OF_THE_STUDY)
    return of_study + 2 * bool(given) - 2 * bool(had_before) + 2 * (sentence.different - 1)
