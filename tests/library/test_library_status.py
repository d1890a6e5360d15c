from __future__ import annotations

import subprocess
import sys

from digestqa.library import library_status
from digestqa.library.schema import SCHEMA_VERSION
from library.library_stand import Place, page


def test_a_library_in_step_says_so(built: Place) -> None:
    status = library_status(built.embeddings, built.seeds)
    assert status.in_step
    assert (status.state, status.schema, status.counts.digests, status.writer) == (1, SCHEMA_VERSION, 5, "")
    assert (status.index, status.index_state, status.index_behind) == ("ready", 1, 0)
    assert status.query_encoder_sound
    assert [file.name for file in status.query_encoder] == [
        "encoder-ca978112.onnx",
        "encoder-ca978112.tokenizer.json",
    ]
    encoder = status.identity["encoder"]
    assert isinstance(encoder, dict)
    assert encoder["name"] == "stand-in"
    assert status.size_bytes > 0
    assert status.built_at.startswith("20")


def test_what_is_new_changed_missing_refused_and_superseded_is_listed(built: Place) -> None:
    built.write("bad.txt", "")
    built.write("older.txt", page(4, ingested="2020-01-01"))
    built.ingest()
    built.write("NCT00000009.txt", page(9))
    built.write("NCT00000001.txt", page(1, results="Another result was found."))
    (built.seeds / "NCT00000002.txt").unlink()
    (built.seeds / "NCT00000003.txt").touch()
    status = library_status(built.embeddings, built.seeds)
    assert status.new == ("NCT00000009.txt",)
    assert status.changed == ("NCT00000001.txt",)
    assert status.missing == ("NCT00000002.txt",)
    assert [file.path for file in status.refused] == ["bad.txt"]
    assert status.refused[0].first_seen
    assert [digest.path for digest in status.superseded] == ["older.txt"]
    assert not status.in_step


def test_a_mended_refused_file_is_new(built: Place) -> None:
    built.write("bad.txt", "")
    built.ingest()
    assert library_status(built.embeddings, built.seeds).in_step
    built.write("bad.txt", page(9))
    assert library_status(built.embeddings, built.seeds).new == ("bad.txt",)


def test_the_state_of_derived_files_is_told(built: Place) -> None:
    (index,) = built.index_files()
    index.write_bytes(b"x")
    (built.embeddings / "encoder-ca978112.onnx").unlink()
    status = library_status(built.embeddings, built.seeds)
    assert (status.index, status.query_encoder_sound) == ("damaged", False)
    index.unlink()
    assert library_status(built.embeddings, built.seeds).index == "missing"


def test_without_a_seeds_folder_everything_is_missing(built: Place) -> None:
    built.seeds.rename(built.root / "elsewhere")
    assert len(library_status(built.embeddings, built.seeds).missing) == 5


def test_status_and_an_ingest_without_changes_load_nothing_heavy(built: Place) -> None:
    """Invariant 8, for this room: in a process of its own, since other tests have loaded everything."""
    program = f"""
import sys
from pathlib import Path
from digestqa.library import Library, ingest, library_status, verify_library
embeddings, seeds = Path({str(built.embeddings)!r}), Path({str(built.seeds)!r})
library_status(embeddings, seeds)
assert not ingest(embeddings, seeds).changed
assert verify_library(embeddings, seeds) == []
with Library.open(embeddings, seeds) as library:
    library.digests()
    library.search_text(["patients"], 3)
heavy = {{"numpy", "faiss", "onnxruntime", "torch", "transformers", "sentence_transformers", "textual", "tokenizers"}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
