"""The files derived from the catalog: the FAISS index and the exported query encoder."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from digestqa.errors import EncoderError, StorageError
from digestqa.library.catalog import transaction
from digestqa.library.facts import IndexRecord, index_value, stored_files_value, write_fact
from digestqa.library.identity import LibraryIdentity, require_same
from digestqa.library.storage import WHOLE_HASH_BYTES, is_as_recorded, publish_bytes, sweep
from digestqa.library.vector_files import compact, vector_files

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from digestqa.library.facts import CatalogFacts
    from digestqa.library.job import Job
    from digestqa.library.records import StoredFile

ALWAYS_INDEXED = 50_000
"""Up to this many passages the FAISS file is written anew with every change: that takes a fraction of a second."""

TAIL_SHARE = 64
"""Above that, the FAISS file is written anew when one in so many of its passages came or went since; until then what
came is searched in the catalog."""


def query_encoder_files(
    job: Job, connection: sqlite3.Connection, identity: LibraryIdentity, before: CatalogFacts | None, *, anew: bool
) -> tuple[StoredFile, ...]:
    """Return the query encoder's files, exported now unless the recorded ones serve; none where it cannot be exported.

    Args:
        job: the run.
        connection: open for writing, outside a transaction.
        identity: of the state to come; it has an encoder.
        before: the present state.
        anew: judge the recorded files by their hashes in any case.
    """
    assert identity.encoder is not None
    recorded = before.query_encoder if before else ()
    same = before is not None and before.identity.encoder == identity.encoder
    if same and not anew and not recorded:
        return ()  # it could not be exported before
    if recorded and same and all(is_as_recorded(job.embeddings, file, hashed=anew) for file in recorded):
        return recorded
    stem = f"encoder-{identity.encoder.weights_sha256[:8]}"
    if before is not None and not same and any(file.name.startswith(f"{stem}.") for file in recorded):
        # The same weights with other prompts, say: readers of the present state still need the files of that name.
        stem = f"{stem}-{before.generation + 1}"
    weights_name = f"{stem}.weights"
    job.encoder()  # what cannot be loaded ends the run; what cannot be exported only makes questions slow
    try:
        exported = job.exported_query_encoder(weights_name)
    except EncoderError as error:
        job.warnings.append(
            f"{error.message}; each program that asks has to load the whole encoder, which takes longer"
        )
        return ()
    require_same(identity, LibraryIdentity.of_this_program(exported.identity), job.embeddings)
    # The graph comes last: where it is, the weights that it names are.
    tokenizer = publish_bytes(job.embeddings / f"{stem}.tokenizer.json", exported.tokenizer)
    weights = (publish_bytes(job.embeddings / weights_name, exported.weights),) if exported.weights else ()
    graph = publish_bytes(job.embeddings / f"{stem}.onnx", exported.onnx)
    files = (graph, tokenizer, *weights)
    if same:
        with transaction(connection):
            write_fact(connection, "query_encoder", stored_files_value(files))
    return files


def publish_index(
    job: Job, connection: sqlite3.Connection, identity: LibraryIdentity, present: IndexRecord | None, state: int
) -> IndexRecord | None:
    """Write the FAISS file of a state, unless the present one still serves.

    A full disk is no failure of the run: the vectors are stored, and searches build the index from them.

    Args:
        job: the run.
        connection: sees the state.
        identity: of the state.
        present: the recorded file; None writes one in any case.
        state: the state's number.

    Returns:
        What to record; None where the present file stays, or none could be written.
    """
    if identity.encoder is None or (present is not None and index_serves(job.embeddings, connection, present)):
        return None
    from digestqa.library.stored_vectors import OpenVectors
    from digestqa.library.vector_index import build_index, index_file_name, publish_file

    total = int(connection.execute("SELECT count(*) FROM passages WHERE indexed_state IS NOT NULL").fetchone()[0])
    job.progress("indexing", 0, total)
    with contextlib.closing(OpenVectors(job.embeddings, vector_files(connection))) as stored:
        index = build_index(
            connection,
            stored,
            identity.encoder.dimension,
            state,
            lambda done: job.progress("indexing", done, total),
        )
        try:
            return publish_file(index, job.embeddings / index_file_name(state))
        except StorageError as error:
            job.warnings.append(f"no FAISS file was written, and searches build the index in memory: {error.message}")
            return None


def next_index(
    job: Job, connection: sqlite3.Connection, identity: LibraryIdentity, before: CatalogFacts | None, state: int
) -> tuple[IndexRecord | None, bool]:
    """Write the FAISS file of the state to come, where that is needed.

    Args:
        job: the run.
        connection: within the transaction, in which all rows are there.
        identity: of the state.
        before: the present state, if the one to come goes on with it.
        state: the number of the state to come.

    Returns:
        What to record, None where no new file was written; and whether the present file can be used on.
    """
    present = before.index if before is not None else None
    try:
        if compact(connection, job.embeddings, before.counts.passages if before is not None else 0):
            present = None
    except StorageError as error:
        job.warnings.append(f"unused vectors were not cleared away: {error.message}")
    return publish_index(job, connection, identity, present, state), present is not None


def mend_index(job: Job, connection: sqlite3.Connection, facts: CatalogFacts) -> bool:
    """Write the present state's FAISS file again where it was lost; return whether that was needed."""
    record = publish_index(job, connection, facts.identity, facts.index, facts.state)
    if record is None:
        return False
    with transaction(connection):
        write_fact(connection, "index", index_value(record))
        connection.execute("DELETE FROM removed WHERE state <= ?", (facts.state,))
    return True


def index_serves(embeddings: Path, connection: sqlite3.Connection, present: IndexRecord) -> bool:
    """Tell whether a FAISS file is whole and near enough to the state that the connection sees."""
    if not is_as_recorded(embeddings, present.file, hashed=present.file.size <= WHOLE_HASH_BYTES):
        return False
    since = (present.state,)
    came = connection.execute("SELECT count(*) FROM passages WHERE indexed_state > ?", since).fetchone()[0]
    went = connection.execute("SELECT count(*) FROM removed WHERE state > ?", since).fetchone()[0]
    allowed = 0 if present.count <= ALWAYS_INDEXED else present.count // TAIL_SHARE
    return bool(came + went <= allowed)


def sweep_derived(
    embeddings: Path, connection: sqlite3.Connection, facts: CatalogFacts | None, before: CatalogFacts | None = None
) -> None:
    """Delete files that no state needs.

    Args:
        embeddings: the library's folder.
        connection: knows which files hold vectors, of an unfinished run too.
        facts: the present state.
        before: the state just left, whose query encoder a reader may be about to load. (Its FAISS file is not kept: a
            reader that misses it builds the index from the catalog.)
    """
    kept = {file.name for state in (facts, before) if state is not None for file in state.query_encoder}
    kept |= {file.name for file in vector_files(connection)}
    if facts is not None and facts.index is not None:
        kept.add(facts.index.file.name)
    sweep(embeddings, kept)
