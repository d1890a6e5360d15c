"""The step of the catalog's schema from 2 to 3: the vectors move from the catalog into a file of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_ROWS_PER_COPY = 8192


def move_vectors(connection: sqlite3.Connection) -> None:
    """Write the vectors of the catalog into a file, in their order, and keep where each lies. Nothing is embedded.

    A vector of another length than the library's, of an unfinished rebuild with another encoder, is left behind. The
    FAISS file stays as it is, but for one that is flat and would now be of codes.

    Raises:
        StorageError: the disk is full.
    """
    from digestqa.library.schema import VECTORS
    from digestqa.library.vector_files import append_rows, count_rows, make_vector_file
    from digestqa.library.vector_index import FLAT_PASSAGES

    meta = dict(connection.execute("SELECT key, value FROM meta"))
    connection.execute("ALTER TABLE vectors RENAME TO earlier_vectors")
    for statement in VECTORS:
        connection.execute(statement)
    if "identity" in meta:
        identity = json.loads(meta["identity"])
        identity["schema"] = 3
        connection.execute("UPDATE meta SET value = ? WHERE key = 'identity'", (json.dumps(identity),))
    index = json.loads(meta.get("index", "null"))
    if index is not None and index["count"] > FLAT_PASSAGES:
        connection.execute("UPDATE meta SET value = 'null' WHERE key = 'index'")
    settled = int(json.loads(meta.get("settled_vector", "0")))
    width = connection.execute("SELECT length(vector) FROM earlier_vectors ORDER BY id LIMIT 1").fetchone()
    settled_as = 0
    if width is not None and width[0]:
        file = make_vector_file(connection, _folder(connection), width[0])
        last = 0
        while rows := connection.execute(
            "SELECT id, key, vector, crc FROM earlier_vectors WHERE id > ? AND length(vector) = ? ORDER BY id LIMIT ?",
            (last, width[0], _ROWS_PER_COPY),
        ).fetchall():
            append_rows(_folder(connection), file, b"".join(row[2] for row in rows))
            first = file.first_id + file.rows
            connection.executemany(
                "INSERT INTO vectors (id, key, crc) VALUES (?, ?, ?)",
                [(first + place, key, crc) for place, (_, key, _, crc) in enumerate(rows)],
            )
            settled_as = max([settled_as, *(first + place for place, row in enumerate(rows) if row[0] <= settled)])
            file = count_rows(connection, file, file.rows + len(rows))
            last = rows[-1][0]
    connection.execute("DROP TABLE earlier_vectors")
    if "settled_vector" in meta:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'settled_vector'", (json.dumps(settled_as),))


def _folder(connection: sqlite3.Connection) -> Path:
    """Return the folder of the catalog that a connection has open."""
    return Path(next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")).parent
