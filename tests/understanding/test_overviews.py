"""Questions for a study as a whole."""

from __future__ import annotations

import time

import pytest

from digestqa.understanding.overviews import only_introduces, overview_of


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("tell me about NCT90000002", "NCT90000002"),
        ("Can you summarise the zelanide trial?", "the zelanide trial"),
        ("Please give me a short overview of the yoga study.", "the yoga study"),
        ("summary of NCT90000001", "NCT90000001"),
        ("what is the zelanide study about?", "the zelanide study"),
        ("what's it all about", "it"),
        ("What did NCT90000002 find?", "NCT90000002"),
        ("so what did the zelanide trial show overall?", "the zelanide trial"),
        ("what are the key findings of the zelanide trial?", "the zelanide trial"),
        ("what were the results of the zelanide trial", "the zelanide trial"),
        ("main results from NCT90000002", "NCT90000002"),
        ("what was the conclusion regarding zelanide?", "zelanide"),
        ("what's the bottom line?", ""),
        ("How did the zelanide trial turn out?", "the zelanide trial"),
        ("NCT90000002", "NCT90000002"),
        (" pmid: 31234567 ", "pmid: 31234567"),
        ("tell me more", ""),
        ("what did they conclude?", "they"),
        ("so, what did it show?", "it"),
        ("Hello! Could you tell me about NCT90000002, please?", "NCT90000002"),
        ("I would like to know more about the zelanide trial", "the zelanide trial"),
        ("What can you tell me about NCT90000002?", "NCT90000002"),
        ("NCT90000002: summary", "NCT90000002"),
        ("show me NCT90000002", "NCT90000002"),
        ("whats it about", "it"),
        ("summary, please", ""),
        ("TL;DR?", ""),
        ("what were the main findings?", ""),
        ("bottom line?", ""),
    ],
)
def test_an_overview_is_known_by_its_words(question: str, thing: str) -> None:
    assert overview_of(question) == thing


@pytest.mark.parametrize(
    "question",
    [
        "what is the primary outcome?",
        "what did they show?",
        "which studies are about heart failure?",
        "what was found at week 12?",
        "what was the response rate in NCT90000002?",
        "how did zelanide work?",
        "how many patients were in NCT90000002?",
        "what results did the trial report at 12 months?",
        "and the main results?",
        "what were the results in women?",
        "findings for pain",
        "About how many people will the zelanide study cover?",
        "explain randomisation",
    ],
)
def test_one_thing_that_is_asked_is_no_overview(question: str) -> None:
    assert overview_of(question) is None


@pytest.mark.parametrize("words", ["what is ", "what did ", "results of ", "tell me about ", "summary of the "])
def test_a_run_of_blanks_or_words_is_told_at_once(words: str) -> None:
    for middle in ("   ", "a ", words, "?! "):
        question = f"{words}{middle * 4000}"[:3990] + " x; about"
        began = time.perf_counter()
        assert overview_of(question) in (None, "x; about")
        assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "question",
    ["tell me about NCT90000002", "NCT90000001", "summarise NCT90000001 and PMID: 31234567", "about NCT90000001"],
)
def test_a_number_alone_introduces_a_study(question: str) -> None:
    assert only_introduces(question)


@pytest.mark.parametrize(
    "question",
    ["what did NCT90000002 find?", "tell me about the zelanide trial", "how many were in NCT90000002?", "summary?"],
)
def test_what_asks_for_more_does_not(question: str) -> None:
    assert not only_introduces(question)
