"""Questions over the library; over a large one they are answered as over a small one with the same digests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digestqa import Assistant
from digestqa.answering.limits import empty_limits_note
from digestqa.answering.surveys import Surveyor
from digestqa.replies import Reply
from digestqa.retrieval import Filters
from digestqa.retrieval.naming import StudyNaming
from digestqa.understanding import Understood
from shelf import Shelf

QUESTIONS = (
    "which trials are recruiting?",
    "which studies have no results yet?",
    "which digests mention a dose?",
    "which trials are RCTs?",
    "which studies are about heart failure?",
    "which trials are about itching?",
    "how many digests were written by example-model-1?",
)


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


def told(reply: Reply) -> tuple[object, ...]:
    answers = [(answer.citation.source, answer.text, answer.quote) for answer in reply.answers]
    return reply.status, reply.counted, answers, reply.notes


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_counted_and_quoted_alike(assistant: Assistant, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small = told(assistant.ask(question))
    assert small[1] is not None
    monkeypatch.setattr("digestqa.answering.survey_finders.READ_WHOLLY", 0)
    monkeypatch.setattr("digestqa.library.digest_lookup.BLOCK", 1)
    assert told(assistant.ask(question)) == small


def test_of_very_many_digests_those_not_shown_are_counted_too(
    assistant: Assistant, built_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = assistant.ask("which digests mention a dose?").counted
    monkeypatch.setattr("digestqa.answering.surveys.PLACED", 1)
    reply = assistant.ask("which digests mention a dose?")
    assert (reply.counted, len(reply.answers)) == (counted, 1)


def test_a_condition_limits_the_count_to_the_studies_called_so(assistant: Assistant) -> None:
    reply = assistant.ask("which trials are recruiting patients with cholestatic pruritus?")
    assert [answer.citation.source for answer in reply.answers] == ["NCT90000001"]
    assert reply.counted == (1, 1)
    assert "the digests that have “cholestatic pruritus” in headline, title or compound: 1 of 1" in reply.notes[0]


@pytest.mark.parametrize(
    "question",
    [
        "which trials are recruiting patients with nausea?",
        "which trials are not yet recruiting?",
        "which digests do not mention a dose?",
        "which studies have no safety data?",
    ],
)
def test_a_condition_that_no_list_keeps_is_read_for(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).counted is None


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("which trials are recruiting patients with tremor?", (0, 1)),
        ("which trials are not recruiting?", (0, 3)),
        ("which studies were stopped early for futility?", (0, 3)),
    ],
)
def test_where_none_is_found_the_count_says_so_and_nothing_else_is_quoted(
    assistant: Assistant, question: str, counted: tuple[int, int]
) -> None:
    reply = assistant.ask(question)
    assert (reply.status, reply.counted) == ("abstained", counted)


def test_the_words_of_a_subject_stand_in_one_sentence(assistant: Assistant) -> None:
    assert assistant.ask("which studies are about heart failure?").counted == (1, 3)
    reply = assistant.ask("which studies are about hospital potassium?")
    assert (reply.status, reply.counted) == ("abstained", (0, 3))


def test_a_word_of_a_subject_is_quoted_in_any_of_its_forms(assistant: Assistant) -> None:
    (answer,) = assistant.ask("which studies are about tremors?").answers
    assert answer.text.lower() == "tremor"


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("which digests were ingested in April 2026?", ["2026-04-11"]),
        ("which digests were ingested before 2026-02-03?", ["2026-01-20"]),
        ("which digests are dated since 2025?", ["2025-03-14", "2026-04-03"]),
        ("which studies had more than 100 patients?", ["120"]),
        ("how many RCTs are there?", ["rct"]),
    ],
)
def test_days_numbers_and_types_of_the_page_are_looked_for(
    assistant: Assistant, question: str, texts: list[str]
) -> None:
    assert [answer.text for answer in assistant.ask(question).answers] == texts


def test_names_in_the_question_may_tell_only_which_studies_are_meant(assistant: Assistant) -> None:
    reply = assistant.ask("which of these trials have no results yet (corvimab, zelanide)?")
    assert reply.counted == (1, 2)
    assert [answer.citation.source for answer in reply.answers] == ["NCT90000001"]


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("how many digests were written by example-model-1?", (2, 3)),
        ("which were written by example-model-1?", (2, 3)),
        ("which digests were written by example-model?", None),
        ("which digests were written by example-model-12?", (0, 3)),
        ("which digests were not written by example-model-1?", None),
    ],
)
def test_digests_are_counted_by_the_whole_name_of_their_model(
    assistant: Assistant, question: str, counted: tuple[int, int] | None
) -> None:
    assert assistant.ask(question).counted == counted


def test_a_count_within_limits_is_not_said_to_be_over_the_library(assistant: Assistant) -> None:
    reply = assistant.ask("which digests mention a dose?", filters=Filters(compounds=("corvimab",)))
    assert reply.counted == (1, 1)
    assert "counted over the studies within the limits: 1 of 1 digests" in reply.notes[0]


def test_a_limit_by_compound_takes_the_users_own_names_in_counts_and_notes(built_shelf: Shelf) -> None:
    filters = Filters(compounds=("the itch drug",))
    question = Understood("which digests mention a dose?", "which digests mention a dose?", filters, reading="survey")
    own = {"corvimab": ["the itch drug"]}
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences", aliases=own) as opened:
        aliases = opened.retriever.aliases
        counted = Surveyor(opened.library, StudyNaming(opened.library, aliases), aliases).survey(question, 10)
        assert empty_limits_note(filters, opened.library, aliases) == ""
        assert "the itch drug" in empty_limits_note(filters, opened.library)
    assert counted is not None
    assert (counted.found, counted.digests) == (1, 1)
