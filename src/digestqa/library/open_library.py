"""A state of the library, held from opening until ``refresh``: what it is, and whether there is a newer one."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.errors import LibraryDamagedError
from digestqa.library.catalog import open_for_reading
from digestqa.library.facts import read_facts
from digestqa.library.held_state import HeldState
from digestqa.library.storage import is_as_recorded

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from digestqa.library.identity import LibraryIdentity
    from digestqa.library.records import LibraryCounts
    from digestqa.library.vector_search import VectorSearch


class OpenLibrary:
    """One state of a library, open for reading; ``Library`` looks things up in it.

    Args:
        embeddings: the library's folder.
        seeds: the digests' folder.
        encoder_name: the encoder asked for; None takes the library's own.
        as_of: the day whose versions answer; None for the present ones.
    """

    def __init__(
        self, embeddings: Path, seeds: Path, encoder_name: str | None = None, *, as_of: str | None = None
    ) -> None:
        self.embeddings = embeddings
        self.seeds = seeds
        self._encoder_name = encoder_name
        self._as_of = as_of
        self._lock = threading.RLock()
        self._held = HeldState(embeddings, encoder_name, as_of)
        self._vector_search: VectorSearch | None = None

    @classmethod
    def open(cls, embeddings: Path, seeds: Path, encoder_name: str | None = None, *, as_of: str | None = None) -> Self:
        """Open the library's present state.

        Raises:
            UsageError: no digest is as old as ``as_of``.
            LibraryMissingError: there is none.
            LibraryMismatchError: it was built by a newer program, with other parameters or another encoder.
            LibraryDamagedError: its catalog is truncated or corrupt.
            StorageError: it cannot be read.
        """
        return cls(embeddings, seeds, encoder_name, as_of=as_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the state; the library cannot be used afterwards."""
        with self._lock:
            self._held.close()
            self._vector_search = None

    @property
    def state(self) -> int:
        """The state's number."""
        return self._held.facts.state

    @property
    def built_at(self) -> str:
        """When the state was committed, ISO 8601 in UTC."""
        return self._held.facts.built_at

    @property
    def identity(self) -> LibraryIdentity:
        """What decided its contents."""
        return self._held.facts.identity

    @property
    def encoder_name(self) -> str:
        """The encoder's name; empty where nothing is embedded yet."""
        return self.identity.encoder.name if self.identity.encoder else ""

    @property
    def counts(self) -> LibraryCounts:
        """How much it holds."""
        return self._held.facts.counts

    @property
    def query_encoder_files(self) -> tuple[Path, Path] | None:
        """The query encoder's graph (ONNX) and tokenizer, checked; None where there are none.

        There are none where nothing is embedded yet, and of an encoder that cannot be exported.

        Raises:
            LibraryDamagedError: a file is missing or is not the one that was published.
        """
        recorded = self._held.facts.query_encoder
        if not recorded:
            return None
        for file in recorded:
            if not is_as_recorded(self.embeddings, file):
                raise LibraryDamagedError(
                    f"the query encoder {self.embeddings / file.name} is missing or damaged",
                    "run 'digestqa ingest' to export it again",
                )
        graph, tokenizer, *_ = recorded
        return self.embeddings / graph.name, self.embeddings / tokenizer.name

    def newer_state(self) -> int | None:
        """Return the number of a newer state, or None. Costs a fraction of a millisecond.

        Raises:
            LibraryMissingError, LibraryDamagedError, LibraryMismatchError, StorageError: as ``open`` does.
        """
        with contextlib.closing(open_for_reading(self.embeddings)) as connection:
            facts = read_facts(connection, self.embeddings)
        return None if facts is None or self._held.is_same(facts) else facts.state

    def refresh(self) -> bool:
        """Go over to the newest state; return whether it is another one.

        The new state may be of another encoder: compare ``identity`` before and after. As long as a state is held, the
        catalog's log cannot start over, so a reader that lives long should refresh now and then.

        Raises:
            LibraryMissingError, LibraryDamagedError, LibraryMismatchError, StorageError: as ``open`` does; the state
                held so far is kept.
        """
        with self._lock:
            before, self._held = self._held, HeldState(self.embeddings, self._encoder_name, self._as_of)
            if self._vector_search is not None:
                from digestqa.library.vector_search import VectorSearch

                self._vector_search = VectorSearch(self._held, self._vector_search)
            before.close()
            return not before.is_same(self._held.facts)

    def _vectors(self) -> VectorSearch:
        if self._vector_search is None:
            from digestqa.library.vector_search import VectorSearch

            self._vector_search = VectorSearch(self._held)
        return self._vector_search
