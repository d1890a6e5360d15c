"""What a question over the library looks for: which digests have it, and where in a digest it stands.

In a large library the full-text index tells first which passages may say it at all, by words that any sentence that
says it must have; only these are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Protocol

from digestqa.answering.citing import Finding
from digestqa.answering.page_facts import FACT_CONFIDENCE, in_its_line, line_of_title
from digestqa.library.digest_ids import DigestIds
from digestqa.names import fold
from digestqa.names.stemming import stem
from digestqa.reading.base import Range
from digestqa.reading.claims import claim_of, has_no_results_yet
from digestqa.understanding.ranges import Bounds
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
PHASE_WORDS: tuple[Words, ...] = ((("phase", "phases"),),)
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


class BoundsFinder:
    """Finds a day or a number that header or footer give, between bounds.

    Args:
        library: an open library.
        bounds: of which fact, and between what it must lie.
    """

    def __init__(self, library: Library, bounds: Bounds) -> None:
        self._library = library
        self._bounds = bounds

    def holding(self, searched: DigestIds) -> list[int]:
        """Return those of some digests that have it, by id."""
        held = []
        for digest_id, facts in self._library.packed_facts(searched):
            value = next((value for name, value, *_ in json.loads(facts) if name == self._bounds.of), None)
            if value is not None and self._bounds.hold(value):
                held.append(digest_id)
        return held

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the line that gives it."""
        fact = next((fact for fact in digest.facts if fact.name == self._bounds.of), None)
        return None if fact is None else in_its_line((fact.start, fact.end), digest, self._library, FACT_CONFIDENCE)


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
        self._words = tuple(dict.fromkeys(form for term in terms for form in _stems(term.text)))
        others = [term for term in terms if not isinstance(term.spellings, str)]
        # Another name stands for the whole subject, or for one of several words of which it cannot be told where it is.
        of_all = [term for term in others if set(_stems(term.text)) == set(self._words)]
        self._other_names = [_stems(name) for term in of_all for name in term.spellings[1:]]
        self._together = len(self._words) > 1 and len(of_all) == len(others)
        self._named = named_by_all(terms, library)
        self.digests = self._searched_for(terms)

    def _searched_for(self, terms: Sequence[DescribingTerm]) -> DigestIds:
        """Return the digests that hold every word."""
        return _common(anywhere | named for anywhere, named in (_holding(term, self._library) for term in terms))

    def holding(self, searched: DigestIds) -> list[int]:
        """Return those of some digests that hold the words, by id."""
        return list(self.digests & searched)

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the sentence with the words, nearest together; the headline where the study is called after them.

        None where no sentence has them all and the study is not called so: it speaks of something else with each.
        """
        best = max(self._sentences(digest), key=lambda sentence: (sentence.different, -_length(sentence)), default=None)
        apart = self._together and (best is None or best.different < len(self._words))
        if apart and digest.id not in self._named:
            return None
        if best is not None and not apart:
            return Finding(digest, best.section, best.span, best.quote, FACT_CONFIDENCE)
        return line_of_title(digest, self._library)

    def _sentences(self, digest: DigestRecord) -> Iterator[WordedSentence]:
        """Yield the sentences of a digest that have words of the subject, in the text's order."""
        for passage in self._library.digest_passages(digest.id):
            for start, end in passage.sentences:
                text = passage.text[start - passage.start : end - passage.start]
                if found := self._in_one(text):
                    (first, last), different = found
                    yield WordedSentence(passage.section, text, (start + first, start + last), (start, end), different)

    def _in_one(self, sentence: str) -> tuple[Range, int] | None:
        """Return the shortest part of a sentence with as many words of the subject as it has, and how many."""
        words = [(match.span(), form) for match in _WORD.finditer(sentence) for form in _stems(match.group())]
        hits = [(span, form) for span, form in words if form in self._words]
        different = len({form for _, form in hits})
        if different < len(self._words) and (named := self._other_name(words)):
            return named, len(self._words)
        if not different:
            return None
        spans = []
        for first, ((start, _), _) in enumerate(hits):
            seen: set[str] = set()
            for (_, end), form in hits[first:]:
                seen.add(form)
                if len(seen) == different:
                    spans.append((start, end))
                    break
        return min(spans, key=lambda span: span[1] - span[0]), different

    def _other_name(self, words: Sequence[tuple[Range, str]]) -> Range | None:
        """Return where one of the other names of the subject stands among the words of a sentence."""
        for name in self._other_names:
            for first in range(len(words) - len(name) + 1):
                run = words[first : first + len(name)]
                if name and tuple(form for _, form in run) == name:
                    return run[0][0][0], run[-1][0][1]
        return None


_WORD = re.compile(r"[^\W_]+")


def _stems(text: str) -> tuple[str, ...]:
    """Return the words of a text as the full-text index has them."""
    return tuple(stem(fold(word)) for word in _WORD.findall(text))


def _length(sentence: WordedSentence) -> int:
    return sentence.span[1] - sentence.span[0]


def named_by_all(terms: Sequence[DescribingTerm], library: Library) -> DigestIds:
    """Return the digests whose headline, title or compound has all of some words."""
    return _common(_holding(term, library)[1] for term in terms)


def _holding(term: DescribingTerm, library: Library) -> tuple[DigestIds, DigestIds]:
    """Return the digests that hold a word, and those that are called after it, none left out."""
    anywhere, named = (term.anywhere, term.named) if term.anywhere.complete else library.term_digests(term.spellings)
    return anywhere, named | term.compound


def _common(each: Iterable[DigestIds]) -> DigestIds:
    """Return what all have in common; nothing where there are none."""
    sets = list(each)
    return reduce(and_, sets) if sets else DigestIds.of(())


def says_no_results(sentence: str) -> Range | None:
    """Return a sentence that says that there are no results, whole; None where it does not say so."""
    if not has_no_results_yet([sentence]) or claim_of(sentence, no_results_yet=True) != "not_available":
        return None
    return 0, len(sentence)
