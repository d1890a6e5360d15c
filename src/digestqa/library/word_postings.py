"""Which passages and digests hold a word, remembered for the state: counts, and ids as arrays."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING

from digestqa.library.id_arrays import read_ids

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.held_state import HeldState

MOST_COUNTS = 4096
MOST_REMEMBERED_IDS = 4_000_000
"""Passage ids remembered over all words; they take 8 bytes each."""

FEW_PASSAGES = 1_000
"""The digests of so few passages are looked up one by one; of more, in the list of all digests."""

EARLIER_FTS = "earlier_fts"
"""The full-text index of what is searched as of an earlier day and superseded now (``digestqa.library.versions``)."""


def naming(expression: str) -> str:
    """Return an expression for what one finds in the names of studies: headline, id, compound, official title."""
    return f"{{headline study_words}} : ({expression})"


class WordPostings:
    """The passages of one held state by the words that they hold.

    Expressions are those of ``fts_query``. A count costs about 25 ns for each passage that holds the word, a list about
    five times as much.

    Args:
        held: the state.

    Attributes:
        looks_back: whether an earlier day is looked back to, and the index holds passages that were not there then.
    """

    def __init__(self, held: HeldState) -> None:
        self._held = held
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lists: OrderedDict[str, NDArray[np.int64]] = OrderedDict()
        self._remembered = 0
        self._first_passages: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
        self.looks_back = bool(held.rows("SELECT 1 FROM temp.sqlite_master WHERE name = ?", (EARLIER_FTS,)))
        self._searched: NDArray[np.bool_] | None = None

    def count(self, expression: str) -> int:
        """Return how many passages an expression finds."""
        if self.looks_back:
            return len(self.passages(expression))
        if expression not in self._counts:
            found = self._held.rows("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH ?", (expression,))
            self._counts[expression] = int(found[0][0])
            if len(self._counts) > MOST_COUNTS:
                self._counts.popitem(last=False)
        self._counts.move_to_end(expression)
        return self._counts[expression]

    def passages(self, expression: str, most: int | None = None) -> NDArray[np.int64]:
        """Return the ids of the passages that an expression finds, ascending.

        Args:
            expression: what to look for.
            most: only so many, those of the smallest ids; None finds all.
        """
        import numpy as np

        known = self._lists.get(expression)
        if known is not None:
            self._lists.move_to_end(expression)
            return known if most is None else known[:most]
        ids = self._found("passages_fts", expression, None if self.looks_back else most)
        if self.looks_back:
            ids = np.sort(np.concatenate([ids[self._among_searched(ids)], self._found(EARLIER_FTS, expression, None)]))
        if self.looks_back or most is None or len(ids) < most:
            self._remember(expression, ids)
        return ids if most is None else ids[:most]

    def _found(self, table: str, expression: str, most: int | None) -> NDArray[np.int64]:
        limit = "" if most is None else f"LIMIT {most:d}"
        rows = self._held.rows(
            f"""SELECT group_concat(id) FROM (
                    SELECT rowid AS id FROM {table} WHERE {table} MATCH ? {limit}
                )""",
            (expression,),
        )
        return read_ids(rows[0][0])

    def _among_searched(self, passages: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of each passage whether it is searched on the day that is looked back to."""
        if self._searched is None:
            import numpy as np

            ids = read_ids(
                self._held.rows(
                    """SELECT group_concat(id) FROM main.passages
                       WHERE digest_id IN (SELECT id FROM temp.versions WHERE chosen)"""
                )[0][0]
            )
            last = self._held.rows("SELECT coalesce(max(id), 0) FROM main.passages")[0][0]
            self._searched = np.zeros(last + 1, dtype=bool)
            self._searched[ids] = True
        return self._searched[passages]

    def digests_of(self, passages: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the ids of the digests of some passages, ascending and each once."""
        import numpy as np

        if len(passages) > FEW_PASSAGES:
            digests, first = self._digests_by_passage()
            return np.unique(digests[np.searchsorted(first, passages, side="right") - 1])
        rows = self._held.rows(
            "SELECT DISTINCT digest_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(passages.tolist()),),
        )
        return np.unique(np.array([row[0] for row in rows], dtype=np.int64))

    def _digests_by_passage(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return digest ids and the id of each one's first passage, by the latter.

        A digest's passages have numbers in a row: they are written in one go.
        """
        if self._first_passages is None:
            import numpy as np

            rows = self._held.rows(
                "SELECT group_concat(CAST(digest_id AS INTEGER)), group_concat(id) FROM passages WHERE ordinal = 0"
            )
            digests, first = map(read_ids, rows[0])
            order = np.argsort(first)
            self._first_passages = digests[order], first[order]
        return self._first_passages

    def _remember(self, expression: str, ids: NDArray[np.int64]) -> None:
        if len(ids) > MOST_REMEMBERED_IDS // 4:
            return
        self._lists[expression] = ids
        self._remembered += len(ids)
        while self._remembered > MOST_REMEMBERED_IDS:
            _, forgotten = self._lists.popitem(last=False)
            self._remembered -= len(forgotten)
