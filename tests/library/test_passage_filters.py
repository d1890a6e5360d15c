from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from digestqa.library.filters import compound_matches
from library.library_stand import Place, page


@pytest.fixture(scope="module")
def library_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("filters"))
    place.write("one.txt", page(1, compound="thymosin-alpha-1", date="2024-06-30"))
    place.write("two.txt", page(2, compound="semaglutide", date="2016-01"))
    place.write("three.txt", page(3, compound="thymosin-beta-4", date="2025-01-15", source="pubmed:12345"))
    place.write(
        "plain.txt", "A Plain Page With No Tag\n\nBackground\n\nIt says little.\n\nResults\n\nIt found little.\n"
    )
    place.ingest()
    return place


def paths(
    place: Place, sources: Sequence[str] = (), compounds: Sequence[str] = (), since: str | None = None
) -> set[str]:
    with place.open() as library:
        ids = library.passage_ids(sources, (), compounds, since)
        assert ids.tolist() == sorted(set(ids.tolist()))
        return {passage.digest.path for passage in library.passages(ids)}


def test_no_filter_passes_everything(library_place: Place) -> None:
    with library_place.open() as library:
        assert len(library.passage_ids()) == library.counts.passages


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (["NCT00000001"], {"one.txt"}),
        (["nct00000001"], {"one.txt"}),
        (["NCT00000001", "PMID:12345"], {"one.txt", "three.txt"}),
        (["NCT0000000"], set()),
        (["NCT00000009"], set()),
    ],
)
def test_studies_are_matched_whole(library_place: Place, sources: list[str], found: set[str]) -> None:
    assert paths(library_place, sources=sources) == found


@pytest.mark.parametrize(
    ("compound", "found"),
    [
        ("thymosin-alpha-1", {"one.txt"}),
        ("Thymosin Alpha 1", {"one.txt"}),
        ("thymosin alpha1", {"one.txt"}),
        ("Thymosin α1", {"one.txt"}),
        ("THYMOSIN", {"one.txt", "three.txt"}),
        ("alpha-1", {"one.txt"}),
        ("thymosin-1", set()),
        ("thymo", set()),
        ("semaglutide", {"two.txt"}),
        ("%", set()),
    ],
)
def test_compounds_are_matched_by_their_words(library_place: Place, compound: str, found: set[str]) -> None:
    assert paths(library_place, compounds=[compound]) == found


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2024", {"one.txt", "three.txt"}),
        ("2024-06", {"one.txt", "three.txt"}),
        ("2024-06-30", {"one.txt", "three.txt"}),
        ("2024-07-01", {"three.txt"}),
        ("2016", {"one.txt", "two.txt", "three.txt"}),
        ("2016-01-20", {"one.txt", "two.txt", "three.txt"}),
        ("2016-02", {"one.txt", "three.txt"}),
        ("2030", set()),
    ],
)
def test_dates_are_compared_at_the_coarser_precision(library_place: Place, since: str, found: set[str]) -> None:
    assert paths(library_place, since=since) == found


@pytest.mark.parametrize(
    ("section", "headings"),
    [
        ("Results", {"Results"}),
        ("results", {"Results"}),
        ("RES", {"Results"}),
        ("why it", {"Why It Matters"}),
        ("matters", set()),
        ("header", {"header"}),
        ("%", set()),
        ("", set()),
    ],
)
def test_sections_are_matched_by_their_beginning(library_place: Place, section: str, headings: set[str]) -> None:
    with library_place.open() as library:
        ids = library.passage_ids(sections=[section])
        assert {passage.section for passage in library.passages(ids)} == headings


def test_kinds_are_joined_by_and(library_place: Place) -> None:
    with library_place.open() as library:
        ids = library.passage_ids(["NCT00000001", "NCT00000002"], ["Results", "Why"], ["thymosin"], "2020")
        assert {(passage.digest.path, passage.section) for passage in library.passages(ids)} == {
            ("one.txt", "Results"),
            ("one.txt", "Why It Matters"),
        }


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("NCT00000001", ["one.txt"]),
        ("nct 0000 0001", ["one.txt"]),
        ("PMID 12345", ["three.txt"]),
        ("plain.txt", ["plain.txt"]),
        ("plain", ["plain.txt"]),
        ("one.txt", ["one.txt"]),
        ("on_.txt", []),
        ("%", []),
        ("", []),
        ("NCT09999999", []),
    ],
)
def test_digests_are_found_by_study_path_or_name(library_place: Place, written: str, found: list[str]) -> None:
    with library_place.open() as library:
        assert [digest.path for digest in library.find_digests(written)] == found


def test_sources_are_listed(library_place: Place) -> None:
    with library_place.open() as library:
        assert {"NCT00000001", "NCT00000002", "PMID:12345"} <= set(library.sources())


def test_a_compound_is_its_words() -> None:
    assert compound_matches("Thymosin-Alpha-1", "thymosin α1")
    assert not compound_matches("semaglutide", "")
    assert not compound_matches("semaglutide", "---")


def test_a_digest_is_fresh_until_its_file_changes(tmp_path: Path) -> None:
    place = Place(tmp_path)
    path = place.write("NCT00000001.txt", page(1))
    place.ingest()
    with place.open() as library:
        (digest,) = library.digests()
        assert library.is_fresh(digest)
        path.touch()
        assert library.is_fresh(digest)
        path.write_text(page(1).replace("12 of", "13 of"), encoding="utf-8", newline="")
        assert not library.is_fresh(digest)
        path.unlink()
        assert not library.is_fresh(digest)
