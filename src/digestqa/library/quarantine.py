"""The list of refused files: what is kept of it from run to run, also of files that were given from outside seeds/.

A file under seeds/ is found again by every scan. One that was given by its path is not: its absolute path is kept in
the list, so that the next ingest tries it again, until it is taken up or gone.
"""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING

from digestqa.errors import LibraryError
from digestqa.library.catalog import catalog_errors, open_for_reading
from digestqa.library.migrations import schema_version
from digestqa.library.records import RefusedFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from digestqa.placing import Taken

_PART = re.compile(r" (?:line|record) \d+$")


def refused_outside(connection: sqlite3.Connection) -> list[RefusedFile]:
    """Return the refused files that do not lie under seeds/."""
    rows = connection.execute("SELECT path, reason, hint, first_seen FROM refused ORDER BY path")
    return [RefusedFile(*row) for row in rows if os.path.isabs(str(row[0]))]


def files_to_try_again(embeddings: Path) -> list[str]:
    """Return the paths of files that an earlier ingest was given and refused, and that are still there."""
    try:
        with contextlib.closing(open_for_reading(embeddings)) as connection, catalog_errors(embeddings):
            kept = refused_outside(connection) if schema_version(connection) else []
    except LibraryError:  # none yet; or what the ingest to come will tell
        return []
    return [file.path for file in kept if os.path.isfile(file.path)]


def given_and_refused(taken: Iterable[Taken], seeds: Path) -> list[RefusedFile]:
    """Return what to keep in the list of the files that were given: those that can be tried again by their path.

    Links are left out: found in a folder, they may have led out of it.
    """
    inside = os.path.realpath(seeds) + os.sep
    found: dict[str, tuple[Taken, int]] = {}
    for entry in taken:
        path = os.path.abspath(_PART.sub("", entry.origin))
        if entry.outcome != "refused" or entry.origin == "-" or os.path.islink(path) or not os.path.isfile(path):
            continue
        if not os.path.realpath(path).startswith(inside):
            first, count = found.get(path, (entry, 0))
            found[path] = (first, count + 1)
    return [
        RefusedFile(path, _reason(first, count, path).encode("utf-8", "replace").decode("utf-8"), first.hint)
        for path, (first, count) in found.items()
        if path.isprintable()
    ]


def _reason(first: Taken, count: int, path: str) -> str:
    part = _PART.search(first.origin)
    named = f"{part.group().strip()}: {first.reason}" if part else first.reason
    more = f"; and {count - 1:,} more of its parts" if count > 1 else ""
    return f"{path}: {named}{more}"
