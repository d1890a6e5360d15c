from __future__ import annotations

import pytest

from digestqa.reading.base import ReadablePassage
from digestqa.reading.calibration import evidence
from digestqa.reading.cues import qualifiers
from digestqa.reading.windows import Span


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("itch score at week 4", {("week", "4")}),
        ("after 12 weeks, or a 12-week course", {("week", "12")}),
        ("at twelve months and one year", {("month", "12"), ("year", "1")}),
        ("Phase II, dose level two", {("phase", "2"), ("level", "2")}),
        ("in part B and arm 3", {("part", "b"), ("arm", "3")}),
        ("no time at all, 4 of 12 patients", set()),
    ],
)
def test_times_arms_and_parts_are_qualifiers(text: str, found: set[tuple[str, str]]) -> None:
    assert qualifiers(text) == found


def known(question: str, sentence: str, span: str) -> dict[str, float]:
    passage = ReadablePassage(
        study="NCT90000001",
        headline="Corvimab for Itching",
        section="Results",
        text=sentence,
        start=0,
        sentences=((0, len(sentence)),),
        retrieval_score=1.0,
        cosine=0.5,
    )
    at = sentence.index(span)
    return evidence(question, [passage], [Span(0, at, at + len(span), 1.0, 1.0)], [0.5])[0]


def test_a_count_that_is_asked_for_must_be_given() -> None:
    sentence = "Investigators will count how many adults itch less; 42 adults are planned."
    assert known("how many adults itch less?", sentence, "how many adults")["number_asked_not_given"] == 1
    assert known("how many adults are planned?", sentence, "42 adults")["number_asked_not_given"] == 0
    assert known("who will count the adults?", sentence, "Investigators")["number_asked_not_given"] == 0


def test_a_reason_that_is_asked_for_must_be_given() -> None:
    plain, reason = "The trial stopped early.", "The trial stopped early because money ran out."
    assert known("why did it stop?", plain, "stopped early")["reason_asked_not_given"] == 1
    assert known("why did it stop?", reason, "money ran out")["reason_asked_not_given"] == 0
    assert known("when did it stop?", plain, "early")["reason_asked_not_given"] == 0


def test_the_time_that_is_asked_for_must_be_the_sentences() -> None:
    sentence = "Itch fell by 3.1 points at week 8."
    assert known("itch change at week 4?", sentence, "3.1 points")["qualifier_missing"] == 1
    assert known("itch change at week 8?", sentence, "3.1 points")["qualifier_missing"] == 0
    assert known("itch change?", sentence, "3.1 points")["qualifier_missing"] == 0
