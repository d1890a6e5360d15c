"""All that the library holds: each study by its headline, each compound once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.answering.page_facts import FACT_CONFIDENCE, in_its_line

if TYPE_CHECKING:
    from digestqa.digests.model import FactName
    from digestqa.library import DigestRecord, Library
    from digestqa.library.digest_ids import DigestIds


class HeadlineFinder:
    """Finds every digest, by its headline.

    Args:
        library: an open library.
    """

    names: tuple[FactName, ...] = ("headline", "official_title")

    def __init__(self, library: Library) -> None:
        self._library = library

    def holding(self, searched: DigestIds) -> list[int]:
        """Return all of some digests, by id."""
        return list(searched)

    def place(self, digest: DigestRecord) -> Finding | None:
        """Return the line of the first fact that tells what it is; of a page without any, its first sentence."""
        for name in self.names:
            for fact in (fact for fact in digest.facts if fact.name == name):
                if line := in_its_line((fact.start, fact.end), digest, self._library, FACT_CONFIDENCE):
                    return line
        for passage in self._library.digest_passages(digest.id):
            if passage.section not in ("header", "footer") and passage.sentences:
                return Finding(digest, passage.section, passage.sentences[0], passage.sentences[0], FACT_CONFIDENCE)
        return None


class CompoundFinder(HeadlineFinder):
    """Finds a digest for each compound of the tag lines."""

    names = ("compound",)

    def holding(self, searched: DigestIds) -> list[int]:
        """Return the first of some digests that has each compound, by id."""
        first: dict[str, int] = {}
        for digest_id, facts in self._library.packed_facts(searched):
            compound = next((value for name, value, *_ in json.loads(facts) if name == "compound"), None)
            if compound:
                first.setdefault(compound.casefold(), digest_id)
        return sorted(first.values())
