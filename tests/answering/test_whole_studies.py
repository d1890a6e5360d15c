"""A study as a whole: its headline and its first result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa import Assistant
from digestqa.library import ingest
from digestqa.retrieval import Filters
from shelf import PLANNED, REPORTED, Shelf, write_digests

HEADLINE = "Zelanide Cuts Hospital Returns in Heart Failure"


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


@pytest.mark.parametrize(
    "question",
    [
        "tell me about NCT90000002",
        "what did the zelanide heart failure trial find?",
        "NCT90000002",
        "summarise the zelanide study",
    ],
)
def test_the_headline_and_the_first_result_are_quoted(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert reply.answers[0].quote == HEADLINE
    assert reply.answers[1].quote.startswith("Within 90 days, 11 of 60 patients (18.3%)")
    assert {answer.citation.source for answer in reply.answers} == {"NCT90000002"}
    assert reply.notes == ("parts of the digest; all of it: digestqa show NCT90000002",)
    for answer in reply.answers:
        assert Path(answer.citation.path).read_text()[answer.citation.start : answer.citation.end] == answer.quote


def test_a_study_without_results_is_told_as_one(assistant: Assistant) -> None:
    reply = assistant.ask("what is NCT90000001 about?")
    assert [(answer.quote, answer.claim) for answer in reply.answers] == [
        ("Corvimab Put to the Test Against Itching in Cholestasis", "reported"),
        ("This study is still recruiting and no results are available yet.", "not_available"),
    ]


def test_what_such_a_study_found_is_that_there_is_nothing_yet(assistant: Assistant) -> None:
    reply = assistant.ask("what did NCT90000001 find?")
    assert [answer.claim for answer in reply.answers] == ["not_available"]


def test_of_several_named_studies_each_is_told(assistant: Assistant) -> None:
    reply = assistant.ask("summarise NCT90000001 and NCT90000002")
    assert [answer.citation.source for answer in reply.answers] == ["NCT90000001"] * 2 + ["NCT90000002"] * 2
    assert reply.notes[0] == "parts of the digests; all of one: digestqa show NCT90000001"


def test_a_follow_up_is_told_of_the_study_spoken_of(assistant: Assistant) -> None:
    reply = assistant.ask("what is it about?", history=["how many patients returned in NCT90000002?"])
    assert reply.answers[0].quote == HEADLINE


@pytest.mark.parametrize(
    "question", ["summary?", "what did they conclude?", "so, what did it show?", "more details", "bottom line?"]
)
def test_in_a_conversation_few_words_ask_for_the_study_spoken_of(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question, history=["how many patients returned in NCT90000002?"])
    assert reply.answers[0].quote == HEADLINE
    assert reply.carried


@pytest.mark.parametrize("limits", [Filters(since="2025"), Filters(compounds=("corvimab",))])
def test_a_study_that_the_limits_leave_out_is_not_told(assistant: Assistant, limits: Filters) -> None:
    assert assistant.ask("tell me about NCT90000002", filters=limits).answers == ()


def test_of_a_single_digest_nothing_need_be_named(tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", {"NCT90000002.txt": REPORTED})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        reply = opened.ask("what is it about?")
    assert reply.answers[0].quote == HEADLINE
    assert reply.notes == ("parts of the digest; all of it: digestqa show NCT90000002",)


def test_a_figure_of_benefit_comes_before_one_of_harm_and_before_what_was_to_be_measured(tmp_path: Path) -> None:
    before = (
        "Results\n\nA return counted as any night in hospital, at a rate of 5%. Serious events struck 2 of 60 (3%). "
    )
    write_digests(tmp_path / "seeds", {"NCT90000002.txt": REPORTED.replace("Results\n\n", before)})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        reply = opened.ask("tell me about NCT90000002")
    assert reply.answers[1].quote.startswith("Within 90 days")


def test_a_result_that_points_back_is_quoted_with_what_it_points_to(tmp_path: Path) -> None:
    before = "Results\n\nReturn to hospital was the main measure. It happened in 11 of 60 patients (18%). "
    write_digests(tmp_path / "seeds", {"NCT90000002.txt": REPORTED.replace("Results\n\n", before)})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        answer = opened.ask("tell me about NCT90000002").answers[1]
    assert answer.text == "It happened in 11 of 60 patients (18%)."
    assert answer.quote == "Return to hospital was the main measure. It happened in 11 of 60 patients (18%)."


@pytest.mark.parametrize(
    "question", ["tell me about the dizziness in NCT90000002", "what did the diary of NCT90000002 show?"]
)
def test_one_thing_about_a_study_is_read_for(assistant: Assistant, question: str) -> None:
    assert not any(note.startswith("parts of") for note in assistant.ask(question).notes)


def test_a_changed_file_is_not_quoted(tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", {"NCT90000001.txt": PLANNED})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        (tmp_path / "seeds" / "NCT90000001.txt").write_text("x" + PLANNED)
        reply = opened.ask("tell me about NCT90000001")
    assert reply.answers == ()


@pytest.mark.parametrize("question", ["summary?", "overview", "tldr", "what is it about?", "tell me more"])
def test_where_nobody_says_of_which_a_few_studies_are_listed(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert reply.answers == assistant.ask("what is in here?").answers
    assert (reply.counted, reply.carried) == ((3, 3), False)


def test_of_more_studies_it_is_asked_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digestqa.understanding.understood.FEW_STUDIES", 2)
    write_digests(tmp_path / "seeds")
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        for history in ([], ["hello"]):
            reply = opened.ask("summary?", history)
            assert (reply.status, reply.answers, reply.nearest) == ("abstained", (), ())
            assert reply.notes[0].startswith("an overview of which study?")
        assert opened.ask("summary?", filters=Filters(sources=("NCT90000002",))).answers[0].quote == HEADLINE


def test_an_overview_of_a_limit_of_one_study_is_of_that(assistant: Assistant) -> None:
    reply = assistant.ask("tldr", filters=Filters(sources=("NCT90000002",)))
    assert reply.answers[0].quote == HEADLINE


def test_after_a_list_of_studies_each_is_told(assistant: Assistant) -> None:
    reply = assistant.ask("summary?", history=["which digests mention a dose?"])
    assert {answer.citation.source for answer in reply.answers} == {"NCT90000001", "NCT90000002"}
