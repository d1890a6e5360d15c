"""Questions with the passages that the product itself retrieves for them: what calibration is fitted on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digestqa.answering import PageContext, search
from digestqa.encoders import OnProgress, QueryEncoder, load_query_encoder
from digestqa.encoders.base import EncoderIdentity
from digestqa.evaluation.questions import EvalQuestion, parse_question
from digestqa.evaluation.rightness import cites, holds_answer
from digestqa.library import Library, ingest
from digestqa.reading import Range, ReadablePassage
from digestqa.retrieval import Filters, Retrieved, Retriever
from digestqa.retrieval.naming import StudyNaming
from digestqa.understanding import Understander, Understood
from training.items import ITEMS_SEED, rows_for_eval
from training.questions import digest_texts, question_rows


class CachingEncoder:
    """A query encoder that remembers sentences, since the same passages come back for many questions."""

    def __init__(self, encoder: QueryEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def identity(self) -> EncoderIdentity:
        """That of the encoder inside."""
        return self._encoder.identity

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return one vector of shape (dimension,)."""
        return self._encoder.encode_query(text)

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (len(texts), dimension)."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._encoder.encode_passages(new), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with a group of passages that were retrieved for it; a question over several studies has several.

    Attributes:
        question: as ``qa.jsonl`` has it, with what is known of its answer.
        text: the question as the product resolves it.
        study: the study it is about, or its id where it is about none; folds go by it.
        passages: what a reader reads.
        retrieved: the same, with their digests.
        alone: whether it is the question's only group.
        hard: whether the question is one of ours, which are harder than what people ask, or for a standard item.
    """

    question: EvalQuestion
    text: str
    study: str
    passages: list[ReadablePassage]
    retrieved: list[Retrieved]
    alone: bool = True
    hard: bool = False

    @property
    def answerable(self) -> bool:
        """Whether the digests that the group is from say."""
        sources = self.question.sources
        cited = (item.passage.digest for item in self.retrieved)
        return self.question.answerable and (
            self.alone or any(cites(sources, digest.source, digest.path) for digest in cited)
        )

    def is_right(self, passage: int, quote: Range) -> bool:
        """Tell whether a quote of a passage is a right answer, as ``digestqa eval`` judges."""
        found = self.retrieved[passage].passage
        text = found.text[quote[0] - found.start : quote[1] - found.start]
        return cites(self.question.sources, found.digest.source, found.digest.path) and holds_answer(
            text, self.question.answers
        )


def asked_questions(
    data: Path, scratch: Path, only: Collection[str] | None = None, items_of: Collection[str] = ()
) -> tuple[Iterator[AskedQuestion], CachingEncoder]:
    """Ingest ``DATA/digests`` into a scratch library and ask it the questions over them, ours too (``question_rows``).

    Args:
        data: the folder.
        scratch: where the library is built, or brought up to date.
        only: ids of the questions to ask; None asks all.
        items_of: studies whose standard items are asked for besides (``training.items``).
    """
    ingest(scratch, data / "digests")
    library = Library.open(scratch, data / "digests")
    files, identity = library.query_encoder_files, library.identity.encoder
    assert files is not None
    assert identity is not None
    encoder = CachingEncoder(load_query_encoder(*files, identity))
    return _asked(data, library, encoder, only, items_of), encoder


def _asked(
    data: Path, library: Library, encoder: CachingEncoder, only: Collection[str] | None, items_of: Collection[str]
) -> Iterator[AskedQuestion]:
    retriever = Retriever(library, encoder)
    understander = Understander(library, StudyNaming(library, retriever.aliases))
    pages = PageContext(library)

    def nearest_study(earlier: Understood) -> tuple[str, ...]:
        # Which studies an earlier question was answered from is the reader's to say, and that is being fitted.
        return tuple(group[0].passage.digest.source for group in search(earlier, retriever)[:1])

    rows = [row for row in question_rows(data) if only is None or row["id"] in only]
    items = list(rows_for_eval(digest_texts(data), items_of, ITEMS_SEED)) if items_of else []
    hard = {row["id"] for row in rows if "digests" in row} | {str(row["id"]) for row in items}
    with library:
        for question in (parse_question(json.dumps(row)) for row in [*rows, *items]):
            understood = understander.understand(question.question, question.history, Filters(), nearest_study)
            if understood.refused:
                continue
            study = question.sources[0] if question.sources else question.id
            groups = search(understood, retriever)
            for group in groups:
                yield AskedQuestion(
                    question,
                    understood.text,
                    study,
                    pages.readable(understood.text, group),
                    group,
                    alone=len(groups) == 1,
                    hard=question.id in hard,
                )
