"""Things that a study has several of."""

from __future__ import annotations

import pytest

from digestqa.understanding.pointing import points_at
from digestqa.understanding.things import counts_things, may_mean_things


@pytest.mark.parametrize(
    ("earlier", "follow_up"),
    [
        ("how many responded in the zelanide group?", "and the other one?"),
        ("how many responded in the zelanide group?", "and in the second one?"),
        ("what was the response rate in the placebo arm?", "and the other?"),
        ("what doses were tested?", "and the first one?"),
        ("what are the two co-primary endpoints?", "and the first?"),
        ("which drug worked best?", "the other one?"),
        ("how many sites were there?", "and the second one?"),
        ("which cohorts had toxicity?", "and in the first one?"),
    ],
)
def test_another_group_or_dose_may_be_meant_unless_a_study_is_named(earlier: str, follow_up: str) -> None:
    pointing = points_at(follow_up)
    named_one = points_at("and the first study?")
    assert pointing is not None
    assert named_one is not None
    assert may_mean_things(pointing, earlier, of_one=True)
    assert not may_mean_things(named_one, earlier, of_one=True)


@pytest.mark.parametrize(
    ("earlier", "follow_up"),
    [
        ("what was the dose?", "and the first one?"),
        ("how many patients died?", "and the other one?"),
        ("what doses were tested?", "and in the first one?"),
        ("what was the primary outcome?", "and the second?"),
        ("was there a placebo arm?", "and in the other one?"),
        ("how many responded in the zelanide group?", "how many died in the second one?"),
    ],
)
def test_otherwise_another_study_is_meant(earlier: str, follow_up: str) -> None:
    pointing = points_at(follow_up)
    assert pointing is not None
    assert not may_mean_things(pointing, earlier, of_one=True)


def test_after_several_studies_the_first_one_is_a_study() -> None:
    pointing = points_at("and the first one?")
    assert pointing is not None
    assert not may_mean_things(pointing, "what doses were tested?", of_one=False)


def test_cohorts_arms_and_days_are_counted_too() -> None:
    assert counts_things("dose in the second cohort?")
    assert counts_things("which arm did better?")
    assert not counts_things("what was the dose in the second study?")
    assert counts_things("what happened in arm B?")
    assert not counts_things("who took part?")
    assert not counts_things("median age at the last visits?")
    assert not counts_things("what other drugs were given?")
