"""Proves the library against its files: every row, every vector, every derived file."""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING

from digestqa.digests import parse_digest, read_file
from digestqa.errors import FileRefusedError, LibraryMissingError, NotADigestError
from digestqa.library.catalog import DAMAGED_HINT, MISSING_HINT, catalog_errors, open_for_reading
from digestqa.library.facts import CatalogFacts, read_facts
from digestqa.library.full_text_rows import index_passages
from digestqa.library.identity import LibraryIdentity, VectorKeys, require_same
from digestqa.library.records import Problem
from digestqa.library.schema import DIGEST_COLUMNS, FTS_COLUMNS, FTS_TOKENIZER, NAME_COLUMNS, NEWEST_VERSION_FIRST
from digestqa.library.staging import digest_values, name_rows, passage_rows
from digestqa.library.storage import CATALOG_NAME, is_as_recorded
from digestqa.library.vector_files import BYTES_PER_NUMBER, VectorFile, settled_files

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path


INGEST_HINT = "run 'digestqa ingest'"
REBUILD_HINT = "run 'digestqa rebuild'"

_ROWS_PER_FETCH = 8192


def verify_library(
    embeddings: Path, seeds: Path, on_progress: Callable[[int, int], None] | None = None
) -> list[Problem]:
    """Check everything that the library says against the files it was made from.

    Checked are: the catalog's own structure; each digest's file by its hash; each digest's passages, facts and
    names by reading its file again; the full-text index against the text; each vector's presence and checksum; the
    FAISS file's hash and count; the query encoder's hashes; what passages, sections and removals refer to.

    Args:
        embeddings: the library's folder.
        seeds: the digests' folder.
        on_progress: called with (digests done, digests in all).

    Returns:
        What is wrong; an empty list for a sound library.

    Raises:
        LibraryMissingError: there is no library.
        LibraryMismatchError: it was built in another way than this program builds.
        LibraryDamagedError: the catalog cannot even be read.
    """
    with contextlib.closing(open_for_reading(embeddings)) as connection:
        with catalog_errors(embeddings):
            # The comparison of the full-text index may take as much room as the index itself.
            connection.execute("PRAGMA temp_store = FILE")
            connection.execute("BEGIN")
            facts = read_facts(connection, embeddings)
        if facts is None:
            raise LibraryMissingError(f"there is no finished library in {embeddings}", MISSING_HINT)
        require_same(facts.identity, LibraryIdentity.of_this_program(facts.identity.encoder), embeddings)
        with catalog_errors(embeddings):
            problems = list(_structure(connection, embeddings))
            if problems:
                # Nothing else can be read with confidence.
                return problems
            problems += _digests(connection, facts, seeds, on_progress)
            problems += _rows(connection, facts, embeddings)
            problems += _vectors(connection, facts, embeddings)
            problems += _files(connection, facts, embeddings)
            problems += _full_text(connection, embeddings)
            return problems


def _structure(connection: sqlite3.Connection, embeddings: Path) -> Iterator[Problem]:
    for (told,) in connection.execute("PRAGMA integrity_check(20)"):
        if told != "ok":
            yield Problem(f"the catalog is damaged: {told}", str(embeddings / CATALOG_NAME), DAMAGED_HINT)


def _digests(
    connection: sqlite3.Connection, facts: CatalogFacts, seeds: Path, on_progress: Callable[[int, int], None] | None
) -> Iterator[Problem]:
    encoder = facts.identity.encoder
    keys = VectorKeys(encoder, facts.generation) if encoder else None
    rows = connection.execute(
        f"""SELECT digests.id, path, text, {", ".join(DIGEST_COLUMNS)}
            FROM digests JOIN texts ON texts.digest_id = digests.id ORDER BY path"""
    )
    total = facts.counts.digests
    for done, (digest_id, path, text, *values) in enumerate(rows, start=1):
        stored = dict(zip(DIGEST_COLUMNS, values, strict=True))
        where = (seeds / path).as_posix()
        try:
            file = read_file(seeds / path)
            if file.sha256 != stored["sha256"]:
                yield Problem("the file has changed since it was taken up", where, INGEST_HINT)
            elif file.text != text:
                yield Problem("the catalog's text is not the file's", where, REBUILD_HINT)
            else:
                digest = parse_digest(file.text, sha256=file.sha256, name=path.rsplit("/", 1)[-1])
                if any(stored[column] != value for column, value in digest_values(path, digest).items()):
                    yield Problem("the catalog's facts are not the digest's", where, REBUILD_HINT)
                yield from _passages(connection, digest_id, passage_rows(path, digest, keys), where)
                stored_names = connection.execute(
                    f"SELECT {NAME_COLUMNS} FROM names WHERE digest_id = ? ORDER BY id", (digest_id,)
                )
                if stored_names.fetchall() != name_rows(digest):
                    yield Problem("the catalog's names are not the digest's", where, REBUILD_HINT)
        except FileRefusedError as error:
            yield Problem(f"the file cannot be read any more: {error.message}", where, INGEST_HINT)
        except NotADigestError as error:
            yield Problem(f"the file is no digest any more: {error.message}", where, REBUILD_HINT)
        if on_progress:
            on_progress(done, total)


