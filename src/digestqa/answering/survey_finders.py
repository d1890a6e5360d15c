"""What a question over the library looks for: which digests have it, and where in a digest it stands.

In a large library the full-text index tells first which passages may say it at all, by words that any sentence that
says it must have; only these are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from digestqa.answering.citing import Finding
from digestqa.answering.page_facts import FACT_CONFIDENCE, in_its_line
from digestqa.library.digest_ids import DigestIds
from digestqa.reading.base import Range
from digestqa.reading.claims import claim_of, has_no_results_yet
from digestqa.understanding.surveys import as_whole

if TYPE_CHECKING:
    from digestqa.digests.model import FactName
    from digestqa.library import DigestRecord, Library
    from digestqa.retrieval.naming import DescribingTerm

READ_WHOLLY = 2_000
"""Up to so many digests every passage is read; of more, those that the full-text index names."""

Words = tuple[tuple[str, ...], ...]
"""What a passage must hold: of each group one word or phrase, or, with a star, the beginning of a word."""

RECRUITING_WORDS: tuple[Words, ...] = ((("recruit*", "enrol*", "enroll*", "accrual"),),)
STOPPED_WORDS: tuple[Words, ...] = (
    (
        (
            "stopped", "ended", "closed", "halted", "terminated", "abandoned", "suspended", "discontinued", "withdrawn",
            "withdrew", "cut short", "termination", "closure",
        ),
    ),
)  # fmt: skip
_MISSING = (
    "no", "not", "never", "neither", "none", "nothing", "nor", "without", "lack", "lacks", "lacking", "silent", "until",
    "unpublished", "unreported", "unavailable", "undisclosed", "unknown", "awaited", "pending", "outstanding",
    "missing", "yet", "come",
)  # fmt: skip
_GOES_ON = (
    "recruit*", "enrol*", "enroll*", "accru*", "ongoing", "on going", "underway", "under way", "in progress",
    "continues", "so far", "as yet", "yet to", "begun", "started", "opened", "ended", "planned study",
)  # fmt: skip
_SHOWN = (
    "available", "posted", "reported", "published", "released", "known", "given", "disclosed", "presented", "shared",
    "provided", "recorded", "supplied", "stated", "announced", "shown", "out", "yet", "exist", "pending", "awaited",
    "outstanding", "unavailable",
)  # fmt: skip
NO_RESULTS_WORDS: tuple[Words, ...] = (
    (_GOES_ON, _MISSING),
    (("results", "findings", "outcome"), _MISSING, _SHOWN),
)
"""Any of them: the words of the patterns of ``digestqa.reading.claims``."""


class Finder(Protocol):
    """Looks for one thing in digests."""

    def holding(self, searched: DigestIds) -> list[int]:
        """Return those of some digests that have it, by id."""

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return where a digest that has it says so; None where no line or sentence can be quoted."""


