"""Questions with the passages that the product itself retrieves for them: what calibration is fitted on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digestqa.answering import PASSAGES_READ, readable_passages
from digestqa.conversation import resolve
from digestqa.encoders import OnProgress, QueryEncoder, load_query_encoder
from digestqa.encoders.base import EncoderIdentity
from digestqa.library import Library, ingest
from digestqa.reading import Range, ReadablePassage
from digestqa.retrieval import Filters, Retrieved, Retriever, named_studies

MOST_QUOTE_CHARS = 600
"""A longer quote is no answer: it says everything and nothing."""


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
    """A question with what was retrieved for it.

    Attributes:
        row: the line of ``qa.jsonl``.
        text: the question as the product resolves it.
        study: the study it is about, or its id where it is about none; folds go by it.
        passages: what a reader reads.
        retrieved: the same, with their digests.
    """

    row: dict[str, Any]
    text: str
    study: str
    passages: list[ReadablePassage]
    retrieved: list[Retrieved]

    @property
    def answerable(self) -> bool:
        """Whether the digests say."""
        return bool(self.row["answers"])

    def is_right(self, passage: int, quote: Range) -> bool:
        """Tell whether a quote of a passage is a right answer, as the scorer judges."""
        sources = self.row["source"] if isinstance(self.row["source"], list) else [self.row["source"]]
        found = self.retrieved[passage].passage
        text = " ".join(found.text[quote[0] - found.start : quote[1] - found.start].split())
        return (
            found.digest.source in sources
            and len(text) <= MOST_QUOTE_CHARS
            and any(" ".join(answer.split()) in text for answer in self.row["answers"])
        )


def asked_questions(
    data: Path, scratch: Path, only: Collection[str] | None = None
) -> tuple[Iterator[AskedQuestion], CachingEncoder]:
    """Ingest ``DATA/digests`` into a scratch library and ask it the questions of ``DATA/qa.jsonl``.

    Args:
        data: the folder.
        scratch: where the library is built, or brought up to date.
        only: ids of the questions to ask; None asks all.
    """
    ingest(scratch, data / "digests")
    library = Library.open(scratch, data / "digests")
    files, identity = library.query_encoder_files, library.identity.encoder
    assert files is not None
    assert identity is not None
    encoder = CachingEncoder(load_query_encoder(*files, identity))
    return _asked(data, library, encoder, only), encoder


def _asked(
    data: Path, library: Library, encoder: CachingEncoder, only: Collection[str] | None
) -> Iterator[AskedQuestion]:
    retriever = Retriever(library, encoder)
    with library:
        for line in (data / "qa.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if only is not None and row["id"] not in only:
                continue
            text = resolve(row["question"], row.get("history") or []).text
            filters = Filters().within_sources(named_studies(text, library).known)
            retrieved = retriever.retrieve(text, filters, PASSAGES_READ)
            sources = row["source"] if isinstance(row["source"], list) else [row["source"]] if row["source"] else []
            yield AskedQuestion(
                row, text, sources[0] if sources else row["id"], readable_passages(retrieved), retrieved
            )
