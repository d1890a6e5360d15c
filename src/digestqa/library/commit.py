"""The one transaction that moves the library to its next state.

Digest rows, passage rows, names, full-text rows, what is searched and which vectors are kept change together, in SQL,
from what was staged: a reader sees the state before or the state after.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from digestqa.library.catalog import transaction
from digestqa.library.facts import CatalogFacts, IndexRecord, index_value, stored_files_value, write_fact
from digestqa.library.full_text_rows import index_passages, unindex_passages
from digestqa.library.records import LibraryCounts
from digestqa.library.schema import DIGEST_COLUMNS, NAME_COLUMNS, NEWEST_VERSION_FIRST
from digestqa.library.vector_files import forget_empty_files

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping

    from digestqa.library.identity import LibraryIdentity
    from digestqa.library.records import RefusedFile, StoredFile
    from digestqa.library.scan import FileStamp

_ENTOMB = """
    INSERT INTO removed (passage_id, state)
    SELECT id, ? FROM passages WHERE indexed_state IS NOT NULL AND digest_id IN (SELECT id FROM {table})
"""
_RANKED = f"""
    SELECT id, current, row_number() OVER (PARTITION BY study ORDER BY {NEWEST_VERSION_FIRST}) = 1 AS wins
    FROM digests AS version WHERE study IN (SELECT study FROM touched_studies)
"""
_COUNTS = """
    SELECT (SELECT count(*) FROM digests WHERE {chosen}),
           (SELECT count(*) FROM digests WHERE NOT current AND {chosen}),
           (SELECT count(*) FROM digests JOIN passages ON digests.id = digest_id WHERE current AND {chosen}),
           (SELECT count(*) FROM digests JOIN passages ON digests.id = digest_id
            WHERE current AND indexed_state IS NULL AND {chosen}),
           (SELECT count(*) FROM refused)
