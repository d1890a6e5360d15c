from __future__ import annotations

import re

import pytest

from digestqa.understanding.surveys import as_whole, surveyed, surveyed_model


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
        ("how many trials are recruiting right now?", "recruiting"),
        ("Which trials are not recruiting?", "not_recruiting"),
        ("Which trials aren't currently recruiting patients?", "not_recruiting"),
        ("Which trials are no longer recruiting?", "no_longer_recruiting"),
        ("Which trials aren't recruiting any more?", "no_longer_recruiting"),
        ("Which studies were stopped early for futility?", "stopped"),
        ("so which clinical trials are listed as recruiting?", "recruiting"),
        ("how many of these 12 trials are recruiting in total?", "recruiting"),
        ("which digests mention any dosing information?", "flag"),
        ("which studies report safety data?", "flag"),
        ("which trials are still enrolling patients?", "recruiting"),
        ("which trials were terminated, and for what reason?", "stopped"),
        ("which trials were stopped ahead of schedule?", "stopped"),
        ("which studies haven't posted any results yet?", "no_results"),
        ("list all the studies without published results", "no_results"),
        ("which pages are flagged as protocol relevant?", "flag"),
        ("which digests have safety data?", "flag"),
    ],
)
def test_what_is_looked_for_in_every_digest_is_known_by_its_words(question: str, kind: str) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert survey.kind == kind
    assert survey.things == ()


@pytest.mark.parametrize(
    ("question", "kind", "things"),
    [
        ("Which trials are recruiting patients with melanoma?", "recruiting", ("melanoma",)),
        ("Which lung cancer trials are recruiting?", "recruiting", ("lung cancer",)),
        ("How many melanoma studies were stopped early?", "stopped", ("melanoma",)),
        ("Which melanoma digests mention a dose?", "flag", ("melanoma",)),
        ("Which of the sepsis studies are RCTs?", "evidence_type", ("sepsis",)),
        ("Which breast studies are still waiting for results?", "no_results", ("breast",)),
        ("Which cancer trials involve Duke University?", "subject", ("cancer",)),
    ],
)
def test_what_else_a_question_names_limits_the_studies(question: str, kind: str, things: tuple[str, ...]) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert (survey.kind, survey.joined) == (kind, False)
    assert survey.things == things


def test_names_side_by_side_are_of_several_studies() -> None:
    survey = surveyed("which of these trials have no results yet (zelanide, corvimab and bervamine)?")
    assert survey is not None
    assert (survey.things, survey.joined) == (("zelanide", "corvimab", "bervamine"), True)


@pytest.mark.parametrize(
    "question",
    [
        "Which trials are not yet recruiting?",
        "Which trials are not recruiting children?",
        "Which trials have never been recruiting?",
        "Which studies have no safety data?",
        "Which studies lack safety data?",
        "Which digests do not mention a dose?",
        "Which digests don’t mention a dose?",
        "Which digests are not tagged RCT?",
        "Which trials mention sepsis but not fever?",
        "Which trials mention sepsis or fever?",
        "Which studies are no longer waiting for results?",
    ],
)
def test_what_a_question_denies_is_never_listed(question: str) -> None:
    assert surveyed(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Which studies were stopped early for futility or harm?",
        "Which studies were stopped for 3 months?",
        "Which trials were stopped by the sponsor?",
        "Which trials had no significant findings?",
        "Which studies have no positive results?",
        "Which trials have no results on survival?",
        "Which trials did not report side effects?",
        "Which phase 2 trials are recruiting?",
        "Which trials are open to recruitment of women?",
        "Which trials are recruiting 12 patients?",
        "Which trials are recruiting women over 60?",
        "Which double-blind trials are recruiting?",
        "Which trials will start recruiting soon?",
        "Which digests mention a dose above 100 mg?",
        "Which digests mention dose reductions?",
        "Which studies are still recruiting and have no results yet?",
    ],
)
def test_what_is_limited_by_more_than_a_name_is_read_for(question: str) -> None:
    assert surveyed(question) is None


MODELS = ("gpt-5", "gemini-2.5-pro", "example-model-1")


@pytest.mark.parametrize(
    ("question", "model"),
    [
        ("which digests were written by gpt-5?", "gpt-5"),
        ("how many pages did GPT-5 write?", "GPT-5"),
        ("which were written by gemini-2.5-pro?", "gemini-2.5-pro"),
        ("how many of these were written by example-model-1.", "example-model-1"),
        ("which digests were written by gpt-5-nano?", "gpt-5-nano"),
    ],
)
def test_the_model_that_wrote_digests_is_known_by_its_whole_name(question: str, model: str) -> None:
    survey = surveyed_model(question, MODELS)
    assert survey is not None
    assert survey.told == f"were written by {model}"


@pytest.mark.parametrize(
    "question",
    [
        "which digests were not written by gpt-5?",
        "which digests did gpt-5-mini write?",
        "which trials compared gpt-5 with doctors?",
        "which studies were written by 3 authors?",
        "was it written by gpt-5?",
    ],
)
def test_other_questions_with_a_model_are_no_count_of_its_digests(question: str) -> None:
    assert surveyed_model(question, MODELS) is None


@pytest.mark.parametrize(
    ("wanted", "text", "held"),
    [
        ("gpt\\-5", "gpt-5", True),
        ("gpt\\-5", "openai/gpt-5", True),
        ("gpt\\-5", "gpt-5-mini", False),
        ("gpt\\-4", "gpt-4.1", False),
        ("gemini", "a-gemini", False),
        ("rct", "rct", True),
        ("rct", "non-RCT", False),
    ],
)
def test_a_name_is_not_found_in_a_longer_one(wanted: str, text: str, held: bool) -> None:
    assert bool(re.search(as_whole(wanted), text, re.IGNORECASE)) is held


@pytest.mark.parametrize("tag", ["non-randomized controlled trial", "non randomised controlled trial", "not RCT"])
def test_what_was_not_randomised_is_no_randomised_trial(tag: str) -> None:
    survey = surveyed("which digests are RCTs?")
    assert survey is not None
    assert re.search(as_whole(survey.wanted), "randomised controlled trial", re.IGNORECASE)
    assert not re.search(as_whole(survey.wanted), tag, re.IGNORECASE)


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


def test_for_what_a_study_was_stopped_must_be_said_with_it() -> None:
    survey = surveyed("Which studies were stopped early because of low enrolment?")
    assert survey is not None
    assert survey.wanted == "low enrolment"
