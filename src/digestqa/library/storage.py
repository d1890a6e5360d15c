"""Files under embeddings/: published whole or not at all, and errors of the disk told in plain words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from digestqa.errors import StorageError
from digestqa.library.records import StoredFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CATALOG_NAME = "library.sqlite3"
TEMPORARY_PREFIX = ".publishing-"
FULL_HINT = "free some space and run the command again"

WHOLE_HASH_BYTES = 16 << 20
"""An index file up to this size is hashed whole when it is opened; a larger one is judged by its size and header."""

_HASH_BLOCK_BYTES = 1 << 20


def storage_error(error: OSError, where: Path | str) -> StorageError:
    """Tell an operating system error as what happened, where, and what to do next."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError(f"the disk is full: {where} cannot be written", FULL_HINT)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"{where} cannot be written: {error.strerror}",
            "make the folder writable, or name another one with --embeddings",
        )
    return StorageError(
        f"{where}: {error.strerror or error}", "check the folder, or name another one with --embeddings"
    )


@contextlib.contextmanager
def storage_errors(where: Path | str) -> Iterator[None]:
    """Turn an OSError inside the block into a StorageError that names ``where``."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, where) from error


def make_folder(folder: Path) -> None:
    """Make the embeddings folder if it is not there.

    Raises:
        StorageError: it is no folder, or it cannot be made or written.
    """
    if folder.exists() and not folder.is_dir():
        raise StorageError(
            f"{folder} is a file, and the library needs a folder there",
            "move the file away, or name another folder with --embeddings",
        )
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageError(
            f"{folder} cannot be written",
            "make the folder writable, or name another one with --embeddings",
        )


def publish(path: Path, write: Callable[[BinaryIO], None]) -> StoredFile:
    """Write a file so that its name never stands for less than the whole of it.

    Args:
        path: the file's final place.
        write: writes the contents to the open temporary file it is given.

    Returns:
        The published file's size, modification time and hash.

    Raises:
        StorageError: the disk is full or the folder cannot be written; nothing is left behind.
    """
    temporary: Path | None = None
    try:
        with storage_errors(path):
            temporary = temporary_path(path.parent)
            with temporary.open("xb") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            put_in_place(temporary, path)
            temporary = None
            status = path.stat()
            return StoredFile(path.name, status.st_size, status.st_mtime_ns, file_sha256(path))
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def publish_bytes(path: Path, contents: bytes) -> StoredFile:
    """Publish a file whose contents are at hand; see ``publish``."""

    def write(stream: BinaryIO) -> None:
        stream.write(contents)

    return publish(path, write)


def temporary_path(folder: Path) -> Path:
    """Return a name for a file that is not finished; the next writer sweeps what is left under such names."""
    return folder / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}"


def put_in_place(temporary: Path, path: Path) -> None:
    """Give a finished file its name, durably; whoever has the earlier file of that name open keeps it."""
    os.replace(temporary, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's names durable, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(_HASH_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def is_as_recorded(folder: Path, recorded: StoredFile, *, hashed: bool = False) -> bool:
    """Tell whether a file is the one that the catalog recorded.

    Size and modification time are compared first; the hash only where the time differs, or where asked for.

    Args:
        folder: the embeddings folder.
        recorded: what the catalog says.
        hashed: compare the hash in any case.
    """
    path = folder / recorded.name
    try:
        status = path.stat()
        if status.st_size != recorded.size:
            return False
        if status.st_mtime_ns == recorded.mtime_ns and not hashed:
            return True
        return file_sha256(path) == recorded.sha256
    except OSError:
        return False


def sweep(folder: Path, keep: set[str]) -> None:
    """Delete temporary files, index files and query encoders that no state needs. Only under the writer's lock."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            ours = path.name.startswith((TEMPORARY_PREFIX, "vectors-", "encoder-"))
            if ours and path.name not in keep:
                with contextlib.suppress(OSError):
                    path.unlink()
