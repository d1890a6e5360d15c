from __future__ import annotations

import time

import pytest

from digestqa.conversation import leans_on_history, replace_facet, resolve


@pytest.mark.parametrize(
    "question",
    [
        "what was the median progression-free survival with trastuzumab in the elderly?",
        "How many participants of NCT06598839 had nausea?",
        "is NCT02883595 finished?",
        "which trials gave 1.6 mg of thymosin alpha twice weekly?",
    ],
)
def test_a_question_that_stands_alone_is_never_altered(question: str) -> None:
    resolved = resolve(question, ["what was the dose of zelanide?"])
    assert (resolved.text, resolved.carried) == (question, False)


@pytest.mark.parametrize(
    "question", ["and the secondary ones?", "for how long?", "what about placebo?", "how many of them died?", "why?"]
)
def test_a_question_that_leans_is_read_with_the_one_before(question: str) -> None:
    earlier = "what was the primary outcome of the zelanide heart failure trial?"
    assert resolve(question, [earlier]).text == f"{earlier} {question}"
    assert resolve(question, [earlier]).carried


def test_a_chain_of_leaning_questions_goes_back_to_the_one_that_stood_alone() -> None:
    first = "what was the primary outcome of the zelanide heart failure trial?"
    resolved = resolve("and after a year?", ["an older matter altogether?", first, "and the secondary ones?"])
    assert resolved.text == f"{first} and the secondary ones? and after a year?"


def test_of_a_long_chain_the_subject_and_the_last_facet_are_leant_on() -> None:
    first = "what was the primary outcome of the zelanide heart failure trial?"
    history = [first, "why?", "and the secondary ones?", "and after a year?"]
    assert resolve("in the placebo group?", history).text == f"{first} and after a year? in the placebo group?"


def test_a_follow_up_that_said_itself_what_it_asked_for_is_leant_on_alone() -> None:
    first = "what was the primary outcome of the zelanide heart failure trial?"
    second = "and how many patients had severe dizziness or nausea?"
    assert resolve("for how long?", [first, second]).text == f"{second} for how long?"


def test_without_a_history_nothing_is_carried() -> None:
    assert resolve(" and then? ") == resolve("and then?", ["", "  "])
    assert resolve("and then?").text == "and then?"


def test_a_very_long_history_costs_nothing_and_its_end_counts() -> None:
    history = ["and this?"] * 5000 + ["what was the dose of zelanide in heart failure patients?"]
    assert resolve("for how long?", history).text == f"{history[-1]} for how long?"


def test_a_history_in_another_language_is_kept_as_it_is() -> None:
    assert resolve("and the dose?", ["Wie lange dauerte die Behandlung mit Zelanid bei Herzinsuffizienz?"]).carried


@pytest.mark.parametrize(
    "question",
    [
        "which trials are recruiting?",
        "how many studies mention a dose?",
        "what is in here about sepsis?",
        "list all rct trials",
    ],
)
def test_a_question_over_the_library_stands_alone(question: str) -> None:
    assert not leans_on_history(question)


@pytest.mark.parametrize(
    "question", ["which of those trials are recruiting?", "and how many trials?", "which of these?"]
)
def test_a_question_over_the_studies_just_cited_does_not(question: str) -> None:
    assert leans_on_history(question)


@pytest.mark.parametrize("question", ["and in NCT02883595?", "what about the study NCT 02883595?", "or PMID 31234567?"])
def test_a_question_that_only_names_another_study_by_its_number_leans(question: str) -> None:
    earlier = "what was the dose in NCT06598839?"
    assert resolve(question, [earlier]).text == f"{earlier} {question}"


@pytest.mark.parametrize(
    "question", ["and the dose in NCT02883595?", "NCT02883595?", "what about nausea in NCT02883595?"]
)
def test_one_that_also_says_what_it_asks_for_does_not(question: str) -> None:
    assert not resolve(question, ["what was the dose in NCT06598839?"]).carried


def test_the_number_takes_the_place_of_the_other() -> None:
    assert resolve("and in NCT02883595?", ["dose in NCT06598839?"]).shown == "dose in NCT02883595?"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("the dose?", f"and x{' ' * 3900}y"),
        ("the dose?", f"and {' ' * 3900}"),
        (f"dose in{' ' * 3900}x? y", "and in z?"),
        (f"dose in x{' ' * 3900}y", f"and in{' ' * 3900}z"),
    ],
)
def test_a_long_run_of_blanks_costs_little(earlier: str, later: str) -> None:
    began = time.perf_counter()
    replace_facet(earlier, later)
    resolve(later, [earlier])
    assert time.perf_counter() - began < 5
