"""Embeds what has no vector yet, in bounded batches that are kept as they come.

Vectors are stored by key before the transaction that makes use of them, so that an interrupted run embeds nothing
twice; until then nothing refers to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.errors import EncoderError
from digestqa.library.catalog import transaction
from digestqa.passages import Passage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.encoders.base import PassageEncoder
    from digestqa.library.identity import VectorKeys
    from digestqa.library.vector_files import VectorWriter

TEXTS_PER_BATCH = 1024
"""Texts that are embedded between two commits: some seconds of work on two cores."""

_MISSING_STAGED = """
    SELECT path, ordinal, vector_key, headline, section, start_char, end_char
    FROM staged_passages JOIN staged_digests USING (path)
    WHERE (path, ordinal) > (?, ?) AND vector_key IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.key = staged_passages.vector_key)
    ORDER BY path, ordinal LIMIT ?
"""
_MISSING_STORED = """
    SELECT passages.id, digest_id, vector_key, headline, sections.name, start_char, end_char
    FROM passages JOIN digests ON digests.id = digest_id JOIN sections ON sections.id = section_id
    WHERE passages.id > ? AND indexed_state IS NULL AND vector_key IS NOT NULL
      AND path NOT IN (SELECT path FROM staged_digests)
      AND NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.key = passages.vector_key)
    ORDER BY passages.id LIMIT ?
"""
_WITHOUT_VECTOR = """
    SELECT passages.id, digest_id, headline, sections.name, start_char, end_char
    FROM passages JOIN digests ON digests.id = digest_id JOIN sections ON sections.id = section_id
    WHERE passages.id > ? AND indexed_state IS NULL ORDER BY passages.id LIMIT ?
"""
_TEXT_STAGED = "SELECT text FROM staged_digests WHERE path = ?"
_TEXT_STORED = "SELECT text FROM texts WHERE digest_id = ?"
_WANTED_STAGED = "SELECT DISTINCT vector_key FROM staged_passages"
_WANTED_STORED = """
    SELECT vector_key FROM passages JOIN digests ON digests.id = digest_id
    WHERE indexed_state IS NULL AND path NOT IN (SELECT path FROM staged_digests)
"""


def embedded_text(headline: str, section: str, text: str) -> str:
    """Return what the encoder gets for a stored passage: the same as for the passage it was stored from."""
    return Passage(section, 0, 0, 0, text, (), headline).embedded_text


def name_vectors(connection: sqlite3.Connection, keys: VectorKeys) -> None:
    """Give keys to all passages of a library in which nothing is embedded yet."""
    last = 0
    cut = _Cutter(connection, _TEXT_STORED)
    while rows := connection.execute(_WITHOUT_VECTOR, (last, TEXTS_PER_BATCH)).fetchall():
        named = [
            (keys.key(embedded_text(headline, section, cut(digest, start, end))), passage)
            for passage, digest, headline, section, start, end in rows
        ]
        with transaction(connection):
            connection.executemany("UPDATE passages SET vector_key = ? WHERE id = ?", named)
        last = rows[-1][0]


def count_missing(connection: sqlite3.Connection, *, stored: bool) -> int:
    """Return how many texts have no vector: of staged passages, and of stored ones too where asked for."""
    wanted = f"{_WANTED_STAGED} UNION {_WANTED_STORED}" if stored else _WANTED_STAGED
    row = connection.execute(
        f"""SELECT count(*) FROM ({wanted}) AS wanted WHERE vector_key IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.key = wanted.vector_key)"""
    ).fetchone()
    return int(row[0])


def embed_missing(
    connection: sqlite3.Connection,
    encoder: PassageEncoder,
    writer: VectorWriter,
    *,
    stored: bool,
    on_progress: Callable[[int, int], None],
) -> int:
    """Embed every text that has a key and no vector, and store the vectors.

    Args:
        connection: open for writing, outside a transaction.
        encoder: makes the vectors; its identity is the one that the keys were made with.
        writer: takes the vectors.
        stored: also embed passages of the library's present state; not so in a rebuild, which replaces them.
        on_progress: called with (texts done, texts in all).

    Returns:
        How many texts the encoder was given.

    Raises:
        EncoderError: the encoder returned something that is no set of vectors.
        StorageError: the disk is full, or a vector cannot be written.
    """
    total = count_missing(connection, stored=stored)
    done = 0
    on_progress(done, total)
    sources = [_missing_staged(connection)]
    if stored:
        sources.append(_missing_stored(connection))
    for batches in sources:
        for batch in batches:
            texts = dict(batch)
            before = done

            def report(texts_done: int, _: int, before: int = before) -> None:
                on_progress(before + texts_done, total)

            vectors = encoder.encode_passages(list(texts.values()), report)
            _check_vectors(vectors, len(texts), encoder)
            writer.store(list(texts), vectors)
            done += len(texts)
            on_progress(done, total)
    return done


def _missing_staged(connection: sqlite3.Connection) -> Iterator[list[tuple[bytes, str]]]:
    place: tuple[str, int] = ("", -1)
    cut = _Cutter(connection, _TEXT_STAGED)
    while rows := connection.execute(_MISSING_STAGED, (*place, TEXTS_PER_BATCH)).fetchall():
        yield [
            (key, embedded_text(headline, section, cut(path, start, end)))
            for path, _, key, headline, section, start, end in rows
        ]
        place = rows[-1][:2]


def _missing_stored(connection: sqlite3.Connection) -> Iterator[list[tuple[bytes, str]]]:
    last = 0
    cut = _Cutter(connection, _TEXT_STORED)
    while rows := connection.execute(_MISSING_STORED, (last, TEXTS_PER_BATCH)).fetchall():
        yield [
            (key, embedded_text(headline, section, cut(digest, start, end)))
            for _, digest, key, headline, section, start, end in rows
        ]
        last = rows[-1][0]


class _Cutter:
    """Cuts passages out of digests, holding the text of the last: SQLite would go through it anew for each passage."""

    def __init__(self, connection: sqlite3.Connection, query: str) -> None:
        self._connection = connection
        self._query = query
        self._digest: str | int | None = None
        self._text = ""

    def __call__(self, digest: str | int, start: int, end: int) -> str:
        if digest != self._digest:
            row = self._connection.execute(self._query, (digest,)).fetchone()
            self._digest, self._text = digest, str(row[0]) if row else ""
        return self._text[start:end]


def _check_vectors(vectors: NDArray[np.float32], count: int, encoder: PassageEncoder) -> None:
    import numpy as np

    wanted = (count, encoder.identity.dimension)
    if vectors.shape != wanted:
        raise EncoderError(
            f"the encoder {encoder.identity.name!r} returned vectors of shape {vectors.shape}, not {wanted}",
            "name another encoder with --model",
        )
    if not np.isfinite(vectors).all():
        raise EncoderError(
            f"the encoder {encoder.identity.name!r} returned a vector that is not finite",
            "name another encoder with --model",
        )
