"""Questions that set studies against each other."""

from __future__ import annotations

import pytest

from digestqa.choosing import chooses_studies
from digestqa.understanding.extremes import (
    Extreme,
    asked_extreme,
    asks_for_extreme_of_all,
    extreme_of_ones,
    weighs_studies,
    with_other_extreme,
)
from digestqa.understanding.surveys import surveyed


@pytest.mark.parametrize(
    ("question", "extreme"),
    [
        ("Which trial enrolled the most participants?", Extreme("n", greatest=True)),
        ("which of the studies had the fewest patients", Extreme("n", greatest=False)),
        ("what is the largest study here?", Extreme("n", greatest=True)),
        ("What's the smallest trial?", Extreme("n", greatest=False)),
        ("largest study by sample size", Extreme("n", greatest=True)),
        ("list the 5 biggest trials", Extreme("n", greatest=True, count=5)),
        ("what are the two largest studies?", Extreme("n", greatest=True, count=2)),
        ("show me the smallest trials", Extreme("n", greatest=False, count=3)),
        ("which study is the largest?", Extreme("n", greatest=True)),
        ("which of them is the smallest one?", Extreme("n", greatest=False)),
        ("which trial has the largest number of volunteers?", Extreme("n", greatest=True)),
        ("which digest was ingested last?", Extreme("ingested", greatest=True)),
        ("what is the most recently added digest?", Extreme("ingested", greatest=True)),
        ("which page was ingested first?", Extreme("ingested", greatest=False)),
        ("Could you please tell me which trial is the largest?", Extreme("n", greatest=True)),
        ("which study has the biggest sample size?", Extreme("n", greatest=True)),
        ("the study with the fewest patients", Extreme("n", greatest=False)),
        ("which study in the library is the largest?", Extreme("n", greatest=True)),
        ("top 4 largest trials, please", Extreme("n", greatest=True, count=4)),
        ("most recent study?", Extreme("date", greatest=True)),
        ("what is the oldest trial?", Extreme("date", greatest=False)),
        ("the newest 2 digests", Extreme("ingested", greatest=True, count=2)),
        ("latest digest?", Extreme("ingested", greatest=True)),
        ("What’s new?", Extreme("ingested", greatest=True)),
        ("what was added most recently?", Extreme("ingested", greatest=True)),
    ],
)
def test_an_extreme_of_what_pages_give_is_known_by_its_words(question: str, extreme: Extreme) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert survey.extreme == extreme
    assert survey.things == ()


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("which zelanide trial is the biggest?", "zelanide"),
        ("what is the largest trial of zelanide?", "zelanide"),
        ("what is the largest heart failure study?", "heart failure"),
        ("which heart failure study enrolled the most patients?", "heart failure"),
    ],
)
def test_what_it_says_besides_names_what_the_studies_are_called_after(question: str, thing: str) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert survey.things == (thing,)


@pytest.mark.parametrize(
    "question",
    [
        "In the largest trial, what was the response rate?",
        "Which arm had the most participants?",
        "which country enrolled most patients in the zelanide study?",
        "What was the largest dose in the zelanide trial?",
        "largest single brain tumor permitted in the zelanide study?",
        "which trial had the most deaths?",
        "Which trial enrolled the most women?",
        "what is the largest study's response rate?",
        "which drug was given first?",
        "what was the largest study arm?",
        "what was the latest study visit in the zelanide trial?",
        "which trial had the most patients with anaemia?",
        "what is new about the zelanide trial?",
    ],
)
def test_other_extremes_are_none_of_the_page(question: str) -> None:
    survey = surveyed(question)
    assert survey is None or survey.extreme is None


@pytest.mark.parametrize(
    "question",
    [
        "Which study had the longest median overall survival?",
        "which trial reported the highest response rate?",
        "Which of the trials had the fewest serious adverse events?",
        "What is the most common side effect across the studies?",
        "across all trials, what was the average age?",
        "Who sponsored most of the trials?",
        "how many patients in total across all studies?",
        "which company ran most trials?",
    ],
)
def test_what_needs_several_studies_to_be_weighed_is_known(question: str) -> None:
    assert weighs_studies(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which arm had the longest median survival?",
        "most common serious problem in the zelanide trial",
        "what was the average age in the zelanide study",
        "which studies are recruiting?",
        "which two trials graded pain, and what were their best response rates?",
        "Which trial is most recent?",
        "What was the highest dose in the study?",
        "how many patients were enrolled in total?",
        "what is the primary outcome?",
    ],
)
def test_what_one_study_may_say_is_read_for(question: str) -> None:
    assert not weighs_studies(question)


