"""Passages for a question: dense and full-text candidates under exact filters, fused by rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.retrieval.aliases import Aliases, spelled_out
from digestqa.retrieval.fusion import reciprocal_rank_fusion
from digestqa.retrieval.scope import Filters
from digestqa.retrieval.terms import search_terms, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digestqa.encoders import QueryEncoder
    from digestqa.library import Library, StoredPassage

POOL = 60
"""Candidates taken from each ranking before fusion."""

WEIGHTS = {"dense": 1.0, "lexical": 0.75}
"""Measured by ``benchmarks/retrieval.py``: clinical questions lean on names and figures."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage found for a question.

    Attributes:
        passage: the passage, with its digest.
        score: fused score; comparable within one question.
        cosine: of the question's and the passage's vectors; 0.0 where the passage has no vector.
    """

    passage: StoredPassage
    score: float
    cosine: float


class Retriever:
    """Finds the passages of a library that a reader should read.

    Args:
        library: an open library.
        encoder: gives the question its vector.
        aliases: the user's own names: each with its other spellings.

    Attributes:
        aliases: the names that the library and the user know.
    """

    def __init__(
        self, library: Library, encoder: QueryEncoder, aliases: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._library = library
        self._encoder = encoder
        self.aliases = Aliases(library, aliases)

    def retrieve(self, question: str, filters: Filters, k: int) -> list[Retrieved]:
        """Return at most k passages, best first."""
        within = None
        if not filters.empty:
            compounds = self.aliases.compound_names(filters.compounds)
            within = self._library.passage_ids(filters.sources, filters.sections, compounds, filters.since)
            if not len(within):
                return []
        mentions = self.aliases.mentions(question)
        vector = self._encoder.encode_query(spelled_out(question, mentions))
        dense = self._library.search_vectors(vector, POOL, within)
        terms = search_terms(question, mentions) or words(question)
        lexical = self._library.search_text(terms, POOL, within)
        fused = reciprocal_rank_fusion(
            {"dense": [hit.passage_id for hit in dense], "lexical": [hit.passage_id for hit in lexical]}, WEIGHTS
        )
        best = sorted(fused, key=lambda passage_id: (-fused[passage_id], passage_id))[:k]
        cosine_of = {hit.passage_id: hit.score for hit in dense}
        missing = [passage_id for passage_id in best if passage_id not in cosine_of]
        if missing:
            cosine_of.update(self._library.cosines(vector, missing))
        return [
            Retrieved(passage, fused[passage.id], cosine_of.get(passage.id, 0.0))
            for passage in self._library.passages(best)
        ]
