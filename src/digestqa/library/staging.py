"""Finds out which files are new or changed, and reads them into the catalog's staging tables.

What is staged is seen by no reader and survives an interruption, so that the next run need not read it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digestqa.digests import parse_digest, read_file
from digestqa.errors import FileRefusedError, NotADigestError
from digestqa.library.catalog import transaction
from digestqa.library.facts import write_fact
from digestqa.library.records import RefusedFile
from digestqa.library.rows import packed_facts, packed_sentences
from digestqa.library.scan import FileStamp, Scan
from digestqa.library.schema import DIGEST_COLUMNS
from digestqa.passages import split_passages

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from digestqa.digests import Digest
    from digestqa.library.identity import VectorKeys

    KnownFiles = Mapping[str, tuple[str, FileStamp]]
    TakeDigest = Callable[[str, FileStamp, Digest], None]

FILES_PER_TRANSACTION = 256

_INSERT_DIGEST = (
    f"INSERT INTO staged_digests (path, text, {', '.join(DIGEST_COLUMNS)}) "
    f"VALUES (:path, :text, {', '.join(':' + column for column in DIGEST_COLUMNS)})"
)
_INSERT_PASSAGE = (
    "INSERT INTO staged_passages (path, ordinal, section, start_char, end_char, sentences, vector_key) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(slots=True)
class SortedFiles:
    """What became of the files of a scan.

    Attributes:
        added: paths that the library does not hold.
        updated: paths whose content is another.
        taken: paths whose digests are staged.
        removed: paths of the library that are gone or refused.
        unchanged: how many are as they were.
        restamped: stamps to be noted for files that are as they were.
        refused: files that could not be taken up.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    restamped: dict[str, FileStamp] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether the library's digests must change."""
        return bool(self.added or self.updated or self.removed)


def known_files(connection: sqlite3.Connection, table: str = "digests") -> dict[str, tuple[str, FileStamp]]:
    """Return (sha256, stamp) by path, of ``digests`` or ``staged_digests``.

    Raises:
        ValueError, TypeError: a damaged row.
    """
    rows = connection.execute(f"SELECT path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns FROM {table}")
    return {path: (sha256, FileStamp(*map(int, stamp))) for path, sha256, *stamp in rows}


def sort_files(
    seeds: Path,
    scan: Scan,
    known: KnownFiles,
    staged: KnownFiles,
    take: TakeDigest,
    on_file: Callable[[int, int], None],
    *,
    every: bool = False,
) -> SortedFiles:
    """Compare files with the library; read those that may have changed.

    Args:
        seeds: their folder.
        scan: what lies there.
        known: what the library holds.
        staged: what an earlier, interrupted run has read.
        take: is given each digest that is new or changed and not staged yet.
        on_file: called with (files done, files in all).
        every: take all digests, changed or not, as a rebuild does.
    """
    result = SortedFiles(refused=list(scan.refused))
    for done, (path, stamp) in enumerate(scan.files.items(), start=1):
        before = known.get(path)
        if not every and before is not None and stamp.proves_same(before[1]):
            result.unchanged += 1
        elif path in staged and stamp.proves_same(staged[path][1]):
            _note_taken(path, staged[path][0], before, result)
        else:
            _read(seeds, path, stamp, before, result, take, every=every)
        on_file(done, len(scan.files))
    kept = set(scan.files) - {file.path for file in result.refused}
    result.removed = [path for path in known if path not in kept and not scan.hides(path)]
    return result


def _read(
    seeds: Path,
    path: str,
    stamp: FileStamp,
    before: tuple[str, FileStamp] | None,
    result: SortedFiles,
    take: TakeDigest,
    *,
    every: bool,
) -> None:
    try:
        file = read_file(seeds / path)
        if not every and before is not None and file.sha256 == before[0]:
            result.unchanged += 1
            result.restamped[path] = stamp
            return
        digest = parse_digest(file.text, sha256=file.sha256, name=path.rsplit("/", 1)[-1])
    except (FileRefusedError, NotADigestError) as error:
        result.refused.append(RefusedFile(path, error.message, error.hint))
        return
    take(path, stamp, digest)
    _note_taken(path, file.sha256, before, result)


def _note_taken(path: str, sha256: str, before: tuple[str, FileStamp] | None, result: SortedFiles) -> None:
    result.taken.add(path)
    if before is None:
        result.added.append(path)
    elif before[0] == sha256:
        result.unchanged += 1
    else:
        result.updated.append(path)


class Stage:
    """The staging tables of one unfinished ingest or rebuild.

    Args:
        connection: open for writing.
        purpose: what the files are read for; what was staged for another purpose is dropped.
        keys: names the passages' vectors; None where nothing is to be embedded.
    """

    def __init__(self, connection: sqlite3.Connection, purpose: str, keys: VectorKeys | None) -> None:
        self._connection = connection
        self._purpose = purpose
        self._keys = keys
        self._pending: list[tuple[str, FileStamp, Digest]] = []

    def resume(self) -> dict[str, tuple[str, FileStamp]]:
        """Return what an interrupted run for the same purpose has staged; what another one has staged is dropped."""
        staged = known_files(self._connection, "staged_digests")
        if not staged:
            return {}
        recorded = self._connection.execute("SELECT value FROM meta WHERE key = 'staged_for'").fetchone()
        if recorded is not None and json.loads(recorded[0]) == self._purpose:
            return staged
        with transaction(self._connection):
            self._connection.execute("DELETE FROM staged_passages")
            self._connection.execute("DELETE FROM staged_digests")
        return {}

    def add(self, path: str, stamp: FileStamp, digest: Digest) -> None:
        """Stage one digest; it is stored with the next ``flush`` at the latest."""
        self._pending.append((path, stamp, digest))
        if len(self._pending) >= FILES_PER_TRANSACTION:
            self.flush()

    def flush(self) -> None:
        """Store what was added, in one small transaction."""
        if not self._pending:
            return
        with transaction(self._connection):
            write_fact(self._connection, "staged_for", self._purpose)
            self._drop([path for path, _, _ in self._pending])
            for path, stamp, digest in self._pending:
                self._insert(path, stamp, digest)
        self._pending.clear()

    def keep_only(self, paths: set[str]) -> None:
        """Store what was added and drop what is staged for other files."""
        self.flush()
        staged = [path for (path,) in self._connection.execute("SELECT path FROM staged_digests")]
        if dropped := [path for path in staged if path not in paths]:
            with transaction(self._connection):
                self._drop(dropped)

    def count_passages(self) -> int:
        """Return how many passages are staged."""
        return int(self._connection.execute("SELECT count(*) FROM staged_passages").fetchone()[0])

    def _drop(self, paths: list[str]) -> None:
        rows = [(path,) for path in paths]
        self._connection.executemany("DELETE FROM staged_passages WHERE path = ?", rows)
        self._connection.executemany("DELETE FROM staged_digests WHERE path = ?", rows)

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
