"""The FAISS index: an exact, flat inner-product index over float16 vectors, derived from the catalog.

The vectors in it are bit for bit the catalog's, so that searching it, searching the catalog's own vectors and any
mixture of both give the same scores up to the order of summation.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from digestqa.errors import LibraryDamagedError
from digestqa.library.catalog import DAMAGED_HINT
from digestqa.library.facts import IndexRecord
from digestqa.library.storage import WHOLE_HASH_BYTES, file_sha256, publish

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

ROWS_PER_FETCH = 8192

_SELECT_VECTORS = """
    SELECT passages.id, vectors.vector FROM passages JOIN vectors ON vectors.key = passages.vector_key
    WHERE passages.indexed_state > ? AND passages.indexed_state <= ? ORDER BY passages.id
"""
_TIE_MARGIN = 16
_SCORE_DECIMALS = 6
"""Scores are told apart at a millionth: sums of 384 float32 products differ by less with their order."""


class FaissIndex(Protocol):
    """What is used of FAISS's ``IndexIDMap``."""

    ntotal: int
    id_map: Any

    def search(
        self, query: NDArray[np.float32], k: int, *, params: object
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return scores and ids, each of shape (queries, k); missing ones have the id -1."""


class VectorIndex:
    """Passages' vectors in memory (or mapped from a file), searched exactly.

    Args:
        faiss_index: a FAISS index with ids.
        state: the catalog state that it covers.
    """

    def __init__(self, faiss_index: FaissIndex, state: int) -> None:
        self._index = faiss_index
        self.state = state

    @classmethod
    def from_catalog(
        cls, connection: sqlite3.Connection, dimension: int, state: int, on_rows: Callable[[int], None] | None = None
    ) -> VectorIndex:
        """Build the index of a state from the catalog's stored vectors; nothing is embedded."""
        faiss = _faiss()
        index = faiss.IndexIDMap(
            faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        )
        done = 0
        for ids, vectors in stored_vectors(connection, dimension, 0, state):
            index.add_with_ids(vectors, ids)
            done += len(ids)
            if on_rows:
                on_rows(done)
        return cls(index, state)

    @classmethod
    def from_file(cls, folder: Path, record: IndexRecord, dimension: int) -> VectorIndex | None:
        """Load the recorded file, or return None where it is missing or is not the one recorded."""
        path = folder / record.file.name
        try:
            size = path.stat().st_size
            if size != record.file.size:
                return None
            if size <= WHOLE_HASH_BYTES and file_sha256(path) != record.file.sha256:
                return None
        except OSError:
            return None
        faiss = _faiss()
        mapped = getattr(faiss, "IO_FLAG_MMAP_IFC", 0) if size > WHOLE_HASH_BYTES else 0
        try:
            index = faiss.read_index(str(path), mapped)
        except (RuntimeError, MemoryError):
            return None
        if index.d != dimension or index.ntotal != record.count or index.metric_type != faiss.METRIC_INNER_PRODUCT:
            return None
        return cls(index, record.state)

    @property
    def count(self) -> int:
        """Passages in the index."""
        return int(self._index.ntotal)

    def publish(self, path: Path) -> IndexRecord:
        """Write the index to a file, whole or not at all.

        Raises:
            StorageError: the disk is full or the folder cannot be written.
        """
        faiss = _faiss()
        failures: list[OSError] = []

        def write(stream: BinaryIO) -> None:
            def take(block: bytes) -> None:
                try:
                    stream.write(block)
                except OSError as error:
                    failures.append(error)
                    raise

            writer = faiss.PyCallbackIOWriter(take, 1 << 20)
            try:
                faiss.write_index(self._index, writer)
            except Exception:
                if failures:
                    raise failures[0] from None
                raise
            del writer
            if failures:
                raise failures[0]

        return IndexRecord(publish(path, write), self.state, self.count)

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        within: NDArray[np.int64] | None,
        without: NDArray[np.int64] | None,
    ) -> list[tuple[int, float]]:
        """Return the k best (passage id, score), ties in the order of ids.

        Args:
            vector: of shape (dimension,).
            k: how many.
            within: only these ids, if given; applied before the search.
            without: none of these ids, if given; applied before the search.
        """
        parameters = self._search_parameters(within, without)
        fetched = min(k + _TIE_MARGIN, self.count)
        query = vector.reshape(1, -1)
        while fetched:
            scores, ids = self._index.search(query, fetched, params=parameters)
            found = [
                (int(passage_id), round(float(score), _SCORE_DECIMALS))
                for passage_id, score in zip(ids[0], scores[0], strict=True)
                if passage_id >= 0
            ]
            # With a tie that reaches beyond what was fetched, the choice among equals would be FAISS's.
            if len(found) < fetched or fetched == self.count or len(found) <= k or found[k - 1][1] > found[-1][1]:
                return best(found, k)
            fetched = min(fetched * 2, self.count)
        return []

    def _search_parameters(self, within: NDArray[np.int64] | None, without: NDArray[np.int64] | None) -> object:
        """Return FAISS search parameters with a bitmap of the ids that may be found; None where all may."""
        if within is None and without is None:
            return None
        faiss = _faiss()
        import numpy as np

        last = int(self._index.id_map.at(self.count - 1)) if self.count else 0
        if within is None:
            allowed = np.ones(last + 1, dtype=bool)
        else:
            allowed = np.zeros(last + 1, dtype=bool)
            allowed[within[within <= last]] = True
        if without is not None:
            allowed[without[without <= last]] = False
        return faiss.SearchParameters(sel=faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little")))


def _faiss() -> ModuleType:
    """Load FAISS on first use: it takes a tenth of a second.

    It gets one thread: it shares out queries, never the vectors of one query, and a second OpenMP beside torch's is
    known to crash on macOS.
    """
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(1)
    return faiss


def stored_vectors(
    connection: sqlite3.Connection, dimension: int, after_state: int, to_state: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Yield (ids, vectors) of the searched passages that came into the index after one state and up to another."""
    cursor = connection.execute(_SELECT_VECTORS, (after_state, to_state))
    while rows := cursor.fetchmany(ROWS_PER_FETCH):
        yield unpack(rows, dimension)


def unpack(rows: list[tuple[int, bytes]], dimension: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return rows of (id, float16 vector) as arrays of shape (n,) and (n, dimension).

    Raises:
        LibraryDamagedError: a vector has another length.
    """
    import numpy as np

    if any(len(blob) != dimension * 2 for _, blob in rows):
        raise LibraryDamagedError("the library's catalog holds a vector of a wrong length", DAMAGED_HINT)
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    halves = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), dimension)
    return ids, halves.astype(np.float32)


def scored(
    vector: NDArray[np.float32], ids: NDArray[np.int64], vectors: NDArray[np.float32]
) -> list[tuple[int, float]]:
    """Return (passage id, score) for all the given vectors, in their order."""
    products = vectors @ vector
    return [
        (int(passage_id), round(float(score), _SCORE_DECIMALS)) for passage_id, score in zip(ids, products, strict=True)
    ]


def best(found: list[tuple[int, float]], k: int) -> list[tuple[int, float]]:
    """Return the k best by score, ties in the order of ids."""
    return sorted(found, key=lambda item: (-item[1], item[0]))[:k]


def index_file_name(state: int) -> str:
    """Return the name of a state's FAISS file."""
    return f"vectors-{state}.faiss"
