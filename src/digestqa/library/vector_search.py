"""Exact search over the vectors of one state: the FAISS file, what came since, and without what went since."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digestqa.errors import LibraryMismatchError
from digestqa.library.catalog import catalog_errors
from digestqa.library.records import Hit
from digestqa.library.vector_index import VectorIndex, best, scored, stored_vectors, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.held_state import HeldState

    PassageIds = Sequence[int] | NDArray[np.int64]

FEW_IDS = 256
"""A search within so few passages reads their vectors from the catalog: that is quicker than to look them up in the
index."""

FEW_IDS_UNLOADED = 2048
"""The same as long as the index is not loaded: loading it takes longer than reading so many vectors."""


class VectorSearch:
    """Searches the vectors of a held state.

    Args:
        held: the state.
        earlier: the search of the state held before, whose loaded index is used on where it still serves.
    """

    def __init__(self, held: HeldState, earlier: VectorSearch | None = None) -> None:
        self._held = held
        self._index: VectorIndex | None = None
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
            within = np.unique(np.asarray(within, dtype=np.int64))
            if len(within) <= (FEW_IDS_UNLOADED if self._index is None else FEW_IDS):
                return _hits(best(scored(vector, *self._stored(within)), k))
        with catalog_errors(held.embeddings):
            index = self._loaded_index()
            found = index.search(vector, k, within, self._gone_since(index.state))
            for ids, vectors in stored_vectors(held.connection, held.dimension, index.state, held.facts.state):
                if within is not None:
                    inside = np.isin(ids, within)
                    ids, vectors = ids[inside], vectors[inside]
                found += scored(vector, ids, vectors)
        return _hits(best(found, k))

    def vectors(self, ids: PassageIds) -> NDArray[np.float32]:
        """Return vectors of shape (len(ids), dimension) in the order of the ids; zeros where a passage has none."""
        import numpy as np

        wanted = np.asarray(ids, dtype=np.int64)
        result = np.zeros((len(wanted), self._held.dimension), dtype=np.float32)
        found_ids, found = self._stored(np.unique(wanted))
        if len(found_ids):
            places = np.minimum(np.searchsorted(found_ids, wanted), len(found_ids) - 1)
            present = found_ids[places] == wanted
            result[present] = found[places[present]]
        return result

    def cosines(self, vector: NDArray[np.float32], ids: PassageIds) -> dict[int, float]:
        """Return the inner product of a vector with each given passage's that has one."""
        import numpy as np

        stored = self._stored(np.unique(np.asarray(ids, dtype=np.int64)))
        return dict(scored(np.asarray(vector, dtype=np.float32), *stored))

    def _stored(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return (ids, vectors) of those of the passages that are searched and have a vector, by id."""
        rows = self._held.rows(
            """SELECT passages.id, vector FROM passages JOIN vectors ON vectors.key = vector_key
               WHERE passages.id IN (SELECT value FROM json_each(?)) AND indexed_state IS NOT NULL
               ORDER BY passages.id""",
            (json.dumps(ids.tolist()),),
        )
        return unpack(rows, self._held.dimension)

    def _loaded_index(self) -> VectorIndex:
        if self._index is None:
            held = self._held
            record = held.facts.index
            loaded = VectorIndex.from_file(held.embeddings, record, held.dimension) if record else None
            self._index = loaded or VectorIndex.from_catalog(held.connection, held.dimension, held.facts.state)
        return self._index

    def _gone_since(self, state: int) -> NDArray[np.int64] | None:
        import numpy as np

        rows = self._held.rows("SELECT passage_id FROM removed WHERE state > ?", (state,))
        return np.array([row[0] for row in rows], dtype=np.int64) if rows else None


def _hits(found: list[tuple[int, float]]) -> list[Hit]:
    return [Hit(passage_id, score) for passage_id, score in found]
