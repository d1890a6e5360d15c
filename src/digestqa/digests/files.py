"""Reads a file as text, or says why it will not: special files, size, binary bytes, bytes that are not UTF-8."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from digestqa.errors import FileRefusedError

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Largest file that is read, in bytes: a digest has a few thousand, so anything near this is a mistake."""

_UTF8_BOM = b"\xef\xbb\xbf"

_SPECIAL_KINDS = (
    (stat.S_ISDIR, "a directory", "name a file in it, or give the directory to a command that takes directories"),
    (stat.S_ISFIFO, "a named pipe", "save its contents to a regular file and name that"),
    (stat.S_ISSOCK, "a socket", "save the digest to a regular file and name that"),
    (stat.S_ISBLK, "a block device", "save the digest to a regular file and name that"),
    (stat.S_ISCHR, "a character device", "save the digest to a regular file and name that"),
)


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file as read.

    Attributes:
        path: where it lies, as given.
        text: its bytes decoded as UTF-8, a byte order mark dropped, newlines untouched.
        sha256: hex digest of its bytes, the byte order mark included.
        size: number of bytes.
    """

    path: Path
    text: str
    sha256: str
    size: int


def read_file(path: Path) -> SeedFile:
    """Read a regular file of UTF-8 text.

    Raises:
        FileRefusedError: the file cannot be read (see ``read_bytes``) or is not text (see ``decode_text``).
    """
    raw = read_bytes(path)
    return SeedFile(path=path, text=decode_text(raw, str(path)), sha256=hashlib.sha256(raw).hexdigest(), size=len(raw))


def read_bytes(path: Path) -> bytes:
    """Read a regular file.

    Raises:
        FileRefusedError: the file is missing, not regular (a symbolic link may lead to a regular file), larger than
            ``MAX_FILE_BYTES`` or unreadable.
    """
    with open_regular(path, MAX_FILE_BYTES) as file:
        size = os.fstat(file.fileno()).st_size
        raw = file.read(size + 1)
        if len(raw) > size:  # it has grown since its size was asked
            raw += file.read(MAX_FILE_BYTES + 1 - len(raw))
            _require_size(len(raw), path, MAX_FILE_BYTES)
        return raw


@contextmanager
def open_regular(path: Path, max_bytes: int) -> Iterator[BinaryIO]:
    """Open a regular file for reading, without waiting for anything and without acting on a device.

    Raises:
        FileRefusedError: the file is missing, not regular (a symbolic link may lead to a regular file), larger than
            ``max_bytes`` or unreadable, also while it is being read.
    """
    try:
        # Asked before opening: to open a pipe would wait for its writer, to open a device may act on it.
        _require_regular(os.stat(path), path)
        # Without blocking, for a path that became a pipe since; O_BINARY keeps Windows from changing newlines.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            _require_regular(status, path)
            _require_size(status.st_size, path, max_bytes)
            yield file
    except FileNotFoundError as error:
        if os.path.islink(path):
            raise FileRefusedError(
                f"{path}: a symbolic link that leads nowhere", "mend the link, or name the file itself"
            ) from error
        raise FileRefusedError(f"{path}: no such file", "check the name and the folder") from error
    except PermissionError as error:
        raise FileRefusedError(f"{path}: no permission to read it", "change the file's permissions") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileRefusedError(
            f"{path}: cannot be read: {reason}", "check the name, and that the disk is well"
        ) from error


def _require_regular(status: os.stat_result, path: Path) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    for is_kind, name, hint in _SPECIAL_KINDS:
        if is_kind(status.st_mode):
            raise FileRefusedError(f"{path}: {name}, not a regular file", hint)
    raise FileRefusedError(f"{path}: not a regular file", "name a regular file")


def _require_size(size: int, path: Path, max_bytes: int) -> None:
    if size > max_bytes:
        what = "one digest" if max_bytes == MAX_FILE_BYTES else "one file"
        raise FileRefusedError(
            f"{path}: {size:,} bytes, more than the limit of {max_bytes:,} bytes for {what}",
            "a digest is a page of a few thousand characters; split the file into one file per study",
        )


def decode_text(raw: bytes, name: str) -> str:
    """Decode UTF-8 text, a byte order mark dropped, newlines untouched.

    Args:
        raw: the bytes.
        name: where they came from, for messages.

    Raises:
        FileRefusedError: the bytes are empty, blank, binary, or not valid UTF-8.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError(f"{name}: UTF-16 text (byte order mark at offset 0)", "save the file as UTF-8")
    nul = raw.find(b"\0")
    if nul >= 0:
        raise FileRefusedError(
            f"{name}: binary data (a zero byte at offset {nul})", "a digest is a text file; save its text as UTF-8"
        )
    skipped = len(_UTF8_BOM) if raw.startswith(_UTF8_BOM) else 0
    try:
        text = raw[skipped:].decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + skipped
        raise FileRefusedError(
            f"{name}: not valid UTF-8: byte 0x{raw[offset]:02x} at offset {offset} ({error.reason})",
            "save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW",
        ) from error
    if not text or text.isspace():
        raise FileRefusedError(
            f"{name}: {'blank' if text else 'empty'}", "put the digest's text into the file, or remove the file"
        )
    return text
