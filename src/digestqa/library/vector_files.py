"""The stored vectors: files of rows beside the catalog, which says what is in them.

A vector's number in the catalog (``vectors.id``) is its place: the volume, and the row within that volume's file. Rows
are float16, little-endian, and nothing else is in the file, so that it is searched as it lies on the disk.

A file is only ever appended to, and is synced before the transaction that makes the new rows count: what is behind the
rows that the catalog counts is left over from a killed writer, and is written over. No counted row is written again as
long as the file has its name; a rebuild, and a file with many unused rows, get a new file under a new name. So a reader
that has the file of its state open finds its vectors unchanged, whatever is written meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.errors import LibraryDamagedError
from digestqa.library.catalog import DAMAGED_HINT, transaction
from digestqa.library.storage import storage_errors, sync_folder

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

VOLUME_SHIFT = 32
"""A vector's number is its volume's, shifted by so many bits, and its row's."""

BYTES_PER_NUMBER = 2

COMPACTED_FROM_ROWS = 4096
"""A file with fewer rows is never written anew for the sake of its unused ones."""


_NAME = re.compile(r"vectors-[0-9a-f]{8}\.f16")


@dataclass(frozen=True, slots=True)
class VectorFile:
    """One volume of stored vectors.

    Attributes:
        volume: its number; rises with each file.
        name: in the embeddings folder; no two files ever have the same.
        rows: how many the catalog counts, the unused ones too.
        row_bytes: length of one.
    """

    volume: int
    name: str
    rows: int
    row_bytes: int

    @property
    def first_id(self) -> int:
        """The number of the vector in its first row."""
        return self.volume << VOLUME_SHIFT

    @property
    def end_id(self) -> int:
        """The number after its last possible vector's."""
        return (self.volume + 1) << VOLUME_SHIFT


def vector_files(connection: sqlite3.Connection) -> list[VectorFile]:
    """Return the volumes that the catalog knows, by number; those of unfinished runs too.

    Raises:
        LibraryDamagedError: what it says of them cannot be.
    """
    rows = connection.execute("SELECT volume, name, rows, row_bytes FROM main.vector_files ORDER BY volume").fetchall()
    for volume, name, count, row_bytes in rows:
        numbers = all(isinstance(number, int) for number in (volume, count, row_bytes))
        if not numbers or min(volume, count) < 0 or row_bytes < 1 or not _NAME.fullmatch(str(name)):
            raise LibraryDamagedError("the library's catalog names its files of vectors wrongly", DAMAGED_HINT)
    return [VectorFile(*row) for row in rows]


def settled_files(connection: sqlite3.Connection, settled: int) -> list[VectorFile]:
    """Return the volumes of a state, whose vectors have numbers up to ``settled``."""
    return [file for file in vector_files(connection) if file.first_id <= settled]