def _passages(
    connection: sqlite3.Connection, digest_id: int, wanted: list[tuple[object, ...]], where: str
) -> Iterator[Problem]:
    stored = connection.execute(
        """SELECT ordinal, sections.name, start_char, end_char, sentences, vector_key
           FROM passages JOIN sections ON sections.id = section_id WHERE digest_id = ? ORDER BY ordinal""",
        (digest_id,),
    ).fetchall()
    if [row[:5] for row in stored] != [row[1:6] for row in wanted]:
        yield Problem("the catalog's passages are not the digest's", where, REBUILD_HINT)
    # A key of None: nothing is embedded yet.
    elif any(None not in (row[5], want[6]) and row[5] != want[6] for row, want in zip(stored, wanted, strict=True)):
        yield Problem("a passage refers to the vector of another text", where, REBUILD_HINT)


def _rows(connection: sqlite3.Connection, facts: CatalogFacts, embeddings: Path) -> Iterator[Problem]:
    catalog = str(embeddings / CATALOG_NAME)
    checks = (
        ("passages of no digest", "SELECT count(*) FROM passages WHERE digest_id NOT IN (SELECT id FROM digests)"),
        ("passages of no section", "SELECT count(*) FROM passages WHERE section_id NOT IN (SELECT id FROM sections)"),
        ("names of no digest", "SELECT count(*) FROM names WHERE digest_id NOT IN (SELECT id FROM digests)"),
        ("texts of no digest", "SELECT count(*) FROM texts WHERE digest_id NOT IN (SELECT id FROM digests)"),
        ("digests without a text", "SELECT count(*) FROM digests WHERE id NOT IN (SELECT digest_id FROM texts)"),
        (
            "studies with several current digests, or none",
            "SELECT count(*) FROM (SELECT study FROM digests GROUP BY study HAVING sum(current) <> 1)",
        ),
        (
            "studies whose newest version is not the current one",
            f"""SELECT count(*) FROM (
                    SELECT current, row_number() OVER (PARTITION BY study ORDER BY {NEWEST_VERSION_FIRST}) AS number
                    FROM digests AS version
                ) WHERE number = 1 AND NOT current""",
        ),
        (
            "superseded passages in the vector index",
            """SELECT count(*) FROM passages JOIN digests ON digests.id = digest_id
               WHERE NOT current AND indexed_state IS NOT NULL""",
        ),
    )
    for what, query in checks:
        if count := connection.execute(query).fetchone()[0]:
            yield Problem(f"{count} {what}", catalog, REBUILD_HINT)
    from digestqa.library.commit import counted

    if counted(connection) != facts.counts:
        yield Problem("the recorded counts are not those of the rows", catalog, REBUILD_HINT)


def _vectors(connection: sqlite3.Connection, facts: CatalogFacts, embeddings: Path) -> Iterator[Problem]:
    catalog = str(embeddings / CATALOG_NAME)
    encoder = facts.identity.encoder
    length = encoder.dimension * BYTES_PER_NUMBER if encoder else 0
    files = settled_files(connection, facts.settled_vector)
    for file in files:
        where = str(embeddings / file.name)
        rows = connection.execute(
            "SELECT id, crc FROM vectors WHERE id >= ? AND id < ? ORDER BY id", (file.first_id, file.end_id)
        ).fetchall()
        try:
            damaged = _damaged_rows(embeddings, file, rows, length)
        except OSError as error:
            yield Problem(f"the vectors cannot be read: {error.strerror}", where, REBUILD_HINT)
            continue
        if damaged:
            yield Problem(_told(damaged, "vector is damaged", "vectors are damaged"), where, REBUILD_HINT)
    placed = " OR ".join(["0", *(f"id BETWEEN {file.first_id} AND {file.end_id - 1}" for file in files)])
    stray = connection.execute(
        f"SELECT count(*) FROM vectors WHERE id <= ? AND NOT ({placed})", (facts.settled_vector,)
    ).fetchone()[0]
    if stray:
        yield Problem(_told(stray, "vector in no file", "vectors in no file"), catalog, REBUILD_HINT)
    lost = connection.execute(
        """SELECT count(*) FROM passages LEFT JOIN vectors ON vectors.key = vector_key
           WHERE indexed_state IS NOT NULL AND vectors.key IS NULL"""
    ).fetchone()[0]
    if lost:
        yield Problem(
            _told(lost, "passage without its vector", "passages without their vectors"), catalog, REBUILD_HINT
        )


