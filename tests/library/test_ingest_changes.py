"""Invariants 4 and 6: rows change together, and only change is paid for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digestqa.errors import UsageError
from digestqa.passages import CHUNKER
from library.library_stand import Place, StandInEncoder, library_rows, page

THREE_SENTENCES = "The first finding stood at 10%. The second finding stood at 20%. The third finding stood at 30%."


def test_digests_are_taken_up_with_all_their_passages(place: Place) -> None:
    place.write("NCT00000001.txt", page(1))
    report = place.ingest()
    with place.open() as library:
        (digest,) = library.digests()
        passages = library.digest_passages(digest.id)
        text = library.digest_text(digest.id)
    assert (report.state, report.added, report.changed) == (1, 1, True)
    assert (digest.source, digest.registry, digest.compound) == ("NCT00000001", "clinicaltrials", "thymosin-alpha-1")
    assert (digest.date, digest.ingested, digest.digest_model) == ("2024-06-30", "2026-04-16", "gemini-2.5-flash")
    assert digest.url == "https://clinicaltrials.gov/study/NCT00000001"
    assert {"Background", "Results", "Why It Matters", "header", "footer"} == {passage.section for passage in passages}
    assert report.passages == report.embedded == len(passages)
    assert text == page(1)
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)
        assert passage.digest == digest


def test_a_second_ingest_finds_nothing_to_do_and_loads_no_encoder(built: Place) -> None:
    encoder = StandInEncoder()
    report = built.ingest(encoder)
    assert (report.changed, report.state, report.unchanged) == (False, 1, 5)
    assert encoder.loads == 0


@pytest.mark.parametrize("change", ["rename", "touch", "reorder", "copy to another folder", "change mode"])
def test_nothing_is_embedded_for_a_change_that_changes_no_text(built: Place, change: str) -> None:
    first, second = built.seeds / "NCT00000001.txt", built.seeds / "NCT00000002.txt"
    if change == "rename":
        first.rename(built.seeds / "other name.txt")
    elif change == "touch":
        os.utime(first, ns=(1, 1))
    elif change == "reorder":
        first.rename(built.seeds / "swap.txt")
        second.rename(first)
        (built.seeds / "swap.txt").rename(second)
    elif change == "copy to another folder":
        built.write("deep/er/NCT00000001.txt", page(1))
    else:
        first.chmod(0o600)
    encoder = StandInEncoder()
    built.ingest(encoder)
    assert encoder.texts == []
    assert encoder.loads == 0
    assert built.verify() == []


def test_one_edited_sentence_embeds_at_most_the_passages_that_hold_it(place: Place) -> None:
    sentences = [f"Finding number {number} stood at {number} percent in the treated group." for number in range(60)]
    place.write_pages(20)
    place.write("NCT00000099.txt", page(99, results=" ".join(sentences)))
    place.ingest()
    sentences[30] = "Finding number thirty was a surprise."
    place.write("NCT00000099.txt", page(99, results=" ".join(sentences)))
    encoder = StandInEncoder()
    report = place.ingest(encoder)
    holding = [text for text in encoder.texts if "was a surprise" in text]
    assert report.updated == 1
    assert report.embedded == len(encoder.texts)
    assert holding
    # Where a passage ends may shift by a sentence with the words before it, until the cuts fall in step again.
    assert len(encoder.texts) <= len(holding) + 1 + CHUNKER.overlap_sentences


def test_an_edit_that_leaves_the_cuts_embeds_exactly_the_passages_that_hold_it(place: Place) -> None:
    place.write("NCT00000001.txt", page(1, results=THREE_SENTENCES))
    place.ingest()
    place.write("NCT00000001.txt", page(1, results=THREE_SENTENCES.replace("20%", "25%")))
    encoder = StandInEncoder()
    place.ingest(encoder)
    assert [text.count("25%") for text in encoder.texts] == [1]


def test_the_same_text_in_two_digests_is_embedded_once(place: Place) -> None:
    place.write("a.txt", page(1))
    place.write("b.txt", page(1, ingested="2026-05-01"))
    place.ingest()
    assert len(place.encoder.texts) == len(set(place.encoder.texts))


def test_a_removed_file_leaves_no_hit_and_no_vector(built: Place) -> None:
    assert built.texts_found("4")
    with built.open() as library:
        (gone,) = library.find_digests("NCT00000004")
        gone_ids = {passage.id for passage in library.digest_passages(gone.id)}
        vector = library.vectors(sorted(gone_ids))[0]
    (built.seeds / "NCT00000004.txt").unlink()
    encoder = StandInEncoder()
    report = built.ingest(encoder)
    assert (report.removed, report.changed, encoder.loads) == (1, True, 0)
    with built.open() as library:
        assert not gone_ids & {hit.passage_id for hit in library.search_vectors(vector, 1000)}
        assert not gone_ids & {hit.passage_id for hit in library.search_text(["study", "4", "patients"], 1000)}
        assert library.passages(sorted(gone_ids)) == []
        assert library.find_digests("NCT00000004") == []
    assert built.verify() == []
    fresh = Place(built.root / "fresh")
    (built.seeds).rename(built.root / "kept")
    fresh.root.mkdir()
    (built.root / "kept").rename(fresh.seeds)
    fresh.ingest()
    assert library_rows(fresh.embeddings) == library_rows(built.embeddings)


def test_passage_numbers_are_never_given_twice(built: Place) -> None:
    with built.open() as library:
        before = set(library.passage_ids().tolist())
    for path in built.seeds.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("no death", "one death").replace("No", "Not any"))
    built.ingest()
    with built.open() as library:
        assert min(library.passage_ids()) > max(before)


def test_any_way_to_the_same_files_leads_to_the_same_rows(built: Place, tmp_path: Path) -> None:
    (built.seeds / "NCT00000002.txt").unlink()
    built.write("NCT00000001.txt", page(1, results=THREE_SENTENCES))
    built.write("NCT00000077.txt", "this is no digest")
    built.ingest()
    built.write("later/NCT00000006.md", page(6))
    (built.seeds / "NCT00000003.txt").rename(built.seeds / "three.txt")
    built.ingest()
    straight = Place(tmp_path / "straight")
    straight.root.mkdir()
    straight.seeds.symlink_to(built.seeds)
    straight.ingest()
    assert library_rows(straight.embeddings) == library_rows(built.embeddings)
    assert built.verify() == []
    assert straight.verify() == []


def test_a_file_changed_within_the_clocks_tick_is_noticed(place: Place) -> None:
    path = place.write("NCT00000001.txt", page(1))
    before = path.stat()
    place.ingest()
    changed = page(1).replace("12 of 30", "13 of 30")
    assert len(changed) == len(page(1))
    path.write_text(changed, encoding="utf-8", newline="")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert place.ingest().updated == 1
    assert place.texts_found("13")


def test_without_embedding_texts_are_found_by_words_and_vectors_come_later(place: Place) -> None:
    place.write_pages(3)
    report = place.ingest(no_embed=True)
    assert place.encoder.loads == 0
    assert report.embedded == 0
    with place.open() as library:
        assert library.encoder_name == ""
        assert library.query_encoder_files is None
        assert library.counts.unembedded == library.counts.passages == report.unembedded == report.passages
        assert library.search_vectors(place.encoder.encode_query("x"), 5) == []
        assert library.search_text(["outcome"], 5)
    assert place.verify() == []
    report = place.ingest()
    assert (report.changed, report.unembedded, report.embedded) == (
        True,
        0,
        report.passages or len(place.encoder.texts),
    )
    straight = Place(place.root / "straight")
    straight.root.mkdir()
    straight.seeds.symlink_to(place.seeds)
    straight.ingest()
    assert library_rows(straight.embeddings) == library_rows(place.embeddings)


def test_without_embedding_a_built_library_takes_up_what_is_new(built: Place) -> None:
    built.write("NCT00000008.txt", page(8))
    report = built.ingest(no_embed=True)
    assert (report.changed, report.embedded) == (True, 0)
    assert report.unembedded > 0
    assert built.texts_found("8")
    with built.open() as library:
        everything = {hit.passage_id for hit in library.search_vectors(built.encoder.encode_query("x"), 1000)}
        assert len(everything) == library.counts.passages - library.counts.unembedded
        assert library.vectors([max(library.passage_ids())]).tolist() == [[0.0] * built.encoder.dimension]
    encoder = StandInEncoder()
    assert built.ingest(encoder).unembedded == 0
    assert len(encoder.texts) == report.unembedded
    assert built.verify() == []


def test_a_dry_run_tells_the_same_and_writes_nothing(built: Place) -> None:
    (built.seeds / "NCT00000001.txt").unlink()
    built.write("NCT00000002.txt", page(2, results=THREE_SENTENCES))
    built.write("NCT00000009.txt", page(9))
    built.write("broken.txt", "no digest")
    before = {path.name: path.read_bytes() for path in built.embeddings.iterdir()}
    planned = built.ingest(dry_run=True)
    after = {path.name: path.read_bytes() for path in built.embeddings.iterdir()}
    # SQLite's readers leave the files through which they meet writers: an empty log and its map.
    assert after.pop("library.sqlite3-wal", b"") == b""
    after.pop("library.sqlite3-shm", None)
    assert after == before
    done = built.ingest()
    for name in ("added", "updated", "removed", "unchanged", "passages", "embedded", "changed"):
        assert getattr(planned, name) == getattr(done, name), name
    assert [file.path for file in planned.refused] == [file.path for file in done.refused] == ["broken.txt"]


def test_a_dry_run_without_a_library_makes_none(place: Place) -> None:
    place.write_pages(2)
    report = place.ingest(dry_run=True)
    assert (report.added, report.embedded, report.dry_run) == (2, report.passages, True)
    assert not place.embeddings.exists()


def test_without_a_seeds_folder_nothing_is_removed(built: Place) -> None:
    built.seeds.rename(built.root / "elsewhere")
    with pytest.raises(UsageError, match="does not exist"):
        built.ingest()
    with built.open() as library:
        assert library.counts.digests == 5


def test_an_empty_seeds_folder_makes_no_library(place: Place) -> None:
    report = place.ingest()
    assert (report.state, report.changed, place.encoder.loads) == (0, False, 0)
    assert not place.catalog.exists()


def test_progress_is_told_by_phases(place: Place) -> None:
    place.write_pages(3)
    told: list[tuple[str, int, int]] = []
    place.ingest(on_progress=lambda phase, done, total: told.append((phase, done, total)))
    phases = list(dict.fromkeys(phase for phase, _, _ in told))
    assert phases == ["reading", "loading", "embedding", "exporting", "writing", "indexing"]
    assert ("reading", 3, 3) in told
    total = len(place.encoder.texts)
    assert ("embedding", total, total) in told
    assert all(done <= total for _, done, total in told if total)


def test_the_room_for_what_was_staged_is_given_back(place: Place) -> None:
    place.write_pages(60)
    place.ingest()
    unused, pages = place.sql("PRAGMA freelist_count")[0][0], place.sql("PRAGMA page_count")[0][0]
    assert unused <= pages / 8
    assert place.catalog.stat().st_size == pages * 4096
