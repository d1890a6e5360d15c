"""Stand-ins for the library's tests: a quick encoder that counts its work, digest pages, and a library's rows."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digestqa.encoders import EncoderIdentity, ExportedQueryEncoder, OnProgress, PassageEncoder
from digestqa.library import IngestReport, Library, Phase, Problem, ingest, rebuild, verify_library
from digestqa.library.catalog import know_folding
from digestqa.library.schema import LOOKUPS
from digestqa.library.storage import TEMPORARY_PREFIX
from digestqa.library.vector_files import VectorFile, vector_files


@dataclass
class StandInEncoder:
    """Gives every text the unit vector that its hash says, and remembers the texts it was given.

    ``changes`` are fields of its identity that differ; once it has embedded ``stop_after`` texts it is interrupted.
    """

    name: str = "stand-in"
    weights: str = "a"
    dimension: int = 16
    changes: Mapping[str, Any] = field(default_factory=dict)
    stop_after: int | None = None
    texts: list[str] = field(default_factory=list)
    loads: int = 0
    exports: int = 0

    @property
    def identity(self) -> EncoderIdentity:
        plain = EncoderIdentity(
            name=self.name,
            weights_sha256=hashlib.sha256(self.weights.encode()).hexdigest(),
            tokenizer_sha256="0" * 64,
            dimension=self.dimension,
            pooling="mean",
            normalized=True,
            query_prompt="",
            passage_prompt="",
            max_length=256,
        )
        return replace(plain, **self.changes)

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        if self.stop_after is not None and len(self.texts) >= self.stop_after:
            raise KeyboardInterrupt
        self.texts += texts
        if on_progress is not None:
            on_progress(len(texts), len(texts))
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> NDArray[np.float32]:
        seed = hashlib.sha256(f"{self.weights}\0{text}".encode()).digest()[:8]
        vector = np.random.default_rng(int.from_bytes(seed, "little")).standard_normal(self.dimension)
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def load(self, name: str | None) -> PassageEncoder:
        self.loads += 1
        return self

    def export(self, encoder: PassageEncoder) -> ExportedQueryEncoder:
        self.exports += 1
        graph = f"graph of {encoder.identity.name} {encoder.identity.weights_sha256}".encode()
        return ExportedQueryEncoder(graph, b'{"tokenizer": true}', encoder.identity, 1.0)


def page(
    number: int = 1,
    *,
    results: str = "The primary outcome was reached in 12 of 30 patients. No death was seen.",
    headline: str | None = None,
    compound: str = "thymosin-alpha-1",
    date: str = "2024-06-30",
    ingested: str = "2026-04-16",
    source: str | None = None,
) -> str:
    """Return a digest page of layout A."""
    source = source or f"clinicaltrials:NCT{number:08d}"
    headline = headline or f"Study Number {number} Reports on Its Patients"
    return (
        f"Back to {compound.title()} research\n{compound} immune modulator rct {date} ClinicalTrials\n\n{headline}\n\n"
        f"A Trial Called {number}\n\nBackground\n\nPatients of study {number} had few choices. One is new.\n\n"
        f"Results\n\n{results}\n\nWhy It Matters\n\nIt may change what is done in case {number}.\n\n\n"
        f"{compound} immune modulator dose mentioned\n"
        f"Source: {source} · Ingested {ingested} · Digest: gemini-2.5-flash"
    )


@dataclass
class Place:
    """A seeds folder and an embeddings folder, and what one does with them."""

    root: Path
    encoder: StandInEncoder = field(default_factory=StandInEncoder)

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    @property
    def embeddings(self) -> Path:
        return self.root / "embeddings"

    @property
    def catalog(self) -> Path:
        return self.embeddings / "library.sqlite3"

    def write(self, path: str, text: str) -> Path:
        target = self.seeds / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
        return target

    def write_pages(self, count: int) -> None:
        for number in range(1, count + 1):
            self.write(f"NCT{number:08d}.txt", page(number))

    def ingest(
        self,
        encoder: StandInEncoder | None = None,
        *,
        encoder_name: str | None = None,
        dry_run: bool = False,
        no_embed: bool = False,
        on_progress: Callable[[Phase, int, int], None] | None = None,
    ) -> IngestReport:
        encoder = encoder or self.encoder
        return ingest(
            self.embeddings,
            self.seeds,
            encoder_name=encoder_name,
            load_encoder=encoder.load,
            export_encoder=encoder.export,
            on_progress=on_progress,
            dry_run=dry_run,
            no_embed=no_embed,
        )

    def rebuild(
        self,
        encoder: StandInEncoder | None = None,
        *,
        encoder_name: str | None = None,
        on_progress: Callable[[Phase, int, int], None] | None = None,
    ) -> IngestReport:
        encoder = encoder or self.encoder
        return rebuild(
            self.embeddings,
            self.seeds,
            encoder_name=encoder_name,
            load_encoder=encoder.load,
            export_encoder=encoder.export,
            on_progress=on_progress,
        )

    def open(self, encoder_name: str | None = None) -> Library:
        return Library.open(self.embeddings, self.seeds, encoder_name)

    def verify(self) -> list[Problem]:
        return verify_library(self.embeddings, self.seeds)

    def index_files(self) -> list[Path]:
        return sorted(self.embeddings.glob("vectors-*.faiss"))

    def vector_file(self) -> Path:
        """Return the file of the stored vectors, the only one."""
        (path,) = self.embeddings.glob("vectors-*.f16")
        return path

    def temporary_files(self) -> list[Path]:
        return sorted(self.embeddings.glob(f"{TEMPORARY_PREFIX}*"))

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Run a statement on the catalog as someone who tampers with it would."""
        with contextlib.closing(know_folding(sqlite3.connect(self.catalog))) as connection:
            rows = connection.execute(statement, values).fetchall()
            connection.commit()
            return rows

    def texts_found(self, word: str) -> set[str]:
        """Return the texts of the passages that a full-text search for a word finds."""
        with self.open() as library:
            hits = library.search_text([word], 1000)
            return {passage.text for passage in library.passages([hit.passage_id for hit in hits])}


