"""Bytes of files that may be packed by gzip, in bounded pieces: how much comes out never depends on the file's word.

The unpacked bytes are counted as they come. Text packs to a fifth or a tenth; what unpacks to far more is refused
(a decompression bomb), as is what has no line breaks where lines are read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from digestqa.errors import FileRefusedError

MAX_LINE_BYTES = 16 * 1024 * 1024
"""Longest line of a JSON Lines file, in bytes: one record or digest."""

MAX_WHOLE_BYTES = 64 * 1024 * 1024
"""Largest JSON file that is read as one value, in bytes, unpacked: a page of the registry's API has a few million."""

MAX_STREAM_BYTES = 2 * 1024 * 1024 * 1024
"""Largest JSON Lines file, in bytes, unpacked; it is read line by line."""

_MAX_RATIO = 100
_ALWAYS_ALLOWED_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 256 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


def unpacked(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the bytes of a stream in pieces, unpacked where it begins as gzip does.

    Raises:
        FileRefusedError: the packed bytes are damaged or cut, or unpack to more than text does.
    """
    piece = stream.read(_PIECE_BYTES)
    pieces = _pieces(stream, piece)
    yield from _inflated(pieces, name) if piece.startswith(_GZIP_MAGIC) else pieces


def _pieces(stream: BinaryIO, piece: bytes) -> Iterator[bytes]:
    while piece:
        yield piece
        piece = stream.read(_PIECE_BYTES)


def _inflated(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    taken = given = 0
    inflater = zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            taken += len(piece)
            while piece:
                if inflater.eof:  # a file may hold several packed parts one after the other
                    inflater = zlib.decompressobj(wbits=31)
                out = inflater.decompress(piece, _PIECE_BYTES)
                given += len(out)
                if given > max(_ALWAYS_ALLOWED_BYTES, taken * _MAX_RATIO):
                    raise FileRefusedError(
                        f"{name}: unpacks to more than {_MAX_RATIO} times its size, as no text does",
                        "unpack it yourself, look what is in it, and give the unpacked file",
                    )
                if out:
                    yield out
                piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
                if inflater.eof and not piece.strip(b"\0"):
                    break
        if not inflater.eof:
            raise FileRefusedError(f"{name}: the packed file is cut short", "copy or fetch the file once more")
    except zlib.error as error:
        raise FileRefusedError(f"{name}: cannot be unpacked: {error}", "copy or fetch the file once more") from error


def read_unpacked(stream: BinaryIO, name: str) -> bytes:
    """Read a stream whole, unpacked.

    Raises:
        FileRefusedError: see ``unpacked``; or it has more than ``MAX_WHOLE_BYTES``.
    """
    parts: list[bytes] = []
    size = 0
    for piece in unpacked(stream, name):
        size += len(piece)
        if size > MAX_WHOLE_BYTES:
            raise FileRefusedError(
                f"{name}: more than {MAX_WHOLE_BYTES:,} bytes in one JSON value",
                "give the records as JSON Lines, one on a line, or as several files",
            )
        parts.append(piece)
    return b"".join(parts)


def numbered_lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the non-blank lines of a stream, unpacked, with their numbers from 1.

    Raises:
        FileRefusedError: see ``unpacked``; or a line has more than ``MAX_LINE_BYTES``, or the whole more than
            ``MAX_STREAM_BYTES``.
    """
    number = 0
    size = 0
    rest: list[bytes] = []
    rest_bytes = 0
    for piece in unpacked(stream, name):
        size += len(piece)
        if size > MAX_STREAM_BYTES:
            raise FileRefusedError(
                f"{name}: more than {MAX_STREAM_BYTES:,} bytes, unpacked", "give it in several files"
            )
        *whole, last = piece.split(b"\n")
        for line in whole:
            number += 1
            if rest:
                line = b"".join([*rest, line])
                rest, rest_bytes = [], 0
            if line.strip():
                yield number, line
        rest.append(last)
        rest_bytes += len(last)
        if rest_bytes > MAX_LINE_BYTES:
            raise FileRefusedError(
                f"{name}: line {number + 1} has more than {MAX_LINE_BYTES:,} bytes",
                "JSON Lines hold one record or digest on each line",
            )
    line = b"".join(rest)
    if line.strip():
        yield number + 1, line
