"""The small facts of a library's state (``meta``): its number, its identity, its derived files, its counts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from digestqa.errors import LibraryDamagedError, LibraryMismatchError
from digestqa.library.catalog import DAMAGED_HINT, catalog_errors
from digestqa.library.identity import LibraryIdentity
from digestqa.library.migrations import require_known_schema, schema_version
from digestqa.library.records import LibraryCounts, StoredFile
from digestqa.library.schema import SCHEMA_VERSION
from digestqa.library.storage import CATALOG_NAME

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """The FAISS file that the catalog vouches for.

    Attributes:
        file: its name, size and hash.
        state: the catalog state that it covers.
        count: passages in it.
    """

    file: StoredFile
    state: int
    count: int


@dataclass(frozen=True, slots=True)
class CatalogFacts:
    """The small facts of one state.

    Attributes:
        birth: tells this library from another one that was built at the same place.
        state: rises by one with each change.
        generation: rises by one with each rebuild.
        built_at: ISO 8601 in UTC.
        identity: what decides its contents.
        query_encoder: the exported query encoder: graph and tokenizer; empty where there is none.
        index: the FAISS file, or None.
        counts: how much it holds.
        settled_vector: vectors with a greater number may be left over from an unfinished run.
    """

    birth: str
    state: int
    generation: int
    built_at: str
    identity: LibraryIdentity
    query_encoder: tuple[StoredFile, ...]
    index: IndexRecord | None
    counts: LibraryCounts
    settled_vector: int


def read_facts(connection: sqlite3.Connection, embeddings: Path) -> CatalogFacts | None:
    """Return the facts of the state that the connection sees, or None where no state was committed yet.

    Raises:
        LibraryDamagedError: the facts cannot be understood.
        LibraryMismatchError: a newer program wrote them, or an older one whose catalog must be migrated first.
    """
    with catalog_errors(embeddings):
        version = schema_version(connection)
        if version == 0:
            return None
        require_known_schema(version, embeddings)
        if version < SCHEMA_VERSION:
            raise LibraryMismatchError(
                f"the library in {embeddings} has the older schema version {version}; this digestqa uses "
                f"{SCHEMA_VERSION}",
                "run 'digestqa ingest' to bring it up to date",
            )
        rows = connection.execute("SELECT key, value FROM meta").fetchall()
    try:
        values = {str(key): json.loads(value) for key, value in rows}
        if not values.get("state"):
            return None
        index = values.get("index")
        return CatalogFacts(
            birth=str(values["birth"]),
            state=int(values["state"]),
            generation=int(values["generation"]),
            built_at=str(values["built_at"]),
            identity=LibraryIdentity.from_dict(values["identity"], version),
            query_encoder=tuple(StoredFile(**file) for file in values.get("query_encoder", ())),
            index=IndexRecord(StoredFile(**index["file"]), index["state"], index["count"]) if index else None,
            counts=LibraryCounts(**values["counts"]),
            settled_vector=int(values["settled_vector"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LibraryDamagedError(
            f"the library's catalog {embeddings / CATALOG_NAME} is damaged: its facts cannot be read", DAMAGED_HINT
        ) from error


def write_fact(connection: sqlite3.Connection, key: str, value: object) -> None:
    """Set one fact, within the caller's transaction."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, json.dumps(value)))


def stored_files_value(files: tuple[StoredFile, ...]) -> list[dict[str, Any]]:
    """Return what the facts hold of published files."""
    return [asdict(file) for file in files]


def index_value(record: IndexRecord) -> dict[str, Any]:
    """Return what the facts hold of the FAISS file."""
    return {"file": asdict(record.file), "state": record.state, "count": record.count}
