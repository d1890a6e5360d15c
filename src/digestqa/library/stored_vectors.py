"""The stored vectors of a held state, and exact search over them as they lie in their files.

Rows are read, not mapped: so the program's memory does not grow with what it looks at, the first question does not wait
for a page fault for each vector, and a file that is cut short is an error that can be told.
"""

from __future__ import annotations

import os
import threading
from io import FileIO
from typing import TYPE_CHECKING

from digestqa.library.storage import storage_errors
from digestqa.library.vector_files import BYTES_PER_NUMBER, VOLUME_SHIFT, VectorFile, missing_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

SCORE_DECIMALS = 6
"""Scores are told apart at a millionth: sums of 384 float32 products differ by less with their order."""

_ROW_MASK = (1 << VOLUME_SHIFT) - 1

_ROWS_PER_READ = 2048

_PASSED_OVER = 24
"""Wanted rows with fewer than so many others between them are read in one go: a read costs about as much."""


class OpenVectors:
    """The volumes of one state, held open: what is deleted meanwhile stays readable where the system allows it.

    May be used from several threads.

    Args:
        embeddings: the library's folder.
        files: the volumes that the state's catalog knows.
    """

    def __init__(self, embeddings: Path, files: Iterable[VectorFile]) -> None:
        self._streams: dict[int, FileIO] = {}
        self._embeddings = embeddings
        self._files = {file.volume: file for file in files}
        self._lock = threading.Lock()
        self.complete = True
        for file in self._files.values():
            try:
                self._streams[file.volume] = (embeddings / file.name).open("rb", buffering=0)
            except OSError:
                self.complete = False

    def close(self) -> None:
        """Let go of the files."""
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()

    def __del__(self) -> None:
        # A reader that was dropped rather than closed must not keep a deleted file's room.
        self.close()

    def vectors(self, ids: NDArray[np.int64], dimension: int) -> NDArray[np.float32]:
        """Return vectors by their numbers, of shape (n, dimension), in the order of the ids.

        Raises:
            LibraryDamagedError: a vector is not where the catalog says, or has another length.
            StorageError: a file cannot be read.
        """
        import numpy as np

        result = np.empty((len(ids), dimension), dtype=np.float32)
        order = np.argsort(ids, kind="stable")
        done = 0
        for rows, labels in self._rows(ids[order], dimension):
            result[order[done : done + len(labels)]] = rows.view("<f2")
            done += len(labels)
        return result

    def best(
        self, vector: NDArray[np.float32], k: int, ids: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the numbers and scores of the k vectors of greatest inner product, exactly, in no order.

        Args:
            vector: of shape (dimension,), float32, contiguous.
            k: how many.
            ids: the vectors to choose from, sorted, each once.

        Raises:
            LibraryDamagedError: a vector is not where the catalog says, or has another length.
            StorageError: a file cannot be read.
        """
        from digestqa.library.faiss_parts import Scan

        scan = Scan(vector, min(k, len(ids)))
        for rows, labels in self._rows(ids, len(vector)):
            scan.take(rows, labels)
        return scan.found()

    def _rows(self, ids: NDArray[np.int64], dimension: int) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        """Yield the stored bytes of vectors, of shape (n, bytes of a row), with their numbers, which are sorted."""
        import numpy as np

        # One buffer for all reads: the system would have to clear the pages of a new one each time.
        buffer = np.empty((_ROWS_PER_READ, dimension * BYTES_PER_NUMBER), dtype=np.uint8)
        while len(ids):
            volume = int(ids[0]) >> VOLUME_SHIFT
            end = int(np.searchsorted(ids, (volume + 1) << VOLUME_SHIFT))
            file, stream = self._files.get(volume), self._streams.get(volume)
            if file is None or stream is None or file.row_bytes != buffer.shape[1]:
                raise missing_file(self._embeddings, file)
            places = ids[:end] & _ROW_MASK
            if int(places[-1]) >= file.rows:
                raise missing_file(self._embeddings, file)
            # Rows near each other lie within one window; what a window does not hold starts the next.
            start = 0
            while start < end:
                runs, stop = _runs(places[start : start + _ROWS_PER_READ])
                stop += start
                yield self._read(file, stream, places[start:stop], runs, buffer), ids[start:stop]
                start = stop
            ids = ids[end:]

    def _read(
        self,
        file: VectorFile,
        stream: FileIO,
        places: NDArray[np.int64],
        runs: NDArray[np.int64],
        buffer: NDArray[np.uint8],
    ) -> NDArray[np.uint8]:
        """Return rows of a file, of shape (n, bytes of a row), valid until the next read.

        Args:
            file: the volume.
            stream: it, open.
            places: of the rows, sorted.
            runs: the first and the last place of each run that is read in one go, of shape (runs, 2).
            buffer: takes what is read.
        """
        import numpy as np

        lengths = runs[:, 1] - runs[:, 0] + 1
        filled = int(lengths.sum())
        view, width = buffer.reshape(-1).data, file.row_bytes
        ends = (np.cumsum(lengths) * width).tolist()
        with storage_errors(self._embeddings / file.name):
            begin = 0
            for end, offset in zip(ends, (runs[:, 0] * width).tolist(), strict=True):
                if self._fill(stream, view[begin:end], offset) != end - begin:
                    raise missing_file(self._embeddings, file)
                begin = end
        if filled == len(places):
            return buffer[:filled]
        run = np.searchsorted(runs[:, 0], places, side="right") - 1
        picked: NDArray[np.uint8] = buffer[places - runs[run, 0] + (np.cumsum(lengths) - lengths)[run]]
        return picked

    def _fill(self, stream: FileIO, view: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(stream.fileno(), [view], offset)
        with self._lock:
            stream.seek(offset)
            return stream.readinto(view)


def _runs(places: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Return runs of rows that are read in one go, as many as fit into a buffer, and how many of the rows they hold.

    Args:
        places: sorted; at most as many as the buffer has rows.

    Returns:
        The first and the last place of each run, of shape (runs, 2); and the number of places in them.
    """
    import numpy as np

    begins = np.concatenate([[0], np.flatnonzero(np.diff(places) >= _PASSED_OVER) + 1])
    ends = np.concatenate([begins[1:], [len(places)]])
    spans = np.cumsum(places[ends - 1] - places[begins] + 1)
    whole = int(np.searchsorted(spans, _ROWS_PER_READ, side="right"))
    if whole:
        return np.stack([places[begins[:whole]], places[ends[:whole] - 1]], axis=1), int(ends[whole - 1])
    stop = int(np.searchsorted(places, places[0] + _ROWS_PER_READ))
    return np.array([[places[0], places[stop - 1]]]), stop
