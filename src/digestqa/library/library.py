"""The library as its readers see it: one state, held from opening until ``refresh``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.library.catalog import catalog_errors
from digestqa.library.digest_lookup import (
    all_digests,
    digest_text,
    digests_of_ids,
    find_digests,
    fresh_digests,
    is_fresh,
    nearest_sources,
    packed_facts,
    sorted_by_path,
)
from digestqa.library.name_links import all_name_links, compound_digests, digest_names, name_links
from digestqa.library.open_library import OpenLibrary
from digestqa.library.passage_lookup import (
    digest_passages,
    filtered_digests,
    filtered_passages,
    passages_of_ids,
    sentences_of,
)
from digestqa.library.term_digests import term_digests
from digestqa.library.text_search import DEFAULT_WEIGHTS, search_words, storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.digest_ids import DigestIds
    from digestqa.library.passage_lookup import PassageSentences
    from digestqa.library.records import DigestRecord, Hit, NameLink, StoredName, StoredPassage
    from digestqa.library.text_search import Operator
    from digestqa.library.vector_search import PassageIds


class Library(OpenLibrary):
    """One state of a library, open for reading. May be used from several threads.

    Everything it returns is of the state that it opened, whatever is written meanwhile; ``newer_state`` tells whether
    there is a newer one and ``refresh`` goes over to it.

    Args:
        embeddings: the library's folder.
        seeds: the digests' folder.
        encoder_name: the encoder asked for; None takes the library's own.
        as_of: answer from the versions that were current on this day (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, to its
            end), by their ingest dates; None for the present ones.
    """

    # Digests

    def digests(self, *, superseded: bool = True) -> list[DigestRecord]:
        """Return the digests by path; the superseded ones too unless told otherwise."""
        with self._lock:
            return all_digests(self._held, superseded=superseded)

    def digest_records(self, ids: Iterable[int]) -> dict[int, DigestRecord]:
        """Return digests by their ids; ids that are not in the state are left out."""
        with self._lock:
            return {record.id: record for record in digests_of_ids(self._held, ids)}

    def digest_ids(
        self, sources: Sequence[str] = (), compounds: Sequence[str] = (), since: str | None = None
    ) -> NDArray[np.int64]:
        """Return the ids of the current digests that pass exact filters, as an array of shape (n,).

        Args:
            sources: as for ``passage_ids``.
            compounds: as for ``passage_ids``.
            since: as for ``passage_ids``.
        """
        with self._lock:
            return filtered_digests(self._held, sources, compounds, since)

    def sources(self) -> list[str]:
        """Return the source ids of all digests, sorted."""
        with self._lock:
            return [row[0] for row in self._held.rows("SELECT DISTINCT source FROM digests ORDER BY source")]

    def nearest_sources(self, source: str, count: int = 3, *, cutoff: float = 0.8) -> list[str]:
        """Return the source ids that are most like one that is not there, the most alike first.

        Args:
            source: the one that is not there.
            count: how many at most.
            cutoff: how alike they must be, from 0 to 1, as ``difflib`` reckons it.
        """
        with self._lock:
            return nearest_sources(self._held, source, count, cutoff)

    def sorted_by_path(self, ids: Iterable[int]) -> list[int]:
        """Return digest ids in the order of their files' paths; ids that are not in the state are left out."""
        with self._lock:
            return sorted_by_path(self._held, ids)

    def packed_facts(self, ids: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Yield digest ids with their header and footer facts as JSON lists of (name, value, start, end)."""
        return packed_facts(self._held, self._lock, ids)

    def digest_models(self) -> list[str]:
        """Return the models that digests say they were written by."""
        with self._lock:
            rows = self._held.rows("SELECT DISTINCT digest_model FROM digests WHERE digest_model <> ''")
        return [row[0] for row in rows]

    def find_digests(self, written: str) -> list[DigestRecord]:
        """Return the digests of a study id, a path or a file's name, however written; the current one first.

        Args:
            written: such as ``nct06598839``, ``PMID 123``, ``folder/page.txt`` or ``page``.
        """
        with self._lock:
            return find_digests(self._held, written)

    def digest_text(self, digest_id: int) -> str:
        """Return a digest's whole text, as its file was read.

        Raises:
            UsageError: there is no such digest.
        """
        with self._lock:
            return digest_text(self._held, digest_id)

    def is_fresh(self, digest: DigestRecord) -> bool:
        """Tell whether a digest's file still is what was read: by its stamp, and by its hash where that is in doubt."""
        with self._lock:
            return is_fresh(self._held, self.seeds, digest)

    def fresh_digests(self, ids: Iterable[int]) -> frozenset[int]:
        """Return those of some digests whose files still are what was read; see ``is_fresh``."""
        with self._lock:
            return fresh_digests(self._held, self.seeds, ids)

    # Names

    def name_links(self, keys: Collection[str]) -> list[NameLink]:
        """Return which names the current digests say are of one thing, if one of the two has one of the keys.

        Args:
            keys: as ``digestqa.names.name_key`` makes them.

        Returns:
            Links, those that most digests give first.
        """
        with self._lock:
            return name_links(self._held, [storable(key) for key in keys])

    def all_name_links(self) -> list[NameLink]:
        """Return all links between names: for a listing, not for a question."""
        with self._lock:
            return all_name_links(self._held)

    def digest_names(self, digest_id: int) -> list[StoredName]:
        """Return the names that one digest teaches, each with its place, in the order of its text."""
        with self._lock:
            return digest_names(self._held, digest_id)

    def compound_digests(self, keys: Collection[str]) -> frozenset[int]:
        """Return the ids of the current digests of a compound, by the keys of any of its names."""
        with self._lock, catalog_errors(self.embeddings):
            return compound_digests(self._held.connection, [storable(key) for key in keys])

    # Passages

    def passages(self, ids: PassageIds) -> list[StoredPassage]:
        """Return passages in the order of the ids asked for; ids that are not in the state are left out."""
        with self._lock:
            return passages_of_ids(self._held, ids)

    def digest_passages(self, digest_id: int, most: int | None = None) -> list[StoredPassage]:
        """Return a digest's passages in the order of its text; the first ones where there are more than `most`."""
        with self._lock:
            return digest_passages(self._held, digest_id, most)

    def sentences_of(
        self, digest_ids: Iterable[int], words: Sequence[Sequence[Sequence[str]]] = ()
    ) -> Iterator[PassageSentences]:
        """Yield the passages of some current digests in the order of their ids, which is that of each digest's text.

        Args:
            digest_ids: the digests.
            words: only passages that hold, of any of these, one word or phrase of each group; a star at the end of a
                word stands for any further letters. Empty yields all passages.
        """
        return sentences_of(self._held, self._lock, digest_ids, words)

    def passage_ids(
        self,
        sources: Sequence[str] = (),
        sections: Sequence[str] = (),
        compounds: Sequence[str] = (),
        since: str | None = None,
    ) -> NDArray[np.int64]:
        """Return the ids of the searched passages that pass exact filters, sorted, as an array of shape (n,).

        Kinds are joined by *and*, the values of one kind by *or*.

        Args:
            sources: study ids as ``normalize_source`` writes them; letter case does not matter.
            sections: headings; letter case does not matter, and the beginning of a heading is enough.
            compounds: any name of a compound that the digests know (``thymosin-alpha-1``, ``Tα1``, ``thymalfasin``), or
                a run of the words of its slug (``thymosin``).
            since: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``: the digest's tag date, compared at the coarser precision
                of the two, is this or later. A digest without a tag date does not pass: its ingest date says when the
                digest was made, not when the study was.
        """
        with self._lock:
            return filtered_passages(self._held, sources, sections, compounds, since)

    # Searching

    def search_vectors(self, vector: NDArray[np.float32], k: int, within: PassageIds | None = None) -> list[Hit]:
        """Return the k passages of greatest inner product, exactly; ties in the order of ids.

        Args:
            vector: of shape (dimension,).
            k: how many.
            within: only these passages; applied before the search, so that nothing that passes is ever missed.

        Raises:
            LibraryMismatchError: the vector has another dimension than the library's.
        """
        with self._lock:
            return self._vectors().search(vector, k, within)

    def search_text(
        self,
        terms: Iterable[str | tuple[str, ...]],
        k: int,
        within: PassageIds | None = None,
        *,
        operator: Operator = "OR",
        weights: tuple[float, float, float, float] = DEFAULT_WEIGHTS,
    ) -> list[Hit]:
        """Return the k best passages by BM25 over text, headline, section and study words; ties in the order of ids.

        Args:
            terms: any strings; each is looked for folded (``digestqa.names.fold``) and stemmed, several words as a
                phrase. Several strings in a tuple are names of one thing and count as one term.
            k: how many.
            within: only these passages; applied before the best are chosen.
            operator: how terms are joined.
            weights: of the columns text, headline, section, study words.
        """
        with self._lock:
            return search_words(self._held, terms, k, within, operator, weights)

    def term_digests(self, term: str | tuple[str, ...], most: int | None = None) -> tuple[DigestIds, DigestIds]:
        """Return the ids of the current digests that hold a term, and of those that hold it in headline, title or id.

        Args:
            term: a word or phrase, or several names of one thing; compared as full-text search compares.
            most: if more passages than so many hold it, both sets are not complete (``DigestIds.complete``); None
                looks all of them up.
        """
        with self._lock:
            return term_digests(self._held, term, most)

    def vectors(self, ids: PassageIds) -> NDArray[np.float32]:
        """Return vectors of shape (len(ids), dimension) in the order of the ids; zeros where a passage has none."""
        with self._lock:
            return self._vectors().vectors(ids)

    def cosines(self, vector: NDArray[np.float32], ids: PassageIds) -> dict[int, float]:
        """Return the inner product of a vector with each given passage's; passages without a vector are left out."""
        with self._lock:
            return self._vectors().cosines(vector, ids)
