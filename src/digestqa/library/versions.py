"""Versions of a study's digest: which one is current, and which one was on an earlier day.

Two files that name the same source are versions of one study's digest. Which of them is current is written into the
catalog (``digests.current``) in the transaction that takes a file up. For an earlier day, a reader's connection sees
the catalog through temporary views of the same names, in which the versions of that day are current: every query then
answers as a library would that had been built from those versions alone. SQLite looks for a name among temporary
objects first (https://sqlite.org/lang_naming.html).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digestqa.errors import UsageError
from digestqa.library.schema import (
    DIGEST_COLUMNS,
    FTS_COLUMNS,
    FTS_TOKENIZER,
    INGEST_DATE,
    NEWEST_VERSION_FIRST,
    PASSAGE_TEXTS,
)
from digestqa.library.text_search import SCORED_WHOLLY
from digestqa.library.word_postings import EARLIER_FTS

if TYPE_CHECKING:
    import sqlite3

    from digestqa.library.facts import CatalogFacts

_NOT_LATER = f"coalesce(substr({INGEST_DATE}, 1, length(:day)) <= :day, 1)"
_LATER = f"SELECT 1 FROM main.digests WHERE NOT {_NOT_LATER} LIMIT 1"
_CHOSEN = f"""
    SELECT id, number = 1 FROM (
        SELECT id, row_number() OVER (PARTITION BY study ORDER BY {NEWEST_VERSION_FIRST}) AS number
        FROM main.digests AS version WHERE {_NOT_LATER}
    )
"""
_VIEWS = (
    f"""CREATE TEMP VIEW digests AS
        SELECT main.digests.id AS id, path, {", ".join(DIGEST_COLUMNS)}, chosen AS current, added_state
        FROM main.digests JOIN temp.versions ON temp.versions.id = main.digests.id""",
    """CREATE TEMP VIEW passages AS
        SELECT id, digest_id, ordinal, section_id, start_char, end_char, sentences, vector_key,
               CASE WHEN digest_id IN (SELECT id FROM temp.versions WHERE chosen)
                     AND (indexed_state IS NOT NULL
                          OR EXISTS (SELECT 1 FROM main.vectors WHERE main.vectors.key = vector_key))
                    THEN (SELECT state FROM temp.held) END AS indexed_state
        FROM main.passages""",
    PASSAGE_TEXTS.replace("CREATE VIEW", "CREATE TEMP VIEW", 1),
)
_INDEX_ANEW = (
    f"""CREATE VIRTUAL TABLE temp.passages_fts USING fts5({FTS_COLUMNS}, content='', tokenize='{FTS_TOKENIZER}')""",
    f"""INSERT INTO temp.passages_fts (rowid, {FTS_COLUMNS}) SELECT id, {FTS_COLUMNS} FROM passage_texts ORDER BY id""",
)
_INDEX_EARLIER = (
    f"""CREATE VIRTUAL TABLE temp.{EARLIER_FTS} USING fts5({FTS_COLUMNS}, content='', tokenize='{FTS_TOKENIZER}')""",
    f"""INSERT INTO temp.{EARLIER_FTS} (rowid, {FTS_COLUMNS}) SELECT id, {FTS_COLUMNS} FROM passage_texts
        WHERE id IN (SELECT main.passages.id FROM main.passages
                     WHERE digest_id IN (SELECT id FROM main.digests WHERE current = 0)) ORDER BY id""",
)


def look_back(connection: sqlite3.Connection, facts: CatalogFacts, day: str) -> CatalogFacts:
    """Make the versions of a day the current ones, for this connection alone; nothing is written to the catalog.

    Where versions of another day are current than now, this takes time and memory by the passages of that day: their
    words are indexed anew, so that none of a later version weighs in. In a library of more than ``SCORED_WHOLLY``
    passages only those of versions that are superseded now are indexed; ``WordPostings`` leaves out the later ones.

    Args:
        connection: open for reading, within the transaction that holds the state.
        facts: the state's.
        day: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; the versions ingested until its end count, and those without an
            ingest date, as older than any other.

    Returns:
        The facts of what the connection sees now.

    Raises:
        UsageError: no version is so old.
    """
    if not connection.execute(_LATER, {"day": day}).fetchone():
        return facts
    connection.execute("CREATE TEMP TABLE held (state INTEGER)")
    connection.execute("INSERT INTO temp.held VALUES (?)", (facts.state,))
    connection.execute("CREATE TEMP TABLE versions (id INTEGER PRIMARY KEY, chosen INTEGER NOT NULL)")
    connection.execute(f"INSERT INTO temp.versions {_CHOSEN}", {"day": day})
    if not connection.execute("SELECT 1 FROM temp.versions LIMIT 1").fetchone():
        earliest = connection.execute(f"SELECT min({INGEST_DATE}) FROM main.digests").fetchone()[0]
        raise UsageError(f"no digest of the library was ingested by {day}", f"the earliest is of {earliest}")
    anew = facts.counts.passages <= SCORED_WHOLLY
    for statement in (*_VIEWS, *(_INDEX_ANEW if anew else _INDEX_EARLIER)):
        connection.execute(statement)
    from digestqa.library.commit import counted

    return replace(facts, counts=counted(connection), index=None)