"""
_OF_TOUCHED_STUDIES = "digests.study IN (SELECT study FROM touched_studies)"


@dataclass(frozen=True, slots=True)
class NextState:
    """What the library is to become.

    Attributes:
        identity: what decides its contents.
        generation: the build.
        query_encoder: the exported query encoder's files.
        leaving: paths whose digests go, for good or because a staged one takes their place.
        whole: every digest of the present state goes, as in a rebuild.
        restamped: stamps to be noted.
        refused: files that could not be taken up.
    """

    identity: LibraryIdentity
    generation: int
    query_encoder: tuple[StoredFile, ...]
    leaving: tuple[str, ...]
    whole: bool
    restamped: Mapping[str, FileStamp]
    refused: tuple[RefusedFile, ...]


def commit_next_state(
    connection: sqlite3.Connection,
    before: CatalogFacts | None,
    after: NextState,
    make_index: Callable[[int], tuple[IndexRecord | None, bool]],
) -> int:
    """Make the staged digests part of the library, in one transaction.

    Args:
        connection: open for writing, outside a transaction.
        before: the present state; None where there is none.
        after: the state to come.
        make_index: called within the transaction with the new state's number, when all its rows are there; returns the
            FAISS file for it, or None, and whether the present one may stay. A file whose transaction is never
            committed is swept by the next writer.

    Returns:
        The new state's number.
    """
    state = (before.state if before else 0) + 1
    with transaction(connection):
        _temporary_tables(connection)
        _choose_leaving(connection, after)
        touched_before = _counted(connection, _OF_TOUCHED_STUDIES)
        _take_out(connection, state, whole=after.whole)
        _take_in(connection, state)
        # The stamps before the choice: of the versions of one day, the file that changed last is current.
        note_files(connection, after.restamped, after.refused)
        _choose_current(connection, state)
        _count_in_vectors(connection, state)
        _drop_unused_vectors(connection, before, whole=after.whole)
        forget_empty_files(connection)
        connection.execute("DELETE FROM staged_names")
        connection.execute("DELETE FROM staged_passages")
        connection.execute("DELETE FROM staged_digests")
        facts: dict[str, Any] = {
            "birth": before.birth if before else uuid.uuid4().hex,
            "state": state,
            "generation": after.generation,
            "built_at": _now(),
            "identity": after.identity.as_dict(),
            "query_encoder": stored_files_value(after.query_encoder),
            "counts": asdict(_counts_after(connection, before, touched_before, whole=after.whole)),
        }
        if after.whole:
            connection.execute("DELETE FROM removed")
        index, present_stays = make_index(state)
        if index is not None or not present_stays:
            facts["index"] = index_value(index) if index is not None else None
            connection.execute("DELETE FROM removed WHERE state <= ?", (state,))
        # After the index, for which vectors may have been given other numbers.
        facts["settled_vector"] = connection.execute("SELECT coalesce(max(id), 0) FROM vectors").fetchone()[0]
        for key, value in facts.items():
            write_fact(connection, key, value)
    return state


def counted(connection: sqlite3.Connection) -> LibraryCounts:
    """Count what the library holds."""
    return _counted(connection, "1")


def _counted(connection: sqlite3.Connection, chosen: str) -> LibraryCounts:
    return LibraryCounts(*connection.execute(_COUNTS.format(chosen=chosen)).fetchone())


def _counts_after(
    connection: sqlite3.Connection, before: CatalogFacts | None, touched_before: LibraryCounts, *, whole: bool
) -> LibraryCounts:
    """Count what the library holds, in a large one by what the touched studies held before and hold now."""
    if before is None or whole or before.counts.unembedded:
        # Passages of any study may have been embedded now.
        return counted(connection)
    touched = _counted(connection, _OF_TOUCHED_STUDIES)
    return LibraryCounts(
        digests=before.counts.digests - touched_before.digests + touched.digests,
        superseded=before.counts.superseded - touched_before.superseded + touched.superseded,
        passages=before.counts.passages - touched_before.passages + touched.passages,
        unembedded=before.counts.unembedded - touched_before.unembedded + touched.unembedded,
        refused=touched.refused,
    )


def note_files(
    connection: sqlite3.Connection, restamped: Mapping[str, FileStamp], refused: Iterable[RefusedFile]
) -> None:
    """Note stamps of unchanged files and the list of refused ones, within the caller's transaction."""
    connection.executemany(
        "UPDATE digests SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, checked_ns = ? WHERE path = ?",
        [
            (stamp.size, stamp.mtime_ns, stamp.ctime_ns, stamp.inode, stamp.checked_ns, path)
            for path, stamp in restamped.items()
        ],
    )
    now = _now()
    first_seen = dict(connection.execute("SELECT path, first_seen FROM refused"))
    connection.execute("DELETE FROM refused")
    connection.executemany(
        "INSERT OR REPLACE INTO refused (path, reason, hint, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)",
        [(file.path, file.reason, file.hint, first_seen.get(file.path, now), now) for file in refused],
    )


def _temporary_tables(connection: sqlite3.Connection) -> None:
    for name in ("leaving", "fading", "rising"):
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY)")
        connection.execute(f"DELETE FROM {name}")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched_studies (study TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM touched_studies")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS freed_vectors (key BLOB PRIMARY KEY)")
    connection.execute("DELETE FROM freed_vectors")


def _choose_leaving(connection: sqlite3.Connection, after: NextState) -> None:
    if after.whole:
        connection.execute("INSERT INTO leaving SELECT id FROM digests")
    else:
        connection.executemany(
            "INSERT OR IGNORE INTO leaving SELECT id FROM digests WHERE path = ?",
            [(path,) for path in after.leaving],
        )
    connection.execute(
        "INSERT OR IGNORE INTO touched_studies SELECT study FROM digests WHERE id IN (SELECT id FROM leaving)"
    )
    connection.execute("INSERT OR IGNORE INTO touched_studies SELECT study FROM staged_digests")
    connection.executemany(
        "INSERT OR IGNORE INTO touched_studies SELECT study FROM digests WHERE path = ?",
        [(path,) for path in after.restamped],
    )


