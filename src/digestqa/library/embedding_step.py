"""The part of an ingest or rebuild that embeds: with which encoder, and into which file."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from digestqa.errors import EncoderError
from digestqa.library.identity import LibraryIdentity, VectorKeys, require_same
from digestqa.library.storage import is_as_recorded

if TYPE_CHECKING:
    import sqlite3

    from digestqa.encoders.base import PassageEncoder
    from digestqa.library.facts import CatalogFacts
    from digestqa.library.job import Job

FEW_TEXTS = 256
"""Up to so many texts are embedded by the exported encoder: it is checked against the model when it is exported, gives
the same vectors to within rounding, and spares loading torch."""


def embed_for(
    job: Job,
    connection: sqlite3.Connection,
    identity: LibraryIdentity,
    keys: VectorKeys,
    before: CatalogFacts | None,
    *,
    whole: bool,
) -> None:
    """Embed what has no vector yet.

    Args:
        job: the run.
        connection: open for writing, outside a transaction.
        identity: of the state to come.
        keys: name its vectors.
        before: the present state; None where there is none.
        whole: the present state is to be replaced, in a new generation with vectors of its own.
    """
    from digestqa.library.embedding import count_missing, embed_missing, name_vectors
    from digestqa.library.vector_files import BYTES_PER_NUMBER, VectorWriter, require_whole_files

    settled = before.settled_vector if before is not None else 0
    require_whole_files(connection, job.embeddings, settled, whole=whole)
    if before is not None and before.identity.encoder is None:
        name_vectors(connection, keys)
    missing = count_missing(connection, stored=not whole)
    if not missing:
        return
    encoder = _encoder_for(job, missing, identity, before)
    require_same(identity, LibraryIdentity.of_this_program(encoder.identity), job.embeddings)
    width = encoder.identity.dimension * BYTES_PER_NUMBER
    writer = VectorWriter(connection, job.embeddings, settled, width, anew=whole)
    job.embedded = embed_missing(
        connection, encoder, writer, stored=not whole, on_progress=job.progress_of("embedding")
    )


def _encoder_for(job: Job, texts: int, identity: LibraryIdentity, before: CatalogFacts | None) -> PassageEncoder:
    """Return what embeds so many texts: for a few the exported encoder, which starts in a tenth of the time."""
    exported = before.query_encoder if before is not None and before.identity.encoder == identity.encoder else ()
    if texts <= FEW_TEXTS and exported and identity.encoder is not None and not job.has_encoder:
        from digestqa.encoders import load_query_encoder

        if all(is_as_recorded(job.embeddings, file) for file in exported):
            graph, tokenizer, *_ = exported
            with contextlib.suppress(EncoderError):
                return load_query_encoder(
                    job.embeddings / graph.name, job.embeddings / tokenizer.name, identity.encoder
                )
    return job.encoder()
