"""One state of the catalog, held by an open read transaction: whatever is written meanwhile, it stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digestqa.errors import LibraryMissingError, UsageError
from digestqa.library.catalog import MISSING_HINT, catalog_errors, open_for_reading, row_errors
from digestqa.library.facts import CatalogFacts, read_facts
from digestqa.library.identity import require_same_library
from digestqa.library.rows import digest_record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from digestqa.library.records import DigestRecord


class HeldState:
    """The catalog's newest state at the time of opening.

    Args:
        embeddings: the library's folder.
        encoder_name: the encoder asked for; None takes the library's own.
        as_of: the day whose versions answer; None for today's.

    Raises:
        LibraryMissingError: there is no library.
        LibraryMismatchError: it was built by a newer program, with other parameters or another encoder.
        LibraryDamagedError: its catalog is truncated or corrupt.
        StorageError: it cannot be read.
        UsageError: no version is as old as ``as_of``.
    """

    def __init__(self, embeddings: Path, encoder_name: str | None, as_of: str | None = None) -> None:
        self.embeddings = embeddings
        self._connection: sqlite3.Connection | None = open_for_reading(embeddings)
        try:
            with catalog_errors(embeddings):
                # The first read after this pins the state.
                self.connection.execute("BEGIN")
                facts = read_facts(self.connection, embeddings)
            if facts is None:
                raise LibraryMissingError(f"there is no finished library in {embeddings}", MISSING_HINT)
            require_same_library(facts.identity, encoder_name, embeddings)
            if as_of is not None:
                from digestqa.library.versions import look_back

                with catalog_errors(embeddings):
                    facts = look_back(self.connection, facts, as_of)
        except BaseException:
            self.close()
            raise
        self.facts: CatalogFacts = facts

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection that sees the state.

        Raises:
            UsageError: the state was let go.
        """
        if self._connection is None:
            raise UsageError("the library was closed")
        return self._connection

    @property
    def dimension(self) -> int:
        """Length of its vectors; 0 where nothing is embedded yet."""
        encoder = self.facts.identity.encoder
        return encoder.dimension if encoder else 0

    def is_same(self, facts: CatalogFacts) -> bool:
        """Tell whether facts are of this state."""
        return (facts.birth, facts.state) == (self.facts.birth, self.facts.state)

    def rows(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Return what a query finds in the state."""
        with catalog_errors(self.embeddings):
            return self.connection.execute(statement, values).fetchall()

    def digests(self, statement: str, values: Sequence[Any] = ()) -> list[DigestRecord]:
        """Return the digests that a query for ``DIGEST_COLUMNS`` finds."""
        rows = self.rows(statement, values)
        with row_errors(self.embeddings):
            return [digest_record(row) for row in rows]

    def close(self) -> None:
        """Let go of the state."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
