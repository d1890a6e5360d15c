"""Which passage has which stored vector, as the catalog says, and exact search among such pairs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.errors import LibraryDamagedError
from digestqa.library.catalog import DAMAGED_HINT
from digestqa.library.stored_vectors import SCORE_DECIMALS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.stored_vectors import OpenVectors

_ROWS_PER_FETCH = 65_536
_TIE_MARGIN = 16
_MOST_PASSAGE_IDS = 1 << 32

_BETWEEN_STATES = """
    SELECT passages.id, vectors.id FROM passages JOIN vectors ON vectors.key = passages.vector_key
    WHERE passages.indexed_state > ? AND passages.indexed_state <= ?
"""
_BY_ID = """
    SELECT passages.id, vectors.id FROM passages JOIN vectors ON vectors.key = vector_key
    WHERE passages.id IN (SELECT value FROM json_each(?)) AND indexed_state IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class IndexRows:
    """Searched passages and their vectors.

    Attributes:
        passage_ids: of shape (n,).
        vector_ids: the number of each passage's vector, of shape (n,), sorted; passages of one text share one.
    """

    passage_ids: NDArray[np.int64]
    vector_ids: NDArray[np.int64]

    @classmethod
    def sorted(cls, passage_ids: NDArray[np.int64], vector_ids: NDArray[np.int64]) -> IndexRows:
        """Make them of pairs in any order."""
        import numpy as np

        order = np.lexsort((passage_ids, vector_ids))
        return cls(passage_ids[order], vector_ids[order])

    def __len__(self) -> int:
        """Return how many passages there are."""
        return len(self.passage_ids)

    def chosen(self, mask: NDArray[np.bool_]) -> IndexRows:
        """Return those for which a mask of shape (n,) is true."""
        return IndexRows(self.passage_ids[mask], self.vector_ids[mask])

    def restricted(self, within: NDArray[np.int64] | None, without: NDArray[np.int64] | None) -> IndexRows:
        """Return those of some passages and without others, where given."""
        import numpy as np

        if not len(self) or (within is None and without is None):
            return self
        last = int(self.passage_ids.max())
        if last > _MOST_PASSAGE_IDS:
            # Of a damaged row: a table of truth values would not fit into memory.
            raise LibraryDamagedError("the library's catalog is damaged: a passage's number cannot be", DAMAGED_HINT)
        allowed = np.full(last + 1, within is None)
        if within is not None:
            allowed[within[(within <= last) & (within >= 0)]] = True
        if without is not None:
            allowed[without[(without <= last) & (without >= 0)]] = False
        return self.chosen(allowed[self.passage_ids])

    def of_vectors(self, vector_ids: NDArray[np.int64]) -> IndexRows:
        """Return those that have one of the given vectors, whose numbers are sorted, each once."""
        import numpy as np

        begin = np.searchsorted(self.vector_ids, vector_ids, side="left")
        count = np.searchsorted(self.vector_ids, vector_ids, side="right") - begin
        # The places from each beginning on: a running number less what ran before it.
        ran = np.repeat(np.cumsum(count) - count - begin, count)
        places = np.arange(len(ran)) - ran
        return IndexRows(self.passage_ids[places], self.vector_ids[places])

    def distinct_vectors(self) -> NDArray[np.int64]:
        """Return the vectors' numbers, each once, sorted."""
        return sorted_ids(self.vector_ids)

    def scored(self, vector_ids: NDArray[np.int64], scores: NDArray[np.float32]) -> list[tuple[int, float]]:
        """Return (passage id, score) of all passages that have one of the given vectors."""
        import numpy as np

        begin = np.searchsorted(self.vector_ids, vector_ids, side="left").tolist()
        end = np.searchsorted(self.vector_ids, vector_ids, side="right").tolist()
        rounded = [round(score, SCORE_DECIMALS) for score in scores.astype(np.float64).tolist()]
        return [
            (passage_id, score)
            for start, stop, score in zip(begin, end, rounded, strict=True)
            for passage_id in self.passage_ids[start:stop].tolist()
        ]

    def nearest(self, stored: OpenVectors, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the k passages of greatest inner product as (passage id, score), exactly; ties in the order of ids.

        Args:
            stored: holds the vectors.
            vector: of shape (dimension,), float32, contiguous.
            k: how many.
        """
        distinct = self.distinct_vectors()
        fetched = min(k + _TIE_MARGIN, len(distinct))
        while fetched:
            vector_ids, scores = stored.best(vector, fetched, distinct)
            found = best(self.scored(vector_ids, scores), k)
            # With a tie that reaches beyond what was fetched, the choice among equals would be the scan's.
            least = round(float(scores.min()), SCORE_DECIMALS)
            if fetched == len(distinct) or (len(found) == k and found[-1][1] > least):
                return found
            fetched = min(fetched * 2, len(distinct))
        return []


def sorted_ids(ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return numbers sorted, each once; what is so already is returned as it is.

    ``numpy.unique`` goes by hashes and takes a hundred times as long.
    """
    import numpy as np

    given = np.asarray(ids, dtype=np.int64)
    if (given[1:] > given[:-1]).all():
        return given
    ordered = np.sort(given)
    first = np.empty(len(ordered), dtype=bool)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def best(found: list[tuple[int, float]], k: int) -> list[tuple[int, float]]:
    """Return the k best by score, ties in the order of ids."""
    return sorted(found, key=lambda item: (-item[1], item[0]))[:k]


def rows_between(connection: sqlite3.Connection, after_state: int, to_state: int) -> IndexRows:
    """Return the searched passages that came into the index after one state and up to another."""
    return _fetched(connection.execute(_BETWEEN_STATES, (after_state, to_state)))


def rows_of(connection: sqlite3.Connection, passage_ids: NDArray[np.int64]) -> IndexRows:
    """Return those of some passages that are searched and have a vector."""
    return _fetched(connection.execute(_BY_ID, (json.dumps(passage_ids.tolist()),)))


def _fetched(cursor: sqlite3.Cursor) -> IndexRows:
    import numpy as np

    parts = [np.empty((0, 2), dtype=np.int64)]
    try:
        while rows := cursor.fetchmany(_ROWS_PER_FETCH):
            parts.append(np.array(rows, dtype=np.int64))
    except (ValueError, TypeError, OverflowError) as error:
        raise LibraryDamagedError(
            f"the library's catalog is damaged: a row cannot be read: {error}", DAMAGED_HINT
        ) from error
    pairs = np.concatenate(parts)
    return IndexRows.sorted(np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]))
