"""What lies under embeddings/ and whether it is in step with seeds/, without loading anything heavy."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from digestqa.digests import parse_digest, read_file
from digestqa.errors import FileRefusedError, LibraryMissingError, NotADigestError, UsageError
from digestqa.library.catalog import MISSING_HINT, catalog_errors, open_for_reading, row_errors
from digestqa.library.changed_files import compared, known_files
from digestqa.library.facts import CatalogFacts, read_facts
from digestqa.library.lock import active_writer
from digestqa.library.migrations import schema_version
from digestqa.library.records import LibraryStatus, RefusedFile
from digestqa.library.rows import DIGEST_COLUMNS, digest_record
from digestqa.library.scan import scan_seeds
from digestqa.library.storage import is_as_recorded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from digestqa.library.records import IndexCondition


def library_status(embeddings: Path, seeds: Path) -> LibraryStatus:
    """Say what the library holds and how it stands to the seeds folder. Files are read only where stamps leave doubt.

    Raises:
        LibraryMissingError: there is no library.
        LibraryDamagedError: the catalog is damaged.
        LibraryMismatchError: a newer program wrote it.
    """
    with contextlib.closing(open_for_reading(embeddings)) as connection, catalog_errors(embeddings):
        connection.execute("BEGIN")
        facts = read_facts(connection, embeddings)
        if facts is None:
            raise _nothing_yet(connection, embeddings)
        refused = tuple(_refused(connection))
        new, changed, missing = _steps_behind(connection, embeddings, seeds, {file.path for file in refused})
        condition, behind = _index_condition(connection, embeddings, facts)
        rows = connection.execute(f"SELECT {DIGEST_COLUMNS} FROM digests WHERE NOT current ORDER BY path").fetchall()
        with row_errors(embeddings):
            superseded = tuple(digest_record(row) for row in rows)
    return LibraryStatus(
        state=facts.state,
        schema=facts.identity.schema,
        built_at=facts.built_at,
        counts=facts.counts,
        identity=facts.identity.as_dict(),
        query_encoder=facts.query_encoder,
        query_encoder_sound=all(is_as_recorded(embeddings, file) for file in facts.query_encoder),
        index=condition,
        index_state=facts.index.state if facts.index else None,
        index_behind=behind,
        new=new,
        changed=changed,
        missing=missing,
        refused=refused,
        superseded=superseded,
        size_bytes=_size(embeddings),
        writer=active_writer(embeddings),
    )


def _refused(connection: sqlite3.Connection) -> Iterator[RefusedFile]:
    for row in connection.execute("SELECT path, reason, hint, first_seen FROM refused ORDER BY path"):
        yield RefusedFile(*row)


def _nothing_yet(connection: sqlite3.Connection, embeddings: Path) -> LibraryMissingError:
    """Say that no library was finished, and why if that is for want of a file that could be taken up."""
    message, hint = f"there is no finished library in {embeddings}", MISSING_HINT
    refused = list(_refused(connection)) if schema_version(connection) else []
    if refused:
        message += f", since every file was refused: {'; '.join(f'{file.path}: {file.reason}' for file in refused[:3])}"
        more = len(refused) - 3
        message += f"; and {more:,} more" if more > 0 else ""
        hint = "mend the files and run 'digestqa ingest', which lists them all"
    return LibraryMissingError(message, hint)


def _steps_behind(
    connection: sqlite3.Connection, embeddings: Path, seeds: Path, refused: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the paths that are new, changed and missing."""
    known = known_files(connection, embeddings)
    try:
        scan = scan_seeds(seeds, embeddings)
    except UsageError:
        return (), (), tuple(path for path, *_ in known)
    new, changed, missing = [], [], []
    for path, stamp, before in compared(scan.files(), known):
        if stamp is None:
            if not scan.hides(path):
                missing.append(path)
        elif before is None:
            if path not in refused or _is_mended(seeds, path):
                new.append(path)
        elif not stamp.proves_same(before[2]):
            try:
                if read_file(seeds / path).sha256 != before[1]:
                    changed.append(path)
            except FileRefusedError:
                changed.append(path)
    return tuple(new), tuple(changed), tuple(missing)


def _is_mended(seeds: Path, path: str) -> bool:
    """Tell whether a file that was refused would be taken up now."""
    try:
        file = read_file(seeds / path)
        parse_digest(file.text, sha256=file.sha256, name=path.rsplit("/", 1)[-1])
    except (FileRefusedError, NotADigestError):
        return False
    return True


def _index_condition(
    connection: sqlite3.Connection, embeddings: Path, facts: CatalogFacts
) -> tuple[IndexCondition, int]:
    record = facts.index
    covered = record.state if record else 0
    behind = connection.execute("SELECT count(*) FROM passages WHERE indexed_state > ?", (covered,)).fetchone()[0]
    if record is None:
        return "none", behind
    if not (embeddings / record.file.name).exists():
        return "missing", behind
    return ("ready" if is_as_recorded(embeddings, record.file) else "damaged"), behind


def _size(embeddings: Path) -> int:
    total = 0
    for path in embeddings.iterdir():
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
