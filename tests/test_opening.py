"""A library and its models: opened together, closed together, each model with its fallback."""

from __future__ import annotations

from pathlib import Path

import pytest

from digestqa.errors import LibraryMissingError, QuestionError, ReaderError
from digestqa.library import Library
from digestqa.opening import Opened, Opening
from shelf import Shelf

QUESTION = "how many returned to hospital on zelanide?"


def is_open(library: Library) -> bool:
    try:
        return library.counts.digests == 3 and bool(library.digests())
    except Exception:
        return False


@pytest.mark.parametrize("lasting", [True, False])
def test_a_library_is_opened_with_its_models(built_shelf: Shelf, lasting: bool) -> None:
    with Opening(built_shelf.seeds, built_shelf.embeddings, lasting=lasting) as opening:
        opened = opening.finish()

    assert isinstance(opened, Opened)
    assert opened.warnings == ()
    assert is_open(opened.library)
    assert opened.encoder.encode_query(QUESTION).shape == (384,)
    assert opened.reader.read(QUESTION, []) == []
    opened.library.close()


def test_a_single_question_gets_the_vector_of_a_lasting_encoder(built_shelf: Shelf) -> None:
    vectors = []
    for lasting in (True, False):
        with Opening(built_shelf.seeds, built_shelf.embeddings, lasting=lasting, reader="sentences") as opening:
            opened = opening.finish()
        vectors.append(opened.encoder.encode_query(QUESTION))
        opened.library.close()

    assert vectors[0] @ vectors[1] >= 0.99999


def test_no_library_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissingError):
        Opening(tmp_path / "seeds", tmp_path / "embeddings")


def test_a_reader_that_cannot_be_loaded_closes_the_library(built_shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "reader.json").write_text("{}", encoding="utf-8")

    with (
        pytest.raises(ReaderError),
        Opening(built_shelf.seeds, built_shelf.embeddings, reader=str(tmp_path)) as opening,
    ):
        opening.finish()

    assert not is_open(opening.library)


def test_an_error_before_the_models_are_asked_for_closes_the_library(built_shelf: Shelf) -> None:
    with (
        pytest.raises(QuestionError),
        Opening(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opening,
    ):
        raise QuestionError("no question", "ask one")

    assert not is_open(opening.library)
