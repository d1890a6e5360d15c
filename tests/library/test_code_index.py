"""The index of a large library: exact scores, a recall of at least 0.98, exact filters, nothing taken from damage."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from digestqa.library import code_index
from digestqa.library.code_index import CodeIndex
from digestqa.library.facts import IndexRecord
from digestqa.library.index_rows import IndexRows, sorted_ids
from digestqa.library.records import StoredFile
from digestqa.library.stored_vectors import OpenVectors
from digestqa.library.vector_files import VectorFile
from digestqa.library.vector_index import load_index, publish_file

DIMENSION = 64
COUNT = 20_000
VOLUME = 3
FIRST = VOLUME << 32


def near_ones(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Return unit vectors in clouds around 200 middles, as passages of a few subjects lie."""
    chance = np.random.default_rng(seed)
    middles = np.random.default_rng(99).standard_normal((200, DIMENSION))
    vectors = middles[chance.integers(0, 200, count)] + 0.7 * chance.standard_normal((count, DIMENSION))
    unit: NDArray[np.float32] = np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
    return unit


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenVectors]:
    folder = tmp_path_factory.mktemp("vectors")
    (folder / "vectors-00000000.f16").write_bytes(near_ones(COUNT).astype("<f2").tobytes())
    opened = OpenVectors(folder, [VectorFile(VOLUME, "vectors-00000000.f16", COUNT, 2 * DIMENSION)])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def rows() -> IndexRows:
    """Passages 1 to 20,000, the last hundred of which share the vectors of the first hundred."""
    vector_ids = FIRST + np.arange(COUNT)
    vector_ids[-100:] = FIRST + np.arange(100)
    return IndexRows.sorted(np.arange(1, COUNT + 1), vector_ids)


@pytest.fixture(scope="module")
def index(stored: OpenVectors, rows: IndexRows) -> CodeIndex:
    return CodeIndex.build(stored, rows, DIMENSION, 1)


def exact(rows: IndexRows, vector: np.ndarray, k: int) -> list[tuple[int, float]]:
    vectors = near_ones(COUNT).astype("<f2").astype(np.float32)
    scores = np.round((vectors[rows.vector_ids - FIRST] @ vector).astype(np.float64), 6)
    order = np.lexsort((rows.passage_ids, -scores))[:k]
    return [(int(rows.passage_ids[place]), float(scores[place])) for place in order]


def test_98_of_100_of_the_best_are_found_with_their_exact_scores(
    index: CodeIndex, stored: OpenVectors, rows: IndexRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_index, "CANDIDATES", 400)
    right = 0
    for question in near_ones(50, seed=1):
        found = index.search(stored, question, 10, None, None)
        wanted = exact(rows, question, 10)
        right += len({passage for passage, _ in found} & {passage for passage, _ in wanted})
        score_of = dict(exact(rows, question, COUNT))
        assert all(score == pytest.approx(score_of[passage], abs=2e-6) for passage, score in found)
        assert found == sorted(found, key=lambda item: (-item[1], item[0]))
    assert right >= 0.98 * 500


@pytest.mark.parametrize("k", [1, 10, 3000])
def test_within_a_filter_and_for_very_many_results_the_search_is_exact(
    index: CodeIndex, stored: OpenVectors, rows: IndexRows, k: int
) -> None:
    chance = np.random.default_rng(2)
    for share in (0.002, 0.1, 0.6, 1.0):
        within = sorted_ids(np.flatnonzero(chance.random(COUNT) < share) + 1)
        question = near_ones(1, seed=5)[0]
        without = within[::3]
        wanted = exact(rows.restricted(within, without), question, k)
        found = index.search(stored, question, k, within, without)
        assert [score for _, score in found] == pytest.approx([score for _, score in wanted], abs=2e-6)
        assert len({passage for passage, _ in found} ^ {passage for passage, _ in wanted}) <= 2
    everything = index.search(stored, question, 3000, None, None)
    assert [score for _, score in everything] == pytest.approx([s for _, s in exact(rows, question, 3000)], abs=2e-6)


