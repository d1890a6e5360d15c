"""Conditions on a day or a number of the page."""

from __future__ import annotations

import pytest

from digestqa.understanding.ranges import Bounds, asked_bounds


@pytest.mark.parametrize(
    ("question", "bounds"),
    [
        ("which pages were ingested in April 2026?", Bounds("ingested", "2026-04", "2026-04")),
        ("which digests were ingested after 2026-04-01", Bounds("ingested", "2026-04-01", "", open=True)),
        ("pages ingested since 3 May 2026", Bounds("ingested", "2026-05-03", "")),
        ("ingested before Sept. 9, 2026", Bounds("ingested", "", "2026-09-09", open=True)),
        ("ingested between 2025 and Feb 2026", Bounds("ingested", "2025", "2026-02")),
        ("which digests are dated 2023?", Bounds("date", "2023", "2023")),
        ("which studies enrolled fewer than 10 patients?", Bounds("n", "", "10", open=True)),
        ("which trials had at least 1,000 participants", Bounds("n", "1000", "")),
        ("which studies have n ≤ 20", Bounds("n", "", "20")),
    ],
)
def test_bounds_are_known_by_their_words(question: str, bounds: Bounds) -> None:
    asked = asked_bounds(question)
    assert asked is not None
    assert asked[0] == bounds


@pytest.mark.parametrize(
    "question",
    [
        "which studies started in 2023?",
        "which studies had no more than 10 patients?",
        "which trials gave more than 10 mg?",
        "how many patients had more than 3 events?",
    ],
)
def test_other_days_and_numbers_are_none_of_the_page(question: str) -> None:
    assert asked_bounds(question) is None


@pytest.mark.parametrize(
    ("bounds", "value", "held"),
    [
        (Bounds("date", "2026-04", "2026-04"), "2026-04-30", True),
        (Bounds("date", "2026-04", "2026-04"), "2026-05-01", False),
        (Bounds("date", "2026-04-01", ""), "2027", True),
        (Bounds("date", "2026-04-01", ""), "2026", False),
        (Bounds("date", "", "2026-04", open=True), "2026-04-01", False),
        (Bounds("date", "", "2026-04", open=True), "2026-03-31", True),
        (Bounds("date", "2026", "2026"), "spring", False),
        (Bounds("n", "", "10", open=True), "9", True),
        (Bounds("n", "", "10", open=True), "10", False),
        (Bounds("n", "1000", ""), "3,147", True),
        (Bounds("n", "1000", ""), "about a thousand", False),
    ],
)
def test_a_day_as_vague_as_it_is_lies_between_bounds_only_where_that_is_certain(
    bounds: Bounds, value: str, held: bool
) -> None:
    assert bounds.hold(value) is held


def test_a_month_in_an_old_spelling_is_that_month() -> None:
    found = asked_bounds("digests ingested in ſep 2020")
    assert found is not None
    assert found[0].least == found[0].most == "2020-09"
