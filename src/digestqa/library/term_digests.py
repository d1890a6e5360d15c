"""Which digests a word stands in: what tells one study from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.library.text_search import fts_query

if TYPE_CHECKING:
    from digestqa.library.held_state import HeldState

_NAMING_COLUMNS = "{headline study_words}"
_DIGESTS = """SELECT DISTINCT digest_id FROM passages_fts JOIN passages ON passages.id = passages_fts.rowid
              WHERE passages_fts MATCH ?"""


def term_digests(held: HeldState, term: str | tuple[str, ...]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the ids of the current digests that hold a term anywhere, and of those that hold it in what names them.

    Args:
        held: the state.
        term: a word or phrase, or several names of one thing.
    """
    expression = fts_query([term])
    if not expression:
        return frozenset(), frozenset()
    anywhere = frozenset(row[0] for row in held.rows(_DIGESTS, (expression,)))
    if not anywhere:
        return anywhere, anywhere
    return anywhere, frozenset(row[0] for row in held.rows(_DIGESTS, (f"{_NAMING_COLUMNS} : ({expression})",)))
