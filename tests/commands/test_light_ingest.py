"""What an ingest does not load: it pays only for change."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from digestqa.encoders import load_passage_encoder
from digestqa.library import Library
from shelf import Shelf

LOADED = """
import sys
from digestqa.cli import main
assert main(["ingest", "--quiet"]) == 0
print(*sorted({"torch", "sentence_transformers", "transformers", "numpy", "faiss", "onnxruntime"} & set(sys.modules)))
"""


def loaded_by_an_ingest(shelf: Shelf) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=shelf.folder, check=True, capture_output=True, encoding="utf-8"
    )
    return set(done.stdout.splitlines()[-1].split())


def test_an_ingest_that_finds_nothing_changed_loads_no_numeric_library(shelf: Shelf) -> None:
    assert loaded_by_an_ingest(shelf) == set()


def test_a_small_change_is_embedded_without_torch_and_into_the_same_vectors(shelf: Shelf) -> None:
    path = shelf.seeds / "NCT90000002.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("11 of 60", "13 of 61"), encoding="utf-8")
    assert not loaded_by_an_ingest(shelf) & {"torch", "sentence_transformers", "transformers"}
    with Library.open(shelf.embeddings, shelf.seeds) as library:
        ids = library.passage_ids(["NCT90000002"]).tolist()
        texts = [f"{passage.context}: {passage.text}" for passage in library.passages(ids)]
        vectors = library.vectors(ids)
        assert any("13 of 61" in text for text in texts)
    wanted = load_passage_encoder().encode_passages(texts)
    assert np.sum(vectors * wanted, axis=1).min() > 0.999
