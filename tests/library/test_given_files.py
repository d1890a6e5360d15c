"""An ingest of given files into a large library looks at those alone, and at all files in a small one."""

from __future__ import annotations

from pathlib import Path

import pytest

from digestqa.library import IngestReport, given_files, ingest
from library.library_stand import Place, StandInEncoder, page


def ingest_given(place: Place, *given: Path) -> IngestReport:
    encoder = place.encoder
    return ingest(
        place.embeddings, place.seeds, load_encoder=encoder.load, export_encoder=encoder.export, given=list(given)
    )


@pytest.fixture
def large(built: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(given_files, "MANY_DIGESTS", 4)
    return built


def test_only_what_was_given_is_taken_up(large: Place) -> None:
    given = large.write("more/NCT00000009.txt", page(9))
    large.write("NCT00000010.txt", page(10))
    (large.seeds / "NCT00000001.txt").unlink()
    report = ingest_given(large, given)
    assert (report.added, report.removed, report.unchanged) == (1, 0, 0)
    with large.open() as library:
        assert "more/NCT00000009.txt" in {digest.path for digest in library.digests()}
        assert library.counts.digests == 6
    rest = large.ingest()
    assert (rest.added, rest.removed, rest.unchanged) == (1, 1, 5)
    assert large.verify() == []


def test_a_given_file_that_was_there_is_compared(large: Place) -> None:
    path = large.seeds / "NCT00000002.txt"
    assert not ingest_given(large, path).changed
    large.write("NCT00000002.txt", page(2, results="Another result."))
    report = ingest_given(large, path)
    assert (report.updated, report.added) == (1, 0)
    assert large.verify() == []


def test_the_list_of_refused_files_keeps_the_others(large: Place) -> None:
    large.write("bad.txt", "no digest")
    assert [file.path for file in large.ingest().refused] == ["bad.txt"]
    given = large.write("worse.txt", "no digest either")
    assert [file.path for file in ingest_given(large, given).refused] == ["bad.txt", "worse.txt"]
    large.write("worse.txt", page(9))
    assert [file.path for file in ingest_given(large, given).refused] == ["bad.txt"]
    assert large.sql("SELECT path FROM refused") == [("bad.txt",)]


def test_after_an_interrupted_ingest_all_files_are_looked_at(large: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from digestqa.library import embedding

    monkeypatch.setattr(embedding, "TEXTS_PER_BATCH", 4)
    for number in range(10, 14):
        large.write(f"NCT{number:08d}.txt", page(number))
    with pytest.raises(KeyboardInterrupt):
        large.ingest(StandInEncoder(stop_after=4))
    given = large.write("NCT00000020.txt", page(20))
    assert ingest_given(large, given).added == 5
    assert large.verify() == []


def test_in_a_small_library_all_files_are_looked_at(built: Place) -> None:
    given = built.write("NCT00000009.txt", page(9))
    built.write("NCT00000010.txt", page(10))
    assert ingest_given(built, given).added == 2
