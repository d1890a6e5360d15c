"""Which studies tested something: those that are called after it, each with the sentence that tells of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.answering.page_facts import line_around
from digestqa.answering.survey_finders import SubjectFinder
from digestqa.library.digest_ids import DigestIds

if TYPE_CHECKING:
    from digestqa.library import DigestRecord, Library
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
        self.digests = _named_by_all(terms)

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the sentence that tells most of how it was given; else the headline, or one with most of the words."""
        best: tuple[int, Finding] | None = None
        for passage in self._library.digest_passages(digest.id):
            if passage.section in ("header", "footer"):
                continue
            of_study = int(passage.section.lower() in _OF_THE_STUDY)
            for start, end in passage.sentences:
                sentence = passage.text[start - passage.start : end - passage.start]
                hits = [match.span() for match in self._pattern.finditer(sentence)]
                if not hits:
                    continue
                different = len({sentence[slice(*hit)].casefold() for hit in hits})
                tells = of_study + 2 * bool(_GIVEN.search(sentence)) - 2 * bool(_HAD_BEFORE.search(sentence))
                tells += 2 * (different - 1)
                if tells > (best[0] if best else 0):
                    span = (start + hits[0][0], start + hits[-1 if different > 1 else 0][1])
                    best = (tells, Finding(digest, passage.section, span, (start, end), TESTED_CONFIDENCE))
        if best is not None and best[0] >= _TELLS_OF_IT:
            return best[1]
        if headline := self._headline(digest):
            return headline
        if best is not None:
            return best[1]
        found = super().place(digest)
        return None if found is None else replace(found, confidence=TESTED_CONFIDENCE)

    def _headline(self, digest: DigestRecord) -> Finding | None:
        fact = next((fact for fact in digest.facts if fact.name == "headline"), None)
        hit = None if fact is None else self._pattern.search(fact.value)
        line = None if fact is None else line_around((fact.start, fact.end), digest, self._library)
        if fact is None or hit is None or line is None:
            return None
        span = (fact.start + hit.start(), fact.start + hit.end())
        return Finding(digest, line.section, span, (line.start, line.end), TESTED_CONFIDENCE)


def _named_by_all(terms: Sequence[DescribingTerm]) -> DigestIds:
    common: DigestIds | None = None
    for term in terms:
        ids = term.named | term.compound
        common = ids if common is None else common & ids
    return common if common is not None else DigestIds.of(())
