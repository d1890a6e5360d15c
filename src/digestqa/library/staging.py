"""Reads new and changed digests into the catalog's staging tables.

What is staged is seen by no reader and survives an interruption, so that the next run need not read it again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digestqa.library.catalog import row_errors, transaction
from digestqa.library.facts import write_fact
from digestqa.library.rows import packed_facts, packed_sentences
from digestqa.library.scan import FileStamp
from digestqa.library.schema import DIGEST_COLUMNS, NAME_COLUMNS
from digestqa.names import name_key, names_of
from digestqa.passages import split_passages

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from digestqa.digests import Digest
    from digestqa.library.changed_files import KnownFile
    from digestqa.library.identity import VectorKeys

FILES_PER_TRANSACTION = 256

_STAGED = "SELECT path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns FROM staged_digests WHERE path = ?"
_STAGED_TABLES = ("staged_names", "staged_passages", "staged_digests")

_INSERT_DIGEST = (
    f"INSERT INTO staged_digests (path, text, {', '.join(DIGEST_COLUMNS)}) "
    f"VALUES (:path, :text, {', '.join(':' + column for column in DIGEST_COLUMNS)})"
)
_INSERT_PASSAGE = (
    "INSERT INTO staged_passages (path, ordinal, section, start_char, end_char, sentences, vector_key) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_NAME = f"INSERT INTO staged_names (path, ordinal, {NAME_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Stage:
    """The staging tables of one unfinished ingest or rebuild.

    Args:
        connection: open for writing.
        embeddings: named in messages.
        purpose: called when it is first needed, since it may have to load the encoder: returns what the files are read
            for, and what names the passages' vectors (None where nothing is to be embedded). What was staged for
            another purpose is dropped.
    """

    def __init__(
        self, connection: sqlite3.Connection, embeddings: Path, purpose: Callable[[], tuple[str, VectorKeys | None]]
    ) -> None:
        self._connection = connection
        self._embeddings = embeddings
        self._ask_purpose = purpose
        self._purpose: str | None = None
        self._keys: VectorKeys | None = None
        self._pending: list[tuple[str, FileStamp, Digest]] = []
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS kept_staged (path TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("DELETE FROM temp.kept_staged")
        self._empty = connection.execute("SELECT 1 FROM staged_digests LIMIT 1").fetchone() is None

    def find(self, path: str) -> KnownFile | None:
        """Return what an interrupted run for the same purpose has staged under a path."""
        if self._empty:
            return None
        self._settle()
        row = self._connection.execute(_STAGED, (path,)).fetchone()
        with row_errors(self._embeddings):
            return (row[0], row[1], FileStamp(*map(int, row[2:]))) if row else None

    def keep(self, path: str) -> None:
        """Note that what is staged under a path is as its file is now."""
        self._connection.execute("INSERT OR IGNORE INTO temp.kept_staged VALUES (?)", (path,))

    def _settle(self) -> None:
        """Ask what the files are read for, once; drop what was staged for anything else."""
        if self._purpose is not None:
            return
        self._purpose, self._keys = self._ask_purpose()
        recorded = self._connection.execute("SELECT value FROM meta WHERE key = 'staged_for'").fetchone()
        if recorded is None or json.loads(recorded[0]) != self._purpose:
            with transaction(self._connection):
                for table in _STAGED_TABLES:
                    self._connection.execute(f"DELETE FROM {table}")
            self._empty = True

    def add(self, path: str, stamp: FileStamp, digest: Digest) -> None:
        """Stage one digest; it is stored with the next ``flush`` at the latest."""
        self._pending.append((path, stamp, digest))
        if len(self._pending) >= FILES_PER_TRANSACTION:
            self.flush()

    def flush(self) -> None:
        """Store what was added, in one small transaction."""
        if not self._pending:
            return
        self._settle()
        paths = [(path,) for path, _, _ in self._pending]
        with transaction(self._connection):
            write_fact(self._connection, "staged_for", self._purpose)
            for table in _STAGED_TABLES:
                self._connection.executemany(f"DELETE FROM {table} WHERE path = ?", paths)
            for path, stamp, digest in self._pending:
                self._insert(path, stamp, digest)
            self._connection.executemany("INSERT OR IGNORE INTO temp.kept_staged VALUES (?)", paths)
        self._pending.clear()

    def finish(self) -> None:
        """Store what was added, and drop what is staged for files that are gone or other now."""
        self.flush()
        left = "path NOT IN (SELECT path FROM temp.kept_staged)"
        if self._connection.execute(f"SELECT 1 FROM staged_digests WHERE {left} LIMIT 1").fetchone():
            with transaction(self._connection):
                for table in _STAGED_TABLES:
                    self._connection.execute(f"DELETE FROM {table} WHERE {left}")

    def count_passages(self) -> int:
        """Return how many passages are staged."""
        return int(self._connection.execute("SELECT count(*) FROM staged_passages").fetchone()[0])

    def _insert(self, path: str, stamp: FileStamp, digest: Digest) -> None:
        stamps = {
            "size": stamp.size,
            "mtime_ns": stamp.mtime_ns,
            "ctime_ns": stamp.ctime_ns,
            "inode": stamp.inode,
            "checked_ns": stamp.checked_ns,
        }
        self._connection.execute(
            _INSERT_DIGEST, {"path": path, "text": digest.text, **digest_values(path, digest), **stamps}
        )
        self._connection.executemany(_INSERT_PASSAGE, passage_rows(path, digest, self._keys))
        self._connection.executemany(
            _INSERT_NAME, [(path, ordinal, *row) for ordinal, row in enumerate(name_rows(digest))]
        )


def digest_values(path: str, digest: Digest) -> dict[str, str | None]:
    """Return the columns of a digest's row that its file's path and contents decide, but the path and the text."""
    return {
        "sha256": digest.sha256,
        # Files that name no study are told apart by their paths: two notes.txt are not one study.
        "study": digest.source if digest.registry is not None else f"file:{path}",
        "source": digest.source,
        "registry": digest.registry,
        "headline": digest.headline,
        "official_title": digest.value("official_title"),
        "compound": digest.value("compound"),
        "evidence_type": digest.value("evidence_type"),
        "date": digest.value("date"),
        "ingested": digest.value("ingested"),
        "digest_model": digest.value("digest_model"),
        "layout": digest.layout,
        "facts": packed_facts(digest.facts),
    }


def passage_rows(path: str, digest: Digest, keys: VectorKeys | None) -> list[tuple[object, ...]]:
    """Return the rows of a digest's passages: path, ordinal, section, start, end, sentences, vector key."""
    return [
        (
            path,
            passage.ordinal,
            passage.section,
            passage.start,
            passage.end,
            packed_sentences(passage.start, passage.sentences),
            keys.key(passage.embedded_text) if keys else None,
        )
        for passage in split_passages(digest)
    ]


def name_rows(digest: Digest) -> list[tuple[str | int, ...]]:
    """Return the rows of the names that a digest teaches, in the order of ``NAME_COLUMNS``."""
    return [
        (
            pair.short,
            name_key(pair.short),
            pair.long,
            name_key(pair.long),
            pair.kind,
            pair.where,
            pair.start,
            pair.end,
        )
        for pair in names_of(digest)
    ]
