"""What an ingest would do, without writing anything."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from digestqa.library.catalog import catalog_errors, open_for_reading, row_errors
from digestqa.library.facts import CatalogFacts, read_facts
from digestqa.library.identity import VectorKeys, require_same_library
from digestqa.library.scan import scan_seeds
from digestqa.library.staging import known_files, passage_rows, sort_files
from digestqa.library.storage import CATALOG_NAME

if TYPE_CHECKING:
    from digestqa.digests import Digest
    from digestqa.library.job import Job
    from digestqa.library.records import IngestReport
    from digestqa.library.scan import FileStamp


def plan_ingest(job: Job) -> IngestReport:
    """Read what changed and report it; ``embedded`` is exact where the library knows its encoder."""
    scan = scan_seeds(job.seeds, job.embeddings)
    facts: CatalogFacts | None = None
    known: dict[str, tuple[str, FileStamp]] = {}
    vectors: set[bytes] = set()
    if (job.embeddings / CATALOG_NAME).exists():
        with (
            contextlib.closing(open_for_reading(job.embeddings)) as connection,
            catalog_errors(job.embeddings),
        ):
            connection.execute("BEGIN")
            facts = read_facts(connection, job.embeddings)
            if facts is not None:
                require_same_library(facts.identity, job.encoder_name, job.embeddings)
                with row_errors(job.embeddings):
                    known = known_files(connection)
                vectors = {key for (key,) in connection.execute("SELECT key FROM vectors")}
    encoder = facts.identity.encoder if facts else None
    keys = VectorKeys(encoder, facts.generation) if facts and encoder else None
    passages = 0
    missing: set[object] = set()

    def take(path: str, _: FileStamp, digest: Digest) -> None:
        nonlocal passages
        rows = passage_rows(path, digest, keys)
        missing.update(row[-1] if keys else (path, row[1]) for row in rows if row[-1] not in vectors)
        passages += len(rows)

    files = sort_files(job.seeds, scan, known, {}, take, job.progress_of("reading"))
    unembedded = facts.counts.unembedded if facts else 0
    job.embedded = 0 if job.no_embed else len(missing) + unembedded
    return job.report(scan, files, facts, passages=passages, changed=files.changes or job.embedded > 0, dry_run=True)
