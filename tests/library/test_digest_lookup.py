from __future__ import annotations

import pytest

from library.library_stand import Place, page


def test_the_nearest_ids_of_a_large_library_differ_in_a_character(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (12345678, 12345679, 22345678, 98765432):
        place.write(f"{number}.txt", page(number))
    place.ingest()
    with place.open() as library:
        small = library.nearest_sources("NCT12345670")
        monkeypatch.setattr("digestqa.library.digest_lookup.MOST_COMPARED", 2)
        assert set(library.nearest_sources("NCT12345670")) == set(small)
        assert "NCT22345678" in library.nearest_sources("NCT32345678", 1)
        assert library.nearest_sources("PMID:1") == []


def test_a_file_that_changed_or_went_is_not_fresh_among_many(built: Place) -> None:
    with built.open() as library:
        ids = {digest.path: digest.id for digest in library.digests()}
        assert library.fresh_digests(ids.values()) == frozenset(ids.values())
        built.write("NCT00000002.txt", "Something else.")
        (built.seeds / "NCT00000004.txt").unlink()
        fresh = library.fresh_digests([*ids.values(), 999])
        assert sorted(path for path, digest_id in ids.items() if digest_id in fresh) == [
            "NCT00000001.txt",
            "NCT00000003.txt",
            "NCT00000005.txt",
        ]


def test_digests_pass_the_filters_that_their_passages_pass(built: Place) -> None:
    with built.open() as library:
        for filters in ({}, {"sources": ["nct00000002"]}, {"compounds": ["thymosin"]}, {"since": "2030"}):
            passages = library.passages(library.passage_ids(**filters))
            assert library.digest_ids(**filters).tolist() == sorted({passage.digest.id for passage in passages})


def test_sentences_are_read_of_the_passages_that_hold_a_word_of_each_group(built: Place) -> None:
    with built.open() as library:
        ids = library.digest_ids().tolist()
        every = [passage.text for passage in library.sentences_of(ids)]
        assert len(every) == library.counts.passages
        told = list(library.sentences_of(ids[:2], [(("primary", "unheard"), ("reach*",)), (("unheard",),)]))
        assert [passage.digest_id for passage in told] == ids[:2]
        assert all("primary outcome was reached" in passage.text for passage in told)
        assert all(
            passage.text[start - passage.start : end - passage.start]
            for passage in told
            for start, end in passage.sentences
        )
