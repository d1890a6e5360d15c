from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digestqa.library import fts_query
from digestqa.library.text_search import MAX_TERMS
from library.library_stand import Place, page


def found(place: Place, *terms: str) -> list[str]:
    with place.open() as library:
        hits = library.search_text(terms, 100)
        return [passage.text for passage in library.passages([hit.passage_id for hit in hits])]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("words"))
    place.write(
        "NCT00000001.txt",
        page(1, results='The naïve cells rose. Tα1 was given "daily" at 1.6 mg. Survival improved (HR 0.73).'),
    )
    place.write("NCT00000002.txt", page(2, results="Nothing improves. A placebo was given twice weekly."))
    place.ingest()
    return place


def test_words_are_found_whatever_their_case_accents_and_endings(words: Place) -> None:
    for term in ("naive", "NAÏVE", "improving", "TΑ1", "survived", "0.73", "mg"):
        assert any("naïve" in text for text in found(words, term)), term


def test_several_words_in_one_term_are_a_phrase(words: Place) -> None:
    assert found(words, "twice weekly")
    assert not found(words, "weekly twice")


@pytest.mark.parametrize(
    "term",
    [
        '"',
        '""',
        "'",
        "*",
        "a*",
        "NEAR(",
        "text:",
        "AND",
        "OR NOT",
        "-",
        "^",
        "(",
        "{",
        "\\",
        "\0",
        "a\0b",
        "",
        " ",
        "—",
        "\ud800",
        "💊",
        "; DROP TABLE passages",
        "col : x",
        'x" OR "y',
    ],
)
def test_no_term_is_taken_for_query_syntax(words: Place, term: str) -> None:
    with words.open() as library:
        library.search_text([term], 5)
        library.search_text([term, "placebo"], 5, operator="AND")
        assert library.search_text([term, "placebo"], 5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=5))
def test_any_terms_can_be_looked_for(words: Place, terms: list[str]) -> None:
    with words.open() as library:
        library.search_text(terms, 3)
        library.search_text(terms, 3, operator="AND")


def test_terms_are_limited_and_counted_once() -> None:
    assert fts_query(["a", "a", "b"]) == '"a" OR "b"'
    assert fts_query(["a", "b"], "AND") == '"a" AND "b"'
    assert fts_query(["...", ""]) == ""
    assert fts_query(str(number) for number in range(1000)).count("OR") == MAX_TERMS - 1


@pytest.mark.parametrize("few", [0, 10**9])
def test_a_filter_is_applied_before_the_best_are_chosen(
    place: Place, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("digestqa.library.text_search.FEW_IDS", few)
    place.write_pages(20)
    place.ingest()
    with place.open() as library:
        everything = library.search_text(["patients", "case"], 1000)
        worst = everything[-1]
        assert library.search_text(["patients", "case"], 1, [worst.passage_id]) == [worst]
        within = [*(hit.passage_id for hit in everything[10:]), 10**9]
        assert library.search_text(["patients", "case"], 3, within) == everything[10:13]
        assert library.search_text(["patients", "case"], 3, []) == []


def test_the_best_come_first_and_equals_in_the_order_of_ids(place: Place) -> None:
    place.write_pages(10)
    place.ingest()
    with place.open() as library:
        hits = library.search_text(["patients"], 100)
    assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))
    assert hits[0].score > 0


def test_no_term_no_hit(words: Place) -> None:
    with words.open() as library:
        assert library.search_text([], 5) == []
        assert library.search_text(["placebo"], 0) == []
