"""Vector search is exact, however the vectors are spread over FAISS file and catalog, and whatever is filtered."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from digestqa.errors import LibraryMismatchError
from digestqa.library import Hit, Library, derived, vector_index, vector_search
from library.library_stand import Place, StandInEncoder, page

EXACT = 2e-6
"""Scores are rounded to a millionth; summation in another order may move one by that much."""


def brute_force(searched: Library, vector: np.ndarray, k: int, within: object = None) -> list[Hit]:
    ids = searched.passage_ids()
    if within is not None:
        ids = np.intersect1d(ids, np.asarray(within, dtype=np.int64))
    scores = searched.vectors(ids) @ vector
    order = sorted(zip(-scores, ids.tolist(), strict=True))[:k]
    return [Hit(passage_id, float(-score)) for score, passage_id in order]


def assert_same_hits(found: list[Hit], wanted: list[Hit]) -> None:
    assert len(found) == len(wanted)
    for hit, want in zip(found, wanted, strict=True):
        assert hit.score == pytest.approx(want.score, abs=EXACT)
    assert {hit.passage_id for hit in found} == {hit.passage_id for hit in wanted}


@pytest.fixture(params=["indexed", "tail", "no index", "codes", "codes and tail", "codes, no file"])
def spread(request: pytest.FixtureRequest, place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A library of 30 digests, some of which came, changed and went after the first state."""
    if "codes" in request.param:
        monkeypatch.setattr(vector_index, "FLAT_PASSAGES", 0)
    if "tail" in request.param:
        monkeypatch.setattr(derived, "ALWAYS_INDEXED", 0)
        monkeypatch.setattr(derived, "TAIL_SHARE", 0.1)
    place.write_pages(20)
    place.ingest()
    for number in range(15, 31):
        place.write(f"NCT{number:08d}.txt", page(number, results=f"A new finding of {number} percent."))
    (place.seeds / "NCT00000003.txt").unlink()
    place.ingest()
    for number in range(31, 34):
        place.write(f"NCT{number:08d}.txt", page(number))
    place.ingest()
    if "tail" in request.param:
        assert [path.name for path in place.index_files()] == ["vectors-1.faiss"]
    if "no" in request.param.split():
        for path in place.index_files():
            path.unlink()
    return place


@pytest.mark.parametrize("k", [1, 5, 50, 10_000])
def test_the_best_are_found_exactly(spread: Place, k: int) -> None:
    with spread.open() as searched:
        for question in ("one", "two", "three"):
            vector = spread.encoder.encode_query(question)
            assert_same_hits(searched.search_vectors(vector, k), brute_force(searched, vector, k))


@pytest.mark.parametrize("few", [0, 10_000])
def test_filters_are_applied_before_the_search(spread: Place, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_search, "FEW_IDS", few)
    monkeypatch.setattr(vector_search, "FEW_IDS_UNLOADED", few)
    with spread.open() as searched:
        vector = spread.encoder.encode_query("one")
        everything = searched.passage_ids()
        worst = searched.search_vectors(vector, len(everything))[-1]
        assert searched.search_vectors(vector, 5, [worst.passage_id]) == [worst]
        half = everything[::2]
        assert_same_hits(searched.search_vectors(vector, 7, half), brute_force(searched, vector, 7, half))
        assert searched.search_vectors(vector, 7, []) == []
        assert searched.search_vectors(vector, 7, [10**9]) == []


def test_equal_scores_come_in_the_order_of_ids(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    class Flat(StandInEncoder):
        def encode_query(self, text: str) -> np.ndarray:
            vector = np.zeros(self.dimension, dtype=np.float32)
            vector[0] = 1.0
            return vector

    place.encoder = Flat()
    place.write_pages(12)
    place.ingest()
    with place.open() as searched:
        ids = searched.passage_ids().tolist()
        vector = place.encoder.encode_query("")
        for k in (1, 3, 40, len(ids)):
            assert [hit.passage_id for hit in searched.search_vectors(vector, k)] == ids[:k]
        monkeypatch.setattr(vector_search, "FEW_IDS", 0)
        monkeypatch.setattr(vector_search, "FEW_IDS_UNLOADED", 0)
        assert [hit.passage_id for hit in searched.search_vectors(vector, 4, ids[5:])] == ids[5:9]


def test_a_vector_of_another_dimension_is_refused(built: Place) -> None:
    with built.open() as searched, pytest.raises(LibraryMismatchError, match=r"\(17,\).*16"):
        searched.search_vectors(np.ones(17, dtype=np.float32), 3)


def test_vectors_come_in_the_order_asked_for(built: Place) -> None:
    with built.open() as searched:
        ids = searched.passage_ids()[[7, 2, 2, 0]]
        vectors = searched.vectors(ids)
        passages = searched.passages(ids)
        expected = np.stack([built.encoder.encode_query(f"{passage.context}: {passage.text}") for passage in passages])
        assert np.allclose(vectors, expected, atol=1e-3)
        cosines = searched.cosines(vectors[0], ids)
        assert cosines[int(ids[0])] == pytest.approx(1.0, abs=2e-3)
        assert set(cosines) == set(ids.tolist())
        assert searched.cosines(vectors[0], []) == {}
        assert searched.vectors([]).shape == (0, 16)


@pytest.mark.slow
def test_a_filter_that_passes_one_of_100_000_passages_always_finds_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    sentences = [f"Sentence number {number} of this digest tells of {'many ' * 55}things." for number in range(60)]
    for number in range(1, 1600):
        place.write(f"NCT{number:08d}.txt", page(number, results=" ".join(sentences)))
    place.write("NCT99999999.txt", page(99_999_999))
    place.ingest()
    with place.open() as searched:
        assert searched.counts.passages > 100_000
        only = searched.passage_ids(["NCT99999999"], ["Results"])
        assert len(only) == 1
        for number in range(20):
            vector = place.encoder.encode_query(str(number))
            assert [hit.passage_id for hit in searched.search_vectors(vector, 5, only)] == only.tolist()
        assert [hit.passage_id for hit in searched.search_text(["patients"], 5, only)] == only.tolist()


def test_searching_within_few_passages_loads_no_faiss(built: Place) -> None:
    import subprocess

    program = f"""
import sys
from pathlib import Path
import numpy
from digestqa.library import Library
with Library.open(Path({str(built.embeddings)!r}), Path({str(built.seeds)!r})) as library:
    vector = numpy.ones(16, dtype=numpy.float32)
    assert len(library.search_vectors(vector, 3, library.passage_ids(["NCT00000002"]))) == 3
    assert "faiss" not in sys.modules
    library.search_vectors(vector, 3)
    assert "faiss" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