def test_passages_of_one_text_are_all_found(index: CodeIndex, stored: OpenVectors) -> None:
    question = near_ones(COUNT)[7]
    first, second = index.search(stored, question, 2, None, None)
    assert (first[0], second[0]) == (8, COUNT - 100 + 8)
    assert first[1] == second[1]


def test_removed_passages_are_left_out(index: CodeIndex, stored: OpenVectors) -> None:
    question = near_ones(COUNT)[7]
    gone = np.array([8, COUNT - 100 + 8, 10**9])
    found = index.search(stored, question, 10, None, gone)
    assert len(found) == 10
    assert not {passage for passage, _ in found} & set(gone.tolist())
    nearly_all = np.arange(1, COUNT - 4)
    assert {passage for passage, _ in index.search(stored, question, 10, None, nearly_all)} == set(
        range(COUNT - 4, COUNT + 1)
    )


def test_the_same_vectors_make_the_same_file(index: CodeIndex, stored: OpenVectors, rows: IndexRows) -> None:
    one, other = io.BytesIO(), io.BytesIO()
    index.write(one)
    CodeIndex.build(stored, rows, DIMENSION, 1).write(other)
    assert one.getvalue() == other.getvalue()


def test_a_published_index_is_loaded_and_a_damaged_one_is_not(
    index: CodeIndex, stored: OpenVectors, tmp_path: Path
) -> None:
    path = tmp_path / "vectors-1.faiss"
    record = publish_file(index, path)
    assert (record.state, record.count) == (1, COUNT)
    loaded = load_index(tmp_path, record, DIMENSION)
    assert isinstance(loaded, CodeIndex)
    question = near_ones(1, seed=8)[0]
    assert loaded.search(stored, question, 10, None, None) == index.search(stored, question, 10, None, None)
    assert load_index(tmp_path, record, DIMENSION * 2) is None
    assert load_index(tmp_path, replace(record, count=record.count - 1), DIMENSION) is None
    whole = path.read_bytes()
    for contents in (whole[:-1], whole[:100], whole[:-COUNT] + b"\xff" * COUNT, b""):
        path.write_bytes(contents)
        # As large files are judged, which are not hashed.
        size = len(contents)
        unhashed = IndexRecord(StoredFile(path.name, size, 0, ""), 1, COUNT)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("digestqa.library.vector_index.WHOLE_HASH_BYTES", -1)
            assert load_index(tmp_path, unhashed, DIMENSION) is None


def test_more_dimensions_than_a_code_holds_are_told_apart_in_equal_parts(tmp_path: Path) -> None:
    for dimension in (6, 30, 50):
        vectors = np.random.default_rng(1).standard_normal((500, dimension)).astype("<f2")
        (tmp_path / "vectors-00000000.f16").write_bytes(vectors.tobytes())
        opened = OpenVectors(tmp_path, [VectorFile(1, "vectors-00000000.f16", 500, 2 * dimension)])
        rows = IndexRows(np.arange(500), (1 << 32) + np.arange(500))
        index = CodeIndex.build(opened, rows, dimension, 1)
        assert len(index.search(opened, np.ones(dimension, dtype=np.float32), 7, None, None)) == 7
        opened.close()


def test_rows_are_read_right_however_they_lie(stored: OpenVectors) -> None:
    vectors = near_ones(COUNT).astype("<f2").astype(np.float32)
    chance = np.random.default_rng(4)
    for share in (0.0005, 0.01, 0.1, 0.5, 0.98, 1.0):
        places = np.flatnonzero(chance.random(COUNT) < share)
        chance.shuffle(places)
        assert np.array_equal(stored.vectors(FIRST + places, DIMENSION), vectors[places])
        question = near_ones(1, seed=3)[0]
        ids, scores = stored.best(question, 5, FIRST + np.sort(places))
        assert np.allclose(np.sort(scores), np.sort(vectors[places] @ question)[-5:], atol=1e-5)
        assert np.allclose(vectors[ids - FIRST] @ question, scores, atol=1e-5)
