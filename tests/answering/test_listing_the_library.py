"""What the library holds as a whole; and what is no question for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa import Assistant
from digestqa.library import ingest
from shelf import PAPER, PLANNED, REPORTED, Shelf, write_digests


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


@pytest.mark.parametrize("question", ["list the studies", "what is in here?", "how many digests are there?"])
def test_each_study_is_told_by_its_headline_and_counted(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert [answer.quote for answer in reply.answers] == [answer.citation.title for answer in reply.answers]
    assert reply.counted == (3, 3)
    assert reply.notes[0].startswith("counted over the library: 3 of 3 digests are there")


def test_the_whole_library_is_meant_after_one_study_too(assistant: Assistant) -> None:
    reply = assistant.ask("how many studies are there?", history=["how many patients were in NCT90000002?"])
    assert reply.counted == (3, 3)


def test_limits_given_with_the_question_hold(assistant: Assistant) -> None:
    from digestqa.retrieval import Filters

    assert assistant.ask("list the studies", filters=Filters(sources=("NCT90000002",))).counted == (1, 1)


def test_a_limit_to_a_study_that_is_not_there_is_told(assistant: Assistant) -> None:
    from digestqa.retrieval import Filters

    reply = assistant.ask("list the studies", filters=Filters(sources=("NCT90000099",)))
    assert reply.answers == ()
    assert "NCT90000099 is not in the library" in reply.notes[0]


def test_each_compound_is_told_once(tmp_path: Path) -> None:
    twin = REPORTED.replace("NCT90000002", "NCT90000003").replace("zelanide loop", "Zelanide loop")
    seeds = {"NCT90000001.txt": PLANNED, "NCT90000002.txt": REPORTED, "NCT90000003.txt": twin, "PMID_1.txt": PAPER}
    write_digests(tmp_path / "seeds", seeds)
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        reply = opened.ask("what drugs are covered here?")
    assert [answer.text for answer in reply.answers] == ["corvimab", "zelanide", "bervamine"]
    assert reply.counted == (3, 4)


def test_a_page_without_a_headline_is_told_by_its_first_sentence(tmp_path: Path) -> None:
    page = "Results\n\nPain fell by 3 points. Nobody died.\n\nSource: clinicaltrials:NCT90000009\n"
    write_digests(tmp_path / "seeds", {"NCT90000009.txt": page})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        reply = opened.ask("list the studies")
    assert [answer.quote for answer in reply.answers] == ["Pain fell by 3 points."]


@pytest.mark.parametrize("words", ["hello", "what can you do?", "thanks!"])
def test_small_talk_is_not_answered_from_the_digests(assistant: Assistant, words: str) -> None:
    reply = assistant.ask(words, history=["how many patients were in NCT90000002?"])
    assert (reply.status, reply.answers, reply.nearest) == ("abstained", (), ())
    assert "answers questions about the digests" in reply.notes[0]
