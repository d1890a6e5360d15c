"""Phases of trials."""

from __future__ import annotations

import pytest

from digestqa.understanding.phases import asked_phase, lists_phase, says_phase
from digestqa.understanding.surveys import surveyed


@pytest.mark.parametrize(
    ("question", "phase"),
    [
        ("which studies are phase 3?", "3"),
        ("list the phase II trials", "II"),
        ("how many phase 1/2 studies are there?", "1/2"),
        ("which phase ib trials do you have?", "ib"),
        ("which trials are in phase 2?", "2"),
        ("phase III studies?", "III"),
        ("Could you show me the phase 2 trials, please?", "2"),
        ("find phase 2b trials", "2b"),
        ("have you got any phase 3 trials?", "3"),
        ("is there a phase 3 trial?", "3"),
        ("which ones are phase 3", "3"),
        ("how many of them are phase 3?", "3"),
        ("phase two trials", "two"),
    ],
)
def test_a_phase_is_asked_for_by_its_number(question: str, phase: str) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert (survey.kind, survey.wanted, survey.things) == ("phase", phase, ())


def test_the_studies_may_be_named_besides() -> None:
    survey = surveyed("which phase 2 trials of zelanide are there?")
    assert survey is not None
    assert (survey.kind, survey.things) == ("phase", ("zelanide",))
    assert surveyed("phase 2 zelanide trials") == survey


@pytest.mark.parametrize(
    "question",
    ["phase 3?", "was this a phase 2 study?", "phase II outcome of the zelanide study?", "the phase 2 trial's dose?"],
)
def test_one_study_is_no_list_of_a_phase(question: str) -> None:
    assert not lists_phase(question)
    assert surveyed(question) is None


@pytest.mark.parametrize(
    "question",
    ["what was the recommended phase 2 dose?", "what happened in phase 2?", "which phase of the cycle was imaged?"],
)
def test_what_happened_in_a_phase_is_read_for(question: str) -> None:
    assert asked_phase(question) is None


@pytest.mark.parametrize(
    ("phase", "sentence", "said"),
    [
        ("2", "This phase II study is open.", "phase II"),
        ("II", "Phase 2 went ahead at 12 mg.", "Phase 2"),
        ("1", "They opened a phase I/II study.", "phase I/II"),
        ("2", "They opened a phase I/II study.", "phase I/II"),
        ("1/2", "They opened a phase I/II study.", "phase I/II"),
        ("1", "This phase Ib trial is small.", "phase Ib"),
        ("1b", "This phase Ib trial is small.", "phase Ib"),
        ("3", "After phases 2 and 3 it was sold.", "phases 2 and 3"),
        ("2", "The recommended phase 2 dose led to a phase 2 trial.", "phase 2"),
        ("two", "This phase II study is open.", "phase II"),
        ("1b", "This phase 1 trial is small.", None),
        ("1", "This phase II study is open.", None),
        ("2", "The recommended phase II dose was 300 mg.", None),
        ("2", "It decides what deserves phase 2 testing.", None),
        ("1", "Imaging came after the phase of uptake.", None),
    ],
)
def test_a_sentence_speaks_of_a_phase_in_either_numerals(phase: str, sentence: str, said: str | None) -> None:
    span = says_phase(phase)(sentence)
    assert (sentence[slice(*span)] if span else None) == said
