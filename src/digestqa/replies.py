"""What comes back for a question: quotes with their citations, or a plain refusal. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digestqa.digests.sources import REGISTRY_RECORD
from digestqa.reading.claims import Claim
from digestqa.retrieval import Filters

Status = Literal["answered", "abstained"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote was cut from. Offsets are characters in the decoded file (UTF-8, byte order mark dropped).

    Attributes:
        source: ``NCT…``, ``PMID:…``, or the file's name where the digest names no source.
        registry: the registry of the source, or None.
        url: the study's page, or None.
        title: the digest's headline.
        section: heading of the section; ``header`` or ``footer`` for lines outside the body.
        path: the file, under the seeds folder as it was given.
        sha256: hex digest of the file's bytes.
        start: first character of the quote.
        end: one past its last character.
        span_start: first character of the answer inside the quote.
        span_end: one past its last character.
        quote: exactly the file's characters from start to end.
        ingested: the digest's ingest date, as written, or None.
        digest_model: who summed the study up, or None.
    """

    source: str
    registry: str | None
    url: str | None
    title: str
    section: str
    path: str
    sha256: str
    start: int
    end: int
    span_start: int
    span_end: int
    quote: str
    ingested: str | None
    digest_model: str | None

    @property
    def of_record(self) -> bool:
        """Whether the file is a registry record's own page and nobody's summary."""
        return self.digest_model == REGISTRY_RECORD


@dataclass(frozen=True, slots=True)
class Answer:
    """One quoted answer.

    Attributes:
        text: the shortest span that answers; lies inside the quote.
        quote: one sentence, two at most.
        confidence: calibrated probability that the answer is right.
        claim: whether the quote reports, expects, or says that there is nothing to report.
        citation: where it was cut from.
    """

    text: str
    quote: str
    confidence: float
    claim: Claim
    citation: Citation


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What an answer was drawn from: counts, models and the catalog's state number."""

    digests: int
    passages: int
    encoder: str
    reader: str
    state: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back for a question.

    Attributes:
        question: as asked.
        resolved_question: as searched and read; equal to the question where that stands alone.
        filters: the scope that was searched.
        carried: whether anything was taken from the history.
        status: ``answered`` or ``abstained``.
        confidence: of the best candidate, also when it was not good enough.
        answers: the surest study first, further sentences of a study after its first, studies that were counted by
            path; empty when abstained.
        nearest: when abstained, the closest sentences, which are no answer.
        notes: what a person must know beside the answer, such as a study that is not in the library.
        library: what it was drawn from.
        elapsed_ms: time from question to reply.
        counted: for a question over the library, in how many digests something was found, of how many; else None.
    """

    question: str
    resolved_question: str
    filters: Filters
    carried: bool
    status: Status
    confidence: float
    answers: tuple[Answer, ...]
    nearest: tuple[Citation, ...]
    notes: tuple[str, ...]
    library: LibraryState
    elapsed_ms: float
    counted: tuple[int, int] | None = None

    @property
    def spoken_of(self) -> tuple[str, ...] | None:
        """The studies in which a follow-up stays: those that it was about, or else cited; None where it leaves none.

        A question that chose among studies speaks of those that it chose.
        """
        from digestqa.choosing import chooses_studies

        about = tuple(source for source in self.filters.sources if source)
        if not self.answers:
            return (about or None) if self.carried else None
        cited = tuple(dict.fromkeys(answer.citation.source for answer in self.answers))
        return cited if not about or chooses_studies(self.question) else about
