"""What an ingest would do, without writing anything."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from digestqa.library.catalog import catalog_errors, open_for_reading
from digestqa.library.changed_files import known_files, sort_files
from digestqa.library.facts import CatalogFacts, read_facts
from digestqa.library.identity import VectorKeys, require_same_library
from digestqa.library.scan import scan_nothing, scan_seeds
from digestqa.library.staging import passage_rows
from digestqa.library.storage import CATALOG_NAME

if TYPE_CHECKING:
    import sqlite3

    from digestqa.digests import Digest
    from digestqa.library.job import Job
    from digestqa.library.records import IngestReport
    from digestqa.library.scan import FileStamp, Scan


def plan_ingest(job: Job) -> IngestReport:
    """Read what changed and report it; ``embedded`` is exact where the library knows its encoder."""
    would_be_made = bool(job.given) and not os.path.lexists(job.seeds)
    scan = (scan_nothing if would_be_made else scan_seeds)(job.seeds, job.embeddings)
    if not (job.embeddings / CATALOG_NAME).exists():
        return _planned(job, scan, None, None)
    with contextlib.closing(open_for_reading(job.embeddings)) as connection, catalog_errors(job.embeddings):
        connection.execute("BEGIN")
        facts = read_facts(connection, job.embeddings)
        if facts is not None:
            require_same_library(facts.identity, job.encoder_name, job.embeddings)
        return _planned(job, scan, connection, facts)


def _planned(job: Job, scan: Scan, connection: sqlite3.Connection | None, facts: CatalogFacts | None) -> IngestReport:
    plan = _Plan(connection, facts)
    known = known_files(connection, job.embeddings) if connection is not None and facts is not None else ()
    files = sort_files(scan, known, plan, job.progress_of("reading"))
    unembedded = facts.counts.unembedded if facts else 0
    job.embedded = 0 if job.no_embed else len(plan.missing) + unembedded
    changed = files.changes or job.embedded > 0
    return job.report(scan, files, facts, passages=plan.passages, changed=changed, dry_run=True)


class _Plan:
    """Counts what would be staged."""

    def __init__(self, connection: sqlite3.Connection | None, facts: CatalogFacts | None) -> None:
        encoder = facts.identity.encoder if facts else None
        self._keys = VectorKeys(encoder, facts.generation) if facts and encoder else None
        self._connection = connection if self._keys else None
        self.passages = 0
        self.missing: set[object] = set()

    def find(self, path: str) -> None:
        """Nothing is staged for a plan."""

    def keep(self, path: str) -> None:
        """Nothing is staged for a plan."""

    def add(self, path: str, stamp: FileStamp, digest: Digest) -> None:
        """Count a digest's passages, and those that would have to be embedded."""
        rows = passage_rows(path, digest, self._keys)
        self.passages += len(rows)
        self.missing.update(row[-1] if self._keys else (path, row[1]) for row in rows if not self._has_vector(row[-1]))

    def _has_vector(self, key: object) -> bool:
        if self._connection is None:
            return False
        return self._connection.execute("SELECT 1 FROM vectors WHERE key = ?", (key,)).fetchone() is not None
