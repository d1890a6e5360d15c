"""What a reader is: it finds, in given passages, the spans that may answer a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Range = tuple[int, int]
"""Half-open character range in a digest's text."""


@dataclass(frozen=True, slots=True)
class ReadablePassage:
    """A passage as a reader gets it.

    Attributes:
        text: the passage, a slice of its digest's text.
        start: where the slice begins in the digest's text.
        sentences: ranges of its sentences in the digest's text.
        study: the study's id; passages of one study share it.
        headline: the digest's headline, for context.
        section: the passage's section.
        retrieval_score: how well retrieval thought of it; comparable within one question only.
        cosine: cosine between question and passage vectors; 0.0 where the passage has no vector yet.
        elsewhere: words of the question that the study's page has, though not here; see ``reading.context``.
    """

    text: str
    start: int
    sentences: tuple[Range, ...]
    study: str
    headline: str
    section: str
    retrieval_score: float
    cosine: float
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer.

    Attributes:
        passage: index into the passages that were read.
        span: the shortest range that answers.
        quote: the sentence around the span, two where the span crosses a boundary.
        score: evidence for the span; comparable between passages of one question and between questions.
        confidence: probability that the span is a right answer, from a calibration fitted on held data.
    """

    passage: int
    span: Range
    quote: Range
    score: float
    confidence: float


class Reader(Protocol):
    """Finds answer spans."""

    @property
    def name(self) -> str:
        """What ``status`` and the answer object call it."""

    @property
    def sha256(self) -> str:
        """Hex digest of the weights that decide its scores."""

    @property
    def threshold(self) -> float:
        """Confidence under which the digests are said not to answer."""

    def read(self, question: str, passages: Sequence[ReadablePassage]) -> list[Candidate]:
        """Return candidates of all passages, best first; a few per passage, none overlapping another's quote."""
