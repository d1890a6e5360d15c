from __future__ import annotations

import pytest

from digestqa.understanding.surveys import says_recruiting, surveyed


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("which digests mention a dose?", "flag"),
        ("which pages are flagged for safety data?", "flag"),
        ("which are rcts?", "evidence_type"),
        ("how many trials are recruiting?", "recruiting"),
        ("which studies have no results yet?", "no_results"),
        ("what is in here about sepsis?", "subject"),
        ("how many digests mention sepsis?", "subject"),
        ("which trials gave zelanide?", "tested"),
        ("how many studies have tested yoga?", "tested"),
        ("which of these were randomised?", "evidence_type"),
    ],
)
def test_what_is_looked_for_in_every_digest_is_known_by_its_words(question: str, kind: str) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert survey.kind == kind


@pytest.mark.parametrize(
    "question",
    [
        "what was the dose?",
        "is the trial recruiting?",
        "which trials gave zelanide twice a day?",
        "which trials gave 20 mg?",
        "which studies used potassium as their endpoint?",
    ],
)
def test_other_questions_are_read_for(question: str) -> None:
    assert surveyed(question) is None


@pytest.mark.parametrize(
    "sentence", ["The study is still recruiting.", "It is recruiting 40 adults.", "The trial is open to enrolment."]
)
def test_a_recruiting_study_says_so(sentence: str) -> None:
    assert says_recruiting(sentence)


@pytest.mark.parametrize(
    "sentence", ["It is not yet recruiting.", "It stopped recruiting in May.", "Ten recruiting sites took part."]
)
def test_one_that_does_not_recruit_is_not_counted(sentence: str) -> None:
    assert says_recruiting(sentence) is None
