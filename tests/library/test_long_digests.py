"""A digest as long as a book is taken up and taken out like a page, in a time that grows with its length alone."""

from __future__ import annotations

import time

import pytest

from digestqa.library import full_text_rows
from library.library_stand import Place, StandInEncoder, library_rows, page

TURNS = ("The finding of visit {} was Tα1 at {} %.", "Then 😀 — naïve cells of patient {} rose by {}.")


def book(sentences: int, number: int = 9, ingested: str = "2026-04-16") -> str:
    told = " ".join(TURNS[at % 2].format(at, at % 97) for at in range(sentences))
    return page(number, results=told, ingested=ingested)


@pytest.mark.parametrize("long_bytes", [0, 2_000])
def test_long_digests_come_to_the_same_library(
    place: Place, monkeypatch: pytest.MonkeyPatch, long_bytes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Place(tmp_path_factory.mktemp("other"))
    for each, limit in ((place, 10**9), (other, long_bytes)):
        monkeypatch.setattr(full_text_rows, "LONG_BYTES", limit)
        each.write_pages(3)
        each.write("book.txt", book(200))
        each.write("second.txt", book(150, number=8))
        each.ingest()
        # A newer version, a changed one, one that goes.
        each.write("newer.txt", book(180, ingested="2026-05-16"))
        each.write("second.txt", book(149, number=8))
        (each.seeds / "NCT00000002.txt").unlink()
        each.ingest()
        assert each.verify() == []
    assert library_rows(other.embeddings) == library_rows(place.embeddings)
    assert sorted(other.encoder.texts) == sorted(place.encoder.texts)


def test_what_each_passage_of_a_long_digest_costs_does_not_grow_with_it(place: Place) -> None:
    def seconds_a_passage(sentences: int) -> float:
        place.write("book.txt", book(sentences))
        encoder = StandInEncoder()
        began = time.process_time()
        passages = place.ingest(encoder).passages
        return (time.process_time() - began) / passages

    seconds_a_passage(200)
    short = min(seconds_a_passage(6_001), seconds_a_passage(6_000))
    assert seconds_a_passage(48_000) < 3 * short
