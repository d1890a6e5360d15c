"""The Assistant: one question in, quoted answers or a plain refusal out. Every front end asks it, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from digestqa.conversation import resolve
from digestqa.errors import QuestionError
from digestqa.library import Library
from digestqa.opening import open_query_encoder, open_reader
from digestqa.reading.base import Candidate, Range, ReadablePassage, Reader
from digestqa.reading.claims import claim_of, has_no_results_yet
from digestqa.replies import Answer, Citation, LibraryState, Reply
from digestqa.retrieval import Filters, Retrieved, Retriever, named_studies, not_in_library
from digestqa.sentences import split_sentences

if TYPE_CHECKING:
    from digestqa.library import DigestRecord

MAX_QUESTION_CHARS = 4000
"""Longer than any question; what is longer is a document pasted by mistake."""
MAX_ANSWERS = 5
PASSAGES_READ = 12
NEAREST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate with the passage it came from."""

    candidate: Candidate
    passage: Retrieved


@dataclass(slots=True)
class Assistant:
    """Answers questions over one library.

    Attributes:
        library: an open library.
        retriever: finds passages in it.
        reader: finds spans in them.
        seeds: the seeds folder as it was given; citation paths start with it.
        warnings: what could not be had and was replaced by something slower or plainer.
    """

    library: Library
    retriever: Retriever
    reader: Reader
    seeds: Path
    warnings: tuple[str, ...] = ()
    _planned: dict[int, bool] = field(default_factory=dict)
    _fresh: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def open(cls, seeds: Path, embeddings: Path, *, encoder: str | None = None, reader: str | None = None) -> Self:
        """Open a built library with the models that answer.

        Args:
            seeds: the digests' folder.
            embeddings: the library's folder.
            encoder: the encoder that the library must have been built with; None takes the library's own.
            reader: ``sentences``, a reader's folder, or None for the one that comes with the package.

        Raises:
            LibraryError: there is no library, or it cannot be used.
            EncoderError: no encoder for questions can be had.
            ReaderError: the reader asked for cannot be loaded.
        """
        library = Library.open(embeddings, seeds, encoder_name=encoder)
        try:
            # Two models to load and more than one core to do it.
            with ThreadPoolExecutor(max_workers=1) as pool:
                loading = pool.submit(open_reader, reader)
                questions, encoder_warnings = open_query_encoder(library)
                make_reader, reader_warnings = loading.result()
        except BaseException:
            library.close()
            raise
        warnings = (*encoder_warnings, *reader_warnings)
        return cls(library, Retriever(library, questions), make_reader(questions), seeds, warnings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the library."""
        self.library.close()

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        top: int = MAX_ANSWERS,
    ) -> Reply:
        """Answer a question or say that the digests do not.

        Args:
            question: at most 4,000 characters, with at least one letter or digit.
            history: earlier questions of the conversation, oldest first.
            filters: exact limits on what is searched.
            top: answers at most.

        Raises:
            QuestionError: the question is empty, has no letter or digit, or is too long.
        """
        began = time.perf_counter()
        check_question(question)
        filters = filters or Filters()
        resolved = resolve(question, history)
        named = named_studies(resolved.text, self.library)
        notes = list(named.notes)
        notes += [not_in_library(source, self.library) for source in filters.sources if not self._holds(source)]
        retrieved: list[Retrieved] = []
        if named.known or not named.unknown:
            filters = filters.within_sources(named.known)
            retrieved = self._fresh_only(self.retriever.retrieve(resolved.text, filters, PASSAGES_READ), notes)
            if not retrieved and not notes:
                notes.append("no passage is left within these limits: study, section, compound and date together")
        found = self._read(resolved.text, retrieved)
        chosen = self._choose(found, top)
        best = max((item.candidate.confidence for item in found), default=0.0)
        answers = tuple(self._answer(item) for item in chosen)
        return Reply(
            question=question,
            resolved_question=resolved.text if resolved.carried else question,
            filters=filters,
            carried=resolved.carried,
            status="answered" if answers else "abstained",
            confidence=answers[0].confidence if answers else best,
            answers=answers,
            nearest=() if answers else self._nearest(found),
            notes=tuple(notes),
            library=self._state(),
            elapsed_ms=(time.perf_counter() - began) * 1000,
        )

    def _holds(self, source: str) -> bool:
        return bool(self.library.find_digests(source))

    def _read(self, question: str, retrieved: Sequence[Retrieved]) -> list[_Found]:
        readable = readable_passages(retrieved)
        if not readable:
            return []
        return [_Found(candidate, retrieved[candidate.passage]) for candidate in self.reader.read(question, readable)]

    def _choose(self, found: Sequence[_Found], top: int) -> list[_Found]:
        """Take the best candidate of each source, as long as it is good enough."""
        by_source: dict[str, _Found] = {}
        for item in sorted(found, key=lambda item: -item.candidate.confidence):
            if item.candidate.confidence >= self.reader.threshold:
                by_source.setdefault(item.passage.passage.digest.source, item)
        return list(by_source.values())[:top]

    def _nearest(self, found: Sequence[_Found]) -> tuple[Citation, ...]:
        by_quote: dict[tuple[int, Range], _Found] = {}
        for item in sorted(found, key=lambda item: -item.candidate.confidence):
            by_quote.setdefault((item.passage.passage.digest.id, item.candidate.quote), item)
        return tuple(self._citation(item) for item in list(by_quote.values())[:NEAREST_SHOWN])

    def _answer(self, item: _Found) -> Answer:
        citation = self._citation(item)
        span_start, span_end = item.candidate.span
        return Answer(
            text=citation.quote[span_start - citation.start : span_end - citation.start],
            quote=citation.quote,
            confidence=item.candidate.confidence,
            claim=claim_of(citation.quote, no_results_yet=self._no_results_yet(item.passage.passage.digest)),
            citation=citation,
        )

    def _citation(self, item: _Found) -> Citation:
        passage = item.passage.passage
        digest = passage.digest
        start, end = item.candidate.quote
        return Citation(
            source=digest.source,
            registry=digest.registry,
            url=digest.url,
            title=digest.headline or "",
            section=passage.section,
            path=(self.seeds / digest.path).as_posix(),
            sha256=digest.sha256,
            start=start,
            end=end,
            span_start=item.candidate.span[0],
            span_end=item.candidate.span[1],
            quote=passage.text[start - passage.start : end - passage.start],
            ingested=digest.ingested,
            digest_model=digest.digest_model,
        )

    def _no_results_yet(self, digest: DigestRecord) -> bool:
        if digest.id not in self._planned:
            text = self.library.digest_text(digest.id)
            sentences = (text[start:end] for start, end in split_sentences(text, 0, len(text)))
            self._planned[digest.id] = has_no_results_yet(sentences)
        return self._planned[digest.id]

    def _fresh_only(self, retrieved: list[Retrieved], notes: list[str]) -> list[Retrieved]:
        """Drop passages of files that have changed on disk: their offsets would no longer be verbatim."""
        changed: set[str] = set()
        kept = []
        for item in retrieved:
            digest = item.passage.digest
            if digest.id not in self._fresh:
                self._fresh[digest.id] = self.library.is_fresh(digest)
            if self._fresh[digest.id]:
                kept.append(item)
            else:
                changed.add(digest.path)
        notes += [
            f"{(self.seeds / path).as_posix()} has changed or gone since it was taken up, and is left out: "
            "run 'digestqa ingest'"
            for path in sorted(changed)
        ]
        return kept

    def _state(self) -> LibraryState:
        counts = self.library.counts
        return LibraryState(
            digests=counts.digests,
            passages=counts.passages,
            encoder=self.library.encoder_name,
            reader=self.reader.name,
            state=self.library.state,
        )


def readable_passages(retrieved: Sequence[Retrieved]) -> list[ReadablePassage]:
    """Return retrieved passages as a reader gets them."""
    return [
        ReadablePassage(
            text=item.passage.text,
            start=item.passage.start,
            sentences=item.passage.sentences,
            study=item.passage.digest.source,
            headline=item.passage.digest.headline,
            section=item.passage.section,
            retrieval_score=item.score,
            cosine=item.cosine,
        )
        for item in retrieved
    ]


def check_question(question: str) -> None:
    """Refuse what cannot be a question.

    Raises:
        QuestionError: empty, without a letter or digit, or longer than 4,000 characters.
    """
    if not question.strip():
        raise QuestionError(
            "the question is empty", 'ask something, such as: digestqa ask "what is the primary outcome?"'
        )
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} are read",
            "ask one thing at a time; several questions go into a file for 'digestqa ask --batch'",
        )
    if not any(char.isalnum() for char in question):
        raise QuestionError("the question has no letter or digit", "ask in words")


__all__ = [
    "MAX_ANSWERS",
    "Answer",
    "Assistant",
    "Citation",
    "LibraryState",
    "Reply",
    "check_question",
    "readable_passages",
]
