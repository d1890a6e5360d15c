"""What is used of FAISS beside its indexes: loading it, writing to a stream, and its scanner of float16 rows."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray


def faiss_library() -> ModuleType:
    """Load FAISS on first use: it takes a tenth of a second.

    It gets one thread: it shares out queries, never the vectors of one query, and a second OpenMP beside torch's is
    known to crash on macOS.
    """
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(1)
    return faiss


def written(index: object, stream: BinaryIO) -> None:
    """Write a FAISS index to a stream.

    Raises:
        OSError: the stream cannot take it.
    """
    faiss = faiss_library()
    failures: list[OSError] = []

    def take(block: bytes) -> None:
        try:
            stream.write(block)
        except OSError as error:
            failures.append(error)
            raise

    writer = faiss.PyCallbackIOWriter(take, 1 << 20)
    try:
        faiss.write_index(index, writer)
    except Exception:
        if failures:
            raise failures[0] from None
        raise
    del writer
    if failures:
        raise failures[0]


class Scan:
    """Finds the k rows of greatest inner product with a vector, exactly, among float16 rows given block by block.

    FAISS's scanner of scalar-quantised inverted lists decodes the rows in registers: several times quicker than to
    decode them with numpy.

    Args:
        vector: of shape (dimension,), float32, contiguous.
        k: how many.
    """

    def __init__(self, vector: NDArray[np.float32], k: int) -> None:
        import numpy as np

        self._faiss = faiss = faiss_library()
        self._vector = vector
        self._k = k
        self._scores: NDArray[np.float32] = np.full(k, -np.inf, dtype=np.float32)
        self._labels: NDArray[np.int64] = np.full(k, -1, dtype=np.int64)
        # FAISS keeps no reference to what it is given: these live as long as the scanner.
        self._kept: list[Any] = [faiss.IndexFlatIP(len(vector))]
        quantizer = faiss.ScalarQuantizer(len(vector), faiss.ScalarQuantizer.QT_fp16)
        # It is never freed, some 140 bytes a search: to own it, as the wrapper allows, spoils Python's reference
        # counts.
        self._scanner = quantizer.select_InvertedListScanner(
            faiss.METRIC_INNER_PRODUCT, self._kept[0], False, None, False
        )
        self._kept.append(quantizer)
        self._scanner.set_query(faiss.swig_ptr(vector))
        self._scanner.set_list(0, 0.0)

    def take(self, rows: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
        """Look at rows.

        Args:
            rows: of shape (n, 2 * dimension), contiguous.
            labels: what each is called, of shape (n,), contiguous.
        """
        pointer = self._faiss.swig_ptr
        self._scanner.scan_codes(
            len(labels), pointer(rows), pointer(labels), pointer(self._scores), pointer(self._labels), self._k
        )

    def found(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the labels and scores of the best so far, in no order; fewer than k where there are no more."""
        there = self._labels >= 0
        return self._labels[there], self._scores[there]
