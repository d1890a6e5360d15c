"""Finds out which files are new or changed, and reads them into the catalog's staging tables.

What is staged is seen by no reader and survives an interruption, so that the next run need not read it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from digestqa.digests import parse_digest, read_file
from digestqa.errors import FileRefusedError, NotADigestError
from digestqa.library.catalog import row_errors, transaction
from digestqa.library.facts import write_fact
from digestqa.library.records import RefusedFile
from digestqa.library.rows import packed_facts, packed_sentences
from digestqa.library.scan import FileStamp, Scan
from digestqa.library.schema import DIGEST_COLUMNS, NAME_COLUMNS
from digestqa.names import name_key, names_of
from digestqa.passages import split_passages

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from digestqa.digests import Digest
    from digestqa.library.identity import VectorKeys

    KnownFile = tuple[str, str, FileStamp]

FILES_PER_TRANSACTION = 256
FILES_PER_QUERY = 4096

_KNOWN = """SELECT path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns FROM digests
            WHERE path > ? ORDER BY path LIMIT ?"""
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


@dataclass(slots=True)
class SortedFiles:
    """What became of the files of a scan. What it lists grows with the files that changed, not with those that did not.

    Attributes:
        added: files that the library does not hold.
        updated: paths whose content is another.
        taken: files whose digests are staged.
        removed: paths of the library that are gone or refused.
        unchanged: how many are as they were.
        restamped: stamps to be noted for files that are as they were.
        refused: files that could not be taken up.
    """

    added: int = 0
    updated: list[str] = field(default_factory=list)
    taken: int = 0
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    restamped: dict[str, FileStamp] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether the library's digests must change."""
        return bool(self.added or self.updated or self.removed)


def known_files(connection: sqlite3.Connection, embeddings: Path) -> Iterator[KnownFile]:
    """Yield (path, sha256, stamp) of the library's digests in the order of the paths.

    No statement stays open between them, so that others may run on the connection meanwhile.

    Raises:
        LibraryDamagedError: a damaged row.
    """
    last = ""
    while True:
        with row_errors(embeddings):
            rows = [
                (path, sha256, FileStamp(*map(int, stamp)))
                for path, sha256, *stamp in connection.execute(_KNOWN, (last, FILES_PER_QUERY))
            ]
            if not rows:
                return
            paths = [last, *(path for path, *_ in rows)]
            if any(after <= before for before, after in pairwise(paths)):
                # A damaged page may send SQLite in circles.
                raise ValueError("its files are out of order")
            last = paths[-1]
        yield from rows


def compared(
    files: Iterable[tuple[str, FileStamp]], known: Iterable[KnownFile]
) -> Iterator[tuple[str, FileStamp | None, KnownFile | None]]:
    """Merge files and what is known of them, both in the order of their paths: yield path, stamp, what is known."""
    stamped, recorded = iter(files), iter(known)
    file, before = next(stamped, None), next(recorded, None)
    while file is not None or before is not None:
        if before is None or (file is not None and file[0] < before[0]):
            assert file is not None
            yield file[0], file[1], None
            file = next(stamped, None)
        elif file is None or before[0] < file[0]:
            yield before[0], None, before
            before = next(recorded, None)
        else:
            yield file[0], file[1], before
            file, before = next(stamped, None), next(recorded, None)


def sort_files(
    scan: Scan,
    known: Iterable[KnownFile],
    stage: TakesDigests,
    on_file: Callable[[int, int], None],
    *,
    every: bool = False,
) -> SortedFiles:
    """Compare files with the library; read those that may have changed.

    Args:
        scan: what lies in the seeds folder.
        known: what the library holds, in the order of the paths.
        stage: is given each digest that is new or changed, and tells what an earlier, interrupted run has staged.
        on_file: called with (files done, files in all).
        every: take all digests, changed or not, as a rebuild does.
    """
    result = SortedFiles()
    total = scan.count()
    done = 0
    for path, stamp, before in compared(scan.files(), known):
        if stamp is None:
            if not scan.hides(path):
                result.removed.append(path)
            continue
        if not every and before is not None and stamp.proves_same(before[2]):
            result.unchanged += 1
        else:
            staged = stage.find(path)
            if staged is not None and stamp.proves_same(staged[2]):
                stage.keep(path)
                _note_taken(path, staged[1], before, result)
            else:
                _read(scan.seeds, path, stamp, before, result, stage, every=every)
        done += 1
        on_file(done, max(done, total))
    result.refused = [*scan.refused, *result.refused]
    return result


def _read(
    seeds: Path,
    path: str,
    stamp: FileStamp,
    before: KnownFile | None,
    result: SortedFiles,
    stage: TakesDigests,
    *,
    every: bool,
) -> None:
    try:
        file = read_file(seeds / path)
        if not every and before is not None and file.sha256 == before[1]:
            result.unchanged += 1
            result.restamped[path] = stamp
            return
        digest = parse_digest(file.text, sha256=file.sha256, name=path.rsplit("/", 1)[-1])
    except (FileRefusedError, NotADigestError) as error:
        result.refused.append(RefusedFile(path, error.message, error.hint))
        if before is not None:
            result.removed.append(path)
        return
    stage.add(path, stamp, digest)
    _note_taken(path, file.sha256, before, result)


def _note_taken(path: str, sha256: str, before: KnownFile | None, result: SortedFiles) -> None:
    result.taken += 1
    if before is None:
        result.added += 1
    elif before[1] == sha256:
        result.unchanged += 1
    else:
        result.updated.append(path)


class TakesDigests(Protocol):
    """What ``sort_files`` gives digests to."""

    def find(self, path: str) -> KnownFile | None:
        """Return what is staged under a path."""

    def keep(self, path: str) -> None:
        """Note that what is staged under a path is as its file is now."""

    def add(self, path: str, stamp: FileStamp, digest: Digest) -> None:
        """Take a digest."""


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
