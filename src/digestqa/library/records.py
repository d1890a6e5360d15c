"""The values that the library hands out and takes in. Nothing here touches the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digestqa.digests.model import Fact, Layout
from digestqa.names.model import NameKind
from digestqa.passages import passage_context

Phase = Literal["reading", "loading", "embedding", "exporting", "writing", "indexing"]


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """One digest of the library, without its text.

    Attributes:
        id: the digest's number in the catalog; never given twice.
        path: the file, relative to the seeds folder, with forward slashes.
        sha256: hex digest of the file's bytes.
        size: of the file, in bytes.
        source: ``NCT…``, ``PMID:…``, or the file's name where the digest names no source.
        registry: the registry of the source, or None.
        url: the source's page, or None.
        headline: as written; empty where the page has none.
        official_title: as written, or None.
        compound: the compound's slug, or None.
        evidence_type: the page's own claim, or None.
        date: the tag line's date, ``YYYY-MM-DD`` or ``YYYY-MM``, or None.
        ingested: the footer's ingest date, or None.
        digest_model: the model that the footer names, or None.
        layout: the page layout.
        current: whether it is searched; of several digests of one study only one is.
        added_state: the library state that first held it.
        facts: header and footer facts with their places.
    """

    id: int
    path: str
    sha256: str
    size: int
    source: str
    registry: str | None
    url: str | None
    headline: str
    official_title: str | None
    compound: str | None
    evidence_type: str | None
    date: str | None
    ingested: str | None
    digest_model: str | None
    layout: Layout
    current: bool
    added_state: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """One passage of the library.

    Attributes:
        id: the passage's number in the catalog; never given twice.
        digest: the digest that it was cut from.
        section: the section's heading as written; ``header`` or ``footer`` outside the body.
        ordinal: position among the digest's passages, from 0.
        start: first character in the digest's text.
        end: one past the last character.
        text: exactly the digest's text from ``start`` to ``end``.
        sentences: half-open ranges of its sentences, in the digest's text.
    """

    id: int
    digest: DigestRecord
    section: str
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...]

    @property
    def context(self) -> str:
        """The words that stand before the passage where it is read alone."""
        return passage_context(self.digest.headline, self.section)

    def sentence_texts(self) -> tuple[str, ...]:
        """Return the sentences, each a slice of the digest's text."""
        return tuple(self.text[start - self.start : end - self.start] for start, end in self.sentences)


@dataclass(frozen=True, slots=True)
class StoredName:
    """Two names of one thing, as one digest gives them; see ``digestqa.names.NamePair``.

    Attributes:
        digest_id: the digest.
        short: abbreviation, spelling or other name, as written.
        short_key: its key (``digestqa.names.name_key``).
        long: long form, or the compound as its tag line writes it.
        long_key: its key.
        kind: ``abbreviation``, ``compound`` or ``synonym``.
        where: the section's heading, or the kind of line.
        start: first character of the place that says so, in the digest's text.
        end: one past its last character.
    """

    digest_id: int
    short: str
    short_key: str
    long: str
    long_key: str
    kind: NameKind
    where: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NameLink:
    """Two names of one thing, over all current digests that give both.

    Attributes:
        short: abbreviation, spelling or other name, as one of the digests writes it.
        short_key: its key (``digestqa.names.name_key``).
        long: long form or compound, as one of the digests writes it.
        long_key: its key.
        kind: ``abbreviation``, ``compound`` or ``synonym``.
        digests: how many current digests give both.
    """

    short: str
    short_key: str
    long: str
    long_key: str
    kind: NameKind
    digests: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    Attributes:
        passage_id: the passage.
        score: inner product, or BM25 (higher is better in both).
    """

    passage_id: int
    score: float


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """How much the library holds.

    Attributes:
        digests: all digests, the superseded ones included.
        superseded: digests kept beside a newer one of the same study; never searched.
        passages: passages that are searched.
        unembedded: those of them that have no vector yet and are found by full text only.
        refused: files of the seeds folder that could not be taken up.
    """

    digests: int
    superseded: int
    passages: int
    unembedded: int
    refused: int


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that could not be taken up; it is tried again on every run.

    Attributes:
        path: relative to the seeds folder; absolute for a file that was given from elsewhere.
        reason: what is wrong with it.
        hint: what to do next, or an empty string.
        first_seen: when it was first refused, ISO 8601 in UTC; empty before it is recorded.
    """

    path: str
    reason: str
    hint: str
    first_seen: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest or a rebuild did, or would do.

    Attributes:
        state: the library's state afterwards; 0 where there is none.
        changed: whether the state is a new one (for a dry run: would be).
        added: files taken up for the first time.
        updated: files whose content changed.
        removed: files that are gone, or no longer readable as digests.
        unchanged: files that were in the library as they are.
        refused: files that could not be taken up.
        superseded: digests now kept beside a newer one of the same study.
        ignored: files of the seeds folder that are not digests by their name.
        passages: passages of the files added and updated.
        embedded: texts that the encoder was given (for a dry run: would be, as far as the identity is known).
        unembedded: searched passages without a vector afterwards.
        elapsed_ms: time taken.
        dry_run: whether nothing was written.
        warnings: what went wrong without harm to the library.
    """

    state: int
    changed: bool
    added: int
    updated: int
    removed: int
    unchanged: int
    refused: tuple[RefusedFile, ...]
    superseded: int
    ignored: int
    passages: int
    embedded: int
    unembedded: int
    elapsed_ms: float
    dry_run: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file under embeddings/ that the catalog vouches for.

    Attributes:
        name: in the embeddings folder.
        size: in bytes.
        mtime_ns: modification time when it was published.
        sha256: hex digest of its bytes.
    """

    name: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that ``verify`` found.

    Attributes:
        what: what is wrong.
        where: the file, digest or passage.
        hint: what to do next.
    """

    what: str
    where: str
    hint: str


IndexCondition = Literal["none", "ready", "missing", "damaged"]


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What lies under embeddings/ and how it stands to seeds/.

    Attributes:
        state: the catalog's state number.
        schema: its schema version.
        built_at: when the state was committed, ISO 8601 in UTC.
        counts: how much it holds.
        identity: encoder, chunker and index parameters, as plain JSON values.
        query_encoder: the exported query encoder's files; empty where there is none.
        query_encoder_sound: whether they are the ones that were published.
        index: whether the FAISS file is there and has its recorded size; ``none`` where the catalog records none.
        index_state: the state that it covers, or None.
        index_behind: searched passages newer than it.
        new: files under seeds/ that the library does not hold.
        changed: files whose content is another.
        missing: files that are gone.
        refused: files that could not be taken up at the last ingest.
        superseded: digests kept beside a newer one of the same study.
        size_bytes: what the library takes on disk.
        writer: who is writing now, or an empty string.
    """

    state: int
    schema: int
    built_at: str
    counts: LibraryCounts
    identity: dict[str, object]
    query_encoder: tuple[StoredFile, ...]
    query_encoder_sound: bool
    index: IndexCondition
    index_state: int | None
    index_behind: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    refused: tuple[RefusedFile, ...]
    superseded: tuple[DigestRecord, ...]
    size_bytes: int
    writer: str

    @property
    def in_step(self) -> bool:
        """Whether an ingest would find nothing to do."""
        return not (self.new or self.changed or self.missing)