def library_rows(embeddings: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a library holds, by content: all but row numbers, stamps of files and times."""
    with contextlib.closing(sqlite3.connect(f"{embeddings.as_uri()}/library.sqlite3?mode=ro", uri=True)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'passages_fts', 'instance')")
        queries = {
            "digests": """SELECT path, sha256, study, source, registry, headline, official_title, compound,
                evidence_type, date, ingested, digest_model, layout, facts, current, text
                FROM digests JOIN texts ON digest_id = digests.id ORDER BY path""",
            "passages": """SELECT path, ordinal, name, start_char, end_char, sentences, hex(vector_key),
                indexed_state IS NOT NULL FROM passages JOIN digests ON digests.id = digest_id
                JOIN sections ON sections.id = section_id ORDER BY path, ordinal""",
            "vectors": "SELECT hex(key), id, crc FROM vectors ORDER BY key",
            "words": """SELECT term, path, ordinal, col, offset FROM temp.words JOIN passages ON passages.id = doc
                JOIN digests ON digests.id = digest_id ORDER BY term, path, ordinal, col, offset""",
            "word_count": "SELECT count(*) FROM temp.words",
            "names": """SELECT path, short, short_key, long, long_key, kind, place, start_char, end_char
                FROM names JOIN digests ON digests.id = digest_id ORDER BY path, names.id""",
            # A reason names the file with its folder.
            "refused": "SELECT path, substr(reason, max(1, instr(reason, path))), hint FROM refused ORDER BY path",
            "staged": "SELECT path FROM staged_digests",
            "facts": "SELECT key, value FROM meta WHERE key IN ('identity', 'counts', 'generation') ORDER BY key",
        }
        rows = {name: connection.execute(query).fetchall() for name, query in queries.items()}
        files = vector_files(connection)
        rows["vectors"] = [(key, vector_bytes(embeddings, files, number), crc) for key, number, crc in rows["vectors"]]
        return rows


def as_schema_2(place: Place) -> None:
    """Turn a library into what the program of schema version 2 would have left: vectors lie in the catalog."""
    with contextlib.closing(sqlite3.connect(place.catalog)) as connection:
        files = vector_files(connection)
        rows = connection.execute("SELECT id, key, crc FROM vectors ORDER BY id").fetchall()
        (settled,) = connection.execute("SELECT value FROM meta WHERE key = 'settled_vector'").fetchone()
        connection.executescript(
            f"""DROP TABLE vectors; DROP TABLE vector_files;
            {"".join(f"DROP INDEX {statement.split()[2]};" for statement in LOOKUPS)}
            CREATE TABLE vectors (
                id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL, crc INTEGER NOT NULL);
            PRAGMA user_version = 2;"""
        )
        for number, key, crc in rows:
            vector = bytes.fromhex(vector_bytes(place.embeddings, files, number))
            connection.execute("INSERT INTO vectors (key, vector, crc) VALUES (?, ?, ?)", (key, vector, crc))
        count = sum(number <= int(settled) for number, *_ in rows)
        (value,) = connection.execute("SELECT value FROM meta WHERE key = 'identity'").fetchone()
        identity = json.loads(value)
        identity["schema"] = 2
        for key, fact in (("settled_vector", count), ("identity", identity)):
            connection.execute("UPDATE meta SET value = ? WHERE key = ?", (json.dumps(fact), key))
        connection.commit()
    for file in files:
        (place.embeddings / file.name).unlink()


def vector_bytes(embeddings: Path, files: list[VectorFile], number: int) -> str:
    """Return the stored bytes of a vector by its number, as hexadecimal digits."""
    (file,) = (file for file in files if file.first_id <= number < file.end_id)
    with (embeddings / file.name).open("rb") as stream:
        stream.seek((number - file.first_id) * file.row_bytes)
        return stream.read(file.row_bytes).hex()
