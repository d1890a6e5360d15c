"""The connection to the catalog: how it is opened and closed, and what its errors mean.

The catalog is one SQLite file with a write-ahead log: readers see the last committed state and never wait, and a
transaction that did not reach its commit leaves no trace (https://sqlite.org/wal.html). A rebuild, too, is one
transaction within this file, so that there is never a second file whose log could be mistaken for the first one's.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.errors import (
    DigestQAError,
    LibraryBusyError,
    LibraryDamagedError,
    LibraryMissingError,
    StorageError,
)
from digestqa.library.migrations import create_or_migrate, schema_version
from digestqa.library.storage import CATALOG_NAME, FULL_HINT, put_in_place, storage_errors, temporary_path

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_TIMEOUT_S = 10.0

LOG_SUFFIXES = ("-wal", "-shm")
"""Endings of the files that SQLite keeps beside the catalog."""

PAGE_BYTES = 4096

UNUSED_SHARE = 8
"""The catalog's file is shrunk when more than one in so many of its pages is unused."""

SYNCHRONOUS = "FULL"
"""Every commit reaches the disk before it counts: a power failure cannot undo a state that was announced."""

LOG_SIZE_LIMIT_BYTES = 64 << 20
"""What is left of the write-ahead log when it starts over, where readers keep it from being deleted."""

MISSING_HINT = "run 'digestqa ingest' to build it from seeds/"
DAMAGED_HINT = "run 'digestqa rebuild' to build it anew from seeds/; everything in the embeddings folder is derived"

_FUNCTION_STOPPED = "user-defined function raised exception"

# The primary result code is the low byte of an extended one (https://sqlite.org/rescode.html).
_PRIMARY = 0xFF


@contextlib.contextmanager
def catalog_errors(embeddings: Path) -> Iterator[None]:
    """Turn SQLite's errors into the program's own.

    Raises:
        LibraryDamagedError, LibraryBusyError, StorageError: as the error says.
        KeyboardInterrupt: SQLite was interrupted within a function of ours.
    """
    path = embeddings / CATALOG_NAME
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        # SQLite used in a wrong way, which is a defect of this program.
        raise
    # A damaged schema may even make SQLite's message about it undecodable.
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if _FUNCTION_STOPPED in str(error) and threading.current_thread() is threading.main_thread():
            # ``folded`` raises nothing of its own: a person's Ctrl-C came while it ran, and SQLite told it as an error.
            raise KeyboardInterrupt from error
        raise _told(error, path) from error


@contextlib.contextmanager
def row_errors(embeddings: Path) -> Iterator[None]:
    """Turn what goes wrong in reading the contents of rows into damage; SQLite keeps no checksums that would tell.

    Raises:
        LibraryDamagedError: a row does not hold what it must.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise LibraryDamagedError(
            f"the library's catalog {embeddings / CATALOG_NAME} is damaged: a row cannot be read: {error}", DAMAGED_HINT
        ) from error


def _told(error: Exception, path: Path) -> DigestQAError:
    """Return what an error of SQLite means to a person: what is no matter of access, room or locks is damage."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    primary = code & _PRIMARY
    if primary == sqlite3.SQLITE_FULL:
        return StorageError(f"the disk is full: {path} cannot be written", FULL_HINT)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:
        return StorageError(f"the disk is full: reading {path} takes 32 KB beside it", FULL_HINT)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryBusyError(f"{path} is locked by another process", "wait until it has finished and try again")
    if primary == sqlite3.SQLITE_IOERR and code != sqlite3.SQLITE_IOERR_SHORT_READ:
        return StorageError(
            f"{path} cannot be read or written: {error}", "check the disk and its free space, and try again"
        )
    # A file that can be written and that SQLite may not write has a damaged first page.
    locked_by_header = code == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    refused = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
    if primary in refused and not locked_by_header:
        return StorageError(
            f"{path} cannot be opened: {error}",
            "make the file and its folder accessible, or name another folder with --embeddings",
        )
    return LibraryDamagedError(f"the library's catalog {path} is damaged: {error}", DAMAGED_HINT)


