"""The FAISS index of a state: flat and exact for libraries of usual size, short codes above that.

Up to ``FLAT_PASSAGES`` passages the FAISS file is an exact, flat inner-product index over the stored float16 vectors,
bit for bit; see ``digestqa.library.code_index`` for what it is above that. Either is derived from the stored vectors,
which are the truth, and is made again from them without embedding anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from digestqa.library.code_index import CodeIndex
from digestqa.library.facts import IndexRecord
from digestqa.library.faiss_parts import faiss_library, written
from digestqa.library.index_rows import best, rows_between
from digestqa.library.storage import WHOLE_HASH_BYTES, file_sha256, publish
from digestqa.library.stored_vectors import SCORE_DECIMALS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.index_rows import IndexRows
    from digestqa.library.stored_vectors import OpenVectors

FLAT_PASSAGES = 100_000
"""Up to so many passages the index is flat: to go through all their vectors takes about ten milliseconds."""

_TIE_MARGIN = 16
_ROWS_PER_ADD = 8192


class FaissIndex(Protocol):
    """What is used of FAISS's ``IndexIDMap``."""

    ntotal: int
    id_map: Any

    def search(
        self, query: NDArray[np.float32], k: int, *, params: object
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return scores and ids, each of shape (queries, k); missing ones have the id -1."""


class FlatIndex:
    """Passages' vectors in memory (or mapped from a file), searched exactly.

    Args:
        faiss_index: a FAISS index whose ids are the passages'.
        state: the catalog state that it covers.
    """

    def __init__(self, faiss_index: FaissIndex, state: int) -> None:
        self._index = faiss_index
        self.state = state

    @classmethod
    def build(
        cls,
        stored: OpenVectors,
        rows: IndexRows,
        dimension: int,
        state: int,
        on_rows: Callable[[int], None] | None = None,
    ) -> FlatIndex:
        """Build the index from stored vectors.

        Args:
            stored: holds the vectors.
            rows: the passages of the state.
            dimension: length of a vector.
            state: the state whose passages these are.
            on_rows: called with how many are done.
        """
        import numpy as np

        faiss = faiss_library()
        index = faiss.IndexIDMap(
            faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        )
        order = np.argsort(rows.passage_ids)
        for start in range(0, len(order), _ROWS_PER_ADD):
            block = order[start : start + _ROWS_PER_ADD]
            index.add_with_ids(stored.vectors(rows.vector_ids[block], dimension), rows.passage_ids[block])
            if on_rows:
                on_rows(int(index.ntotal))
        return cls(index, state)

    @property
    def count(self) -> int:
        """Passages in the index."""
        return int(self._index.ntotal)

    def write(self, stream: BinaryIO) -> None:
        """Write the index to a file."""
        written(self._index, stream)

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
                (int(passage_id), round(float(score), SCORE_DECIMALS))
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
        import numpy as np

        faiss = faiss_library()
        last = int(self._index.id_map.at(self.count - 1)) if self.count else 0
        if within is None:
            allowed = np.ones(last + 1, dtype=bool)
        else:
            allowed = np.zeros(last + 1, dtype=bool)
            allowed[within[within <= last]] = True
        if without is not None:
            allowed[without[without <= last]] = False
        return faiss.SearchParameters(sel=faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little")))


VectorIndex = FlatIndex | CodeIndex


def build_index(
    connection: sqlite3.Connection,
    stored: OpenVectors,
    dimension: int,
    state: int,
    on_rows: Callable[[int], None] | None = None,
) -> VectorIndex:
    """Build the index of a state from its stored vectors; nothing is embedded.

    Args:
        connection: sees the state.
        stored: holds its vectors.
        dimension: length of a vector.
        state: the state's number.
        on_rows: called with how many vectors are done.
    """
    rows = rows_between(connection, 0, state)
    kind: type[FlatIndex | CodeIndex] = FlatIndex if len(rows) <= FLAT_PASSAGES else CodeIndex
    return kind.build(stored, rows, dimension, state, on_rows)


def publish_file(index: VectorIndex, path: Path) -> IndexRecord:
    """Write an index to a file, whole or not at all.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    return IndexRecord(publish(path, index.write), index.state, index.count)


def load_index(folder: Path, record: IndexRecord, dimension: int) -> VectorIndex | None:
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
    faiss = faiss_library()
    mapped = getattr(faiss, "IO_FLAG_MMAP_IFC", 0) if size > WHOLE_HASH_BYTES else 0
    try:
        index = faiss.read_index(str(path), mapped)
    except (RuntimeError, MemoryError):
        return None
    if index.d != dimension or index.metric_type != faiss.METRIC_INNER_PRODUCT:
        return None
    if isinstance(index, faiss.IndexPQFastScan):
        return CodeIndex.from_file(index, path, record)
    if index.ntotal != record.count:
        return None
    return FlatIndex(index, record.state)


def index_file_name(state: int) -> str:
    """Return the name of a state's FAISS file."""
    return f"vectors-{state}.faiss"
