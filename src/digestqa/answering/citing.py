"""Answers and citations, cut from the digests: every quote is a slice of its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.reading.base import Range
from digestqa.reading.claims import Claim, claim_of, has_no_results_yet
from digestqa.replies import Answer, Citation
from digestqa.sentences import split_sentences

if TYPE_CHECKING:
    from digestqa.library import DigestRecord, Library


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a digest that may answer.

    Attributes:
        digest: the digest.
        section: of the place.
        span: the shortest range that answers.
        quote: the sentence or line around it.
        confidence: probability that it rightly answers.
    """

    digest: DigestRecord
    section: str
    span: Range
    quote: Range
    confidence: float


@dataclass(slots=True)
class Citer:
    """Cuts answers from the digests of one library.

    Attributes:
        library: an open library.
        seeds: the seeds folder as it was given; citation paths start with it.
    """

    library: Library
    seeds: Path
    _planned: dict[int, bool] = field(default_factory=dict)
    _fresh: dict[int, bool] = field(default_factory=dict)
    _state: int = -1

    def text_of(self, digest: DigestRecord) -> str:
        """Return a digest's whole text."""
        return self.library.digest_text(digest.id)

    def answer(self, finding: Finding) -> Answer:
        """Return an answer with its quote, label and citation."""
        citation = self.citation(finding)
        start, end = finding.span
        claim: Claim = "reported"
        if finding.section not in ("header", "footer") or _is_title(finding):
            claim = claim_of(citation.quote, no_results_yet=self.no_results_yet(finding.digest))
        return Answer(
            text=citation.quote[start - citation.start : end - citation.start],
            quote=citation.quote,
            confidence=finding.confidence,
            claim=claim,
            citation=citation,
        )

    def citation(self, finding: Finding) -> Citation:
        """Return where a finding stands."""
        digest = finding.digest
        start, end = finding.quote
        return Citation(
            source=digest.source,
            registry=digest.registry,
            url=digest.url,
            title=digest.headline or "",
            section=finding.section,
            path=(self.seeds / digest.path).as_posix(),
            sha256=digest.sha256,
            start=start,
            end=end,
            span_start=finding.span[0],
            span_end=finding.span[1],
            quote=self.text_of(digest)[start:end],
            ingested=digest.ingested,
            digest_model=digest.digest_model,
        )

    def no_results_yet(self, digest: DigestRecord) -> bool:
        """Tell whether a digest says that its study has no results yet."""
        self._forget_older_states()
        if digest.id not in self._planned:
            text = self.text_of(digest)
            sentences = (text[start:end] for start, end in split_sentences(text, 0, len(text)))
            self._planned[digest.id] = has_no_results_yet(sentences)
        return self._planned[digest.id]

    def look_again(self) -> None:
        """Forget which files were unchanged: they may be edited between two questions."""
        self._fresh.clear()

    def is_fresh(self, digest: DigestRecord) -> bool:
        """Tell whether a digest's file still is what was read; if not, its offsets would no longer be verbatim."""
        self._forget_older_states()
        if digest.id not in self._fresh:
            self._fresh[digest.id] = self.library.is_fresh(digest)
        return self._fresh[digest.id]

    def changed_note(self, paths: Sequence[str]) -> list[str]:
        """Return what to tell the person about files that have changed."""
        return [
            f"{(self.seeds / path).as_posix()} has changed or gone since it was taken up, and is left out: "
            "run 'digestqa ingest'"
            for path in sorted(set(paths))
        ]

    def _forget_older_states(self) -> None:
        if self._state != self.library.state:
            self._planned.clear()
            self._fresh.clear()
            self._state = self.library.state


def _is_title(finding: Finding) -> bool:
    """Tell whether a line of the header is a headline or a title, which may state an aim as a sentence does."""
    start, end = finding.quote
    return any(
        fact.name in ("headline", "official_title") and start <= fact.start and fact.end <= end
        for fact in finding.digest.facts
    )
