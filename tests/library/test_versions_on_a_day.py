"""What a library answers as of a day is what one answers that was built from the versions of that day alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from digestqa.errors import UsageError
from digestqa.library import Library
from library.library_stand import Place, library_rows, page

DAYS = ("2026-01-31", "2026-02", "2026-03-05", "2026")
WORDS = ("finding", "patients", "version", "may change")


@pytest.fixture
def versions(place: Place) -> Place:
    """Three studies in several versions, one in one, one without an ingest date."""
    for study, months in ((1, (1, 2, 3)), (2, (1, 3)), (3, (2, 4)), (4, (1,))):
        for month in months:
            text = page(
                study, results=f"Version {month} has the finding {study}{month}%.", ingested=f"2026-0{month}-05"
            )
            place.write(f"NCT{study:08d}-{month}.txt", text)
    undated = page(5, results="An undated finding.").replace(" · Ingested 2026-04-16", "")
    place.write("undated.txt", undated)
    place.ingest()
    return place


def built_of_the_versions_until(day: str, place: Place, root: Path) -> Place:
    other = Place(root)
    other.root.mkdir()
    shutil.copytree(place.seeds, other.seeds)
    for path in other.seeds.iterdir():
        month = path.stem[-1]
        if month.isdigit() and f"2026-0{month}-05"[: len(day)] > day:
            path.unlink()
    other.ingest()
    return other


def answers(library: Library, place: Place) -> dict[str, object]:
    """Return all that a library says, without the numbers of rows."""

    def told(ids: list[int]) -> list[tuple[str, int, str]]:
        return [(passage.digest.path, passage.ordinal, passage.text) for passage in library.passages(ids)]

    def paths(ids: Iterable[int]) -> list[str]:
        return sorted(record.path for record in library.digest_records(ids).values())

    found: dict[str, object] = {
        "digests": [(digest.path, digest.current) for digest in library.digests()],
        "sources": library.sources(),
        "versions": [digest.path for digest in library.find_digests("NCT00000001")],
        "passages": told(library.passage_ids().tolist()),
        "of a study": told(library.passage_ids(["NCT00000003"]).tolist()),
        "since": told(library.passage_ids(since="2024").tolist()),
        "names": library.all_name_links(),
        "compound": paths(library.compound_digests(["thymosina1"])),
        "counts": library.counts,
    }
    for word in WORDS:
        hits = library.search_text([word], 100)
        found[f"hits {word}"] = told([hit.passage_id for hit in hits])
        found[f"scores {word}"] = [round(hit.score, 9) for hit in hits]
        found[f"digests {word}"] = [paths(ids) for ids in library.term_digests(word)]
        nearest = library.search_vectors(place.encoder.encode_query(word), 5)
        found[f"nearest {word}"] = told([hit.passage_id for hit in nearest])
        found[f"cosines {word}"] = [round(hit.score, 5) for hit in nearest]
        ids = library.passage_ids(["NCT00000001", "NCT00000002"])
        found[f"within {word}"] = told([hit.passage_id for hit in library.search_text([word], 9, ids)])
    return found


@pytest.mark.parametrize("day", DAYS)
def test_it_answers_as_a_library_of_the_versions_of_that_day(versions: Place, tmp_path: Path, day: str) -> None:
    other = built_of_the_versions_until(day, versions, tmp_path / "other")
    before = library_rows(versions.embeddings)
    with Library.open(versions.embeddings, versions.seeds, as_of=day) as library, other.open() as wanted:
        assert answers(library, versions) == answers(wanted, versions)
        assert not library.refresh()
        assert answers(library, versions) == answers(wanted, versions)
    assert library_rows(versions.embeddings) == before


def test_on_no_day_does_a_later_version_answer(versions: Place) -> None:
    with Library.open(versions.embeddings, versions.seeds, as_of="2026-02-05") as library:
        texts = {passage.text for passage in library.passages(library.passage_ids().tolist())}
        found = {text for text in texts if "finding" in text}
        assert found == {
            "Version 2 has the finding 12%.",
            "Version 1 has the finding 21%.",
            "Version 2 has the finding 32%.",
            "Version 1 has the finding 41%.",
            "An undated finding.",
        }
        assert [digest.ingested for digest in library.find_digests("NCT00000001")] == ["2026-02-05", "2026-01-05"]


def test_a_day_before_any_version_is_told_with_the_first(place: Place) -> None:
    place.write_pages(2)
    place.ingest()
    with pytest.raises(UsageError) as caught:
        Library.open(place.embeddings, place.seeds, as_of="2025-12")
    assert "2025-12" in caught.value.message
    assert "2026-04-16" in caught.value.hint


def test_what_is_no_date_counts_as_no_ingest_date(place: Place) -> None:
    place.write("new.txt", page(1, results="The new finding.", ingested="2026-01-01"))
    place.write("odd.txt", page(1, results="The odd finding.", ingested="yesterday evening"))
    place.ingest()
    assert place.texts_found("finding") == {"The new finding."}
    with Library.open(place.embeddings, place.seeds, as_of="2025") as library:
        assert [digest.path for digest in library.digests()] == ["odd.txt"]
