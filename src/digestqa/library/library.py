"""The library as its readers see it: one state, held from opening until ``refresh``."""

from __future__ import annotations

import contextlib
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.digests import normalize_source
from digestqa.errors import LibraryDamagedError, UsageError
from digestqa.library.catalog import catalog_errors, open_for_reading, row_errors
from digestqa.library.facts import read_facts
from digestqa.library.filters import digest_condition, section_ids
from digestqa.library.held_state import HeldState
from digestqa.library.name_links import all_name_links, compound_digests, digest_names, name_links
from digestqa.library.records import StoredPassage
from digestqa.library.rows import DIGEST_COLUMNS, unpacked_sentences
from digestqa.library.scan import FileStamp
from digestqa.library.storage import file_sha256, is_as_recorded
from digestqa.library.term_digests import term_digests
from digestqa.library.text_search import DEFAULT_WEIGHTS, search_words, storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from types import TracebackType
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.identity import LibraryIdentity
    from digestqa.library.records import DigestRecord, Hit, LibraryCounts, NameLink, StoredName
    from digestqa.library.text_search import Operator
    from digestqa.library.vector_search import PassageIds, VectorSearch


class Library:
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

    def __init__(
        self, embeddings: Path, seeds: Path, encoder_name: str | None = None, *, as_of: str | None = None
    ) -> None:
        self.embeddings = embeddings
        self.seeds = seeds
        self._encoder_name = encoder_name
        self._as_of = as_of
        self._lock = threading.RLock()
        self._held = HeldState(embeddings, encoder_name, as_of)
        self._vector_search: VectorSearch | None = None

    @classmethod
    def open(cls, embeddings: Path, seeds: Path, encoder_name: str | None = None, *, as_of: str | None = None) -> Self:
        """Open the library's present state.

        Raises:
            UsageError: no digest is as old as ``as_of``.
            LibraryMissingError: there is none.
            LibraryMismatchError: it was built by a newer program, with other parameters or another encoder.
            LibraryDamagedError: its catalog is truncated or corrupt.
            StorageError: it cannot be read.
        """
        return cls(embeddings, seeds, encoder_name, as_of=as_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the state; the library cannot be used afterwards."""
        with self._lock:
            self._held.close()
            self._vector_search = None

    # What it is

    @property
    def state(self) -> int:
        """The state's number."""
        return self._held.facts.state

    @property
    def built_at(self) -> str:
        """When the state was committed, ISO 8601 in UTC."""
        return self._held.facts.built_at

    @property
    def identity(self) -> LibraryIdentity:
        """What decided its contents."""
        return self._held.facts.identity

    @property
    def encoder_name(self) -> str:
        """The encoder's name; empty where nothing is embedded yet."""
        return self.identity.encoder.name if self.identity.encoder else ""

    @property
    def counts(self) -> LibraryCounts:
        """How much it holds."""
        return self._held.facts.counts

    @property
    def query_encoder_files(self) -> tuple[Path, Path] | None:
        """The query encoder's graph (ONNX) and tokenizer, checked; None where nothing is embedded yet.

        Raises:
            LibraryDamagedError: a file is missing or is not the one that was published.
        """
        recorded = self._held.facts.query_encoder
        if not recorded:
            return None
        for file in recorded:
            if not is_as_recorded(self.embeddings, file):
                raise LibraryDamagedError(
                    f"the query encoder {self.embeddings / file.name} is missing or damaged",
                    "run 'digestqa ingest' to export it again",
                )
        graph, tokenizer, *_ = recorded
        return self.embeddings / graph.name, self.embeddings / tokenizer.name

    def newer_state(self) -> int | None:
        """Return the number of a newer state, or None. Costs a fraction of a millisecond.

        Raises:
            LibraryMissingError, LibraryDamagedError, LibraryMismatchError, StorageError: as ``open`` does.
        """
        with contextlib.closing(open_for_reading(self.embeddings)) as connection:
            facts = read_facts(connection, self.embeddings)
        return None if facts is None or self._held.is_same(facts) else facts.state

    def refresh(self) -> bool:
        """Go over to the newest state; return whether it is another one.

        The new state may be of another encoder: compare ``identity`` before and after. As long as a state is held, the
        catalog's log cannot start over, so a reader that lives long should refresh now and then.

        Raises:
            LibraryMissingError, LibraryDamagedError, LibraryMismatchError, StorageError: as ``open`` does; the state
                held so far is kept.
        """
        with self._lock:
            before, self._held = self._held, HeldState(self.embeddings, self._encoder_name, self._as_of)
            if self._vector_search is not None:
                from digestqa.library.vector_search import VectorSearch

                self._vector_search = VectorSearch(self._held, self._vector_search)
            before.close()
            return not before.is_same(self._held.facts)

    # Digests

    def digests(self, *, superseded: bool = True) -> list[DigestRecord]:
        """Return the digests by path; the superseded ones too unless told otherwise."""
        condition = "1" if superseded else "current"
        with self._lock:
            return self._held.digests(f"SELECT {DIGEST_COLUMNS} FROM digests WHERE {condition} ORDER BY path")

    def sources(self) -> list[str]:
        """Return the source ids of all digests, sorted."""
        with self._lock:
            return [row[0] for row in self._held.rows("SELECT DISTINCT source FROM digests ORDER BY source")]

    def find_digests(self, written: str) -> list[DigestRecord]:
        """Return the digests of a study id, a path or a file's name, however written; the current one first.

        Args:
            written: such as ``nct06598839``, ``PMID 123``, ``folder/page.txt`` or ``page``.
        """
        written = storable(written).strip()
        with self._lock:
            return self._held.digests(
                f"""SELECT {DIGEST_COLUMNS} FROM digests WHERE source = ? COLLATE NOCASE
                    ORDER BY current DESC, ingested DESC, date DESC, path""",
                (normalize_source(written),),
            ) or self._held.digests(
                f"""SELECT {DIGEST_COLUMNS} FROM digests
                    WHERE path = ?1 OR path LIKE '%/' || ?2 ESCAPE '\\' OR path LIKE ?2 || '.%' ESCAPE '\\'
                       OR path LIKE '%/' || ?2 || '.%' ESCAPE '\\'
                    ORDER BY current DESC, path""",
                (written, _like(written)),
            )

    def digest_text(self, digest_id: int) -> str:
        """Return a digest's whole text, as its file was read.

        Raises:
            UsageError: there is no such digest.
        """
        with self._lock:
            rows = self._held.rows("SELECT text FROM texts WHERE digest_id = ?", (digest_id,))
        if not rows:
            raise UsageError(f"there is no digest with the number {digest_id} in the library")
        return str(rows[0][0])

    def is_fresh(self, digest: DigestRecord) -> bool:
        """Tell whether a digest's file still is what was read: by its stamp, and by its hash where that is in doubt."""
        with self._lock:
            rows = self._held.rows(
                "SELECT size, mtime_ns, ctime_ns, inode, checked_ns FROM digests WHERE id = ?", (digest.id,)
            )
        with row_errors(self.embeddings):
            stamps = [FileStamp(*map(int, row)) for row in rows]
        path = self.seeds / digest.path
        try:
            status = path.stat()
            now = FileStamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, 0)
            if any(now.proves_same(stamp) for stamp in stamps):
                return True
            return file_sha256(path) == digest.sha256
        except OSError:
            return False

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
        wanted = [int(passage_id) for passage_id in ids]
        with self._lock:
            rows = self._held.rows(
                """SELECT passages.id, digest_id, sections.name, ordinal, start_char, end_char, sentences
                   FROM passages JOIN sections ON sections.id = section_id
                   WHERE passages.id IN (SELECT value FROM json_each(?))""",
                (json.dumps(wanted),),
            )
            listed = (json.dumps(sorted({row[1] for row in rows})),)
            records = self._held.digests(
                f"SELECT {DIGEST_COLUMNS} FROM digests WHERE id IN (SELECT value FROM json_each(?))", listed
            )
            texts = self._held.rows(
                "SELECT digest_id, text FROM texts WHERE digest_id IN (SELECT value FROM json_each(?))", listed
            )
        with row_errors(self.embeddings):
            digests = {record.id: record for record in records}
            text_of = dict(texts)
            found = {
                passage_id: StoredPassage(
                    id=passage_id,
                    digest=digests[digest_id],
                    section=section,
                    ordinal=ordinal,
                    start=start,
                    end=end,
                    text=text_of[digest_id][start:end],
                    sentences=unpacked_sentences(start, sentences),
                )
                for passage_id, digest_id, section, ordinal, start, end, sentences in rows
            }
        return [found[passage_id] for passage_id in wanted if passage_id in found]

    def digest_passages(self, digest_id: int) -> list[StoredPassage]:
        """Return a digest's passages in the order of its text."""
        with self._lock:
            rows = self._held.rows("SELECT id FROM passages WHERE digest_id = ? ORDER BY ordinal", (digest_id,))
            return self.passages([row[0] for row in rows])

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
        import numpy as np

        with self._lock, catalog_errors(self.embeddings):
            condition, values = digest_condition(self._held.connection, sources, compounds, since)
            if sections:
                numbers = section_ids(self._held.connection, sections)
                condition += f" AND passages.section_id IN ({', '.join(map(str, numbers))})"
            rows = self._held.rows(
                f"""SELECT passages.id FROM digests JOIN passages ON passages.digest_id = digests.id
                    WHERE digests.current AND {condition} ORDER BY passages.id""",
                tuple(values),
            )
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

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

    def term_digests(self, term: str | tuple[str, ...]) -> tuple[frozenset[int], frozenset[int]]:
        """Return the ids of the current digests that hold a term, and of those that hold it in headline, title or id.

        Args:
            term: a word or phrase, or several names of one thing; compared as full-text search compares.
        """
        with self._lock:
            return term_digests(self._held, term)

    def digest_records(self, ids: Iterable[int]) -> dict[int, DigestRecord]:
        """Return digests by their ids; ids that are not in the state are left out."""
        with self._lock:
            found = self._held.digests(
                f"SELECT {DIGEST_COLUMNS} FROM digests WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(ids)),),
            )
        return {record.id: record for record in found}

    def vectors(self, ids: PassageIds) -> NDArray[np.float32]:
        """Return vectors of shape (len(ids), dimension) in the order of the ids; zeros where a passage has none."""
        with self._lock:
            return self._vectors().vectors(ids)

    def cosines(self, vector: NDArray[np.float32], ids: PassageIds) -> dict[int, float]:
        """Return the inner product of a vector with each given passage's; passages without a vector are left out."""
        with self._lock:
            return self._vectors().cosines(vector, ids)

    def _vectors(self) -> VectorSearch:
        if self._vector_search is None:
            from digestqa.library.vector_search import VectorSearch

            self._vector_search = VectorSearch(self._held)
        return self._vector_search


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
