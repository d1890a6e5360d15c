"""Studies that a question points at by their order in what was cited before."""

from __future__ import annotations

import pytest

from digestqa.understanding.pointing import asked_of, counts_things, points_at

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
    ("question", "before", "after"),
    [
        ("tell me about the first one", "tell me about ", ""),
        ("what was the dose in the second study?", "what was the dose in ", ""),
        ("was the last trial randomised?", "was ", " randomised"),
        ("the third trial’s sponsor?", "", "'s sponsor"),
        ("what did the other one find?", "what did ", " find"),
        ("compare the last two", "compare ", ""),
        ("tell me about #2", "tell me about ", ""),
        ("tell me more about the third", "tell me more about ", ""),
        ("summarise the second?", "summarise ", ""),
    ],
)
def test_a_longer_question_asks_something_of_it(question: str, before: str, after: str) -> None:
    pointing = points_at(question)
    assert pointing is not None
    assert (pointing.alone, pointing.before, pointing.after) == (False, before, after)


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


@pytest.mark.parametrize("question", ["the fourth one", "the latter?", "the last five", "the previous one", "#0"])
def test_a_place_that_is_not_there_is_none(question: str) -> None:
    pointing = points_at(question)
    assert pointing is None or pointing.among(CITED, CITED[:1]) == ()


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("how many were in NCT90000001?", "how many were in NCT90000003?"),
        ("how many were in NCT90000001 and NCT90000002?", "how many were in NCT90000003?"),
        ("doses in NCT90000001, NCT90000002 or in nct 9000 0004", "doses in NCT90000003"),
        ("NCT90000001 vs. NCT90000002?", "NCT90000003?"),
        ("what was the dose of zelanide?", "what was the dose of zelanide in NCT90000003?"),
    ],
)
def test_an_earlier_question_is_asked_of_another_study(question: str, asked: str) -> None:
    assert asked_of(question, "NCT90000003") == asked


def test_cohorts_arms_and_days_are_counted_too() -> None:
    assert counts_things("dose in the second cohort?")
    assert counts_things("which arm did better?")
    assert not counts_things("what was the dose in the second study?")
    assert counts_things("what happened in arm B?")
    assert not counts_things("who took part?")
    assert not counts_things("median age at the last visits?")
    assert not counts_things("what other drugs were given?")
