from __future__ import annotations

import pytest

from digestqa.understanding.surveys import says_recruiting, says_stopped, surveyed


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("which digests mention a dose?", "flag"),
        ("which pages are flagged for safety data?", "flag"),
        ("which are rcts?", "evidence_type"),
        ("how many trials are recruiting?", "recruiting"),
        ("which studies have no results yet?", "no_results"),
        ("which studies were stopped early and why?", "stopped"),
        ("how many trials got terminated?", "stopped"),
        ("were any studies withdrawn?", "stopped"),
        ("which trials ended prematurely", "stopped"),
        ("list the trials that the sponsor halted", "stopped"),
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
        "which trials stopped zelanide early?",
        "which studies ended with a follow-up visit?",
        "which trials had patients withdrawn for side effects?",
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


@pytest.mark.parametrize(
    "sentence",
    [
        "Seven patients entered before the trial was terminated for poor recruitment.",
        "It was halted in May for want of money, and nobody was analysed.",
        "The sponsor ended the study early for business reasons.",
        "Because the sponsor stopped early, no rate was worked out.",
        "By March the study had been withdrawn, and no patient was ever enrolled.",
        "Enrolment was stopped after 12 of 60 people.",
        "Accrual was slow and the study closed early.",
        "Why the study stopped: slow accrual.",
        "The trial enrolled 42 people from June on, and was then terminated for business reasons.",
        "The record is therefore listed as terminated.",
        "Early termination left too few people to compare.",
    ],
)
def test_a_study_that_was_stopped_says_so(sentence: str) -> None:
    assert says_stopped(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The trial began in 2005 and closed in 2009.",
        "Any sleep medicine had to be stopped before the study.",
        "Three patients were withdrawn from the study.",
        "It was stopped at the first sign of bleeding.",
        "Collection of data stopped in June, and the study closed in March.",
        "Treatment was terminated early in two of the 40 people in the trial.",
        "The study was not stopped early.",
        "Patients who stopped the study drug early were followed.",
        "The trial may be stopped early for futility.",
    ],
)
def test_one_that_ran_its_course_or_whose_patients_stopped_is_not_counted(sentence: str) -> None:
    assert says_stopped(sentence) is None
