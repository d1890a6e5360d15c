"""Brings the library up to date with seeds/, and builds it anew.

Both go the same way: scan, read what changed into the staging tables, embed what has no vector, and commit all of it
in one transaction. Readers keep the state they opened; a run that ends early leaves the last committed state, and what
it had read and embedded for the next run.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sqlite3
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from digestqa.errors import LibraryDamagedError
from digestqa.library.catalog import LOG_SUFFIXES, catalog_errors, open_for_writing, tidy, transaction
from digestqa.library.changed_files import SortedFiles, known_files, sort_files
from digestqa.library.commit import NextState, commit_next_state, note_files
from digestqa.library.derived import mend_index, next_index, query_encoder_files, sweep_derived
from digestqa.library.dry_run import plan_ingest
from digestqa.library.embedding_step import embed_for
from digestqa.library.facts import CatalogFacts, read_facts, write_fact
from digestqa.library.given_files import known_among, paths_to_look_at, refused_elsewhere
from digestqa.library.identity import LibraryIdentity, VectorKeys, require_same_library
from digestqa.library.job import Job
from digestqa.library.lock import writer_lock
from digestqa.library.quarantine import refused_outside
from digestqa.library.scan import Scan, scan_nothing, scan_seeds
from digestqa.library.staging import Stage
from digestqa.library.storage import CATALOG_NAME, make_folder, storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from digestqa.library.changed_files import KnownFile
    from digestqa.library.job import ExportEncoder, LoadEncoder, OnProgress
    from digestqa.library.records import IngestReport, RefusedFile


def ingest(
    embeddings: Path,
    seeds: Path,
    *,
    encoder_name: str | None = None,
    load_encoder: LoadEncoder | None = None,
    export_encoder: ExportEncoder | None = None,
    on_progress: OnProgress | None = None,
    dry_run: bool = False,
    no_embed: bool = False,
    given_and_refused: Sequence[RefusedFile] | None = None,
    given: Sequence[Path] | None = None,
) -> IngestReport:
    """Take up what changed in the seeds folder.

    Args:
        embeddings: the library's folder; made if it is not there.
        seeds: the digests' folder.
        encoder_name: the encoder asked for; None takes the library's own, or the default for a new one.
        load_encoder: makes the passage encoder from its name (None: the default encoder); called only if something
            must be embedded or the query encoder must be exported. By default ``digestqa.encoders`` loads it.
        export_encoder: makes the query encoder; by default that of ``digestqa.encoders``.
        on_progress: called with (phase, done, total); total is 0 where it is not known.
        dry_run: report what would be done and write nothing.
        no_embed: take up texts for full-text search only; the next ingest embeds them.
        given_and_refused: files from outside the seeds folder that were given and refused, kept in the list of refused
            files with those under it; None keeps what the list has of such files.
        given: files under the seeds folder that were just put there, or in a dry run would be; a large library looks
            at these alone. None where no files were given.

    Returns:
        What was done. Files that cannot be taken up are listed and never stop the others.

    Raises:
        UsageError: there is no such seeds folder, unless files were given and nothing would be lost.
        LibraryBusyError: another process is writing.
        LibraryMismatchError: the library was built in another way than is asked for.
        LibraryDamagedError: the catalog is damaged.
        StorageError: the disk is full or the folder cannot be written.
        EncoderError: the encoder cannot be loaded or exported.
    """
    job = Job(embeddings, seeds, encoder_name, load_encoder, export_encoder, on_progress, no_embed, given_and_refused)
    job.given = given
    if given is not None and not os.path.lexists(seeds) and not (embeddings / CATALOG_NAME).exists():
        # What was given, and refused, is told already; that the folder was not made for it is no error.
        return job.report(scan_nothing(seeds, embeddings), SortedFiles(), None, dry_run=dry_run)
    if dry_run:
        return plan_ingest(job)
    scan = scan_seeds(seeds, embeddings)
    if not (embeddings / CATALOG_NAME).exists() and not scan.count():
        for _ in scan.files():  # only to hear of what is no file
            pass
        return job.report(scan, SortedFiles(refused=scan.refused), None)
    make_folder(embeddings)
    with writer_lock(embeddings):
        return _write(job, scan, whole=False)


def rebuild(
    embeddings: Path,
    seeds: Path,
    *,
    encoder_name: str | None = None,
    load_encoder: LoadEncoder | None = None,
    export_encoder: ExportEncoder | None = None,
    on_progress: OnProgress | None = None,
) -> IngestReport:
    """Read and embed everything anew, beside the present state, and switch to it when it is complete.

    Readers answer in the present state until then, and whoever opened that keeps it. An interrupted rebuild leaves the
    present state, and the next rebuild with the same encoder goes on where it stopped. A damaged catalog is deleted
    first, since nothing in it can be trusted.

    Arguments, return value and errors are those of ``ingest``; ``encoder_name`` None keeps the library's encoder.
    """
    job = Job(embeddings, seeds, encoder_name, load_encoder, export_encoder, on_progress)
    scan = scan_seeds(seeds, embeddings)
    make_folder(embeddings)
    with writer_lock(embeddings):
        if not _is_sound(job):
            _delete_catalog(job)
        try:
            return _write(job, scan, whole=True)
        except LibraryDamagedError:
            # Damage in a place that SQLite's check does not look at, such as within the full-text index.
            _delete_catalog(job)
            return _write(job, scan, whole=True)


def _write(job: Job, scan: Scan, *, whole: bool) -> IngestReport:
    with contextlib.closing(open_for_writing(job.embeddings)) as connection, catalog_errors(job.embeddings):
        before = read_facts(connection, job.embeddings)
        sweep_derived(job.embeddings, connection, before)
        if before is not None:
            if not whole:
                require_same_library(before.identity, job.encoder_name, job.embeddings)
            if job.encoder_name is None and before.identity.encoder is not None:
                job.encoder_name = before.identity.encoder.name
        report = _build(job, connection, scan, before, whole=whole or before is None)
        tidy(connection)
        return report


def _build(
    job: Job, connection: sqlite3.Connection, scan: Scan, before: CatalogFacts | None, *, whole: bool
) -> IngestReport:
    """Make the next state.

    Args:
        job: the run.
        connection: open for writing, outside a transaction.
        scan: what lies under seeds/.
        before: the present state; None where there is none.
        whole: replace all of it, in a new generation with vectors of its own.
    """
    purpose = _Purpose(job, before, whole=whole)
    stage = Stage(connection, job.embeddings, purpose.told)
    known: Iterable[KnownFile] = known_files(connection, job.embeddings)
    scan.only = paths_to_look_at(connection, None if whole else before, job.seeds, job.given)
    if scan.only is not None:
        known = known_among(connection, job.embeddings, scan.only)
    files = sort_files(scan, known, stage, job.progress_of("reading"), every=whole)
    stage.finish()
    outside = refused_outside(connection) if job.given_and_refused is None else job.given_and_refused
    if scan.only is not None:
        files.refused += refused_elsewhere(connection, scan.only)
    refused = (*files.refused, *outside)
    if before is None and not files.taken:
        with transaction(connection):
            note_files(connection, {}, refused)
        return job.report(scan, files, None)
    identity, generation, keys = purpose.identity, purpose.generation, purpose.keys
    passages = stage.count_passages()
    query_encoder = before.query_encoder if before else ()
    if keys is not None and not job.no_embed:
        embed_for(job, connection, identity, keys, before, whole=whole)
        query_encoder = query_encoder_files(job, connection, identity, before, anew=whole)
    settled = not (whole or files.changes or _vectors_wait(connection) or _may_reorder(connection, files))
    if before is not None and settled:
        _note(job, connection, files, refused, before)
        return job.report(scan, files, before)
    job.progress("writing")
    commit_next_state(
        connection,
        before,
        NextState(
            identity=identity,
            generation=generation,
            query_encoder=query_encoder,
            leaving=(*files.removed, *files.updated),
            whole=whole,
            restamped=files.restamped,
            refused=refused,
        ),
        functools.partial(next_index, job, connection, identity, None if whole else before),
    )
    after = read_facts(connection, job.embeddings)
    sweep_derived(job.embeddings, connection, after, before)
    return job.report(scan, files, after, passages=passages, changed=True)


class _Purpose:
    """What the run reads files for: the identity, generation and vector keys of the state to come.

    Asked for only when a digest is at hand, since for the first library the encoder must be loaded to tell.
    """

    def __init__(self, job: Job, before: CatalogFacts | None, *, whole: bool) -> None:
        self._job = job
        self._known = before.identity.encoder if before is not None and not whole else None
        self.generation = (before.generation if before else 0) + (1 if whole else 0)

    @functools.cached_property
    def identity(self) -> LibraryIdentity:
        """Of the state to come."""
        encoder = self._known
        if encoder is None and not self._job.no_embed:
            encoder = self._job.encoder().identity
        return LibraryIdentity.of_this_program(encoder)

    @property
    def keys(self) -> VectorKeys | None:
        """What names its vectors; None where nothing is to be embedded."""
        encoder = self.identity.encoder
        return VectorKeys(encoder, self.generation) if encoder else None

    def told(self) -> tuple[str, VectorKeys | None]:
        """Return it as the staging tables take it."""
        return json.dumps([self.generation, self.identity.as_dict()], sort_keys=True), self.keys


def _vectors_wait(connection: sqlite3.Connection) -> bool:
    """Tell whether there are vectors of searched passages that no state has counted in yet."""
    return (
        connection.execute(
            """SELECT 1 FROM passages JOIN digests ON digests.id = digest_id
               WHERE indexed_state IS NULL AND current
                 AND EXISTS (SELECT 1 FROM vectors WHERE vectors.key = passages.vector_key) LIMIT 1"""
        ).fetchone()
        is not None
    )


def _may_reorder(connection: sqlite3.Connection, files: SortedFiles) -> bool:
    """Tell whether a file with a new stamp has other versions beside it: of one day the last to change is current."""
    return any(
        connection.execute(
            """SELECT 1 FROM digests AS file JOIN digests AS other ON other.study = file.study
               WHERE file.path = ? AND file.mtime_ns <> ? AND other.id <> file.id LIMIT 1""",
            (path, stamp.mtime_ns),
        ).fetchone()
        for path, stamp in files.restamped.items()
    )


def _note(
    job: Job,
    connection: sqlite3.Connection,
    files: SortedFiles,
    refused: Sequence[RefusedFile],
    before: CatalogFacts,
) -> None:
    """Write what is no new state: stamps, the list of refused files, a FAISS file that was lost."""
    listed = set(connection.execute("SELECT path, reason, hint FROM refused"))
    found = {(file.path, file.reason, file.hint) for file in refused}
    if files.restamped or listed != found:
        with transaction(connection):
            note_files(connection, files.restamped, refused)
            write_fact(connection, "counts", asdict(replace(before.counts, refused=len(found))))
    if mend_index(job, connection, before):
        sweep_derived(job.embeddings, connection, read_facts(connection, job.embeddings))


def _is_sound(job: Job) -> bool:
    """Tell whether there is no catalog, or one that can be read and written as far as SQLite can tell."""
    if not (job.embeddings / CATALOG_NAME).exists():
        return True
    try:
        with contextlib.closing(open_for_writing(job.embeddings)) as connection, catalog_errors(job.embeddings):
            read_facts(connection, job.embeddings)
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except LibraryDamagedError:
        return False


def _delete_catalog(job: Job) -> None:
    path = job.embeddings / CATALOG_NAME
    job.warnings.append(f"the damaged catalog {path} was deleted and built anew")
    with storage_errors(path):
        # The log goes first: a log beside a new, empty catalog would be taken for that catalog's own.
        for suffix in (*LOG_SUFFIXES, ""):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
