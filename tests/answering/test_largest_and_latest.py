"""Which study is the largest, and what no page and no sentence tells of all studies together."""

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


def test_the_largest_study_is_quoted_by_its_tag_line_with_what_it_was_found_among(assistant: Assistant) -> None:
    reply = assistant.ask("Which trial enrolled the most participants?")
    (answer,) = reply.answers
    assert (answer.text, answer.citation.source, answer.citation.section) == ("120", "NCT90000002", "header")
    assert reply.notes == (
        "counted over the library: 1 of 3 digests have the largest number of people on the tag line (2 give one)",
    )


def test_the_most_extreme_comes_first_and_no_study_without_a_number_is_among_them(assistant: Assistant) -> None:
    assert [answer.text for answer in assistant.ask("list the largest trials").answers] == ["120", "9"]
    assert [answer.text for answer in assistant.ask("list the smallest trials").answers] == ["9", "120"]


def test_numbers_are_compared_as_numbers_and_equal_ones_are_all_told(tmp_path: Path) -> None:
    seeds = {
        "NCT90000002.txt": REPORTED.replace("n=120", "n=1,050"),
        "NCT90000003.txt": REPORTED.replace("n=120", "n=1050").replace("NCT90000002", "NCT90000003"),
        "NCT90000004.txt": REPORTED.replace("n=120", "n=990").replace("NCT90000002", "NCT90000004"),
    }
    write_digests(tmp_path / "seeds", seeds)
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        reply = opened.ask("what is the largest study?")
    assert [answer.text for answer in reply.answers] == ["1,050", "1050"]


def test_a_name_limits_among_which_the_largest_is_looked_for(assistant: Assistant) -> None:
    reply = assistant.ask("what is the largest tremor study?")
    assert [answer.citation.source for answer in reply.answers] == ["PMID:31234567"]
    assert "1 of 1 digests have the largest number" in reply.notes[0]


def test_of_the_studies_spoken_of_the_largest_is_told(assistant: Assistant) -> None:
    reply = assistant.ask("which of them is the smallest?", history=["how many patients were in NCT90000002?"])
    assert [answer.text for answer in reply.answers] == ["120"]


@pytest.mark.parametrize(("question", "text"), [("biggest study?", "120"), ("most recent study", "2026-04-03")])
def test_of_all_studies_it_is_told_after_one_study_too(assistant: Assistant, question: str, text: str) -> None:
    reply = assistant.ask(question, history=["what do participants receive in NCT90000001?"])
    assert [answer.text for answer in reply.answers] == [text]
    assert reply.counted == (1, 3)


def test_the_largest_of_a_design_is_looked_for_among_its_studies(tmp_path: Path) -> None:
    larger = REPORTED.replace("NCT90000002", "NCT90000004").replace("rct n=120", "observational n=900")
    write_digests(tmp_path / "seeds", {"NCT90000002.txt": REPORTED, "NCT90000004.txt": larger})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        reply = opened.ask("largest randomised trial")
        assert [answer.text for answer in reply.answers] == ["120"]
        assert reply.notes[0].endswith("(1 of that evidence type give one)")
        assert [answer.text for answer in opened.ask("largest observational study").answers] == ["900"]
        assert [answer.text for answer in opened.ask("largest study").answers] == ["900"]


def test_trials_of_a_phase_are_looked_for_in_all_studies_after_one_too(assistant: Assistant) -> None:
    history = ["how many patients were in NCT90000002?"]
    assert assistant.ask("phase 3 trials?", history=history).counted == (0, 3)
    assert assistant.ask("which of them are phase 3?", history=history).counted == (0, 1)


def test_the_digest_ingested_last_is_told(assistant: Assistant) -> None:
    assert [answer.text for answer in assistant.ask("which digest was ingested last?").answers] == ["2026-04-11"]
    assert [answer.text for answer in assistant.ask("which digest was ingested first?").answers] == ["2026-01-20"]


