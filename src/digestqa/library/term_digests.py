"""Which digests a word stands in: what tells one study from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.library.digest_ids import DigestIds
from digestqa.library.text_search import fts_query
from digestqa.library.word_postings import naming

if TYPE_CHECKING:
    from digestqa.library.held_state import HeldState

SOME_PASSAGES = 200
"""Of a word that too many passages hold, the digests of so many are looked up: enough to say that it is known."""


def term_digests(held: HeldState, term: str | tuple[str, ...], most: int | None = None) -> tuple[DigestIds, DigestIds]:
    """Return the ids of the current digests that hold a term anywhere, and of those that hold it in what names them.

    Args:
        held: the state.
        term: a word or phrase, or several names of one thing.
        most: if more passages than so many hold it, only the digests of the first of them are looked up, and both sets
            say that they are not complete.
    """
    expression = fts_query([term])
    if not expression or not (count := held.words.count(expression)):
        return DigestIds.of(()), DigestIds.of(())
    if most is not None and count > most:
        some = held.words.digests_of(held.words.passages(expression, SOME_PASSAGES))
        return DigestIds(some, complete=False), DigestIds(some[:0], complete=False)
    anywhere = held.words.passages(expression)
    names = held.words.passages(naming(expression))
    return DigestIds(held.words.digests_of(anywhere)), DigestIds(held.words.digests_of(names))
