from __future__ import annotations

import contextlib
import json
import sqlite3

import pytest

from digestqa.library import Library, NameLink
from digestqa.library.catalog import know_folding
from digestqa.names import name_key
from library.library_stand import Place, as_schema_2, library_rows, page

CELLS = "We counted circulating tumor cells (CTCs) in 12 of 30 patients."


def links(library: Library, *names: str) -> list[tuple[str, str, str, int]]:
    found = library.name_links([name_key(name) for name in names])
    return [(link.short, link.long, link.kind, link.digests) for link in found if link.kind != "compound"]


def test_names_are_found_by_either_side_in_any_spelling(place: Place) -> None:
    place.write("one.txt", page(1, results=CELLS))
    place.ingest()
    with place.open() as library:
        wanted = [("CTCs", "circulating tumor cells", "abbreviation", 1)]
        for name in ("CTC", "ctcs", "Circulating tumour cells", "circulating-tumor cell"):
            assert links(library, name) == wanted, name
        assert links(library, "DNA") == []
        assert library.name_links([]) == []
        assert NameLink("CTCs", "ctc", "circulating tumor cells", "circulatingtumorcell", "abbreviation", 1) in (
            library.all_name_links()
        )


def test_a_link_counts_the_digests_that_give_it_and_the_commonest_comes_first(place: Place) -> None:
    for number in (1, 2):
        place.write(f"{number}.txt", page(number, results="Progressive disease (PD) was seen in 3 patients."))
    place.write("3.txt", page(3, results="The pharmacodynamics (PD) were studied in 3 patients."))
    place.ingest()
    with place.open() as library:
        assert links(library, "PD") == [
            ("PD", "Progressive disease", "abbreviation", 2),
            ("PD", "pharmacodynamics", "abbreviation", 1),
        ]


def test_a_name_keeps_its_place_in_the_digest(place: Place) -> None:
    path = place.write("one.txt", page(1, results=CELLS))
    place.ingest()
    with place.open() as library:
        (digest,) = library.digests()
        (name,) = [name for name in library.digest_names(digest.id) if name.kind == "abbreviation"]
    text = path.read_text(encoding="utf-8")
    assert text[name.start : name.end] == "circulating tumor cells (CTCs)"
    assert (name.where, name.short_key) == ("Results", "ctc")


def test_names_go_and_come_with_their_digests(place: Place) -> None:
    path = place.write("one.txt", page(1, results=CELLS))
    place.write("two.txt", page(2))
    place.ingest()
    path.write_text(page(1, results="Overall survival (OS) was long in 12 of 30 patients."), encoding="utf-8")
    place.ingest()
    with place.open() as library:
        assert links(library, "CTC") == []
        assert links(library, "OS") == [("OS", "Overall survival", "abbreviation", 1)]
    path.unlink()
    place.ingest()
    with place.open() as library:
        assert links(library, "OS") == []
    assert place.verify() == []


def test_a_superseded_digest_teaches_no_names(place: Place) -> None:
    place.write("old.txt", page(1, results=CELLS, ingested="2026-01-01"))
    place.write("new.txt", page(1, ingested="2026-04-16"))
    place.ingest()
    with place.open() as library:
        assert links(library, "CTC") == []
    (place.seeds / "new.txt").unlink()
    place.ingest()
    with place.open() as library:
        assert len(links(library, "CTC")) == 1


def test_a_rebuild_and_an_ingest_learn_the_same_names(place: Place) -> None:
    place.write("one.txt", page(1, results=CELLS))
    place.ingest()
    before = library_rows(place.embeddings)["names"]
    place.rebuild()
    assert library_rows(place.embeddings)["names"] == before != []


@pytest.mark.parametrize("wanted", ["thymosin-alpha-1", "Tα1", "ta1", "thymalfasin", "Thymosin α1", "thymosin"])
def test_a_filter_by_compound_takes_any_of_its_names(place: Place, wanted: str) -> None:
    place.write("one.txt", page(1, results="Thymosin alpha 1 (Tα1) was given to 30 patients."))
    place.write("two.txt", page(2, results="Thymosin alpha-1, also known as thymalfasin, was given to 20 patients."))
    place.write("three.txt", page(3, compound="semaglutide", results="Semaglutide (SEMA) was given to 20 patients."))
    place.ingest()
    with place.open() as library:
        passages = library.passages(library.passage_ids(compounds=[wanted]))
        assert {passage.digest.path for passage in passages} == {"one.txt", "two.txt"}
        assert not len(library.passage_ids(compounds=["zelanide"]))
        named = library.compound_digests([name_key(wanted)])
        assert len(named) == (0 if wanted == "thymosin" else 2)


def test_verify_finds_a_name_that_was_tampered_with(built: Place) -> None:
    built.sql("UPDATE names SET long = 'another' WHERE id = 1")
    assert any("names are not the digest's" in problem.what for problem in built.verify())


def test_verify_finds_names_of_no_digest(built: Place) -> None:
    built.sql(
        "INSERT INTO names SELECT 999, 999, short, short_key, long, long_key, kind, place, 0, 1 FROM names LIMIT 1"
    )
    assert any("names of no digest" in problem.what for problem in built.verify())


# Full text, folded


