"""Finds out which files are new, changed or gone, and has the digests of new and changed ones taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from digestqa.digests import parse_digest, read_file
from digestqa.errors import FileRefusedError, NotADigestError
from digestqa.library.catalog import row_errors
from digestqa.library.records import RefusedFile
from digestqa.library.scan import FileStamp, Scan

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from digestqa.digests import Digest

KnownFile = tuple[str, str, FileStamp]
"""Path, sha256 and stamp of a file that was read."""

FILES_PER_QUERY = 4096

_KNOWN = """SELECT path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns FROM digests
            WHERE path > ? ORDER BY path LIMIT ?"""


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