def test_the_studies_of_a_phase_are_listed_by_the_sentence_that_says_it(tmp_path: Path) -> None:
    seeds = {
        "NCT90000001.txt": PLANNED.replace("Adults aged", "This phase II/III study is small. Adults aged"),
        "NCT90000002.txt": REPORTED.replace("The trial was", "The recommended phase 2 dose is known. The trial was"),
        "PMID_31234567.txt": PAPER,
    }
    write_digests(tmp_path / "seeds", seeds)
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    with Assistant.open(tmp_path / "seeds", tmp_path / "embeddings", reader="sentences") as opened:
        reply = opened.ask("which trials are phase 2?")
    assert [(answer.text, answer.quote) for answer in reply.answers] == [
        ("phase II/III", "This phase II/III study is small.")
    ]
    assert reply.notes[0].startswith("counted over the library: 1 of 3 digests speak of “phase 2”")


@pytest.mark.parametrize(
    "question",
    [
        "Which study had the longest median survival?",
        "What is the most common side effect across the studies?",
        "Who sponsored most of the trials?",
        "largest phase 3 trial",
    ],
)
def test_studies_are_not_weighed_against_each_other(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert (reply.status, reply.answers, reply.counted) == ("abstained", (), None)
    assert reply.confidence < assistant.reader.threshold
    assert "not weighed against each other" in reply.notes[-1]


def test_of_named_studies_each_is_quoted(assistant: Assistant) -> None:
    reply = assistant.ask("which of the trials NCT90000001 and NCT90000002 had the highest dose?")
    assert not any("weighed" in note for note in reply.notes)


@pytest.mark.parametrize("question", ["which one is the largest?", "which of them is the largest?", "the largest one"])
def test_of_the_studies_of_a_list_the_largest_is_told(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question, history=["which digests mention a dose?"])
    assert [answer.citation.source for answer in reply.answers] == ["NCT90000002"]
    assert reply.notes[0].startswith("counted over the studies spoken of: 1 of 2 digests have the largest number")
    assert reply.spoken_of == ("NCT90000002",)


def test_further_extremes_are_of_the_same_list_and_what_follows_is_asked_of_the_one_found(assistant: Assistant) -> None:
    history = ["which digests mention a dose?", "which one is the most recent?"]
    latest = assistant.ask("which one is the most recent?", history[:1])
    assert [answer.text for answer in latest.answers] == ["2025-03-14"]
    assert [answer.text for answer in assistant.ask("and the oldest?", history).answers] == ["2019-07"]
    assert [answer.text for answer in assistant.ask("and the oldest?", history, cited=latest.spoken_of).answers] == [
        "2019-07"
    ]
    assert assistant.ask("who may take part?", history).filters.sources == ("NCT90000001",)


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("which one is the largest?", []),
        ("the largest one?", []),
        ("which of them is the largest?", ["hello"]),
        ("which one is the largest?", ["list the studies"]),
        ("and the largest?", ["what is the smallest study?"]),
    ],
)
def test_where_no_studies_were_singled_out_it_is_told_of_the_library(
    assistant: Assistant, question: str, history: list[str]
) -> None:
    reply = assistant.ask(question, history=history)
    assert [answer.text for answer in reply.answers] == ["120"]
    assert reply.counted == (1, 3)


@pytest.mark.parametrize("question", ["the largest?", "which one is the largest?", "and the latest one?"])
def test_within_one_study_the_largest_is_of_something_else(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question, history=["what doses were given in NCT90000002?"])
    assert reply.counted is None


def test_after_a_fact_of_several_studies_the_largest_alone_may_be_the_largest_fact(assistant: Assistant) -> None:
    reply = assistant.ask("the largest?", history=["what doses are given in NCT90000001 and NCT90000002?"])
    assert reply.counted is None


def test_a_terse_list_is_counted_as_its_long_form_is(assistant: Assistant) -> None:
    for terse, full in (("rcts", "which trials are rcts?"), ("recruiting studies?", "which studies are recruiting?")):
        short, long = assistant.ask(terse), assistant.ask(full)
        assert short.answers == long.answers != ()
        assert (short.counted, short.resolved_question) == (long.counted, terse)
