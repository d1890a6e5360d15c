"""The files of stored vectors: appended to, never changed under a reader, and missed when they are lost."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest

from digestqa.errors import LibraryDamagedError
from digestqa.library import vector_files
from library.library_stand import Place, StandInEncoder, as_schema_2, library_rows, page


def found(place: Place) -> list[int]:
    with place.open() as library:
        return [hit.passage_id for hit in library.search_vectors(place.encoder.encode_query("x"), 1000)]


def test_vectors_lie_one_after_another_in_half_precision(built: Place) -> None:
    contents = np.fromfile(built.vector_file(), dtype="<f2").reshape(-1, 16)
    assert len(contents) == built.sql("SELECT count(*) FROM vectors")[0][0]
    with built.open() as library:
        stored = library.vectors(library.passage_ids())
    assert {row.tobytes() for row in stored.astype("<f2")} <= {row.tobytes() for row in contents}


def test_what_was_stored_is_never_written_again(built: Place) -> None:
    path = built.vector_file()
    before = path.read_bytes()
    (built.seeds / "NCT00000001.txt").unlink()
    built.write("NCT00000009.txt", page(9))
    built.ingest()
    assert built.vector_file() == path
    assert path.read_bytes()[: len(before)] == before
    assert len(path.read_bytes()) > len(before)


def test_what_a_killed_writer_left_behind_the_counted_rows_is_written_over(built: Place) -> None:
    path = built.vector_file()
    with path.open("ab") as stream:
        stream.write(b"\xff" * 1000)
    before = found(built)
    assert built.verify() == []
    built.write("NCT00000009.txt", page(9))
    built.ingest()
    assert len(found(built)) == len(before) + 8
    assert built.verify() == []


def test_a_reader_keeps_the_vectors_of_its_state_when_a_rebuild_deletes_their_file(built: Place) -> None:
    old = built.vector_file()
    with built.open() as library:
        ids = library.passage_ids()
        built.rebuild(StandInEncoder("other", "b"))
        assert not old.exists()
        assert built.vector_file() != old
        hits = library.search_vectors(built.encoder.encode_query("x"), 1000)
        assert {hit.passage_id for hit in hits} == set(ids.tolist())
        assert np.allclose(np.linalg.norm(library.vectors(ids), axis=1), 1, atol=1e-2)
    assert built.verify() == []


@pytest.mark.parametrize("how", ["deleted", "cut short"])
def test_lost_vectors_are_told_and_a_rebuild_makes_them_anew(built: Place, how: str) -> None:
    path = built.vector_file()
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])
    with built.open() as library:
        assert library.search_text(["patients"], 3)
        with pytest.raises(LibraryDamagedError, match="missing or cut short") as caught:
            library.vectors(library.passage_ids())
    assert "digestqa rebuild" in caught.value.hint
    assert "vector" in "; ".join(problem.what for problem in built.verify())
    built.write("NCT00000009.txt", page(9))
    with pytest.raises(LibraryDamagedError, match="missing or cut short"):
        built.ingest()
    built.rebuild()
    assert built.verify() == []
    assert len(found(built)) == built.sql("SELECT count(*) FROM passages")[0][0]


def test_an_interrupted_rebuild_whose_vectors_are_lost_embeds_them_again(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digestqa.library import embedding

    monkeypatch.setattr(embedding, "TEXTS_PER_BATCH", 4)
    present = built.vector_file()
    with pytest.raises(KeyboardInterrupt):
        built.rebuild(StandInEncoder("other", "b", stop_after=4))
    (begun,) = set(built.embeddings.glob("vectors-*.f16")) - {present}
    assert begun.stat().st_size > 0
    begun.unlink()
    other = StandInEncoder("other", "b")
    built.rebuild(other)
    assert len(other.texts) == built.sql("SELECT count(*) FROM vectors")[0][0]
    assert built.verify() == []
    assert not present.exists()


def test_a_rebuild_goes_on_in_the_file_that_an_interrupted_one_began(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digestqa.library import embedding

    monkeypatch.setattr(embedding, "TEXTS_PER_BATCH", 4)
    present = built.vector_file()
    with pytest.raises(KeyboardInterrupt):
        built.rebuild(StandInEncoder("other", "b", stop_after=8))
    (begun,) = set(built.embeddings.glob("vectors-*.f16")) - {present}
    other = StandInEncoder("other", "b")
    built.rebuild(other)
    assert built.vector_file() == begun
    assert len(other.texts) == built.sql("SELECT count(*) FROM vectors")[0][0] - 8


def test_unused_rows_are_cleared_away_when_they_are_most_of_the_file(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_files, "COMPACTED_FROM_ROWS", 0)
    first = built.vector_file()
    sizes = []
    for turn in range(8):
        for number in range(1, 6):
            built.write(f"NCT{number:08d}.txt", page(number, headline=f"Turn {turn} of Study {number}"))
        built.ingest()
        sizes.append(built.vector_file().stat().st_size)
        assert built.verify() == []
        with built.open() as library:
            ids = library.passage_ids()
            assert sorted(found(built)) == ids.tolist()
            texts = [f"{passage.context}: {passage.text}" for passage in library.passages(ids)]
            expected = np.stack([built.encoder.encode_query(text) for text in texts])
            assert np.allclose(library.vectors(ids), expected, atol=2e-3)
    assert built.vector_file() != first
    used = built.sql("SELECT count(*) FROM vectors")[0][0]
    assert max(sizes) <= 3 * used * 32


def test_a_library_of_schema_2_moves_its_vectors_without_embedding_anything(built: Place) -> None:
    wanted, hits = library_rows(built.embeddings), found(built)
    as_schema_2(built)
    encoder = StandInEncoder()
    report = built.ingest(encoder)
    assert (encoder.loads, report.embedded, report.changed) == (0, 0, False)
    assert library_rows(built.embeddings) == wanted
    assert found(built) == hits
    assert built.verify() == []
    built.write("NCT00000009.txt", page(9))
    assert built.ingest().added == 1
    assert built.verify() == []


def test_a_migration_that_fails_leaves_the_library_of_schema_2(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = library_rows(built.embeddings)
    as_schema_2(built)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Exception, match="disk is full"):
            built.ingest()
    assert built.sql("PRAGMA user_version") == [(2,)]
    assert built.ingest().embedded == 0
    assert library_rows(built.embeddings) == wanted
    assert len(list(built.embeddings.glob("vectors-*.f16"))) == 1


def test_half_precision_keeps_a_vector_to_a_cosine_of_0_9999(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    vectors = chance.standard_normal((2000, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    halves = vectors.astype("<f2").astype(np.float32)
    cosines = np.sum(vectors * halves, axis=1) / np.linalg.norm(halves, axis=1)
    assert cosines.min() >= 0.999999


def test_a_reader_that_was_dropped_lets_go_of_its_files(built: Place) -> None:
    library = built.open()
    assert library.search_vectors(built.encoder.encode_query("itch"), 1)
    del library
    gc.collect()  # a file left open would be told here, and warnings are errors
