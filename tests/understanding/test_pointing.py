"""Studies that a question points at by their order in what was cited before."""

from __future__ import annotations

import pytest

from digestqa.understanding.pointing import points_at

CITED = ("NCT90000001", "NCT90000002", "NCT90000003")


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("the first one", CITED[:1]),
        ("and the second?", CITED[1:2]),
        ("What about the last one?", CITED[2:]),
        ("the 2nd study", CITED[1:2]),
        ("and in the third trial?", CITED[2:]),
        ("second one please", CITED[1:2]),
        ("#2", CITED[1:2]),
        ("number 3?", CITED[2:]),
        ("the first two", CITED[:2]),
        ("how about the last two studies?", CITED[1:]),
        ("the next one", CITED[1:2]),
    ],
)
def test_a_question_that_only_says_which_points_at_a_study(question: str, meant: tuple[str, ...]) -> None:
    pointing = points_at(question)
    assert pointing is not None
    assert pointing.alone
    assert pointing.among(CITED, CITED[:1]) == meant


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("tell me about the first one", "tell me about NCT90000001"),
        ("what was the dose in the second study?", "what was the dose in NCT90000002?"),
        ("was the last trial randomised?", "was NCT90000003 randomised?"),
        ("the third trial’s sponsor?", "NCT90000003's sponsor?"),
        ("what did the next one find?", "what did NCT90000002 find?"),
        ("compare the last two", "compare NCT90000002 and NCT90000003"),
        ("tell me about #2", "tell me about NCT90000002"),
        ("tell me more about the third", "tell me more about NCT90000003"),
        ("summarise the second?", "summarise NCT90000002?"),
        ("Were there deaths in the second trial?", "Were there deaths in NCT90000002?"),
        (
            "how common was the most frequent event in the second one?",
            "how common was the most frequent event in NCT90000002?",
        ),
        ("How many had at least one event in the second trial?", "How many had at least one event in NCT90000002?"),
        ("Did it work in the second study?", "Did it work in NCT90000002?"),
        ("What did they measure in the first study?", "What did they measure in NCT90000001?"),
        ("why was the first one terminated?", "why was NCT90000001 terminated?"),
        ("where was the second trial conducted?", "where was NCT90000002 conducted?"),
        ("is the first one a randomised trial?", "is NCT90000001 a randomised trial?"),
        ("is the first one double blind?", "is NCT90000001 double blind?"),
        ("is the third one phase 2?", "is NCT90000003 phase 2?"),
        ("In the first one, how many died?", "In NCT90000001, how many died?"),
        ("In the second study, what was the dose?", "In NCT90000002, what was the dose?"),
        ("For the second study, who could join?", "For NCT90000002, who could join?"),
        ("what was the dose in the second study again?", "what was the dose in NCT90000002?"),
        ("how many died in the second one of the list?", "how many died in NCT90000002 of the list?"),
        ("how many died in the placebo group of the second one?", "how many died in the placebo group of NCT90000002?"),
        ("show me the next study", "show me NCT90000002"),
    ],
)
def test_a_longer_question_asks_something_of_it(question: str, told: str) -> None:
    pointing = points_at(question)
    assert pointing is not None
    assert (pointing.alone, pointing.told(CITED, CITED[:1])) == (False, told)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("compare the first one and the third one", "compare NCT90000001 and NCT90000003"),
        ("compare the first and the third", "compare NCT90000001 and NCT90000003"),
        ("compare the first with the third", "compare NCT90000001 with NCT90000003"),
        ("which was in the first one and which in the third?", "which was in NCT90000001 and which in NCT90000003?"),
        ("was its dose higher than in the third one?", "was NCT90000001's dose higher than in NCT90000003?"),
        ("compare #1 and #3", "compare NCT90000001 and NCT90000003"),
        ("compare the first one with the other two", "compare NCT90000001 with NCT90000002 and NCT90000003"),
        ("what was the dose in the first one and the second one?", "what was the dose in NCT90000001 and NCT90000002?"),
        ("what was the dose in the first and second study?", "what was the dose in NCT90000001 and NCT90000002?"),
        (
            "what were the doses in the first one and in the third?",
            "what were the doses in NCT90000001 and in NCT90000003?",
        ),
        ("was the first trial larger than the second one?", "was NCT90000001 larger than NCT90000002?"),
        ("was the first larger than the second one?", "was NCT90000001 larger than NCT90000002?"),
        ("how does it compare with the third one?", "how does NCT90000001 compare with NCT90000003?"),
        ("compare it to the second trial", "compare NCT90000001 to NCT90000002"),
    ],
)
def test_all_studies_that_a_question_points_at_are_told(question: str, told: str) -> None:
    pointing = points_at(question)
    assert pointing is not None
    assert pointing.told(CITED, CITED[:1]) == told


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("the first and the last one", (CITED[0], CITED[2])),
        ("and in the first and third studies?", (CITED[0], CITED[2])),
        ("the second one and the first one?", (CITED[1], CITED[0])),
        ("#1 and #2", CITED[:2]),
        ("the first, the second and the third one", CITED),
    ],
)
def test_all_studies_are_meant_that_a_question_only_points_at(question: str, meant: tuple[str, ...]) -> None:
    pointing = points_at(question)
    assert pointing is not None
    assert pointing.alone
    assert pointing.among(CITED, ()) == meant


