"""Digests of a held state: by number, by name, and whether their files still are what was read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.digests import normalize_source
from digestqa.errors import UsageError
from digestqa.library.catalog import row_errors
from digestqa.library.rows import DIGEST_COLUMNS
from digestqa.library.scan import FileStamp
from digestqa.library.storage import file_sha256
from digestqa.library.text_search import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from digestqa.library.held_state import HeldState
    from digestqa.library.records import DigestRecord

BLOCK = 2_000
"""Rows that are read at once where many are."""

MOST_COMPARED = 5_000
_NEIGHBOURS = 50
_LONGEST_ID = 64


def all_digests(held: HeldState, *, superseded: bool) -> list[DigestRecord]:
    """Return all digests by path; the superseded ones too if asked for."""
    condition = "1" if superseded else "current"
    return held.digests(f"SELECT {DIGEST_COLUMNS} FROM digests WHERE {condition} ORDER BY path")


def digests_of_ids(held: HeldState, ids: Iterable[int]) -> list[DigestRecord]:
    """Return the digests of some ids, by id."""
    return held.digests(
        f"SELECT {DIGEST_COLUMNS} FROM digests WHERE id IN (SELECT value FROM json_each(?)) ORDER BY digests.id",
        (json.dumps(sorted(ids)),),
    )


def find_digests(held: HeldState, written: str) -> list[DigestRecord]:
    """Return the digests of a study id, a path or a file's name, however written; see ``Library.find_digests``."""
    written = storable(written).strip()
    return held.digests(
        f"""SELECT {DIGEST_COLUMNS} FROM digests WHERE source = ? COLLATE NOCASE
            ORDER BY current DESC, ingested DESC, date DESC, path""",
        (normalize_source(written),),
    ) or held.digests(
        # The inner query reads the index of paths and no whole rows.
        f"""SELECT {DIGEST_COLUMNS} FROM digests WHERE id IN (
                SELECT id FROM digests
                WHERE path = ?1 OR path LIKE '%/' || ?2 ESCAPE '\\' OR path LIKE ?2 || '.%' ESCAPE '\\'
                   OR path LIKE '%/' || ?2 || '.%' ESCAPE '\\'
            ) ORDER BY current DESC, path""",
        (written, _like(written)),
    )


def digest_text(held: HeldState, digest_id: int) -> str:
    """Return a digest's whole text, as its file was read.

    Raises:
        UsageError: there is no such digest.
    """
    rows = held.rows("SELECT text FROM texts WHERE digest_id = ?", (digest_id,))
    if not rows:
        raise UsageError(f"there is no digest with the number {digest_id} in the library")
    return str(rows[0][0])


def is_fresh(held: HeldState, seeds: Path, digest: DigestRecord) -> bool:
    """Tell whether a digest's file still is what was read: by its stamp, and by its hash where that is in doubt."""
    rows = held.rows("SELECT size, mtime_ns, ctime_ns, inode, checked_ns FROM digests WHERE id = ?", (digest.id,))
    with row_errors(held.embeddings):
        stamp = FileStamp(*map(int, rows[0])) if rows else None
    return _is_same(os.path.join(seeds, digest.path), digest.sha256, stamp)


def fresh_digests(held: HeldState, seeds: Path, ids: Iterable[int]) -> frozenset[int]:
    """Return those of some digests whose files still are what was read."""
    rows = held.rows(
        """SELECT id, path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns FROM digests
           WHERE id IN (SELECT value FROM json_each(?))""",
        (json.dumps(sorted(ids)),),
    )
    with row_errors(held.embeddings):
        return frozenset(
            digest_id
            for digest_id, path, sha256, *stamp in rows
            if _is_same(os.path.join(seeds, path), sha256, FileStamp(*map(int, stamp)))
        )


def _is_same(path: str, sha256: str, stamp: FileStamp | None) -> bool:
    try:
        status = os.stat(path)
        now = FileStamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, 0)
        return (stamp is not None and now.proves_same(stamp)) or file_sha256(Path(path)) == sha256
    except (OSError, ValueError):
        # No path holds a null character, which a damaged row may.
        return False


def sorted_by_path(held: HeldState, ids: Iterable[int]) -> list[int]:
    """Return digest ids in the order of their files' paths."""
    rows = held.rows(
        "SELECT id FROM digests WHERE id IN (SELECT value FROM json_each(?)) ORDER BY path", (json.dumps(list(ids)),)
    )
    return [row[0] for row in rows]


def packed_facts(
    held: HeldState, lock: AbstractContextManager[object], ids: Iterable[int]
) -> Iterator[tuple[int, str]]:
    """Yield digest ids with their facts as JSON; the lock is held for one block of them at a time."""
    for block in blocks(list(ids)):
        with lock:
            rows = held.rows(
                "SELECT id, facts FROM digests WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
                (json.dumps(block),),
            )
        yield from rows


def blocks(ids: list[int]) -> Iterator[list[int]]:
    """Yield ids in lists of ``BLOCK``."""
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]


def nearest_sources(held: HeldState, source: str, count: int, cutoff: float) -> list[str]:
    """Return the source ids that are most like one that is not there.

    Among ``MOST_COMPARED`` ids all are compared; of more, those next to it in the order of ids and those that differ in
    one character.
    """
    import difflib

    number = held.rows("SELECT count(*) FROM (SELECT 1 FROM digests LIMIT ?)", (MOST_COMPARED + 1,))[0][0]
    if number <= MOST_COMPARED:
        found = held.rows("SELECT DISTINCT source FROM digests ORDER BY source")
    else:
        found = held.rows(
            """SELECT source FROM (SELECT source FROM digests WHERE source >= ?1 COLLATE NOCASE
                                   ORDER BY source COLLATE NOCASE LIMIT ?2)
               UNION SELECT source FROM (SELECT source FROM digests WHERE source < ?1 COLLATE NOCASE
                                         ORDER BY source COLLATE NOCASE DESC LIMIT ?2)
               UNION SELECT source FROM digests WHERE source COLLATE NOCASE IN (SELECT value FROM json_each(?3))""",
            (storable(source), _NEIGHBOURS, json.dumps(sorted(_one_character_off(storable(source)[:_LONGEST_ID])))),
        )
    return difflib.get_close_matches(source, [row[0] for row in found], n=count, cutoff=cutoff)


def _one_character_off(source: str) -> set[str]:
    """Return what a source id becomes with one character lost, changed, added, or two swapped."""
    cuts = [(source[:at], source[at:]) for at in range(len(source) + 1)]
    return {
        *(before + after[1:] for before, after in cuts if after),
        *(before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1),
        *(before + digit + after[1:] for before, after in cuts if after for digit in "0123456789"),
        *(before + digit + after for before, after in cuts for digit in "0123456789"),
    }


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
