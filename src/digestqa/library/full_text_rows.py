"""Takes passages into the full-text index and out of it.

SQLite cuts a passage out of its digest's text by going through the text from its beginning: of a page that costs
nothing, of a book each passage would cost as much as the whole. The passages of long digests are cut here instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.library.catalog import folded
from digestqa.library.schema import FTS_COLUMNS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

LONG_BYTES = 200_000
"""A digest of a larger file is long."""

# CROSS JOIN: the chosen ones come first, or SQLite may go through all digests.
_CHOSEN = """(
    SELECT chosen.id FROM {table} AS chosen CROSS JOIN digests AS held ON held.id = chosen.id WHERE held.size {limit}
)"""
_SHORT = f"""
    SELECT {{first}}passage_texts.id, {FTS_COLUMNS}
    FROM passage_texts JOIN passages USING (id) WHERE passages.digest_id IN {_CHOSEN}
    ORDER BY passage_texts.id
"""
_LONG = f"""
    SELECT digests.id AS id, text, headline,
           source || ' ' || coalesce(compound, '') || ' ' || coalesce(official_title, '')
    FROM digests JOIN texts ON digest_id = digests.id WHERE digests.current AND digests.id IN {_CHOSEN}
    ORDER BY digests.id
"""
_PASSAGES = """
    SELECT passages.id, sections.name, start_char, end_char
    FROM passages JOIN sections ON sections.id = section_id WHERE digest_id = ? ORDER BY passages.id
"""


def index_passages(connection: sqlite3.Connection, table: str, into: str = "passages_fts") -> None:
    """Take the passages of the current ones of some digests into a full-text index.

    Args:
        connection: knows the function ``folded``.
        table: holds the digests' ids.
        into: the index.
    """
    short = _SHORT.format(first="", table=table, limit=f"<= {LONG_BYTES}")
    connection.execute(f"INSERT INTO {into} (rowid, {FTS_COLUMNS}) {short}")
    connection.executemany(
        f"INSERT INTO {into} (rowid, {FTS_COLUMNS}) VALUES (?, ?, ?, ?, ?)", _rows(connection, table)
    )


def unindex_passages(connection: sqlite3.Connection, table: str) -> None:
    """Take the passages of the current ones of some digests, whose ids a table holds, out of the full-text index."""
    short = _SHORT.format(first="'delete', ", table=table, limit=f"<= {LONG_BYTES}")
    connection.execute(f"INSERT INTO passages_fts (passages_fts, rowid, {FTS_COLUMNS}) {short}")
    connection.executemany(
        f"INSERT INTO passages_fts (passages_fts, rowid, {FTS_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?)",
        _rows(connection, table),
    )


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield the rows of long digests as the view ``passage_texts`` has them, one digest's text at a time."""
    last = 0
    query = f"SELECT * FROM ({_LONG.format(table=table, limit=f'> {LONG_BYTES}')}) WHERE id > ? LIMIT 1"
    while (digest := connection.execute(query, (last,)).fetchone()) is not None:
        last, text, headline, study_words = digest
        about = (folded(headline), folded(study_words))
        for passage_id, section, start, end in connection.execute(_PASSAGES, (last,)).fetchall():
            cut = text[start:end] if isinstance(text, str) else ""
            yield passage_id, folded(cut), about[0], folded(section), about[1]
