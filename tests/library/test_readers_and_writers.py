"""Invariant 7: readers never wait and never see a state between; a second writer is told who the first is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa.errors import LibraryBusyError, LibraryMismatchError, UsageError
from digestqa.library import Library, embedding, library_status
from digestqa.library.lock import HOLDER_NAME, writer_lock
from library.library_stand import Place, StandInEncoder, page


def whole_state(library: Library, encoder: StandInEncoder) -> set[str]:
    """Search, look up and count in one state; return the distinct results' texts, having compared them."""
    hits = library.search_vectors(encoder.encode_query("x"), 10_000)
    words = library.search_text(["patients"], 10_000)
    passages = library.passages([hit.passage_id for hit in hits])
    assert len(passages) == len(hits) == library.counts.passages
    assert {hit.passage_id for hit in words} <= {hit.passage_id for hit in hits}
    current = library.digests(superseded=False)
    assert {passage.digest.path for passage in passages} == {digest.path for digest in current}
    for passage in passages:
        assert library.digest_text(passage.digest.id)[passage.start : passage.end] == passage.text
    return {passage.text for passage in passages}


def test_a_reader_keeps_the_state_it_opened_until_it_refreshes(built: Place) -> None:
    with built.open() as library:
        before = whole_state(library, built.encoder)
        assert library.newer_state() is None
        for number in range(1, 4):
            built.write(f"NCT{number:08d}.txt", page(number, results="Everything is new here."))
        (built.seeds / "NCT00000005.txt").unlink()
        built.ingest()
        assert library.state == 1
        assert whole_state(library, built.encoder) == before
        assert library.newer_state() == 2
        assert library.refresh()
        assert library.state == 2
        assert library.newer_state() is None
        after = whole_state(library, built.encoder)
        assert "Everything is new here." in after
        assert not library.refresh()
        assert whole_state(library, built.encoder) == after


def test_a_reader_notices_a_library_that_was_deleted_and_built_again(built: Place) -> None:
    with built.open() as library:
        before = whole_state(library, built.encoder)
        for path in built.embeddings.iterdir():
            path.unlink()
        built.write("NCT00000009.txt", page(9))
        built.ingest()
        assert library.state == 1
        assert library.newer_state() == 1
        assert whole_state(library, built.encoder) == before
        assert library.refresh()
        assert library.find_digests("NCT00000009")


def test_a_reader_that_cannot_refresh_keeps_its_state(built: Place) -> None:
    with built.open("stand-in") as library:
        before = whole_state(library, built.encoder)
        built.rebuild(StandInEncoder("other", "b"))
        with pytest.raises(LibraryMismatchError):
            library.refresh()
        assert whole_state(library, built.encoder) == before
        assert library.encoder_name == "stand-in"


def test_a_closed_library_says_so(built: Place) -> None:
    with built.open() as library:
        pass
    with pytest.raises(UsageError, match="was closed"):
        library.digests()


@pytest.mark.parametrize("work", ["ingest", "rebuild"])
def test_readers_answer_while_a_writer_is_at_work(place: Place, monkeypatch: pytest.MonkeyPatch, work: str) -> None:
    """Threads open and search all the while; every answer is of one whole state."""
    monkeypatch.setattr(embedding, "TEXTS_PER_BATCH", 20)
    place.write_pages(30)
    place.ingest()
    with place.open() as library:
        texts = {1: whole_state(library, place.encoder)}
    errors: list[BaseException] = []
    seen: list[tuple[int, frozenset[str]]] = []
    finished = threading.Event()

    def read() -> None:
        try:
            while not finished.is_set():
                with place.open() as library:
                    seen.append((library.state, frozenset(whole_state(library, place.encoder))))
        except BaseException as error:
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 31):
            place.write(f"NCT{number:08d}.txt", page(number, results=f"The result is now {number * 2} of all."))
        report = place.ingest() if work == "ingest" else place.rebuild(StandInEncoder("stand-in", "a"))
        time.sleep(0.2)
    finally:
        finished.set()
        for reader in readers:
            reader.join()
    assert errors == []
    assert report.changed
    with place.open() as library:
        texts[2] = whole_state(library, place.encoder)
    assert {state for state, _ in seen} == {1, 2}
    assert all(found == texts[state] for state, found in seen)


