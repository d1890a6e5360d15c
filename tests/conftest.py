from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from digestqa.encoders import EncoderIdentity, ExportedQueryEncoder, QueryEncoder, load_query_encoder
from shelf import Done, Run, Shelf, write_digests

# A shell that starts the tests in the background has them ignore Ctrl-C, and some are about Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if name.startswith("DIGESTQA_") or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    # No test may read or write the sessions of whoever runs it.
    monkeypatch.setenv("DIGESTQA_SESSIONS", str(tmp_path_factory.getbasetemp() / "sessions-of-no-one"))


@pytest.fixture(scope="session")
def built_shelf(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Shelf:
    """Three digests, built once with the real encoder, by the first process that asks; never written to by a test."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    shelf = Shelf(shared / "shelf")
    with FileLock(shared / "shelf.lock"):
        if not shelf.folder.exists():
            from digestqa.library import ingest

            begun = Shelf(own / "shelf-begun")
            write_digests(begun.seeds)
            ingest(begun.embeddings, begun.seeds)
            begun.folder.rename(shelf.folder)
    return shelf


@pytest.fixture
def shelf(built_shelf: Shelf, tmp_path: Path) -> Shelf:
    """A copy of the built library that a test may change."""
    return built_shelf.copied(tmp_path / "shelf")


@dataclass(frozen=True, slots=True)
class ShelfEncoder:
    """The built shelf's encoder, as it was exported.

    Attributes:
        encoder: its graph, open.
        exported: its files.
        weights_name: the file that the graph looks for its weights in.
    """

    encoder: QueryEncoder
    exported: ExportedQueryEncoder
    weights_name: str


@pytest.fixture(scope="session")
def shelf_encoder(built_shelf: Shelf) -> ShelfEncoder:
    from digestqa.library import Library

    with Library.open(built_shelf.embeddings, built_shelf.seeds) as library:
        identity, files = library.identity.encoder, library.query_encoder_files
    assert identity is not None
    assert files is not None
    graph, tokenizer = files
    weights = graph.with_suffix(".weights")
    exported = ExportedQueryEncoder(graph.read_bytes(), tokenizer.read_bytes(), identity, 1.0, weights.read_bytes())
    return ShelfEncoder(load_query_encoder(graph, tokenizer, identity), exported, weights.name)


@pytest.fixture
def encoder_at_hand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build a test's library with what the built shelf exported, and open that shelf's encoder once.

    The vectors are the model's own. For tests to which it does not matter how an encoder is loaded, exported or opened.
    """

    def at_hand() -> ShelfEncoder:
        found: ShelfEncoder = request.getfixturevalue("shelf_encoder")
        return found

    def load(name: str | None) -> QueryEncoder:
        assert name is None
        return at_hand().encoder

    def export(encoder: QueryEncoder, *, weights_name: str) -> ExportedQueryEncoder:
        assert (encoder, weights_name) == (at_hand().encoder, at_hand().weights_name)
        return at_hand().exported

    monkeypatch.setattr("digestqa.encoders.load_passage_encoder", load)
    monkeypatch.setattr("digestqa.encoders.export_query_encoder", export)
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    if "built_shelf" not in request.fixturenames:
        return
    shelf: Shelf = request.getfixturevalue("built_shelf")
    encoder = at_hand().encoder

    def open_encoder(onnx: Path, tokenizer: Path, identity: EncoderIdentity, *, prepack: bool) -> QueryEncoder:
        if onnx.parent == shelf.embeddings:
            return encoder
        return load_query_encoder(onnx, tokenizer, identity, prepack=prepack)

    monkeypatch.setattr("digestqa.opening.load_query_encoder", open_encoder)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, in a shelf's folder."""
    from digestqa.cli import main

    def call(shelf: Shelf, *arguments: str) -> Done:
        monkeypatch.chdir(shelf.folder)
        capsys.readouterr()
        code = main(arguments)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call