class VectorWriter:
    """Adds vectors to one volume.

    Args:
        connection: open for writing, outside a transaction.
        embeddings: the library's folder.
        settled: the greatest number of a vector of the present state; 0 where there is none.
        row_bytes: length of a vector.
        anew: write to another volume than the present state's, as a rebuild does; it goes on with one that an
            interrupted rebuild has begun.
    """

    def __init__(
        self, connection: sqlite3.Connection, embeddings: Path, settled: int, row_bytes: int, *, anew: bool
    ) -> None:
        self._connection = connection
        self._embeddings = embeddings
        present = settled >> VOLUME_SHIFT
        begun = [
            file
            for file in vector_files(connection)
            if file.row_bytes == row_bytes
            and (file.volume > present if anew or not present else file.volume == present)
        ]
        self._file = begun[0] if begun else make_vector_file(connection, embeddings, row_bytes)

    def store(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Append vectors, and count them under their keys, in one transaction.

        Args:
            keys: none of which has a vector yet.
            vectors: of shape (len(keys), dimension).

        Raises:
            StorageError: the disk is full or the file cannot be written; nothing is counted then.
        """
        rows = [row.tobytes() for row in vectors.astype("<f2")]
        file = self._file
        append_rows(self._embeddings, file, b"".join(rows))
        first = file.first_id + file.rows
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT INTO vectors (id, key, crc) VALUES (?, ?, ?)",
                [
                    (first + place, key, zlib.crc32(row))
                    for place, (key, row) in enumerate(zip(keys, rows, strict=True))
                ],
            )
            self._file = count_rows(self._connection, file, file.rows + len(rows))


def make_vector_file(connection: sqlite3.Connection, embeddings: Path, row_bytes: int) -> VectorFile:
    """Make an empty volume, with a number above all others'.

    Within a transaction the volume counts with its commit; otherwise at once.

    Raises:
        StorageError: the folder cannot be written.
    """
    last = connection.execute("SELECT coalesce(max(volume), 0) FROM main.vector_files").fetchone()[0]
    last = max(last, connection.execute("SELECT coalesce(max(id), 0) FROM main.vectors").fetchone()[0] >> VOLUME_SHIFT)
    file = VectorFile(last + 1, f"vectors-{secrets.token_hex(4)}.f16", 0, row_bytes)
    path = embeddings / file.name
    with storage_errors(path):
        path.open("xb").close()
        sync_folder(embeddings)
    connection.execute(
        "INSERT INTO vector_files (volume, name, rows, row_bytes) VALUES (?, ?, 0, ?)",
        (file.volume, file.name, row_bytes),
    )
    return file


def append_rows(embeddings: Path, file: VectorFile, contents: bytes) -> None:
    """Write rows behind those that count, and have them reach the disk.

    Raises:
        StorageError: the disk is full or the file cannot be written.
    """
    path = embeddings / file.name
    with storage_errors(path), path.open("r+b") as stream:
        stream.seek(file.rows * file.row_bytes)
        stream.write(contents)
        stream.flush()
        os.fsync(stream.fileno())


def count_rows(connection: sqlite3.Connection, file: VectorFile, rows: int) -> VectorFile:
    """Make a volume's rows count, within the caller's transaction."""
    connection.execute("UPDATE vector_files SET rows = ? WHERE volume = ?", (rows, file.volume))
    return VectorFile(file.volume, file.name, rows, file.row_bytes)


def require_whole_files(connection: sqlite3.Connection, embeddings: Path, settled: int, *, whole: bool) -> None:
    """See to it that every vector that may be used is there, before anything is embedded.

    What an unfinished run has left and lost is forgotten, so that it is embedded again.

    Args:
        connection: open for writing, outside a transaction.
        embeddings: the library's folder.
        settled: the greatest number of a vector of the present state; 0 where there is none.
        whole: the present state is to be replaced, so that its own vectors do not matter.

    Raises:
        LibraryDamagedError: vectors of the present state are lost.
    """
    for file in vector_files(connection):
        if _is_whole(embeddings, file):
            continue
        if file.first_id > settled:
            with transaction(connection):
                connection.execute("DELETE FROM vectors WHERE id >= ? AND id < ?", (file.first_id, file.end_id))
                connection.execute("DELETE FROM vector_files WHERE volume = ?", (file.volume,))
        elif not whole:
            raise missing_file(embeddings, file)


def forget_empty_files(connection: sqlite3.Connection) -> None:
    """Take the volumes that hold no vector any more off the list, within the caller's transaction."""
    for file in vector_files(connection):
        used = connection.execute(
            "SELECT 1 FROM vectors WHERE id >= ? AND id < ? LIMIT 1", (file.first_id, file.end_id)
        ).fetchone()
        if used is None:
            connection.execute("DELETE FROM vector_files WHERE volume = ?", (file.volume,))


def compact(connection: sqlite3.Connection, embeddings: Path, passages: int) -> bool:
    """Write the vectors anew, without unused rows, if more than half of a file's are; return whether that was done.

    Within the caller's transaction: a reader of an earlier state keeps the file that it has open. Numbers of vectors
    change, so that an index with them in it must be made anew.

    Args:
        connection: within a transaction.
        embeddings: the library's folder.
        passages: how many are searched; a file with fewer than twice as many rows is left without a closer look.

    Raises:
        StorageError: the disk is full; nothing has changed then.
    """
    done = False
    for file in vector_files(connection):
        if file.rows <= max(COMPACTED_FROM_ROWS, 2 * passages):
            continue
        ids = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM vectors WHERE id >= ? AND id < ? ORDER BY id", (file.first_id, file.end_id)
            )
        ]
        if len(ids) * 2 > file.rows or not _is_whole(embeddings, file):
            continue
        made = make_vector_file(connection, embeddings, file.row_bytes)
        try:
            _copy(embeddings, file, made, ids)
        except BaseException:
            connection.execute("DELETE FROM vector_files WHERE volume = ?", (made.volume,))
            with contextlib.suppress(OSError):
                (embeddings / made.name).unlink()
            raise
        connection.executemany(
            "UPDATE vectors SET id = ? WHERE id = ?",
            [(made.first_id + place, vector_id) for place, vector_id in enumerate(ids)],
        )
        count_rows(connection, made, len(ids))
        connection.execute("DELETE FROM vector_files WHERE volume = ?", (file.volume,))
        done = True
    return done


def _copy(embeddings: Path, source: VectorFile, target: VectorFile, ids: Sequence[int]) -> None:
    with (
        storage_errors(embeddings / target.name),
        (embeddings / source.name).open("rb") as reading,
        (embeddings / target.name).open("r+b") as writing,
    ):
        for vector_id in ids:
            reading.seek((vector_id - source.first_id) * source.row_bytes)
            writing.write(reading.read(source.row_bytes))
        writing.flush()
        os.fsync(writing.fileno())


def _is_whole(embeddings: Path, file: VectorFile) -> bool:
    try:
        return (embeddings / file.name).stat().st_size >= file.rows * file.row_bytes
    except OSError:
        return False


def missing_file(embeddings: Path, file: VectorFile | None) -> LibraryDamagedError:
    """Say that stored vectors are lost."""
    where = embeddings / file.name if file else embeddings
    return LibraryDamagedError(f"the library's vectors {where} are missing or cut short", DAMAGED_HINT)