def test_one_library_may_be_read_from_several_threads(built: Place) -> None:
    errors: list[BaseException] = []
    with built.open() as library:
        expected = whole_state(library, built.encoder)

        def read() -> None:
            try:
                for _ in range(10):
                    assert whole_state(library, built.encoder) == expected
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []


def test_questions_and_refreshes_may_come_from_different_threads(built: Place) -> None:
    errors: list[BaseException] = []
    finished = threading.Event()
    with built.open() as library:

        def read() -> None:
            try:
                while not finished.is_set():
                    hits = library.search_vectors(built.encoder.encode_query("x"), 50)
                    library.passages([hit.passage_id for hit in hits])
                    library.find_digests("NCT00000001")
                    library.passage_ids(["NCT00000002"])
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for number in range(6, 16):
                built.write("NCT00000005.txt", page(5, results=f"This is finding {number}."))
                built.ingest()
                assert library.refresh()
        finally:
            finished.set()
            for thread in threads:
                thread.join()
    assert errors == []


HOLD_THE_LOCK = """
import sys
from pathlib import Path
from digestqa.library.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(built: Place) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(built.embeddings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_fails_at_once_and_names_the_first(built: Place, holder: subprocess.Popen[str]) -> None:
    built.write("NCT00000009.txt", page(9))
    for attempt in (built.ingest, built.rebuild):
        began = time.perf_counter()
        with pytest.raises(LibraryBusyError) as caught:
            attempt()
        assert time.perf_counter() - began < 2
        assert f"process {holder.pid}" in caught.value.message
        assert "since 20" in caught.value.message
        assert caught.value.hint
    assert f"process {holder.pid}" in library_status(built.embeddings, built.seeds).writer
    with built.open() as library:
        assert library.counts.digests == 5
    assert built.ingest(dry_run=True).added == 1


def test_a_writer_that_was_killed_holds_up_nobody(built: Place, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert (built.embeddings / HOLDER_NAME).exists()
    assert library_status(built.embeddings, built.seeds).writer == ""
    built.write("NCT00000009.txt", page(9))
    assert built.ingest().added == 1
    assert not (built.embeddings / HOLDER_NAME).exists()


def test_a_second_writer_in_the_same_process_is_refused_too(built: Place) -> None:
    with writer_lock(built.embeddings), pytest.raises(LibraryBusyError, match=f"process {os.getpid()}"):
        built.ingest()
    assert not built.ingest().changed


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', json.dumps({"pid": 1, "command": 2, "started_at": 3})])
def test_a_spoilt_note_about_the_writer_does_no_harm(built: Place, note: str) -> None:
    (built.embeddings / HOLDER_NAME).write_text(note, encoding="utf-8")
    library_status(built.embeddings, built.seeds)
    with writer_lock(built.embeddings):
        (built.embeddings / HOLDER_NAME).write_text(note, encoding="utf-8")
        with pytest.raises(LibraryBusyError):
            built.ingest()
    assert not built.ingest().changed


def test_the_lock_is_free_after_a_failure(built: Place) -> None:
    built.write("NCT00000009.txt", page(9))
    with pytest.raises(KeyboardInterrupt):
        built.ingest(StandInEncoder(stop_after=0))
    assert built.ingest().added == 1


@pytest.mark.slow
def test_a_thousand_questions_during_rebuilds_all_find_a_whole_state(place: Place, tmp_path: Path) -> None:
    place.write_pages(60)
    place.ingest()
    with place.open() as library:
        expected = whole_state(library, place.encoder)
    finished = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            while not finished.is_set():
                place.rebuild(StandInEncoder())
        except BaseException as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    states = set()
    try:
        for _ in range(1000):
            with place.open() as library:
                states.add(library.state)
                assert whole_state(library, place.encoder) == expected
                assert library.query_encoder_files is not None
    finally:
        finished.set()
        writer.join()
    assert failures == []
    assert len(states) > 5