class FactFinder:
    """Finds what header and footer say.

    Args:
        library: an open library.
        names: of the facts.
        pattern: what one of them holds.
    """

    def __init__(self, library: Library, names: tuple[FactName, ...], pattern: str) -> None:
        self._library = library
        self._names = names
        self._wanted = re.compile(as_whole(pattern), re.IGNORECASE)

    def holding(self, searched: DigestIds) -> list[int]:
        """Return those of some digests that have it, by id."""
        return [
            digest_id
            for digest_id, facts in self._library.packed_facts(searched)
            if self._wanted.search(facts)
            and any(name in self._names and self._wanted.search(value) for name, value, *_ in json.loads(facts))
        ]

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the line of the first fact that has it."""
        for fact in digest.facts:
            if fact.name in self._names and (match := self._wanted.search(fact.value)):
                span = (fact.start + match.start(), fact.start + match.end())
                if found := in_its_line(span, digest, self._library, FACT_CONFIDENCE):
                    return found
        return None


class SentenceFinder:
    """Finds the first sentence of a digest that says something.

    Args:
        library: an open library.
        says: takes a sentence, returns the characters of it that say it, None where it does not.
        words: what a passage must hold for one of its sentences to say it: any of these.
    """

    def __init__(self, library: Library, says: Callable[[str], Range | None], words: Sequence[Words]) -> None:
        self._library = library
        self._says = says
        self._words = words
        self._places: dict[int, tuple[str, Range, Range]] = {}

    def holding(self, searched: DigestIds) -> list[int]:
        """Return those of some digests that have it, by id."""
        narrowed = self._words if len(searched) > READ_WHOLLY else ()
        for passage in self._library.sentences_of(searched, narrowed):
            if passage.digest_id in self._places:
                continue
            for start, end in passage.sentences:
                if span := self._says(passage.text[start - passage.start : end - passage.start]):
                    self._places[passage.digest_id] = (
                        passage.section,
                        (start + span[0], start + span[1]),
                        (start, end),
                    )
                    break
        return sorted(self._places)

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the sentence."""
        section, span, quote = self._places[digest.id]
        return Finding(digest, section, span, quote, FACT_CONFIDENCE)


@dataclass(frozen=True, slots=True)
class WordedSentence:
    """A sentence that has words of a subject.

    Attributes:
        section: where it stands.
        text: its words.
        span: from the first word of the subject to the last; the first alone where it is one word again and again.
        quote: its range in the digest's text.
        different: how many different words of the subject it has, at least one.
    """

    section: str
    text: str
    span: Range
    quote: Range
    different: int


class SubjectFinder:
    """Finds the digests that hold all words of a subject.

    Args:
        library: an open library.
        terms: the words.
    """

    def __init__(self, library: Library, terms: Sequence[DescribingTerm]) -> None:
        self._library = library
        self._pattern = re.compile(rf"\b(?:{'|'.join(re.escape(term.text) for term in terms)})", re.IGNORECASE)
        self.digests = self._holding_all(terms)

    def _holding_all(self, terms: Sequence[DescribingTerm]) -> DigestIds:
        """Return the digests that hold every word."""
        common: DigestIds | None = None
        for term in terms:
            anywhere, named = term.anywhere, term.named
            if not anywhere.complete:
                anywhere, named = self._library.term_digests(term.spellings)
            ids = anywhere | named | term.compound
            common = ids if common is None else common & ids
        return common if common is not None else DigestIds.of(())

    def holding(self, searched: DigestIds) -> list[int]:
        """Return those of some digests that hold the words, by id."""
        return list(self.digests & searched)

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the sentence with most of the words; the headline where they stand there in another spelling only."""
        best = max(self._sentences(digest), key=lambda sentence: sentence.different, default=None)
        if best is not None:
            return Finding(digest, best.section, best.span, best.quote, FACT_CONFIDENCE)
        fact = next((fact for fact in digest.facts if fact.name in ("headline", "official_title")), None)
        return None if fact is None else in_its_line((fact.start, fact.end), digest, self._library, FACT_CONFIDENCE)

    def _sentences(self, digest: DigestRecord) -> Iterator[WordedSentence]:
        """Yield the sentences of a digest that have words of the subject, in the text's order."""
        for passage in self._library.digest_passages(digest.id):
            for start, end in passage.sentences:
                text = passage.text[start - passage.start : end - passage.start]
                hits = [match.span() for match in self._pattern.finditer(text)]
                if hits:
                    different = len({text[slice(*hit)].casefold() for hit in hits})
                    span = (start + hits[0][0], start + hits[-1 if different > 1 else 0][1])
                    yield WordedSentence(passage.section, text, span, (start, end), different)


def says_no_results(sentence: str) -> Range | None:
    """Return a sentence that says that there are no results, whole; None where it does not say so."""
    if not has_no_results_yet([sentence]) or claim_of(sentence, no_results_yet=True) != "not_available":
        return None
    return 0, len(sentence)