def _take_out(connection: sqlite3.Connection, state: int, *, whole: bool) -> None:
    if whole:
        connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
    else:
        unindex_passages(connection, "leaving")
    connection.execute(_ENTOMB.format(table="leaving"), (state,))
    connection.execute(
        """INSERT OR IGNORE INTO freed_vectors SELECT vector_key FROM passages
           WHERE vector_key IS NOT NULL AND digest_id IN (SELECT id FROM leaving)"""
    )
    connection.execute("DELETE FROM passages WHERE digest_id IN (SELECT id FROM leaving)")
    connection.execute("DELETE FROM names WHERE digest_id IN (SELECT id FROM leaving)")
    connection.execute("DELETE FROM texts WHERE digest_id IN (SELECT id FROM leaving)")
    connection.execute("DELETE FROM digests WHERE id IN (SELECT id FROM leaving)")


def _take_in(connection: sqlite3.Connection, state: int) -> None:
    # CROSS JOIN: what is staged comes first, or SQLite may go through all digests for the sake of their order.
    columns = ", ".join(DIGEST_COLUMNS)
    connection.execute(
        f"""INSERT INTO digests (path, {columns}, current, added_state)
            SELECT path, {columns}, 0, ? FROM staged_digests ORDER BY path""",
        (state,),
    )
    connection.execute(
        """INSERT INTO texts (digest_id, text)
           SELECT digests.id, staged_digests.text FROM staged_digests CROSS JOIN digests USING (path)
           ORDER BY digests.id"""
    )
    connection.execute("INSERT OR IGNORE INTO sections (name) SELECT section FROM staged_passages ORDER BY section")
    connection.execute(
        """INSERT INTO passages (digest_id, ordinal, section_id, start_char, end_char, sentences, vector_key)
           SELECT digests.id, ordinal, sections.id, start_char, end_char, sentences, vector_key
           FROM staged_passages CROSS JOIN digests USING (path) JOIN sections ON sections.name = section
           ORDER BY digests.id, ordinal"""
    )
    connection.execute(
        f"""INSERT INTO names (digest_id, {NAME_COLUMNS})
            SELECT digests.id, {NAME_COLUMNS} FROM staged_names CROSS JOIN digests USING (path)
            ORDER BY digests.id, ordinal"""
    )


def _choose_current(connection: sqlite3.Connection, state: int) -> None:
    connection.execute(f"INSERT INTO fading SELECT id FROM ({_RANKED}) WHERE current AND NOT wins")
    connection.execute(f"INSERT INTO rising SELECT id FROM ({_RANKED}) WHERE wins AND NOT current")
    unindex_passages(connection, "fading")
    connection.execute(_ENTOMB.format(table="fading"), (state,))
    connection.execute("UPDATE passages SET indexed_state = NULL WHERE digest_id IN (SELECT id FROM fading)")
    connection.execute("UPDATE digests SET current = 0 WHERE id IN (SELECT id FROM fading)")
    connection.execute("UPDATE digests SET current = 1 WHERE id IN (SELECT id FROM rising)")
    index_passages(connection, "rising")


def _count_in_vectors(connection: sqlite3.Connection, state: int) -> None:
    """Make every searched passage that has a vector part of the vector index from this state on."""
    connection.execute(
        """UPDATE passages SET indexed_state = ? WHERE indexed_state IS NULL
           AND EXISTS (SELECT 1 FROM vectors WHERE vectors.key = passages.vector_key)
           AND EXISTS (SELECT 1 FROM digests WHERE digests.id = passages.digest_id AND digests.current)""",
        (state,),
    )


def _drop_unused_vectors(connection: sqlite3.Connection, before: CatalogFacts | None, *, whole: bool) -> None:
    """Drop the vectors that no passage refers to: of passages that went, and left over from interrupted runs."""
    settled = before.settled_vector if before else 0
    if whole:
        connection.execute("INSERT OR IGNORE INTO freed_vectors SELECT key FROM vectors")
    else:
        connection.execute("INSERT OR IGNORE INTO freed_vectors SELECT key FROM vectors WHERE id > ?", (settled,))
    connection.execute(
        """DELETE FROM vectors WHERE key IN (SELECT key FROM freed_vectors)
           AND NOT EXISTS (SELECT 1 FROM passages WHERE passages.vector_key = vectors.key)"""
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
