"""A truncated, corrupt or missing catalog: a clear message, seeds untouched, and a rebuild that mends it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable

import pytest

from digestqa.errors import (
    DigestQAError,
    LibraryDamagedError,
    LibraryMismatchError,
    LibraryMissingError,
    StorageError,
)
from digestqa.library import library_status
from library.library_stand import Place, page


def test_no_library_says_what_to_run(place: Place) -> None:
    for attempt in (place.open, place.verify, lambda: library_status(place.embeddings, place.seeds)):
        with pytest.raises(LibraryMissingError) as caught:
            attempt()
        assert str(place.embeddings) in caught.value.message
        assert "digestqa ingest" in caught.value.hint


def test_an_embeddings_folder_that_is_a_file_is_told(place: Place) -> None:
    place.write_pages(1)
    place.embeddings.write_text("x", encoding="utf-8")
    for attempt in (place.open, place.ingest, place.rebuild):
        with pytest.raises(StorageError, match="is a file"):
            attempt()


def test_an_unfinished_first_ingest_is_no_library_yet(place: Place) -> None:
    from library.library_stand import StandInEncoder

    place.write_pages(3)
    with pytest.raises(KeyboardInterrupt):
        place.ingest(StandInEncoder(stop_after=0))
    assert place.catalog.exists()
    with pytest.raises(LibraryMissingError):
        place.open()
    place.ingest()
    assert place.verify() == []


def truncate(contents: bytes) -> bytes:
    return contents[: len(contents) // 3]


def cut_header(contents: bytes) -> bytes:
    return contents[:50]


def overwrite_start(contents: bytes) -> bytes:
    return b"\0" * 4096 + contents[4096:]


def random_noise(contents: bytes) -> bytes:
    return random.Random(0).randbytes(len(contents))


@pytest.mark.parametrize("spoil", [truncate, cut_header, overwrite_start, random_noise])
def test_a_damaged_catalog_is_refused_and_built_anew_by_rebuild_only(
    built: Place, spoil: Callable[[bytes], bytes]
) -> None:
    seeds = {path.name: path.read_bytes() for path in built.seeds.iterdir()}
    built.catalog.write_bytes(spoil(built.catalog.read_bytes()))
    for attempt in (built.open, built.verify, built.ingest, lambda: library_status(built.embeddings, built.seeds)):
        with pytest.raises(LibraryDamagedError) as caught:
            attempt()
        assert str(built.catalog) in caught.value.message
        assert "digestqa rebuild" in caught.value.hint
    report = built.rebuild()
    assert report.added == 5
    assert any("damaged" in warning for warning in report.warnings)
    assert built.verify() == []
    assert {path.name: path.read_bytes() for path in built.seeds.iterdir()} == seeds


def test_an_emptied_catalog_is_no_library_and_ingest_makes_one(built: Place) -> None:
    built.catalog.write_bytes(b"")
    with pytest.raises(LibraryMissingError):
        built.open()
    assert built.ingest().added == 5
    assert built.verify() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "DROP TABLE passages",
        "DELETE FROM meta WHERE key = 'identity'",
        "UPDATE meta SET value = '{' WHERE key = 'counts'",
        "UPDATE meta SET value = '[]' WHERE key = 'identity'",
    ],
)
def test_missing_tables_and_facts_are_damage(built: Place, tampering: str) -> None:
    built.sql(tampering)
    with pytest.raises(LibraryDamagedError) as caught, built.open() as library:
        library.passages([1])
    assert "digestqa rebuild" in caught.value.hint
    built.rebuild()
    assert built.verify() == []


def spoil_bits(contents: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(contents)
    for _ in range(chance.choice([1, 1, 3, 50])):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def try_everything(place: Place, chance: random.Random) -> None:
    """Read, check and write a spoilt library: no error but the program's own may escape; a rebuild makes it sound."""
    sound = place.catalog.read_bytes()
    spoilt = spoil_bits(sound, chance)
    newer = False
    for attempt in (
        lambda: read_everything(place),
        lambda: library_status(place.embeddings, place.seeds),
        place.verify,
        lambda: place.ingest(dry_run=True),
        place.ingest,
        place.rebuild,
    ):
        for path in place.embeddings.glob("library.sqlite3*"):
            path.unlink()
        place.catalog.write_bytes(spoilt)
        try:
            attempt()
        except LibraryMismatchError:
            # The bit was one of the schema version's.
            newer = True
        except DigestQAError:
            assert attempt != place.rebuild
    if not newer:
        assert place.verify() == []
    for path in place.embeddings.glob("library.sqlite3*"):
        path.unlink()
    place.catalog.write_bytes(sound)


def read_everything(place: Place) -> None:
    with place.open() as library:
        library.passages(library.passage_ids(sections=["res"], compounds=["thymosin"], since="2020"))
        library.search_text(["patients", "case"], 10)
        library.search_vectors(place.encoder.encode_query("x"), 10)
        for digest in library.digests():
            library.digest_text(digest.id)
            library.digest_passages(digest.id)
            library.is_fresh(digest)


def test_no_flipped_bit_leads_to_an_error_that_is_not_the_programs_own(built: Place) -> None:
    chance = random.Random(7)
    for _ in range(15):
        try_everything(built, chance)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_of_many_leads_to_an_error_that_is_not_the_programs_own(built: Place, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(250):
        try_everything(built, chance)


def test_a_flipped_bit_that_verify_does_not_find_changes_no_answer(built: Place) -> None:
    contents = built.catalog.read_bytes()
    with built.open() as library:
        texts = [passage.text for passage in library.passages(library.passage_ids())]
        hits = library.search_text(["patients"], 100)
    chance = random.Random(7)
    sound = 0
    for number in range(len(contents) // 4096):
        spoilt = bytearray(contents)
        spoilt[number * 4096 + chance.randrange(4096)] ^= 1 << chance.randrange(8)
        for path in built.embeddings.glob("library.sqlite3*"):
            path.unlink()
        built.catalog.write_bytes(bytes(spoilt))
        try:
            if built.verify():
                continue
        except DigestQAError:
            continue
        sound += 1
        with built.open() as library:
            assert [passage.text for passage in library.passages(library.passage_ids())] == texts
            assert library.search_text(["patients"], 100) == hits
    # Unused room within the pages holds nothing that could be wrong.
    assert 0 < sound < len(contents) // 4096


def test_a_catalog_of_another_kind_of_file_is_damage(built: Place) -> None:
    built.catalog.write_text(page(1), encoding="utf-8")
    with pytest.raises(LibraryDamagedError):
        built.open()


def test_errors_of_the_program_are_not_taken_for_damage(built: Place) -> None:
    with built.open() as library, pytest.raises(sqlite3.ProgrammingError, match="bindings"):
        library._held.rows("SELECT ?")
