"""Passages of a held state: by number, by digest, and by exact filters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.library.catalog import catalog_errors, row_errors
from digestqa.library.digest_lookup import blocks
from digestqa.library.filters import digest_condition, section_ids
from digestqa.library.id_arrays import ascending, read_ids
from digestqa.library.records import StoredPassage
from digestqa.library.rows import DIGEST_COLUMNS, unpacked_sentences
from digestqa.library.text_search import all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.held_state import HeldState


def passages_of_ids(held: HeldState, ids: Iterable[int]) -> list[StoredPassage]:
    """Return passages in the order of the ids asked for; ids that are not in the state are left out."""
    wanted = [int(passage_id) for passage_id in ids]
    rows = held.rows(
        """SELECT passages.id, digest_id, sections.name, ordinal, start_char, end_char, sentences
           FROM passages JOIN sections ON sections.id = section_id
           WHERE passages.id IN (SELECT value FROM json_each(?))""",
        (json.dumps(wanted),),
    )
    listed = (json.dumps(sorted({row[1] for row in rows})),)
    records = held.digests(f"SELECT {DIGEST_COLUMNS} FROM digests WHERE id IN (SELECT value FROM json_each(?))", listed)
    texts = held.rows("SELECT digest_id, text FROM texts WHERE digest_id IN (SELECT value FROM json_each(?))", listed)
    with row_errors(held.embeddings):
        digests = {record.id: record for record in records}
        text_of = dict(texts)
        found = {
            passage_id: StoredPassage(
                id=passage_id,
                digest=digests[digest_id],
                section=section,
                ordinal=ordinal,
                start=start,
                end=end,
                text=text_of[digest_id][start:end],
                sentences=unpacked_sentences(start, sentences),
            )
            for passage_id, digest_id, section, ordinal, start, end, sentences in rows
        }
    return [found[passage_id] for passage_id in wanted if passage_id in found]


def digest_passages(held: HeldState, digest_id: int, most: int | None = None) -> list[StoredPassage]:
    """Return a digest's passages in the order of its text; the first ones where there are more than `most`."""
    limit = -1 if most is None else most
    rows = held.rows("SELECT id FROM passages WHERE digest_id = ? ORDER BY ordinal LIMIT ?", (digest_id, limit))
    return passages_of_ids(held, [row[0] for row in rows])


@dataclass(frozen=True, slots=True)
class PassageSentences:
    """A passage without its digest.

    Attributes:
        digest_id: the digest that it was cut from.
        section: the section's heading.
        start: first character in the digest's text.
        text: exactly the digest's text from there on.
        sentences: half-open ranges of its sentences, in the digest's text.
    """

    digest_id: int
    section: str
    start: int
    text: str
    sentences: tuple[tuple[int, int], ...]


def sentences_of(
    held: HeldState,
    lock: AbstractContextManager[object],
    digest_ids: Iterable[int],
    words: Sequence[Sequence[Sequence[str]]],
) -> Iterator[PassageSentences]:
    """Yield passages of digests in the order of their ids; see ``Library.sentences_of``.

    The lock is held for one block of them at a time.
    """
    digests = list(digest_ids)
    if words:
        with lock:
            passages = sorted({int(each) for groups in words for each in held.words.passages(all_of(groups))})
        wanted = frozenset(digests)
        listed = ("passages.id", passages)
    else:
        wanted = frozenset()
        listed = ("passages.digest_id", digests)
    for block in blocks(listed[1]):
        with lock:
            rows = held.rows(
                f"""SELECT passages.digest_id, sections.name, start_char,
                           substr(texts.text, start_char + 1, end_char - start_char), sentences
                    FROM passages JOIN texts ON texts.digest_id = passages.digest_id
                    JOIN sections ON sections.id = section_id
                    WHERE {listed[0]} IN (SELECT value FROM json_each(?)) ORDER BY passages.id""",
                (json.dumps(block),),
            )
        with row_errors(held.embeddings):
            for digest_id, section, start, text, sentences in rows:
                if not words or digest_id in wanted:
                    yield PassageSentences(digest_id, section, start, text, unpacked_sentences(start, sentences))


def filtered_digests(
    held: HeldState, sources: Sequence[str], compounds: Sequence[str], since: str | None
) -> NDArray[np.int64]:
    """Return the ids of the current digests that pass exact filters, ascending; see ``Library.passage_ids``."""
    with catalog_errors(held.embeddings):
        condition, values = digest_condition(held.connection, sources, compounds, since)
    return _numbers(held, f"SELECT id FROM digests WHERE current AND {condition}", values)


def filtered_passages(
    held: HeldState, sources: Sequence[str], sections: Sequence[str], compounds: Sequence[str], since: str | None
) -> NDArray[np.int64]:
    """Return the ids of the searched passages that pass exact filters, ascending; see ``Library.passage_ids``."""
    with catalog_errors(held.embeddings):
        condition, values = digest_condition(held.connection, sources, compounds, since)
        where = f"digest_id IN (SELECT id FROM digests WHERE current AND {condition})"
        if sections:
            numbers = section_ids(held.connection, sections)
            where += f" AND section_id IN ({', '.join(map(str, numbers))})"
    return _numbers(held, f"SELECT id FROM passages WHERE {where}", values)


def _numbers(held: HeldState, query: str, values: Sequence[str]) -> NDArray[np.int64]:
    """Return the ids that a query finds, ascending, as an array of shape (n,)."""
    return ascending(read_ids(held.rows(f"SELECT group_concat(id) FROM ({query})", tuple(values))[0][0]))
