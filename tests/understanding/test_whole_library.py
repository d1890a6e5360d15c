"""Questions for all that the library holds, and words that are meant for the program."""

from __future__ import annotations

import pytest

from digestqa.understanding.small_talk import is_small_talk
from digestqa.understanding.whole_library import asks_for_whole_library


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("list the studies", "studies"),
        ("List all trials in the library.", "studies"),
        ("show me everything", "studies"),
        ("what studies do you have?", "studies"),
        ("which digests are in here", "studies"),
        ("what is in here?", "studies"),
        ("what's in this folder?", "studies"),
        ("how many digests are there?", "studies"),
        ("how many studies?", "studies"),
        ("So how many trials do we have in total?", "studies"),
        ("give me all trials", "studies"),
        ("Could you list the studies for me, please?", "studies"),
        ("give me a list of all the trials", "studies"),
        ("all studies", "studies"),
        ("overview of the library", "studies"),
        ("tell me what you have", "studies"),
        ("number of digests", "studies"),
        ("how many digests does the library have?", "studies"),
        ("which trials do you know?", "studies"),
        ("list all compounds", "compounds"),
        ("how many drugs are there?", "compounds"),
        ("what drugs are covered here?", "compounds"),
        ("which drugs are in the library", "compounds"),
        ("list the drugs you have", "compounds"),
    ],
)
def test_the_whole_library_is_known_by_its_words(question: str, asked: str) -> None:
    assert asks_for_whole_library(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "list the trials of zelanide",
        "which studies are recruiting?",
        "what is in here about sepsis?",
        "how many trials are recruiting?",
        "what drugs were given in the zelanide trial?",
        "what treatments are available for gout?",
        "list the adverse events",
        "which drugs were studied?",
        "how many patients are there?",
        "what treatments are available?",
        "which medications were included?",
        "name the drug",
        "what do you have on sepsis?",
    ],
)
def test_what_asks_for_a_part_of_it_is_none(question: str) -> None:
    assert asks_for_whole_library(question) is None


def test_after_a_study_its_drugs_may_be_meant() -> None:
    assert asks_for_whole_library("list the drugs", after_others=True) is None
    assert asks_for_whole_library("list all drugs", after_others=True) == "compounds"
    assert asks_for_whole_library("list the studies", after_others=True) == "studies"


@pytest.mark.parametrize(
    "question",
    [
        "ok, thanks a lot!",
        "please help",
        "hi",
        "Hello!",
        "thanks",
        "thank you very much",
        "help",
        "What can you do?",
        "who are you",
        "ok",
    ],
)
def test_small_talk_is_known(question: str) -> None:
    assert is_small_talk(question)


@pytest.mark.parametrize(
    "question", ["did it help?", "what can patients do?", "who are the sponsors?", "how does zelanide work?", "stopped"]
)
def test_a_question_about_a_study_is_no_small_talk(question: str) -> None:
    assert not is_small_talk(question)
