"""Lists of studies that are asked for in hardly a word."""

from __future__ import annotations

import pytest

from digestqa.understanding.surveys import surveyed
from digestqa.understanding.terse_lists import as_full_list


@pytest.mark.parametrize(
    ("terse", "full"),
    [
        ("rcts", "which trials are rcts?"),
        ("RCTs, please", "which trials are rcts?"),
        ("randomised controlled trials", "which trials are rcts?"),
        ("single arm studies", "which trials are single arm?"),
        ("show me the single-arm trials", "which trials are single-arm?"),
        ("observational studies?", "which trials are observational?"),
        ("meta-analyses", "which digests are meta-analyses?"),
        ("recruiting studies?", "which trials are recruiting?"),
        ("trials that are recruiting", "which trials are recruiting?"),
        ("terminated trials", "which trials were terminated?"),
        ("withdrawn studies in the library", "which trials were withdrawn?"),
        ("studies without results", "which studies have no results?"),
        ("rcts of zelanide", "which rcts of zelanide are there?"),
        ("recruiting trials in heart failure", "which trials in heart failure are recruiting?"),
        ("rcts of the drug zelanide", "which rcts of zelanide are there?"),
        ("in-vitro studies", "which digests are in vitro?"),
        ("in vitro studies", "which digests are in vitro?"),
        ("animal studies", "which digests are animal studies?"),
        ("terminated trials for futility", "which trials were terminated for futility?"),
        ("stopped studies for safety reasons", "which studies were stopped for safety reasons?"),
        ("withdrawn trials for lack of efficacy", "which trials were withdrawn for lack of efficacy?"),
        ("terminated trials for depression", "which depression trials were terminated?"),
        ("terminated trials of zelanide", "which zelanide trials were terminated?"),
    ],
)
def test_a_terse_list_is_what_its_long_form_is(terse: str, full: str) -> None:
    asked, wanted = surveyed(as_full_list(terse)), surveyed(full)
    assert asked is not None
    assert wanted is not None
    assert asked == wanted


@pytest.mark.parametrize(
    "question",
    [
        "and rcts?",
        "And rcts?",
        "AND RCTs?",
        "ok, and rcts?",
        "rcts of the drug",
        "RCTs of the same drug",
        "randomised trials of the compound",
        "single arm studies of the drug",
        "single arm studies of the study drug",
        "rcts with its compound",
        "rcts in their patients",
        "recruiting trials with such patients",
        "rcts of zelanide in the same patients",
        "terminated trials of the compound",
        "rcts of the first one",
        "rcts of the drug in heart failure",
        "recruiting?",
        "single arm",
        "rcts that had deaths",
        "single arm studies of it",
        "randomised trial",
        "recruiting sites",
        "patients in randomised trials",
        "why were trials stopped?",
        "completed trials",
        "phase 3 trials",
        "the rate in randomised trials of zelanide over five whole years of treatment",
    ],
)
def test_anything_else_is_left_as_it_is(question: str) -> None:
    assert as_full_list(question) == question
