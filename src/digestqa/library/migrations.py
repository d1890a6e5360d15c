"""From an older schema to this one, step by step, in one transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digestqa.errors import LibraryMismatchError, NotADigestError
from digestqa.library.schema import (
    FTS_COLUMNS,
    LOOKUPS,
    NAME_COLUMNS,
    NAMES,
    PASSAGE_TEXTS,
    PASSAGES_FTS,
    SCHEMA_VERSION,
    STATEMENTS,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from pathlib import Path


def _learn_names(connection: sqlite3.Connection) -> None:
    """From 1 to 2: names are learnt from the stored texts, and full text is indexed folded. Nothing is embedded."""
    from digestqa.digests import parse_digest
    from digestqa.library.staging import name_rows
    from digestqa.names import NAMING_RULES_VERSION

    for statement in (
        *NAMES,
        "DELETE FROM staged_passages",
        "DELETE FROM staged_digests",
        "DROP TABLE passages_fts",
        "DROP VIEW passage_texts",
        PASSAGE_TEXTS,
        PASSAGES_FTS,
        f"""INSERT INTO passages_fts (rowid, {FTS_COLUMNS}) SELECT id, {FTS_COLUMNS} FROM passage_texts ORDER BY id""",
    ):
        connection.execute(statement)
    digests = connection.execute("SELECT id, path, sha256 FROM digests ORDER BY id").fetchall()
    for digest_id, path, sha256 in digests:
        text = connection.execute("SELECT text FROM texts WHERE digest_id = ?", (digest_id,)).fetchone()[0]
        try:
            digest = parse_digest(text, sha256=sha256, name=path.rsplit("/", 1)[-1])
        except NotADigestError:
            # Read by other rules than these: such a library is refused for that, whatever names it holds.
            continue
        connection.executemany(
            f"INSERT INTO names (digest_id, {NAME_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(digest_id, *row) for row in name_rows(digest)],
        )
    recorded = connection.execute("SELECT value FROM meta WHERE key = 'identity'").fetchone()
    if recorded is not None:
        identity = json.loads(recorded[0])
        identity["schema"] = 2
        identity["index"]["naming_rules"] = NAMING_RULES_VERSION
        connection.execute("UPDATE meta SET value = ? WHERE key = 'identity'", (json.dumps(identity),))


def _move_vectors(connection: sqlite3.Connection) -> None:
    """From 2 to 3: the vectors lie in a file beside the catalog, and more is indexed. Nothing is embedded."""
    from digestqa.library.vector_migration import move_vectors

    for statement in LOOKUPS:
        connection.execute(statement)
    move_vectors(connection)


MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {1: _learn_names, 2: _move_vectors}
"""By the version that a step starts from; each step leads to the next version. Steps begin and end no transaction."""


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the catalog's schema version; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def require_known_schema(version: int, embeddings: Path, known: int = SCHEMA_VERSION) -> None:
    """Refuse a catalog that a newer program wrote.

    Raises:
        LibraryMismatchError: its schema is newer than ``known``.
    """
    if version > known:
        raise LibraryMismatchError(
            f"the library in {embeddings} has schema version {version}, and this digestqa reads up to {known}",
            "update digestqa; or delete the embeddings folder and run 'digestqa rebuild' (seeds/ is not touched)",
        )


def create_or_migrate(
    connection: sqlite3.Connection,
    embeddings: Path,
    *,
    known: int = SCHEMA_VERSION,
    migrations: Mapping[int, Callable[[sqlite3.Connection], None]] = MIGRATIONS,
    statements: tuple[str, ...] = STATEMENTS,
) -> None:
    """Bring a catalog to the known schema, in one transaction.

    Args:
        connection: open for writing, outside a transaction.
        embeddings: named in messages.
        known: the version to reach.
        migrations: steps by the version they start from.
        statements: what makes the known schema in an empty file.

    Raises:
        LibraryMismatchError: the catalog is newer, or so old that no step leads here.
    """
    version = schema_version(connection)
    require_known_schema(version, embeddings, known)
    if version == known:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version == 0:
            for statement in statements:
                connection.execute(statement)
        else:
            for step in range(version, known):
                if step not in migrations:
                    raise LibraryMismatchError(
                        f"the library in {embeddings} has schema version {version}, from which no way leads to {known}",
                        "delete the embeddings folder and run 'digestqa rebuild' (seeds/ is not touched)",
                    )
                migrations[step](connection)
        connection.execute(f"PRAGMA user_version = {known:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