def open_for_reading(embeddings: Path) -> sqlite3.Connection:
    """Open the catalog without ever writing to it.

    Raises:
        LibraryMissingError: there is none.
        LibraryDamagedError: it is no catalog.
        StorageError: it cannot be opened.
    """
    path = embeddings / CATALOG_NAME
    if not path.is_file():
        if embeddings.exists() and not embeddings.is_dir():
            raise StorageError(f"{embeddings} is a file, no folder", "name another folder with --embeddings")
        raise LibraryMissingError(f"there is no library in {embeddings}", MISSING_HINT)
    _require_a_page(path)
    with catalog_errors(embeddings):
        connection = _connect_reading(path, "mode=ro")
        try:
            connection.execute("PRAGMA schema_version").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            if not _may_be_read_as_immutable(path, error):
                raise
            connection = _connect_reading(path, "immutable=1")
        except BaseException:
            connection.close()
            raise
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection


def _connect_reading(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
        check_same_thread=False,
    )
    return know_folding(connection)


def know_folding(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Give a connection the function ``folded``, with which the catalog's view folds the text that is indexed."""
    connection.create_function("folded", 1, folded, deterministic=True)
    return connection


def folded(text: object) -> str:
    """Return a text as it is indexed; nothing for what is no text, since a damaged row may hold anything."""
    from digestqa.names import fold

    return fold(text) if isinstance(text, str) else ""


def _may_be_read_as_immutable(path: Path, error: sqlite3.OperationalError) -> bool:
    """Tell whether a catalog that cannot be opened in the usual way is whole without its log.

    In a folder that cannot be written SQLite cannot make the files that readers and a writer share. Without a log
    (or with an empty one) nothing is missing from the catalog's own file, and with no writer possible it stands still.
    """
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or os.access(path.parent, os.W_OK):
        return False
    log = path.with_name(path.name + "-wal")
    return not log.exists() or log.stat().st_size == 0


def open_for_writing(embeddings: Path) -> sqlite3.Connection:
    """Open the catalog, or make an empty one, in write-ahead-log mode and with this program's schema.

    Only under the writer's lock.

    Raises:
        LibraryMismatchError: a newer program wrote it.
        LibraryDamagedError: it is no catalog.
        StorageError: it cannot be written.
    """
    path = embeddings / CATALOG_NAME
    _require_a_page(path)
    with catalog_errors(embeddings):
        if not path.exists() or path.stat().st_size == 0:
            _create(path, embeddings)
        connection = _connect_writing(path)
        try:
            connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -32768")
            connection.execute(f"PRAGMA journal_size_limit = {LOG_SIZE_LIMIT_BYTES}")
            _require_own(connection, embeddings)
            create_or_migrate(connection, embeddings)
        except BaseException:
            connection.close()
            raise
        return connection


def _connect_writing(path: Path) -> sqlite3.Connection:
    return know_folding(sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S))


def _create(path: Path, embeddings: Path) -> None:
    """Make an empty catalog, which appears whole: readers could not finish what a killed creation left."""
    temporary = temporary_path(path.parent)
    try:
        with contextlib.closing(_connect_writing(temporary)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            create_or_migrate(connection, embeddings)
        with storage_errors(path):
            # A log left by a catalog that was deleted would be taken for the new one's own.
            for suffix in LOG_SUFFIXES:
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            put_in_place(temporary, path)
    except BaseException:
        for suffix in ("", *LOG_SUFFIXES):
            with contextlib.suppress(OSError):
                temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)
        raise


def tidy(connection: sqlite3.Connection) -> None:
    """Shrink the catalog's file if much of it is unused, and move its log into it as far as readers allow.

    What was staged takes as much room as what stays of it. Only outside a transaction; a failure, such as of a full
    disk, loses nothing and is left to the next run.
    """
    with contextlib.suppress(sqlite3.Error):
        unused = connection.execute("PRAGMA freelist_count").fetchone()[0]
        if unused * UNUSED_SHARE > connection.execute("PRAGMA page_count").fetchone()[0]:
            # Of a script every step is taken; ``execute`` would stop at the first page.
            connection.executescript("PRAGMA incremental_vacuum")
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _require_a_page(path: Path) -> None:
    """Refuse a stump that SQLite would take for an empty database and write over."""
    if path.is_file() and 0 < path.stat().st_size < PAGE_BYTES:
        raise LibraryDamagedError(f"the library's catalog {path} is damaged: it is cut short", DAMAGED_HINT)


def _require_own(connection: sqlite3.Connection, embeddings: Path) -> None:
    if schema_version(connection) == 0 and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise LibraryDamagedError(
            f"{embeddings / CATALOG_NAME} is a database, but no catalog of digestqa",
            "move it away, or name another folder with --embeddings",
        )


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise
