from __future__ import annotations

import os

import pytest

from library.library_stand import Place, StandInEncoder, library_rows, page


def current_paths(place: Place) -> list[str]:
    with place.open() as library:
        return [digest.path for digest in library.digests(superseded=False)]


def test_of_two_digests_of_one_study_the_newer_ingest_date_is_current_and_both_are_kept(place: Place) -> None:
    place.write("old.txt", page(1, results="The old finding was 11%.", ingested="2026-04-16"))
    place.write("new.txt", page(1, results="The new finding was 22%.", ingested="2026-05-01"))
    report = place.ingest()
    assert report.superseded == 1
    assert current_paths(place) == ["new.txt"]
    assert place.texts_found("finding") == {"The new finding was 22%."}
    with place.open() as library:
        assert [digest.path for digest in library.digests()] == ["new.txt", "old.txt"]
        assert [digest.path for digest in library.find_digests("NCT00000001")] == ["new.txt", "old.txt"]
        ids = [hit.passage_id for hit in library.search_vectors(place.encoder.encode_query("x"), 100)]
        assert {passage.digest.path for passage in library.passages(ids)} == {"new.txt"}
        assert {passage.digest.path for passage in library.passages(library.passage_ids(["nct00000001"]))} == {
            "new.txt"
        }
    assert place.verify() == []


@pytest.mark.parametrize(
    ("first", "second", "current"),
    [
        ({"ingested": "2026-04-16"}, {"ingested": "2026-04-17"}, "b.txt"),
        ({"ingested": "2026-04-18"}, {"ingested": "2026-04-17"}, "a.txt"),
        ({"ingested": "2026"}, {"ingested": "2026-04-17"}, "b.txt"),
        ({"ingested": "last week"}, {"ingested": "2026-04-17"}, "b.txt"),
        ({"date": "2025-01-01"}, {"date": "2024-01-01"}, "a.txt"),
        ({}, {}, "a.txt"),
    ],
)
def test_of_one_ingest_date_the_file_that_changed_last_is_current(
    place: Place, first: dict[str, str], second: dict[str, str], current: str
) -> None:
    older = place.write("b.txt", page(1, results="Second.", **second))
    newer = place.write("a.txt", page(1, results="First.", **first))
    os.utime(older, ns=(0, 1_700_000_000_000_000_000))
    os.utime(newer, ns=(0, 1_700_000_000_000_000_001))
    place.ingest()
    assert current_paths(place) == [current]


def test_a_file_that_is_touched_becomes_the_newest_of_its_day(place: Place) -> None:
    for name, results in (("a.txt", "The finding was 1%."), ("b.txt", "The finding was 2%.")):
        os.utime(place.write(name, page(1, results=results)), ns=(0, 1_700_000_000_000_000_000))
    place.ingest()
    assert current_paths(place) == ["a.txt"]
    (place.seeds / "b.txt").touch()
    encoder = StandInEncoder()
    assert place.ingest(encoder).updated == 0
    assert current_paths(place) == ["b.txt"]
    assert place.texts_found("finding") == {"The finding was 2%."}
    assert encoder.texts == []
    assert place.verify() == []
    assert not place.ingest().changed


def test_a_copy_is_no_new_version(place: Place) -> None:
    for moment, name, results in (
        (1, "b.txt", "Old."),
        (2, "c.txt", "New."),
        (3, "a.txt", "Old."),
        (4, "d.txt", "New."),
    ):
        file = place.write(name, page(1, results=f"The finding is {results}"))
        os.utime(file, ns=(0, 1_700_000_000_000_000_000 + moment))
        place.ingest()
    assert current_paths(place) == ["c.txt"]


def test_when_the_current_one_goes_the_older_one_answers_again_without_embedding(place: Place) -> None:
    place.write("old.txt", page(1, results="The old finding was 11%.", ingested="2026-04-16"))
    place.ingest()
    alone = library_rows(place.embeddings)
    place.write("new.txt", page(1, results="The new finding was 22%.", ingested="2026-05-01"))
    place.ingest()
    (place.seeds / "new.txt").unlink()
    encoder = StandInEncoder()
    report = place.ingest(encoder)
    assert (report.removed, encoder.loads) == (1, 0)
    assert place.texts_found("finding") == {"The old finding was 11%."}
    with place.open() as library:
        found = library.search_vectors(place.encoder.encode_query("x"), 100)
        assert len(found) == len({hit.passage_id for hit in found}) == library.counts.passages
    assert place.verify() == []
    assert library_rows(place.embeddings) == alone


def test_files_that_name_no_study_are_never_versions_of_each_other(place: Place) -> None:
    text = "A Headline About Something\n\nBackground\n\nThis folder is {}.\n\nResults\n\nNothing was found there.\n"
    place.write("one/notes.txt", text.format("one"))
    place.write("two/notes.txt", text.format("two"))
    report = place.ingest()
    assert (report.added, report.superseded) == (2, 0)
    assert current_paths(place) == ["one/notes.txt", "two/notes.txt"]


def test_verify_finds_an_older_version_that_answers_for_a_newer_one(place: Place) -> None:
    place.write("old.txt", page(1, results="The old finding was 11%.", ingested="2026-04-16"))
    place.write("new.txt", page(1, results="The new finding was 22%.", ingested="2026-05-01"))
    place.ingest()
    assert place.verify() == []
    place.sql("UPDATE digests SET ingested = '2026-06-01' WHERE path = 'old.txt'")
    assert any("newest version" in problem.what for problem in place.verify())


def test_versions_without_a_footer_are_told_by_the_id_in_their_files_names(place: Place) -> None:
    plain = "Head Line\nBackground\nFew choices were left.\nResults\nThe rate fell by {} percent."
    first = place.write("NCT00000001.txt", plain.format(5))
    second = place.write("NCT00000001-1a2b3c4d.txt", plain.format(6))
    os.utime(first, ns=(10**18, 10**18))
    os.utime(second, ns=(10**18 + 10**12, 10**18 + 10**12))
    place.ingest()
    with place.open() as library:
        assert [record.source for record in library.find_digests("NCT00000001")] == ["NCT00000001"] * 2
        assert library.counts.superseded == 1
    assert place.texts_found("percent") == {"The rate fell by 6 percent."}
    assert place.verify() == []
