"""An ingest of given files into a large library looks at those alone: to look at all would take longer than the work.

What else changed in the seeds folder is taken up by the next ingest of the folder, as after any change made there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from digestqa.library.catalog import row_errors
from digestqa.library.records import RefusedFile
from digestqa.library.scan import FileStamp

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from digestqa.library.changed_files import KnownFile
    from digestqa.library.facts import CatalogFacts

MANY_DIGESTS = 10_000
"""In a library of more digests only given files are looked at: to look at so many takes a tenth of a second."""

_KNOWN = "SELECT path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns FROM digests WHERE path = ?"


def paths_to_look_at(
    connection: sqlite3.Connection, before: CatalogFacts | None, seeds: Path, given: Sequence[Path] | None
) -> tuple[str, ...] | None:
    """Return the only paths, relative to the seeds folder and sorted, that an ingest looks at; None for all.

    Args:
        connection: open for writing.
        before: the present state, which the ingest goes on with; None where there is none.
        seeds: the seeds folder.
        given: files under it that were just put there; None where none were given.
    """
    if given is None or before is None or before.counts.digests <= MANY_DIGESTS:
        return None
    # What an interrupted run has staged is compared with all files.
    if connection.execute("SELECT 1 FROM staged_digests LIMIT 1").fetchone():
        return None
    try:
        return tuple(sorted({path.relative_to(seeds).as_posix() for path in given}))
    except ValueError:
        return None


def known_among(connection: sqlite3.Connection, embeddings: Path, paths: Sequence[str]) -> Iterator[KnownFile]:
    """Yield (path, sha256, stamp) of the library's digests at some paths, which are sorted.

    Raises:
        LibraryDamagedError: a damaged row.
    """
    for path in paths:
        with row_errors(embeddings):
            rows = [
                (str(name), str(sha256), FileStamp(*map(int, stamp)))
                for name, sha256, *stamp in connection.execute(_KNOWN, (path,))
            ]
        yield from rows


def refused_elsewhere(connection: sqlite3.Connection, paths: Sequence[str]) -> list[RefusedFile]:
    """Return the refused files of the seeds folder that are not at the given paths, as they are listed."""
    rows = connection.execute("SELECT path, reason, hint, first_seen FROM refused ORDER BY path")
    looked_at = set(paths)
    return [RefusedFile(*row) for row in rows if not os.path.isabs(str(row[0])) and row[0] not in looked_at]