def test_where_one_of_several_is_not_there_none_is_meant() -> None:
    pointing = points_at("compare the first one and the fifth one")
    assert pointing is not None
    assert pointing.among(CITED, CITED[:1]) == ()


@pytest.mark.parametrize(
    "question",
    [
        "what was given on the first day?",
        "the first study visit?",
        "was this the first study?",
        "is it the second trial in adults?",
        "and the most common of the other ones?",
        "second?",
        "that one",
        "and the other arm?",
        "last dose?",
        "what was the second primary outcome?",
        "the first one that responded?",
        "and the second in NCT90000002?",
        "when did the first participants join?",
        "was the first study drug given at night?",
        "what happened at the second study visit?",
        "how many died in the first one hundred patients?",
        "was this the first trial of zelanide?",
        "is that one the first study in adults?",
        "what was the first trial ever done?",
        "is the first dose larger than the second one?",
        "did the zelanide group do better than the other one?",
        "what was given in the first cohort and in the second one?",
        "what was compared in the first study-related visit?",
        "#0",
    ],
)
def test_another_order_points_at_no_study(question: str) -> None:
    assert points_at(question) is None


def test_the_other_one_is_that_of_two_that_was_not_spoken_of_last() -> None:
    pointing = points_at("and the other one?")
    assert pointing is not None
    assert pointing.among(CITED[:2], CITED[:1]) == CITED[1:2]
    assert pointing.among(CITED, CITED[:1]) == ()
    assert pointing.among(CITED[:2], CITED[:2]) == ()


@pytest.mark.parametrize(
    "question",
    ["what was the death rate in the other studies?", "other studies?", "and the other two?", "the other ones"],
)
def test_several_other_ones_are_all_that_were_not_spoken_of_last(question: str) -> None:
    pointing = points_at(question)
    assert pointing is not None
    assert pointing.among(CITED, CITED[1:2]) == (CITED[0], CITED[2])
    assert pointing.among(CITED, CITED) == ()
    assert pointing.among(CITED, ()) == ()


def test_another_number_of_other_ones_than_are_left_is_not_known() -> None:
    pointing = points_at("and the other two?")
    assert pointing is not None
    assert pointing.among(CITED[:2], CITED[:1]) == ()


@pytest.mark.parametrize(
    "question",
    [
        "What did the previous studies show?",
        "previous studies?",
        "What is planned for the next study?",
        "What will the next trial test?",
        "how many rolled over from the first study?",
        "how long after the first study did it begin?",
        "what did the first studies show?",
        "what happened in the next two weeks?",
    ],
)
def test_studies_of_a_programme_are_not_those_of_a_list(question: str) -> None:
    assert points_at(question) is None


@pytest.mark.parametrize(
    "question", ["the fourth one", "the latter?", "the last five", "the previous one", "#9", "the last ones"]
)
def test_a_place_that_is_not_there_is_none(question: str) -> None:
    pointing = points_at(question)
    assert pointing is not None
    assert pointing.among(CITED, CITED[:1]) == ()


@pytest.mark.parametrize("question", ["the fırst one", "What about the fıfth study?", "the laſt one", "the first fıve"])
def test_letters_that_only_look_like_those_of_a_place_are_none(question: str) -> None:
    assert points_at(question) is None
