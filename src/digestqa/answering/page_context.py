"""Retrieved passages as a reader gets them: each with what else its page has of the question."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from digestqa.reading.base import ReadablePassage
from digestqa.reading.context import page_terms, terms_elsewhere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digestqa.library import Library
    from digestqa.retrieval import Retrieved

_PAGES_KEPT = 256
_PASSAGES_OF_A_PAGE = 400
"""A digest has some ten; one of many megabytes must not keep a question waiting."""


class PageContext:
    """Makes retrieved passages readable; the terms of the pages read last are kept.

    What is told of a page does not depend on which of its passages were retrieved, nor on how many.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._terms = lru_cache(maxsize=_PAGES_KEPT)(self._terms_of)

    def readable(self, question: str, retrieved: Sequence[Retrieved]) -> list[ReadablePassage]:
        """Return passages in the order given.

        Args:
            question: as it is read.
            retrieved: the passages.

        Raises:
            LibraryError: the library cannot be read.
        """
        return [
            ReadablePassage(
                text=passage.text,
                start=passage.start,
                sentences=passage.sentences,
                study=passage.digest.source,
                headline=passage.digest.headline,
                section=passage.section,
                retrieval_score=item.score,
                cosine=item.cosine,
                elsewhere=terms_elsewhere(question, self._terms(passage.digest.id), passage.digest.headline, passage),
            )
            for item in retrieved
            for passage in (item.passage,)
        ]

    def _terms_of(self, digest_id: int) -> frozenset[str]:
        return page_terms(self._library.digest_passages(digest_id, _PASSAGES_OF_A_PAGE))
