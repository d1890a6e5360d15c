"""Invariant 4: the FAISS file is a disposable accelerator."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digestqa.library import derived, vector_index
from digestqa.library.records import Hit
from library.library_stand import Place, StandInEncoder, page


def search(place: Place) -> list[Hit]:
    with place.open() as library:
        return library.search_vectors(place.encoder.encode_query("x"), 1000)


def lose(path: Path, how: str) -> None:
    contents = path.read_bytes()
    if how == "deleted":
        path.unlink()
    elif how == "truncated":
        path.write_bytes(contents[: len(contents) // 2])
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "one bit flipped":
        times = path.stat()
        middle = len(contents) // 2
        path.write_bytes(contents[:middle] + bytes([contents[middle] ^ 1]) + contents[middle + 1 :])
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    elif how == "made a folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(b"x" * len(contents))


WAYS = ["deleted", "truncated", "emptied", "one bit flipped", "replaced"]


@pytest.mark.parametrize("how", [*WAYS, "made a folder"])
def test_a_lost_index_is_built_from_the_catalog_without_embedding(built: Place, how: str) -> None:
    before = search(built)
    (path,) = built.index_files()
    lose(path, how)
    built.encoder = StandInEncoder()
    assert search(built) == before
    assert built.encoder.texts == []


@pytest.mark.parametrize("how", WAYS)
def test_the_next_ingest_writes_a_lost_index_again_without_a_new_state(built: Place, how: str) -> None:
    (path,) = built.index_files()
    contents = path.read_bytes()
    lose(path, how)
    encoder = StandInEncoder()
    report = built.ingest(encoder)
    assert (report.changed, report.state, encoder.loads) == (False, 1, 0)
    assert path.read_bytes() == contents
    assert built.verify() == []


def test_a_file_that_covers_an_older_state_is_completed_from_the_catalog(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (older,) = built.index_files()
    kept = older.read_bytes()
    monkeypatch.setattr(derived, "ALWAYS_INDEXED", 0)
    monkeypatch.setattr(derived, "TAIL_SHARE", 0.01)
    built.write("NCT00000009.txt", page(9))
    (built.seeds / "NCT00000001.txt").unlink()
    built.ingest()
    assert [path.read_bytes() for path in built.index_files()] == [kept]
    hits = search(built)
    with built.open() as library:
        assert sorted(hit.passage_id for hit in hits) == library.passage_ids().tolist()
    assert built.verify() == []


def test_when_much_has_changed_the_file_is_written_anew(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "ALWAYS_INDEXED", 0)
    monkeypatch.setattr(derived, "TAIL_SHARE", 2)
    built.write("NCT00000009.txt", page(9))
    built.ingest()
    assert [path.name for path in built.index_files()] == ["vectors-1.faiss"]
    for number in range(10, 16):
        built.write(f"NCT{number:08d}.txt", page(number))
    built.ingest()
    assert [path.name for path in built.index_files()] == ["vectors-3.faiss"]
    assert built.sql("SELECT count(*) FROM removed") == [(0,)]
    assert built.verify() == []


def test_a_change_without_vectors_leaves_the_file_alone(built: Place) -> None:
    (path,) = built.index_files()
    before = path.stat()
    built.write("copy/NCT00000001.txt", page(1))
    (built.seeds / "NCT00000002.txt").touch()
    assert built.ingest().added == 1
    assert path.stat() == before


def test_large_files_are_judged_by_size_and_header(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "WHOLE_HASH_BYTES", 0)
    before = search(built)
    (path,) = built.index_files()
    assert search(built) == before
    lose(path, "truncated")
    assert search(built) == before
    lose(path, "replaced")
    assert search(built) == before


def test_old_index_files_are_deleted(built: Place) -> None:
    for number in range(6, 10):
        built.write(f"NCT{number:08d}.txt", page(number))
        built.ingest()
    assert [path.name for path in built.index_files()] == ["vectors-5.faiss"]


def test_a_reader_that_opened_before_keeps_its_state_when_its_index_file_is_gone(built: Place) -> None:
    before = search(built)
    with built.open() as library:
        built.write("NCT00000009.txt", page(9))
        built.ingest()
        assert [path.name for path in built.index_files()] == ["vectors-2.faiss"]
        assert library.search_vectors(built.encoder.encode_query("x"), 1000) == before