def _told(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _damaged_rows(embeddings: Path, file: VectorFile, rows: list[tuple[int, int]], length: int) -> int:
    """Return how many of a volume's vectors are not what was stored, by their checksums.

    Args:
        embeddings: the library's folder.
        file: the volume.
        rows: numbers and checksums of its vectors, by number.
        length: what each must have, in bytes.
    """
    if rows and file.row_bytes != length:
        return len(rows)
    with (embeddings / file.name).open("rb") as stream:
        damaged, place = 0, 0
        for vector_id, crc in rows:
            row = vector_id - file.first_id
            if row != place:
                stream.seek(row * length)
            contents = stream.read(length)
            damaged += row >= file.rows or len(contents) < length or zlib.crc32(contents) != crc
            place = row + 1
        return damaged


def _files(connection: sqlite3.Connection, facts: CatalogFacts, embeddings: Path) -> Iterator[Problem]:
    for file in facts.query_encoder:
        if not is_as_recorded(embeddings, file, hashed=True):
            yield Problem("the query encoder is missing or damaged", str(embeddings / file.name), REBUILD_HINT)
    if facts.index is None:
        return
    where = str(embeddings / facts.index.file.name)
    if not is_as_recorded(embeddings, facts.index.file, hashed=True):
        yield Problem("the FAISS file is missing or damaged; searches build it anew", where, INGEST_HINT)
    covered = facts.index.state
    searched, gone = connection.execute(
        """SELECT (SELECT count(*) FROM passages WHERE indexed_state <= ?1),
                  (SELECT count(*) FROM removed WHERE state > ?1)""",
        (covered,),
    ).fetchone()
    if facts.index.count != searched + gone:
        has = _told(facts.index.count, "passage", "passages")
        yield Problem(f"the FAISS file has {has}, and the catalog says {searched + gone:,}", where, REBUILD_HINT)


def _full_text(connection: sqlite3.Connection, embeddings: Path) -> Iterator[Problem]:
    """Compare the full-text index, word by word, with one made now from the text.

    FTS5's own check is a write to SQLite, and verifying must write nothing.
    """
    columns = f"{FTS_COLUMNS}, content='', tokenize='{FTS_TOKENIZER}'"
    connection.execute(f"CREATE VIRTUAL TABLE temp.expected_fts USING fts5({columns})")
    index_passages(connection, "digests", "temp.expected_fts")
    connection.execute("CREATE VIRTUAL TABLE temp.expected_words USING fts5vocab('temp', 'expected_fts', 'instance')")
    connection.execute("CREATE VIRTUAL TABLE temp.stored_words USING fts5vocab('main', 'passages_fts', 'instance')")
    compared = (
        "SELECT term, doc, col, offset FROM temp.{}_words",
        # The lengths and their sums that BM25 reckons with, in FTS5's own tables.
        "SELECT id, hex(sz) FROM {}_fts_docsize ORDER BY id",
        "SELECT hex(block) FROM {}_fts_data WHERE id = 1",
    )
    names = (("stored", "expected"), ("main.passages", "temp.expected"), ("main.passages", "temp.expected"))
    for query, (stored, expected) in zip(compared, names, strict=True):
        if not _same_rows(connection.execute(query.format(stored)), connection.execute(query.format(expected))):
            yield Problem("the full-text index is not that of the text", str(embeddings / CATALOG_NAME), REBUILD_HINT)
            return


def _same_rows(one: sqlite3.Cursor, other: sqlite3.Cursor) -> bool:
    while True:
        rows = one.fetchmany(_ROWS_PER_FETCH)
        if rows != other.fetchmany(_ROWS_PER_FETCH):
            return False
        if not rows:
            return True