def test_full_text_finds_a_word_in_any_spelling(place: Place) -> None:
    sentence = "Tα1 at 1.6 mg/m² shrank the tumour in Phase II over five years (≥55%) in HER2-positive disease."
    place.write("one.txt", page(1, results=sentence))
    place.ingest()
    for term in ("Ta1", "T-alpha-1", "mg/m2", "tumor", "phase 2", "5-yr", "HER-2 positive", "TUMOURS"):
        assert place.texts_found(term) == {sentence}, term


def test_names_of_one_thing_count_as_one_term(place: Place) -> None:
    both = "Circulating tumor cells (CTCs) were counted."
    place.write("both.txt", page(1, results=both))
    place.write("long.txt", page(2, results="Circulating tumor cells now were counted."))
    place.write("other.txt", page(3, results="Nothing was counted, or hardly anything was."))
    place.ingest()
    with place.open() as library:
        hits = library.search_text([("CTC", "circulating tumor cells")], 10)
        found = {library.passages([hit.passage_id])[0].digest.path: hit.score for hit in hits}
        assert found.keys() == {"both.txt", "long.txt"}
        once = library.search_text([("circulating tumor cells", "xyzzy")], 10)
        alone = library.search_text(["circulating tumor cells"], 10)
        # A name that is nowhere changes nothing.
        assert [hit.passage_id for hit in alone] == [hit.passage_id for hit in once]
        assert [hit.score for hit in alone] == pytest.approx([hit.score for hit in once])
        # The passage with both names does not beat the other by a second count.
        assert found["both.txt"] < 1.5 * found["long.txt"]
        # As part of a question, beside other words, within given passages, and with everything required.
        ids = [hit.passage_id for hit in hits]
        beside = library.search_text(["counted", ("CTC", "circulating tumor cells")], 10)
        assert {hit.passage_id for hit in beside[:2]} == set(ids)
        assert [hit.passage_id for hit in library.search_text([("CTC", "cells"), "counted"], 5, ids[:1])] == ids[:1]
        everything = library.search_text([("CTC", "circulating tumor cells"), "now"], 10, operator="AND")
        assert len(everything) == 1


# Migration


def as_schema_1(place: Place) -> None:
    """Turn a library into what the program of schema version 1 would have left."""
    as_schema_2(place)
    with contextlib.closing(know_folding(sqlite3.connect(place.catalog))) as connection:
        columns = "text, headline, section, study_words"
        tokenizer = "porter unicode61 remove_diacritics 2"
        connection.executescript(
            f"""DROP TABLE names; DROP TABLE staged_names; DROP TABLE passages_fts; DROP VIEW passage_texts;
            CREATE VIEW passage_texts AS
                SELECT passages.id AS id,
                       substr(texts.text, start_char + 1, end_char - start_char) AS text,
                       headline, sections.name AS section,
                       source || ' ' || coalesce(compound, '') || ' ' || coalesce(official_title, '') AS study_words
                FROM passages JOIN digests ON digests.id = passages.digest_id
                JOIN texts ON texts.digest_id = passages.digest_id JOIN sections ON sections.id = passages.section_id
                WHERE digests.current;
            CREATE VIRTUAL TABLE passages_fts USING fts5(
                {columns}, content='passage_texts', content_rowid='id', tokenize='{tokenizer}');
            INSERT INTO passages_fts (rowid, {columns}) SELECT id, {columns} FROM passage_texts ORDER BY id;
            PRAGMA user_version = 1;"""
        )
        (value,) = connection.execute("SELECT value FROM meta WHERE key = 'identity'").fetchone()
        identity = json.loads(value)
        identity["schema"] = 1
        del identity["index"]["naming_rules"]
        connection.execute("UPDATE meta SET value = ? WHERE key = 'identity'", (json.dumps(identity),))
        connection.commit()


def test_a_library_of_schema_1_learns_its_names_without_embedding_anything(place: Place) -> None:
    from library.library_stand import StandInEncoder

    place.write("one.txt", page(1, results=f"{CELLS} The tumour shrank."))
    place.write("two.txt", page(2))
    place.write("old.txt", page(2, ingested="2025-01-01"))
    place.ingest()
    wanted = library_rows(place.embeddings)
    as_schema_1(place)
    encoder = StandInEncoder()
    report = place.ingest(encoder)
    assert (encoder.loads, encoder.texts, report.embedded, report.unchanged) == (0, [], 0, 3)
    assert library_rows(place.embeddings) == wanted
    assert place.verify() == []
    assert place.texts_found("tumor")
    place.write("three.txt", page(3))
    assert place.ingest().added == 1
    assert place.verify() == []


def test_what_schema_1_had_staged_is_read_again(place: Place) -> None:
    place.write_pages(2)
    place.ingest()
    as_schema_1(place)
    columns = "path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns, study, source, headline, layout, facts, text"
    place.sql(f"INSERT INTO staged_digests ({columns}) VALUES ('x.txt', '', 0, 0, 0, 0, 0, '', '', '', 'A', '[]', '')")
    place.ingest()
    assert place.sql("SELECT count(*) FROM staged_digests") == [(0,)]
    assert len(place.sql("SELECT DISTINCT digest_id FROM names")) == 2


def test_a_reader_of_schema_1_is_told_to_ingest(place: Place) -> None:
    from digestqa.errors import LibraryMismatchError

    place.write_pages(1)
    place.ingest()
    as_schema_1(place)
    with pytest.raises(LibraryMismatchError, match="older schema version 1") as caught:
        place.open()
    assert "digestqa ingest" in caught.value.hint
