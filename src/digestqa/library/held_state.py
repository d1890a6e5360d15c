"""One state of the catalog, held by an open read transaction: whatever is written meanwhile, it stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digestqa.errors import LibraryMissingError, UsageError
from digestqa.library.catalog import MISSING_HINT, catalog_errors, open_for_reading, row_errors
from digestqa.library.facts import CatalogFacts, read_facts
from digestqa.library.identity import require_same_library
from digestqa.library.rows import digest_record
from digestqa.library.stored_vectors import OpenVectors
from digestqa.library.vector_files import settled_files
from digestqa.library.word_postings import WordPostings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from digestqa.library.records import DigestRecord

_OPENINGS = 3


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
        self._connection: sqlite3.Connection | None = None
        self._vectors: OpenVectors | None = None
        try:
            for attempt in range(_OPENINGS):
                facts = self._opened()
                # A rebuild may delete a file of the state just after its facts were read: there is a newer state then.
                if self.stored_vectors.complete or attempt == _OPENINGS - 1:
                    break
                self.close()
            require_same_library(facts.identity, encoder_name, embeddings)
            if as_of is not None:
                from digestqa.library.versions import look_back

                with catalog_errors(embeddings):
                    facts = look_back(self.connection, facts, as_of)
        except BaseException:
            self.close()
            raise
        self.facts: CatalogFacts = facts
        self.words = WordPostings(self)

    def _opened(self) -> CatalogFacts:
        """Open catalog and stored vectors; return the facts of the state that they are of."""
        self._connection = open_for_reading(self.embeddings)
        with catalog_errors(self.embeddings):
            # The first read after this pins the state.
            self.connection.execute("BEGIN")
            facts = read_facts(self.connection, self.embeddings)
        if facts is None:
            raise LibraryMissingError(f"there is no finished library in {self.embeddings}", MISSING_HINT)
        with catalog_errors(self.embeddings), row_errors(self.embeddings):
            self._vectors = OpenVectors(self.embeddings, settled_files(self.connection, facts.settled_vector))
        return facts

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
    def stored_vectors(self) -> OpenVectors:
        """The vectors of the state.

        Raises:
            UsageError: the state was let go.
        """
        if self._vectors is None:
            raise UsageError("the library was closed")
        return self._vectors

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
        if self._vectors is not None:
            self._vectors.close()
            self._vectors = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
