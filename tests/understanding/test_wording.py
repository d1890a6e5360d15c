from __future__ import annotations

import pytest

from digestqa.understanding.wording import (
    asks_everywhere,
    asks_for_finding,
    asks_for_list,
    asks_for_status,
    asks_several,
    asks_which,
    studies_asked,
    written_out,
)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("which two trials gave zelanide?", 2),
        ("both heart failure studies: who paid?", 2),
        ("which trials gave zelanide?", None),
        ("two doses of zelanide?", None),
    ],
)
def test_how_many_studies_are_asked_for_is_read_from_the_words(question: str, number: int | None) -> None:
    assert studies_asked(question) == number


@pytest.mark.parametrize("question", ["which trials gave zelanide?", "how many of the studies are blinded?"])
def test_which_studies_is_a_question_over_the_library(question: str) -> None:
    assert asks_which(question)


@pytest.mark.parametrize("question", ["which dose was given?", "how many patients died?", "what was measured?"])
def test_which_dose_is_a_question_within_a_study(question: str) -> None:
    assert not asks_which(question)


@pytest.mark.parametrize("question", ["and in all studies?", "dose across trials?", "anywhere else?"])
def test_plain_words_drop_the_scope(question: str) -> None:
    assert asks_everywhere(question)


@pytest.mark.parametrize("question", ["in all patients?", "any side effects?", "deaths in all arms?"])
def test_all_patients_are_not_all_studies(question: str) -> None:
    assert not asks_everywhere(question)


@pytest.mark.parametrize("question", ["secondary outcomes?", "what were the exclusion criteria?", "list the arms"])
def test_a_list_is_asked_for_in_the_plural(question: str) -> None:
    assert asks_for_list(question)


@pytest.mark.parametrize("question", ["what was the primary outcome?", "who paid for the drug?"])
def test_one_thing_is_no_list(question: str) -> None:
    assert not asks_for_list(question)


@pytest.mark.parametrize("question", ["did it work?", "what was the response rate?", "was the drug effective?"])
def test_a_finding_is_asked_for(question: str) -> None:
    assert asks_for_finding(question)


@pytest.mark.parametrize("question", ["what response rate is expected?", "how will survival be measured?", "dose?"])
def test_a_plan_is_no_finding(question: str) -> None:
    assert not asks_for_finding(question)


def test_comparing_speaks_of_several_studies() -> None:
    assert asks_several("compare zelanide and corvimab on deaths")
    assert not asks_several("what was the dose of zelanide?")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("AEs with zelanide?", "adverse events with zelanide?"),
        ("any SAE?", "any serious adverse event?"),
        ("how many pts?", "how many patients?"),
        ("n?", "how many participants?"),
        ("and the n overall?", "how many participants overall?"),
        ("n of women on zelanide?", "n of women on zelanide?"),
        ("was the aerosol used?", "was the aerosol used?"),
    ],
)
def test_short_forms_that_no_digest_has_are_written_out(typed: str, written: str) -> None:
    assert written_out(typed) == written


@pytest.mark.parametrize(
    "question",
    [
        "is it finished?",
        "is NCT90000001 finished?",
        "is the corvimab trial still recruiting?",
        "is corvimab still recruiting?",
        "has recruitment for corvimab begun?",
        "why was the zelanide study stopped?",
        "what is the status of the trial?",
        "recruitment status?",
        "hasn't it finished yet?",
        "are both trials over?",
    ],
)
def test_how_far_a_study_is_is_asked_of_the_study(question: str) -> None:
    assert asks_for_status(question)


@pytest.mark.parametrize(
    "question",
    [
        "was the surgery completed?",
        "has the bleeding stopped?",
        "is the drug active?",
        "was the study drug stopped?",
        "was treatment in the study stopped?",
        "did the patients in the trial finish?",
        "where was the study done?",
        "smoking status of the patients?",
        "what was the HER2 status of this tumour?",
    ],
)
def test_how_far_a_treatment_or_a_patient_is_is_no_status_of_the_study(question: str) -> None:
    assert not asks_for_status(question)
