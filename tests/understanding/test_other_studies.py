"""An earlier question, asked of other studies."""

from __future__ import annotations

import time

import pytest

from digestqa.understanding.other_studies import asked_of


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


def test_a_run_of_blanks_or_marks_between_numbers_takes_no_time() -> None:
    began = time.process_time()
    for run in (" " * 20_000, " ," * 10_000, "," * 20_000):
        assert asked_of(f"was NCT90000001{run}x NCT90000002?", "NCT90000003").startswith("was NCT90000003")
    assert asked_of(f"NCT90000001{' ' * 20_000}and in NCT90000002?", "NCT90000003") == "NCT90000003?"
    assert time.process_time() - began < 2
