from __future__ import annotations

import pytest

from digestqa.answering.study_status import status_said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("As a recruiting study it has no results yet.", "recruiting study"),
        ("This planned single-arm study will give it weekly.", "planned single-arm study"),
        ("A large ongoing trial asks that.", "ongoing trial"),
        ("Completed trial of zelanide.", "Completed trial"),
        ("The trial was terminated for poor recruitment.", "was terminated"),
        ("The study of zelanide was stopped in May.", "was stopped"),
        ("No outcome is given, because the trial is still enrolling.", "is still enrolling"),
        ("Results are not yet available.", "not yet available"),
        ("The record was not yet recruiting.", "not yet recruiting"),
        ("Overall status: Completed.", "Overall status: Completed"),
    ],
)
def test_how_far_a_study_is_is_found_in_its_sentence(sentence: str, said: str) -> None:
    place = status_said(sentence)
    assert place is not None
    assert sentence[slice(*place)] == said


@pytest.mark.parametrize(
    "sentence",
    [
        "The active study drug was given by mouth.",
        "Of 120 people, 98 completed study treatment.",
        "Of 120 people, 98 completed study visits.",
        "Of 120 people, 98 completed study and follow-up.",
        "Study treatment was stopped in 12 patients.",
        "The trial drug was stopped in 12 patients.",
        "Two patients in the study were withdrawn.",
        "One patient in the trial was withdrawn.",
        "Bleeding is still ongoing in two patients.",
        "They stayed on the drug until the planned study end.",
        "The drug is not yet available in pharmacies.",
    ],
)
def test_what_became_of_a_treatment_or_a_patient_says_nothing_of_the_study(sentence: str) -> None:
    assert status_said(sentence) is None
