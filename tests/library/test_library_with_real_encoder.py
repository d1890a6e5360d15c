"""One library with the real encoder, from files to hits, in one process for building and another for asking."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from digestqa.encoders import DEFAULT_MODEL, load_query_encoder
from digestqa.library import Library, ingest, verify_library
from library.library_stand import Place, page

BUILD = """
import sys
from pathlib import Path
from digestqa.library import ingest
report = ingest(Path(sys.argv[1]), Path(sys.argv[2]))
assert report.embedded == report.passages > 0, report
"""


@pytest.mark.slow
def test_a_library_of_the_default_encoder_is_built_asked_and_verified(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write("NCT00000001.txt", page(1, results="The drug lowered blood pressure by 12 mmHg."))
    place.write("NCT00000002.txt", page(2, results="Children slept longer after the evening walks."))
    # In a process of its own: here, torch would be loaded beside the threads of other tests.
    subprocess.run([sys.executable, "-c", BUILD, str(place.embeddings), str(place.seeds)], check=True)
    assert verify_library(place.embeddings, place.seeds) == []
    assert not ingest(place.embeddings, place.seeds).changed
    with Library.open(place.embeddings, place.seeds, DEFAULT_MODEL) as library:
        assert library.query_encoder_files is not None
        assert library.identity.encoder is not None
        encoder = load_query_encoder(*library.query_encoder_files, library.identity.encoder)
        vector = encoder.encode_query("What happened to blood pressure?")
        (hit, *_) = library.search_vectors(vector, 5)
        (passage,) = library.passages([hit.passage_id])
        assert "blood pressure" in passage.text
        asked = encoder.encode_passages([f"{passage.context}: {passage.text}"])[0]
        assert float(asked @ library.vectors([passage.id])[0]) > 0.999
        assert np.isclose(np.linalg.norm(library.vectors([passage.id])[0]), 1.0, atol=1e-3)
