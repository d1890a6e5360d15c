"""Follow-ups: which studies they stay in, what they are read with, and which sentence they mean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digestqa import Assistant
from digestqa.answering.choosing import agreed
from digestqa.answering.citing import Finding
from digestqa.answering.follow_ups import own_words, shares_of_own_words, with_own_words_first
from digestqa.retrieval import Filters
from shelf import Shelf


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


FIRST = "how many patients on zelanide returned to hospital within 90 days?"


@pytest.mark.parametrize(
    "question",
    [
        "how many had severe dizziness in all?",
        "hazard ratio?",
        "who couldnt join?",
        "adverse evnts?",
        "secondry outcomes?",
        "was it double-blind?",
        "IQR for that?",
    ],
)
def test_a_question_that_names_no_study_stays_with_the_one_under_discussion(
    assistant: Assistant, question: str
) -> None:
    reply = assistant.ask(question, [FIRST])
    assert (reply.carried, reply.filters.sources) == (True, ("NCT90000002",))


def test_one_that_says_itself_what_it_asks_for_is_not_altered(assistant: Assistant) -> None:
    question = "how many had severe dizziness or died of low potassium?"
    reply = assistant.ask(question, [FIRST])
    assert (reply.carried, reply.resolved_question) == (True, question)


@pytest.mark.parametrize(
    "question",
    [
        "dose of corvimab?",
        "nausea with bervamine?",
        "half life of amiodarone",
        "which trials are recruiting?",
        "dose of PX-101?",
    ],
)
def test_a_question_with_a_subject_of_its_own_does_not(assistant: Assistant, question: str) -> None:
    assert not assistant.ask(question, [FIRST]).carried


@pytest.mark.parametrize("question", ["and in the corvimab trial?", "what about the corvimab itching study?"])
def test_a_follow_up_goes_over_to_a_study_that_it_names(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question, ["what is the primary outcome of NCT90000002?"]).filters.sources == ("NCT90000001",)


def test_of_the_study_that_it_goes_over_to_the_same_is_asked(built_shelf: Shelf) -> None:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings) as assistant:
        reply = assistant.ask("and in the zelanide trial?", ["how many mg of corvimab are given?"])
    assert "20 mg once daily" in reply.answers[0].quote


def test_of_a_study_that_a_follow_up_only_names_by_its_number_the_same_is_asked(built_shelf: Shelf) -> None:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings) as assistant:
        reply = assistant.ask("and in NCT90000002?", ["how many mg are given in NCT90000001?"])
    assert (reply.carried, reply.filters.sources) == (True, ("NCT90000002",))
    assert reply.resolved_question == "how many mg are given in NCT90000002?"
    assert "20 mg once daily" in reply.answers[0].quote


def test_a_number_that_is_not_there_is_still_said_to_be_missing(assistant: Assistant) -> None:
    reply = assistant.ask("and in NCT90000003?", [FIRST])
    assert (reply.status, reply.carried) == ("abstained", False)
    assert any("NCT90000003 is not in the library" in note for note in reply.notes)


def test_after_a_limit_is_lifted_a_follow_up_stays_in_what_was_cited(built_shelf: Shelf) -> None:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings) as assistant:
        first = assistant.ask("what dose was given?", filters=Filters(compounds=("zelanide",)))
        reply = assistant.ask("and how often?", [first.question], cited=first.spoken_of)
    assert reply.filters.sources == ("NCT90000002",)
    cited = [*(answer.citation for answer in reply.answers), *reply.nearest]
    assert {citation.source for citation in cited} == {"NCT90000002"}


@pytest.mark.parametrize(
    "filters",
    [
        Filters(compounds=("zelanide",)),
        Filters(sources=("NCT90000002",)),
        Filters(sections=("Study Design",)),
    ],
)
def test_what_was_cited_outside_the_limits_is_found_by_the_history(assistant: Assistant, filters: Filters) -> None:
    history = ["what dose was given?"]
    cited = ["NCT90000001"] if not filters.sections else ["PMID:31234567"]
    reply = assistant.ask("and how often?", history, filters, cited=cited)
    assert reply.filters == assistant.ask("and how often?", history, filters).filters
    assert cited[0] not in reply.filters.sources


def test_a_cited_study_that_is_not_there_any_more_is_left_out(assistant: Assistant) -> None:
    there = assistant.ask("and the dose?", [FIRST], cited=["NCT90000009", "NCT90000001"])
    assert there.filters.sources == ("NCT90000001",)
    gone = assistant.ask("and the dose?", [FIRST], cited=["NCT90000009"])
    assert gone.filters.sources == ("NCT90000002",)


def test_after_a_choice_among_the_studies_spoken_of_only_those_that_it_chose_are_asked(assistant: Assistant) -> None:
    history = ["which digests mention a dose?", "which of these are rcts?"]
    assert assistant.ask("what doses did they use?", history).filters.sources == ("NCT90000002",)


def test_a_choice_that_finds_none_leaves_all_that_were_spoken_of(assistant: Assistant) -> None:
    history = ["which digests mention a dose?", "which of these were stopped early?"]
    assert set(assistant.ask("what doses did they use?", history).filters.sources) == {"NCT90000001", "NCT90000002"}


def test_a_thing_of_another_study_leaves_it_where_it_is(assistant: Assistant) -> None:
    assert assistant.ask("and itching?", [FIRST]).filters.sources == ("NCT90000002",)


def test_it_stays_through_questions_that_name_no_study_either(assistant: Assistant) -> None:
    history = [FIRST, "hazard ratio?", "how many had severe dizziness in all?"]
    assert assistant.ask("at how many hospitals?", history).filters.sources == ("NCT90000002",)


def test_after_a_question_that_nothing_answers_there_is_nothing_to_stay_with(built_shelf: Shelf) -> None:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings) as assistant:
        assert not assistant.ask("hazard ratio?", ["what is the capital of Mongolia?"]).filters.sources


def test_of_a_study_that_is_not_there_nothing_more_is_answered_from_another(assistant: Assistant) -> None:
    reply = assistant.ask("hazard ratio?", ["what was the outcome of NCT90000003?"])
    assert reply.status == "abstained"
    assert any("NCT90000003 is not in the library" in note for note in reply.notes)


def test_a_question_over_the_studies_just_cited_is_counted_over_them(assistant: Assistant) -> None:
    reply = assistant.ask("which of these are rcts?", ["which digests mention a dose?"])
    assert reply.counted == (1, 2)
    assert [answer.citation.source for answer in reply.answers] == ["NCT90000002"]
    assert any("counted over the studies spoken of: 1 of 2" in note for note in reply.notes)


def _findings(assistant: Assistant, *confidences: float) -> list[Finding]:
    """Findings of different sentences of one digest."""
    digest = next(iter(assistant.library.find_digests("NCT90000002")))
    sentences = [sentence for passage in assistant.library.digest_passages(digest.id) for sentence in passage.sentences]
    return [
        Finding(digest, "Results", sentence, sentence, confidence)
        for sentence, confidence in zip(sentences, confidences, strict=False)
    ]


def test_what_both_readings_are_sure_of_comes_before_what_one_is_surer_of(assistant: Assistant) -> None:
    first, second, third = _findings(assistant, 0.9, 0.7, 0.8)
    merged = agreed([[first, second], [second, third]], 0.6)
    assert [item.span for item in merged] == [second.span, first.span, third.span]
    assert [item.confidence for item in merged] == pytest.approx([0.7, 0.54, 0.32])


def test_one_reading_is_kept_as_it_is(assistant: Assistant) -> None:
    first, second = _findings(assistant, 0.4, 0.6)
    assert agreed([[first, second]], 0.6) == [second, first]


def test_a_sentence_with_what_the_follow_up_brings_up_comes_first_and_no_confidence_rises(assistant: Assistant) -> None:
    repeat, meant = _findings(assistant, 0.6, 0.5)
    shares = {(repeat.digest.id, repeat.quote): 0.0, (meant.digest.id, meant.quote): 1.0}
    ordered = with_own_words_first([repeat, meant], shares)
    assert [item.span for item in ordered] == [meant.span, repeat.span]
    assert [item.confidence for item in ordered] == [0.5, 0.5]


def test_where_no_sentence_has_it_the_order_stays(assistant: Assistant) -> None:
    findings = _findings(assistant, 0.6, 0.5)
    assert with_own_words_first(findings, {(item.digest.id, item.quote): 0.0 for item in findings}) == findings


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("and in the placebo group?", ("placebo",)),
        ("what about the other arm?", ()),
        ("how many of them?", ()),
        ("and the hazard ratio?", ("hazard", "ratio")),
    ],
)
def test_the_words_that_bring_something_up_are_those_that_do_not_only_point(
    question: str, words: tuple[str, ...]
) -> None:
    assert own_words(question) == words


def test_own_words_are_found_in_what_digests_write_for_them(assistant: Assistant) -> None:
    sentences = {(1, (0, 1)): "Adverse events were rare.", (1, (2, 3)): "Zelanide cut returns."}
    shares = shares_of_own_words("and side effects?", sentences, assistant.retriever.aliases)
    assert shares == {(1, (0, 1)): 1.0, (1, (2, 3)): 0.0}


LIST = "which digests mention a dose?"
"""Answered from NCT90000001 and NCT90000002, in that order."""


def _within(assistant: Assistant, question: str, *history: str) -> tuple[str, ...]:
    return assistant.ask(question, history).filters.sources


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("the first one", "NCT90000001"),
        ("and the second?", "NCT90000002"),
        ("what about the last one?", "NCT90000002"),
        ("tell me about the second study", "NCT90000002"),
        ("the latter?", "NCT90000002"),
        ("#1", "NCT90000001"),
    ],
)
def test_after_a_list_the_first_one_is_its_first_study_and_is_told_as_a_whole(
    assistant: Assistant, question: str, source: str
) -> None:
    reply = assistant.ask(question, [LIST])
    assert (reply.carried, reply.filters.sources) == (True, (source,))
    assert reply.resolved_question == f"tell me about {source}"
    assert {answer.citation.source for answer in reply.answers} == {source}
    assert reply.answers[0].citation.section == "header"


def test_a_list_is_gone_through_one_by_one(assistant: Assistant) -> None:
    history = ["list the studies"]
    for question, source in (
        ("the first one", "NCT90000001"),
        ("and the next one?", "NCT90000002"),
        ("who took part?", "NCT90000002"),
        ("and the last one?", "PMID:31234567"),
        ("back to the first study", "NCT90000001"),
    ):
        assert _within(assistant, question, *history) == (source,), question
        history.append(question)


def test_what_was_asked_of_one_study_of_a_list_is_asked_of_the_other(assistant: Assistant) -> None:
    history = [LIST, "the first one", "how many mg are given?"]
    reply = assistant.ask("and the other one?", history)
    assert reply.filters.sources == ("NCT90000002",)
    assert reply.resolved_question == "how many mg are given in NCT90000002?"
    assert "20 mg once daily" in reply.answers[0].quote


def test_after_an_overview_of_a_study_a_question_is_read_by_itself(assistant: Assistant) -> None:
    reply = assistant.ask("how many mg are given?", ["tell me about NCT90000002"])
    assert (reply.resolved_question, reply.filters.sources) == ("how many mg are given?", ("NCT90000002",))
    later = assistant.ask("and how often?", ["tell me about NCT90000002", "how many mg are given?"])
    assert later.resolved_question == "how many mg are given? and how often?"
    other = assistant.ask("and in NCT90000001?", ["tell me about NCT90000002", "how many mg are given?"])
    assert other.filters.sources == ("NCT90000001",)


def test_of_studies_that_were_named_the_same_is_asked_of_the_one_that_is_meant(assistant: Assistant) -> None:
    first = "what doses are given in NCT90000001 and NCT90000002?"
    cited = [answer.citation.source for answer in assistant.ask(first).answers]
    assert len(cited) == 2
    for question, source in zip(("the first one?", "and the second one?"), cited, strict=True):
        reply = assistant.ask(question, [first])
        assert reply.filters.sources == (source,)
        assert reply.resolved_question == f"what doses are given in {source}?"


def test_more_can_be_asked_of_it_in_one_question(assistant: Assistant) -> None:
    reply = assistant.ask("how many mg are given in the second one?", [LIST])
    assert reply.resolved_question == "how many mg are given in NCT90000002?"
    assert "20 mg once daily" in reply.answers[0].quote


def test_the_studies_just_cited_lead_to_the_same(assistant: Assistant) -> None:
    listed = assistant.ask(LIST)
    second = assistant.ask("the second one", [LIST], cited=listed.spoken_of)
    other = assistant.ask("and the other one?", [LIST, "the second one"], cited=second.spoken_of)
    assert (second.filters.sources, other.filters.sources) == (("NCT90000002",), ("NCT90000001",))


@pytest.mark.parametrize(
    ("question", "history", "said"),
    [
        ("the third one?", [LIST], "2 studies were cited before"),
        ("the other one", [LIST], "2 studies were cited before"),
        ("what did the other study find?", ["list the studies", "the first one"], "3 studies were cited before"),
        ("the second study", ["which trials were stopped early?"], "no study was cited before"),
        ("the first one", [], "no study was cited before"),
        ("was the first one randomised?", [], "no study was cited before"),
        ("and the second?", ["hello"], "no study was cited before"),
    ],
)
def test_where_it_cannot_be_known_which_is_meant_nothing_is_answered(
    assistant: Assistant, question: str, history: list[str], said: str
) -> None:
    reply = assistant.ask(question, history)
    assert (reply.status, reply.nearest, reply.carried) == ("abstained", (), False)
    assert reply.notes[0].startswith(said)


def test_the_last_one_is_the_last_that_was_shown(assistant: Assistant) -> None:
    assert assistant.ask("the last one", ["list the studies"], top=2).filters.sources == ("NCT90000002",)


def test_what_was_not_understood_leaves_the_list_to_be_pointed_at(assistant: Assistant) -> None:
    assert _within(assistant, "the second one", LIST, "the third one?") == ("NCT90000002",)


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("and in the second one?", "how many returned in the first group of NCT90000002?"),
        ("and the second?", "what was the primary outcome of NCT90000002?"),
        ("and the other one?", "was the first hospital large in the zelanide trial?"),
    ],
)
def test_within_one_study_the_second_one_is_no_study(assistant: Assistant, question: str, earlier: str) -> None:
    reply = assistant.ask(question, [earlier])
    assert reply.filters.sources == ("NCT90000002",)
    assert not any("cited before" in note for note in reply.notes)


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("and the other one?", "how many returned to hospital in the zelanide group?"),
        ("and the other?", "what was the rate in the furosemide arm?"),
        ("and the first one?", "what doses were tested?"),
    ],
)
def test_another_group_or_dose_is_no_study_of_the_list(assistant: Assistant, question: str, earlier: str) -> None:
    assert _within(assistant, question, LIST, "the second one", earlier) == ("NCT90000002",)


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("compare the first one and the last one", {"NCT90000001", "PMID:31234567"}),
        ("was the second study larger than the third one?", {"NCT90000002", "PMID:31234567"}),
        ("and the other two?", {"NCT90000002", "PMID:31234567"}),
        ("how does it compare with the second one?", {"NCT90000001", "NCT90000002"}),
        ("Did it work in the second study?", {"NCT90000002"}),
        ("In the second one, how many had dizziness?", {"NCT90000002"}),
    ],
)
def test_all_studies_that_are_pointed_at_are_asked_and_no_other(
    assistant: Assistant, question: str, sources: set[str]
) -> None:
    assert set(_within(assistant, question, "list the studies", "the first one")) == sources
