"""Which studies tested something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa import Assistant
from digestqa.library import ingest
from shelf import PLANNED, REPORTED, Shelf, write_digests


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


@pytest.mark.parametrize("question", ["which trials tested zelanide?", "which studies gave furosemide?"])
def test_the_studies_called_after_a_thing_are_listed_with_how_it_was_given(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert [answer.citation.source for answer in reply.answers] == ["NCT90000002"]
    assert reply.answers[0].citation.section not in ("header", "footer")
    assert reply.counted == (1, 3)
    answer = reply.answers[0]
    assert Path(answer.citation.path).read_text()[answer.citation.start : answer.citation.end] == answer.quote


def test_how_it_was_given_comes_before_what_it_is(assistant: Assistant) -> None:
    assert assistant.ask("which trials tested zelanide?").answers[0].quote.startswith("Zelanide was given at 20 mg")


def test_a_sentence_that_tells_of_no_giving_yields_to_the_headline(tmp_path: Path) -> None:
    kept = REPORTED.replace("Zelanide was given at", "The control group avoided zelanide and had").replace(
        "Zelanide is taken once a day.", "Zelanide is new."
    )
    write_digests(tmp_path / "seeds", {"NCT90000001.txt": PLANNED, "NCT90000002.txt": kept})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        (answer,) = opened.ask("which trials tested zelanide?").answers
    assert answer.quote == "Zelanide Cuts Hospital Returns in Heart Failure"


@pytest.mark.parametrize(
    "question",
    ["which trials tested potassium?", "which trials gave zelanide at 20 mg?", "which trial is double-blind?"],
)
def test_what_no_study_is_called_after_is_read_for(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).counted is None
