"""The index of a large library: short codes of all vectors, gone through for candidates that are then scored exactly.

Each distinct vector has a product-quantised code of four bits for every four dimensions (Jégou et al. 2011), a
sixteenth of the bytes of the float16 vector; FAISS goes through all of them with its lookup tables in registers (André
et al. 2015, "fast scan"). The best by code are scored with their stored vectors, so that every score is exact, and only
which passages are among the best may differ from an exact search. Going through all codes, rather than through those of
the nearest clusters, keeps the recall where questions lie far from passages; ``docs/performance.md`` has the figures.

A search within some passages, and one for a great many, goes through their stored vectors instead and is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from digestqa.library.faiss_parts import faiss_library, written
from digestqa.library.index_rows import IndexRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.facts import IndexRecord
    from digestqa.library.stored_vectors import OpenVectors

DIMENSIONS_PER_CODE = 4
BITS_PER_CODE = 4

CANDIDATES = 2400
"""So many are scored exactly at the least."""

CANDIDATES_PER_RESULT = 40

MOST_BY_CODES = 1000
"""A search for more results than these goes through the stored vectors."""

_TRAINED_ROWS = 32_768
_ROWS_PER_ADD = 32_768
_PAIR_BYTES = 16
_COUNT_BYTES = 8


class CodeIndex:
    """Codes of a state's vectors, and which passages have them.

    Args:
        faiss_index: FAISS's ``IndexPQFastScan``; its rows are the distinct vectors in the order of their numbers.
        rows: the passages and their vectors.
        state: the catalog state that it covers.
    """

    def __init__(self, faiss_index: Any, rows: IndexRows, state: int) -> None:
        self._index = faiss_index
        self._distinct = rows.distinct_vectors()
        self.rows = rows
        self.state = state

    @classmethod
    def build(
        cls,
        stored: OpenVectors,
        rows: IndexRows,
        dimension: int,
        state: int,
        on_rows: Callable[[int], None] | None = None,
    ) -> CodeIndex:
        """Build the index from stored vectors; memory beside the index itself is bounded whatever their number.

        Args:
            stored: holds the vectors.
            rows: the passages of the state.
            dimension: length of a vector.
            state: the state's number.
            on_rows: called with how many are done.
        """
        import numpy as np

        faiss = faiss_library()
        distinct = rows.distinct_vectors()
        codes = -(-dimension // DIMENSIONS_PER_CODE)
        while dimension % codes:
            codes -= 1
        index = faiss.IndexPQFastScan(dimension, codes, BITS_PER_CODE, faiss.METRIC_INNER_PRODUCT)
        # Taken at equal distances: the same vectors make the same index.
        sample = np.linspace(0, len(distinct) - 1, min(len(distinct), _TRAINED_ROWS)).astype(np.int64)
        index.train(stored.vectors(distinct[sample], dimension))
        for start in range(0, len(distinct), _ROWS_PER_ADD):
            index.add(stored.vectors(distinct[start : start + _ROWS_PER_ADD], dimension))
            if on_rows:
                on_rows(int(index.ntotal * len(rows) / len(distinct)))
        return cls(index, rows, state)

    @classmethod
    def from_file(cls, faiss_index: Any, path: Path, record: IndexRecord) -> CodeIndex | None:
        """Complete what FAISS read from a file with the pairs at the file's end; None where they do not fit."""
        import numpy as np

        length = record.count * _PAIR_BYTES + _COUNT_BYTES
        if record.file.size < length:
            return None
        with path.open("rb") as stream:
            stream.seek(record.file.size - length)
            pairs = np.fromfile(stream, dtype="<i8")
        if len(pairs) != record.count * 2 + 1 or pairs[-1] != record.count:
            return None
        rows = IndexRows(pairs[: record.count], pairs[record.count : -1])
        if (rows.vector_ids[1:] < rows.vector_ids[:-1]).any() or (pairs < 0).any():
            return None
        index = cls(faiss_index, rows, record.state)
        return index if len(index._distinct) == faiss_index.ntotal else None

    @property
    def count(self) -> int:
        """Passages in the index."""
        return len(self.rows)

    def write(self, stream: BinaryIO) -> None:
        """Write the index to a file: FAISS's, and behind it the passages' and the vectors' numbers and their count."""
        written(self._index, stream)
        stream.write(self.rows.passage_ids.astype("<i8").tobytes())
        stream.write(self.rows.vector_ids.astype("<i8").tobytes())
        stream.write(self.count.to_bytes(_COUNT_BYTES, "little"))

    def search(
        self,
        stored: OpenVectors,
        vector: NDArray[np.float32],
        k: int,
        within: NDArray[np.int64] | None,
        without: NDArray[np.int64] | None,
    ) -> list[tuple[int, float]]:
        """Return the k best (passage id, score), ties in the order of ids.

        Args:
            stored: holds the vectors.
            vector: of shape (dimension,), float32, contiguous.
            k: how many.
            within: only these ids, if given; the search is exact then.
            without: none of these ids, if given.
        """
        import numpy as np

        if within is None and k <= MOST_BY_CODES:
            wanted = min(max(CANDIDATES, k * CANDIDATES_PER_RESULT), len(self._distinct))
            places = self._index.search(vector.reshape(1, -1), wanted)[1][0]
            candidates = self._distinct[np.sort(places[places >= 0])]
            found = self.rows.of_vectors(candidates).restricted(None, without).nearest(stored, vector, k)
            if len(found) >= min(k, self.count):
                return found
        return self.rows.restricted(within, without).nearest(stored, vector, k)
