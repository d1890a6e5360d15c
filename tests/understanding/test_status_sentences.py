from __future__ import annotations

import pytest

from digestqa.understanding.status_sentences import (
    says_no_longer_recruiting,
    says_not_recruiting,
    says_recruiting,
    says_stopped,
    stopped_for,
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The study is still recruiting.",
        "It is recruiting 40 adults.",
        "The trial is open to enrolment.",
        "As a recruiting study it has no results yet.",
        "It was recruiting at its last update in May.",
        "The entry is listed as recruiting.",
        "Overall status: recruiting.",
    ],
)
def test_a_recruiting_study_says_so(sentence: str) -> None:
    assert says_recruiting(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not yet recruiting.",
        "It stopped recruiting in May.",
        "Ten recruiting sites took part.",
        "Difficulty recruiting patients led to early closure.",
        "Recruiting took two years.",
        "Overall status: unknown (last known: recruiting).",
    ],
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


@pytest.mark.parametrize(
    ("sentence", "over"),
    [
        ("The study is no longer recruiting.", True),
        ("It has stopped recruiting.", True),
        ("Recruitment is closed.", True),
        ("The trial is closed to enrolment.", True),
        ("Overall status: active, not recruiting.", False),
        ("The trial is not yet recruiting.", False),
        ("It had not begun recruiting in May.", False),
    ],
)
def test_a_study_that_does_not_recruit_says_whether_not_yet_or_no_longer(sentence: str, over: bool) -> None:
    assert says_not_recruiting(sentence)
    assert bool(says_no_longer_recruiting(sentence)) is over


@pytest.mark.parametrize(
    "sentence",
    ["The study is recruiting.", "Results have not been posted.", "Sites not recruiting in May were closed."],
)
def test_one_that_recruits_or_says_nothing_of_it_is_none(sentence: str) -> None:
    assert says_not_recruiting(sentence) is None


def test_a_reason_stands_in_the_sentence_that_says_that_the_study_was_stopped() -> None:
    sentence = "The trial was terminated for futility after 40 patients."
    assert stopped_for("futility")(sentence)
    assert stopped_for("")(sentence)
    assert stopped_for("low enrolment")(sentence) is None
