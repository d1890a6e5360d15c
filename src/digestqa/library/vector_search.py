"""Search over the vectors of one state: the FAISS file, what came since, and without what went since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.errors import LibraryMismatchError
from digestqa.library.catalog import catalog_errors
from digestqa.library.index_rows import IndexRows, best, rows_between, rows_of, sorted_ids
from digestqa.library.records import Hit
from digestqa.library.stored_vectors import SCORE_DECIMALS
from digestqa.library.vector_index import FlatIndex, build_index, load_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.held_state import HeldState
    from digestqa.library.vector_index import VectorIndex

    PassageIds = Sequence[int] | NDArray[np.int64]

FEW_IDS = 256
"""A search within so few passages asks the catalog where their vectors are: that is quicker than to look them up in the
index."""

FEW_IDS_UNLOADED = 2048
"""The same as long as the index is not loaded: loading it takes longer than asking for so many."""


class VectorSearch:
    """Searches the vectors of a held state.

    Args:
        held: the state.
        earlier: the search of the state held before, whose loaded index is used on where it still serves.
    """

    def __init__(self, held: HeldState, earlier: VectorSearch | None = None) -> None:
        self._held = held
        self._index: VectorIndex | None = None
        self._since: IndexRows | None = None
        if earlier is not None:
            before, now = earlier._held.facts, held.facts
            same_build = (before.birth, before.generation) == (now.birth, now.generation)
            index = earlier._index
            if index is not None and same_build and now.index is not None and index.state == now.index.state:
                self._index = index

    def search(self, vector: NDArray[np.float32], k: int, within: PassageIds | None) -> list[Hit]:
        """Return the k passages of greatest inner product; see ``Library.search_vectors``."""
        import numpy as np

        held = self._held
        if not held.dimension or k < 1:
            return []
        vector = np.ascontiguousarray(vector, dtype=np.float32)
        if vector.shape != (held.dimension,):
            raise LibraryMismatchError(
                f"a vector of shape {vector.shape} was given, and the library's have {held.dimension} dimensions",
                "ask with the encoder that built the library, or run 'digestqa rebuild'",
            )
        if within is not None:
            within = sorted_ids(within)
            if len(within) <= (FEW_IDS_UNLOADED if self._index is None else FEW_IDS):
                return _hits(best(list(self.cosines(vector, within).items()), k))
        with catalog_errors(held.embeddings):
            index = self._loaded_index()
            gone = self._gone_since(index.state)
            if isinstance(index, FlatIndex):
                found = index.search(vector, k, within, gone)
            else:
                found = index.search(held.stored_vectors, vector, k, within, gone)
            found += self._came_since(index.state).restricted(within, None).nearest(held.stored_vectors, vector, k)
        return _hits(best(found, k))

    def vectors(self, ids: PassageIds) -> NDArray[np.float32]:
        """Return vectors of shape (len(ids), dimension) in the order of the ids; zeros where a passage has none."""
        import numpy as np

        wanted = np.asarray(ids, dtype=np.int64)
        result = np.zeros((len(wanted), self._held.dimension), dtype=np.float32)
        rows = self._rows_of(sorted_ids(wanted))
        if len(rows):
            order = np.argsort(rows.passage_ids)
            found_ids = rows.passage_ids[order]
            found = self._held.stored_vectors.vectors(rows.vector_ids[order], self._held.dimension)
            places = np.minimum(np.searchsorted(found_ids, wanted), len(found_ids) - 1)
            present = found_ids[places] == wanted
            result[present] = found[places[present]]
        return result

    def cosines(self, vector: NDArray[np.float32], ids: PassageIds) -> dict[int, float]:
        """Return the inner product of a vector with each given passage's that has one."""
        import numpy as np

        rows = self._rows_of(sorted_ids(ids))
        vectors = self._held.stored_vectors.vectors(rows.vector_ids, self._held.dimension)
        products = (vectors @ np.asarray(vector, dtype=np.float32)).astype(np.float64).tolist()
        return {
            passage_id: round(product, SCORE_DECIMALS)
            for passage_id, product in zip(rows.passage_ids.tolist(), products, strict=True)
        }

    def _rows_of(self, ids: NDArray[np.int64]) -> IndexRows:
        with catalog_errors(self._held.embeddings):
            return rows_of(self._held.connection, ids)

    def _loaded_index(self) -> VectorIndex:
        if self._index is None:
            held = self._held
            record = held.facts.index
            loaded = load_index(held.embeddings, record, held.dimension) if record else None
            self._index = loaded or build_index(held.connection, held.stored_vectors, held.dimension, held.facts.state)
        return self._index

    def _came_since(self, state: int) -> IndexRows:
        """Return the passages that are newer than the index, read from the catalog once."""
        if self._since is None:
            self._since = rows_between(self._held.connection, state, self._held.facts.state)
        return self._since

    def _gone_since(self, state: int) -> NDArray[np.int64] | None:
        import numpy as np

        rows = self._held.rows("SELECT passage_id FROM removed WHERE state > ?", (state,))
        return np.array([row[0] for row in rows], dtype=np.int64) if rows else None


def _hits(found: list[tuple[int, float]]) -> list[Hit]:
    return [Hit(passage_id, score) for passage_id, score in found]
