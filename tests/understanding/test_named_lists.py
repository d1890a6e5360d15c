"""Lists of studies by a name, an evidence type or a status alone."""

from __future__ import annotations

import pytest

from digestqa.understanding.surveys import surveyed


@pytest.mark.parametrize(
    ("question", "kind", "wanted", "things"),
    [
        ("list the trials of zelanide", "tested", "zelanide", ()),
        ("list the zelanide trials", "tested", "zelanide", ()),
        ("how many trials of zelanide are there?", "tested", "zelanide", ()),
        ("do you have studies of zelanide?", "tested", "zelanide", ()),
        ("are there any studies on heart failure?", "subject", "heart failure", ()),
        ("list yoga trials in depression", "subject", "depression", ("yoga",)),
    ],
)
def test_studies_are_listed_by_a_name(question: str, kind: str, wanted: str, things: tuple[str, ...]) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert (survey.kind, survey.wanted, survey.things) == (kind, wanted, things)


@pytest.mark.parametrize(
    "question",
    [
        "how many trials of zelanide showed benefit?",
        "how many trials of zelanide met their endpoint?",
        "list the trials of zelanide that were positive",
        "list studies in women",
        "which observational studies had adverse events?",
        "which randomised trials are recruiting?",
    ],
)
def test_what_asks_for_more_than_a_name_is_read_for(question: str) -> None:
    assert surveyed(question) is None


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("how many RCTs are there?", ()),
        ("how many heart failure RCTs are there?", ("heart failure",)),
        ("list the observational studies", ()),
        ("how many single-arm studies do you have on zelanide?", ("zelanide",)),
        ("which randomised trials tested zelanide?", ("zelanide",)),
    ],
)
def test_an_evidence_type_before_the_studies_is_looked_for_on_the_page(question: str, things: tuple[str, ...]) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert (survey.kind, survey.things) == ("evidence_type", things)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("which studies were withdrawn?", "withdrawn"),
        ("which trials have been suspended?", "suspended"),
        ("which trials were terminated?", ""),
    ],
)
def test_a_withdrawn_study_is_not_any_that_was_stopped(question: str, wanted: str) -> None:
    survey = surveyed(question)
    assert survey is not None
    assert (survey.kind, survey.wanted) == ("stopped", wanted)


def test_which_ones_asks_which_studies() -> None:
    survey = surveyed("which ones are recruiting?")
    assert survey is not None
    assert survey.kind == "recruiting"