@pytest.mark.parametrize(
    "question", ["biggest RCT", "which randomised trial is the largest?", "the largest randomized trials"]
)
def test_a_design_limits_among_which_the_largest_is_looked_for(question: str) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert survey.extreme is not None
    assert survey.extreme.evidence
    assert survey.things == ()


@pytest.mark.parametrize(
    ("question", "extreme"),
    [
        ("the sıx largest trials", Extreme("n", greatest=True, count=6)),
        ("the latest fıve trials", Extreme("date", greatest=True, count=5)),
        ("list the SİX smallest trials", Extreme("n", greatest=False, count=6)),
        ("the ſmallest trial", Extreme("n", greatest=False)),
    ],
)
def test_letters_that_are_others_without_their_case_are_read_as_those(question: str, extreme: Extreme) -> None:
    asked = asked_extreme(question)
    assert asked is not None
    assert asked[0] == extreme


def test_the_largest_of_those_spoken_of_is_not_that_of_all() -> None:
    assert asks_for_extreme_of_all("biggest study?")
    assert not asks_for_extreme_of_all("which of them is the biggest?")


def test_a_plain_question_is_no_extreme() -> None:
    assert asked_extreme("what is the primary outcome?") is None


@pytest.mark.parametrize(
    ("question", "of_all", "bare"),
    [
        ("which one is the largest?", "which study is the largest?", False),
        ("which one's the biggest", "which study is the biggest", False),
        ("and which ones had the most patients?", "which study had the most patients?", False),
        ("which of them is the most recent?", "which study is the most recent?", False),
        ("the smallest one?", "which study is the smallest?", True),
        ("and the smallest?", "which study is the smallest?", True),
        ("what about the latest one", "which study is the latest?", True),
        ("which is the oldest?", "which study is the oldest?", True),
        ("ok the smallest", "which study is the smallest?", True),
        ("or the largest one?", "which study is the largest?", True),
        ("and which were the largest?", "which study is the largest?", True),
        ("the largest of them", "which study is the largest?", False),
        ("which one had the least patients?", "which study had the least patients?", False),
        ("which one has the largest sample size", "which study has the largest sample size", False),
        ("which ones are the two newest, please?", "which study are the two newest, please?", False),
        ("which of those is the latest of all here?", "which study is the latest of all here?", False),
        (
            "which one is the largest by sample size overall?",
            "which study is the largest by sample size overall?",
            False,
        ),
        ("which of them are the latest 2", "which study are the latest 2", False),
        ("the smallest one, please", "which study is the smallest?", True),
        ("which one had the most patients of them all?", "which study had the most patients of them all?", False),
        ("which one had the fewest patients of the three", "which study had the fewest patients of the three", False),
        (
            "which one took in the most people in total, please?",
            "which study took in the most people in total, please?",
            False,
        ),
    ],
)
def test_the_largest_of_ones_that_are_not_named_is_known(question: str, of_all: str, bare: bool) -> None:
    ones = extreme_of_ones(question)
    assert ones is not None
    assert (ones.of_all, ones.bare) == (of_all, bare)
    assert asked_extreme(ones.of_them) is not None
    assert asked_extreme(ones.of_all) is not None
    assert chooses_studies(question)


@pytest.mark.parametrize(
    "question",
    [
        "which one is better?",
        "which one had the longest survival?",
        "the most common one",
        "the largest dose?",
        "which one had the most deaths?",
        "which one had the largest effect?",
        "which one had the most adverse events?",
        "which one had the most patients with nausea?",
        "which one is the largest dose?",
        "biggest study?",
        "the oldest participant",
    ],
)
def test_the_largest_of_something_else_is_not(question: str) -> None:
    assert extreme_of_ones(question) is None
    assert not chooses_studies(question)


def test_after_an_extreme_another_is_asked_of_the_same() -> None:
    earlier = "what is the largest heart failure study?"
    assert with_other_extreme(earlier, "and the smallest?") == "what is the smallest heart failure study?"
    assert with_other_extreme("how many patients were there?", "and the smallest?") is None
