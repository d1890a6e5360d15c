"""Invariant 5: a library that was built in another way is refused, with both values and the command that mends it."""

from __future__ import annotations

import pytest

from digestqa.digests.model import READING_RULES_VERSION
from digestqa.errors import LibraryMismatchError
from digestqa.library import identity
from digestqa.library.identity import LibraryIdentity, VectorKeys, differences
from digestqa.passages import ChunkerParameters
from library.library_stand import Place, StandInEncoder, page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weights_sha256", "f" * 64),
        ("tokenizer_sha256", "1" * 64),
        ("dimension", 32),
        ("pooling", "cls"),
        ("normalized", False),
        ("query_prompt", "query: "),
        ("passage_prompt", "passage: "),
        ("max_length", 128),
    ],
)
def test_vectors_of_an_encoder_that_differs_in_one_field_are_never_mixed_in(
    built: Place, field: str, value: object
) -> None:
    other = StandInEncoder(changes={field: value})
    built.write("NCT00000009.txt", page(9))
    with pytest.raises(LibraryMismatchError) as caught:
        built.ingest(other)
    recorded = getattr(StandInEncoder().identity, field)
    assert f"encoder.{field} is {recorded!r} there and {value!r} here" in caught.value.message
    assert "digestqa rebuild" in caught.value.hint
    with built.open() as library:
        assert library.state == 1
        assert library.find_digests("NCT00000009") == []
    assert built.ingest().added == 1


def test_another_encoder_by_name_is_refused_before_anything_is_loaded(built: Place) -> None:
    encoder = StandInEncoder("some/other-model")
    for attempt in (
        lambda: built.ingest(encoder, encoder_name="some/other-model"),
        lambda: built.ingest(encoder, encoder_name="some/other-model", dry_run=True),
        lambda: built.open("some/other-model"),
    ):
        with pytest.raises(LibraryMismatchError) as caught:
            attempt()
        assert "'stand-in'" in caught.value.message
        assert "'some/other-model'" in caught.value.message
        assert "digestqa rebuild --model some/other-model" in caught.value.hint
    assert encoder.loads == 0


def test_the_encoder_of_the_library_is_the_one_that_is_loaded(built: Place) -> None:
    asked: list[str | None] = []
    encoder = StandInEncoder()

    def load(name: str | None) -> StandInEncoder:
        asked.append(name)
        return encoder

    from digestqa.library import ingest, rebuild

    built.write("NCT00000009.txt", page(9))
    ingest(built.embeddings, built.seeds, load_encoder=load, export_encoder=encoder.export)
    rebuild(built.embeddings, built.seeds, load_encoder=load, export_encoder=encoder.export)
    assert asked == ["stand-in", "stand-in"]
    with built.open("stand-in") as library:
        assert library.encoder_name == "stand-in"


@pytest.mark.parametrize("part", ["chunker", "index"])
def test_other_parameters_are_refused_for_reading_and_writing(
    built: Place, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    if part == "chunker":
        monkeypatch.setattr(identity, "CHUNKER", ChunkerParameters(max_words=60))
        told = "chunker.max_words is 120 there and 60 here"
    else:
        monkeypatch.setitem(identity.INDEX_PARAMETERS, "fts_tokenizer", "trigram")
        told = "index.fts_tokenizer is 'porter unicode61 remove_diacritics 2' there and 'trigram' here"
    for attempt in (built.open, built.ingest, built.verify):
        with pytest.raises(LibraryMismatchError) as caught:
            attempt()
        assert told in caught.value.message
        assert "digestqa rebuild" in caught.value.hint


def test_a_rebuild_mends_other_parameters(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "CHUNKER", ChunkerParameters(version=99))
    assert built.rebuild().changed
    with built.open() as library:
        assert library.identity.chunker["version"] == 99


def test_all_differences_are_counted() -> None:
    here = LibraryIdentity.of_this_program(StandInEncoder().identity)
    there = LibraryIdentity.of_this_program(StandInEncoder("b", "b", 8).identity)
    assert [name for name, _, _ in differences(there, here)] == [
        "encoder.dimension",
        "encoder.name",
        "encoder.weights_sha256",
    ]
    assert differences(here, here) == []
    assert LibraryIdentity.from_dict(here.as_dict(), here.schema) == here


def test_vectors_are_named_by_encoder_build_and_text() -> None:
    one, other = StandInEncoder().identity, StandInEncoder(weights="b").identity
    keys = [VectorKeys(one, 1), VectorKeys(one, 2), VectorKeys(other, 1)]
    assert len({key.key(text) for key in keys for text in ("a", "b")}) == 6
    assert VectorKeys(one, 1).key("a") == keys[0].key("a")


def test_files_read_by_other_rules_are_another_library(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "READING_RULES_VERSION", 99)
    told = rf"chunker\.reading_rules is {READING_RULES_VERSION} there and 99 here"
    with pytest.raises(LibraryMismatchError, match=told):
        built.open()
