"""Of a large library BM25 scores only the passages that promise most: the same scores, nearly always the same ranks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from digestqa.library import Library
from digestqa.library.digest_ids import DigestIds
from library.library_stand import Place, page

if TYPE_CHECKING:
    from digestqa.library.vector_search import PassageIds

TERMS: tuple[list[str | tuple[str, ...]], ...] = (
    ["pain", "score"],
    ["HER2", "overall survival", "median"],
    [("OS", "overall survival"), "nausea"],
    [("thymosin-alpha-1", "Tα1"), "phase 2", "patients"],
    ["patients"],
    ["primary", "endpoint", "placebo", "rash", "naïve"],
)
_WORDS = (
    "pain score HER2 overall survival median OS nausea Tα1 phase II patients primary endpoint placebo rash naïve cells "
    "were treated with and of the a dose weekly improved hazard ratio arm grade III"
).split()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("many"))
    pick = random.Random(3)
    for number in range(1, 61):
        told = ". ".join(" ".join(pick.choices(_WORDS, k=pick.randrange(4, 14))) for _ in range(pick.randrange(2, 16)))
        place.write(f"NCT{number:08d}.txt", page(number, results=f"{told}."))
    place.ingest()
    return place


@pytest.fixture
def library(many: Place) -> Iterator[Library]:
    with many.open() as opened:
        yield opened


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every library count as large."""
    monkeypatch.setattr("digestqa.library.text_search.SCORED_WHOLLY", 0)


def found(
    library: Library, terms: list[str | tuple[str, ...]], within: PassageIds | None = None
) -> list[tuple[int, float]]:
    hits = library.search_text(terms, 1000, within)
    return [(hit.passage_id, round(hit.score, 9)) for hit in hits]


@pytest.mark.parametrize("terms", TERMS)
def test_passages_and_scores_are_those_of_the_full_text_index(
    library: Library, terms: list[str | tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dict(found(library, terms))
    monkeypatch.setattr("digestqa.library.text_search.SCORED_WHOLLY", 0)
    monkeypatch.setattr("digestqa.library.passage_scores.COMMON_SHARE", 1)
    monkeypatch.setattr("digestqa.library.passage_scores.SCORED", 10_000)
    # A word of more than half of all passages weighs next to nothing, whichever way it is reckoned.
    assert dict(found(library, terms)) == pytest.approx(whole, abs=1e-5)
    assert whole


@pytest.mark.parametrize("terms", TERMS[:4])
def test_of_few_passages_every_one_is_scored(
    library: Library, terms: list[str | tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    within = library.passage_ids(["NCT00000007", "NCT00000009"])
    whole = dict(found(library, terms, within))
    monkeypatch.setattr("digestqa.library.text_search.SCORED_WHOLLY", 0)
    assert dict(found(library, terms, within)) == pytest.approx(whole, abs=1e-5)


@pytest.mark.usefixtures("large")
def test_a_filter_is_exact_when_only_some_passages_are_scored(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digestqa.library.passage_scores.SCORED", 5)
    monkeypatch.setattr("digestqa.library.passage_scores.SHORTLISTED", 8)
    within = library.passage_ids(sections=["Results"])
    hits = found(library, ["HER2", "rash"], within)
    assert len(hits) == 5
    assert {passage_id for passage_id, _ in hits} <= set(within.tolist())


@pytest.mark.usefixtures("large")
def test_the_best_passages_are_among_those_that_promise_most(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    shares = []
    for terms in TERMS[:4]:
        monkeypatch.setattr("digestqa.library.passage_scores.SCORED", 10_000)
        whole = [passage_id for passage_id, _ in found(library, terms)][:5]
        monkeypatch.setattr("digestqa.library.passage_scores.SCORED", 25)
        some = {passage_id for passage_id, _ in found(library, terms)[:5]}
        shares.append(len(some.intersection(whole)) / len(whole))
    assert sum(shares) / len(shares) > 0.7


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("terms", [[], ["…"], ["unheard"], [("unheard", "unseen")]])
def test_without_a_known_word_nothing_is_found(library: Library, terms: list[str | tuple[str, ...]]) -> None:
    assert found(library, terms) == []


def test_a_word_of_too_many_passages_is_known_and_not_looked_up(library: Library) -> None:
    everywhere = library.term_digests("patients")[0]
    assert (everywhere.complete, len(everywhere)) == (True, 60)
    some, none = library.term_digests("patients", most=20)
    assert not some.complete
    assert 0 < len(some) <= 60
    assert (len(none), none.complete) == (0, False)
    assert library.term_digests("patients", most=10_000)[0].complete


def test_the_digests_of_many_passages_are_those_of_each(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one = list(library.term_digests("nausea")[0])
    monkeypatch.setattr("digestqa.library.word_postings.FEW_PASSAGES", 0)
    assert list(library.term_digests("nausea")[0]) == one_by_one


def test_sets_of_digests_know_their_members() -> None:
    some, others = DigestIds.of([5, 2, 9, 2]), DigestIds.of([9, 1])
    assert (list(some), len(some), 5 in some, 4 in some, 10 in some) == ([2, 5, 9], 3, True, False, False)
    assert list(some | others) == [1, 2, 5, 9]
    assert list(some & others) == [9]
    assert not DigestIds.of(())
    assert not (some & DigestIds(np.array([2]), complete=False)).complete


def test_a_large_library_looks_back_to_the_passages_of_the_day(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for study, months in ((1, (1, 2, 3)), (2, (1, 3)), (3, (2, 4)), (4, (1,)), (5, (4,))):
        for month in months:
            told = f"Version {month} has the finding {study}{month}. Nausea was mild."
            place.write(f"{study}-{month}.txt", page(study, results=told, ingested=f"2026-0{month}-05"))
    place.ingest()

    def answers() -> dict[str, object]:
        with Library.open(place.embeddings, place.seeds, as_of="2026-02") as library:
            ids = library.digest_ids().tolist()
            found: dict[str, object] = {"searched": [passage.text for passage in library.sentences_of(ids)]}
            for word in ("finding", "version 1", "nausea", "version 3", "study"):
                for within in (None, library.passage_ids(sections=["Results"])):
                    hits = library.search_text([word, "patients"], 100, within)
                    found[f"{word} {within}"] = sorted(hit.passage_id for hit in hits)
                both = library.search_text([word, "nausea"], 100, operator="AND")
                found[f"both {word}"] = sorted(hit.passage_id for hit in both)
                found[f"digests {word}"] = [list(each) for each in library.term_digests(word)]
            return found

    small = answers()
    monkeypatch.setattr("digestqa.library.passage_scores.COMMON_SHARE", 1)
    monkeypatch.setattr("digestqa.library.versions.SCORED_WHOLLY", 0)
    assert answers() == small
    monkeypatch.setattr("digestqa.library.text_search.SCORED_WHOLLY", 0)
    assert answers() == small
