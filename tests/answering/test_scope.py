"""Which studies answer: named, described, carried from the history, or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa import Assistant
from digestqa.output.jsonform import answer_schema, reply_from_value, reply_value
from digestqa.output.text import render_reply
from digestqa.retrieval import Filters
from shelf import Shelf


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


FIRST = "how many patients on zelanide returned to hospital within 90 days?"


def test_a_described_study_is_the_only_one_that_answers(assistant: Assistant) -> None:
    reply = assistant.ask("how often was zelanide given in heart failure?")
    assert reply.filters.sources == ("NCT90000002",)
    assert {answer.citation.source for answer in reply.answers} <= {"NCT90000002"}


def test_a_follow_up_stays_in_the_study_just_cited(assistant: Assistant) -> None:
    reply = assistant.ask("and on furosemide?", [FIRST])
    assert reply.carried
    assert reply.filters.sources == ("NCT90000002",)
    assert "within NCT90000002, as before" in render_reply(reply)


def test_the_asker_may_say_which_studies_were_cited(assistant: Assistant) -> None:
    reply = assistant.ask("and the side effects?", [FIRST], cited=["PMID:31234567"])
    assert reply.filters.sources == ("PMID:31234567",)


def test_the_scope_can_be_dropped_by_parameter_and_in_words(assistant: Assistant) -> None:
    assert assistant.ask("and the side effects?", [FIRST], everywhere=True).filters.empty
    assert assistant.ask("and the side effects in all studies?", [FIRST]).filters.empty


def test_a_question_that_names_its_study_leaves_the_scope(assistant: Assistant) -> None:
    reply = assistant.ask("by how much did bervamine lower tremor amplitude?", [FIRST])
    assert (reply.carried, reply.filters.sources) == (False, ("PMID:31234567",))
    assert reply.resolved_question == reply.question


def test_after_a_study_that_is_not_there_a_follow_up_has_no_answer_either(assistant: Assistant) -> None:
    reply = assistant.ask("and the dose?", ["what was the outcome of NCT90000003?"])
    assert (reply.status, reply.answers) == ("abstained", ())
    assert any("NCT90000003 is not in the library" in note and "NCT90000001" in note for note in reply.notes)


def test_studies_that_are_compared_answer_side_by_side(assistant: Assistant) -> None:
    reply = assistant.ask("compare NCT90000001 and NCT90000002 on the number of milligrams given")
    assert set(reply.filters.sources) == {"NCT90000001", "NCT90000002"}
    assert len({answer.citation.source for answer in reply.answers}) == len(reply.answers)


def test_limits_that_contradict_each_other_are_named(assistant: Assistant) -> None:
    reply = assistant.ask("the dose?", filters=Filters(sources=("NCT90000002",), since="2025"))
    assert any("NCT90000002 and since 2025" in note for note in reply.notes)
    reply = assistant.ask("the dose?", filters=Filters(compounds=("nothing-such",)))
    assert any("compound nothing-such" in note for note in reply.notes)


@pytest.mark.parametrize(
    "history",
    [[], ["", "  "], ["x " * 3000] * 50, ["Wie viele Menschen nahmen an der Studie teil?"], ["?!"], ["\x00\ud800"]],
)
def test_any_history_is_borne(assistant: Assistant, history: list[str]) -> None:
    assert assistant.ask("and then?", history).status in ("answered", "abstained")


def test_a_fact_of_the_page_is_quoted_as_its_line(assistant: Assistant) -> None:
    reply = assistant.ask("when was the zelanide digest ingested?")
    first = reply.answers[0]
    assert (first.text, first.citation.section) == ("2026-01-20", "footer")
    assert first.quote.startswith("Source: clinicaltrials:NCT90000002")
    assert first.claim == "reported"


def test_a_list_over_the_library_has_a_quote_for_each_study_and_a_count(assistant: Assistant) -> None:
    import jsonschema

    reply = assistant.ask("which digests mention a dose?")
    assert {answer.citation.source for answer in reply.answers} == {"NCT90000001", "NCT90000002"}
    assert all(answer.text == "dose mentioned" for answer in reply.answers)
    assert reply.counted == (2, 3)
    assert "2 of 3 digests" in reply.notes[0]
    value = reply_value(reply)
    jsonschema.validate(value, answer_schema())
    assert value["counted"] == {"digests": 2, "of": 3}
    assert reply_from_value(value).counted == (2, 3)


def test_every_quote_of_a_list_is_a_slice_of_its_file(assistant: Assistant, built_shelf: Shelf) -> None:
    for question in ("which trials are recruiting?", "what is in here about tremor?", "which are rcts?"):
        reply = assistant.ask(question)
        assert reply.answers
        for answer in reply.answers:
            text = Path(answer.citation.path).read_text(encoding="utf-8")
            assert text[answer.citation.start : answer.citation.end] == answer.quote
            assert text[answer.citation.span_start : answer.citation.span_end] == answer.text


@pytest.mark.parametrize(
    "question",
    ["did corvimab work against itching?", "did corvimab reduce the worst-itch score?", "is corvimab effective?"],
)
def test_a_finding_of_a_study_without_results_is_said_to_be_missing(assistant: Assistant, question: str) -> None:
    first = assistant.ask(question).answers[0]
    assert first.claim == "not_available"
    assert "no results are available yet" in first.quote


def test_one_measure_of_a_study_without_results_is_refused_and_the_reason_noted(built_shelf: Shelf) -> None:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings) as assistant:
        reply = assistant.ask("median overall survival on corvimab?")
    assert reply.status == "abstained"
    assert "NCT90000001 has no results yet, by its digest" in reply.notes


@pytest.mark.parametrize("question", ["is NCT90000001 finished?", "is the corvimab trial still recruiting?"])
def test_how_far_a_study_is_is_answered_by_the_sentence_that_says_so(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).answers[0].quote.startswith("This study is still recruiting")


def test_no_status_is_made_up_for_a_study_whose_digest_gives_none(assistant: Assistant) -> None:
    reply = assistant.ask("is NCT90000002 finished?")
    assert not any("recruiting" in answer.quote for answer in reply.answers)
