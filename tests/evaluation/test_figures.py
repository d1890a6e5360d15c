from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from digestqa.evaluation.bootstrap import RESAMPLES, interval, resampled_counts
from digestqa.evaluation.figures import FIGURES, columns_of
from digestqa.evaluation.verdicts import Verdict
from evaluation.made_verdicts import BY_HAND, EIGHT

ONCE = np.ones(8, dtype=np.int64)


def figure(name: str, *verdicts: Verdict) -> float:
    return FIGURES[name].of(columns_of(verdicts), np.ones(len(verdicts), dtype=np.int64))


def test_every_figure_is_worked_out_by_hand_in_these_tests() -> None:
    assert list(FIGURES) == list(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_figure_is_what_the_hand_finds(name: str) -> None:
    assert figure(name, *EIGHT) == pytest.approx(BY_HAND[name], abs=1e-6)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_question_that_counts_twice_is_as_good_as_two(name: str) -> None:
    counts = np.array([2, 1, 0, 3, 1, 2, 1, 0])
    spread = [verdict for verdict, count in zip(EIGHT, counts, strict=True) for _ in range(count)]
    assert FIGURES[name].of(columns_of(EIGHT), counts) == pytest.approx(figure(name, *spread), nan_ok=True)


@pytest.mark.parametrize("name", BY_HAND)
def test_the_order_of_the_questions_decides_nothing_even_among_equals(name: str) -> None:
    tied = [replace(verdict, confidence=0.5) for verdict in EIGHT[:4]] + [replace(EIGHT[5], confidence=0.5)]
    found = {round(figure(name, *order), 9) for order in permutations(tied) if name != "refused off-topic"}
    assert len(found) <= 1 or all(map(math.isnan, found))


def test_ties_count_half_for_separation() -> None:
    assert figure("auroc", replace(EIGHT[0], confidence=0.7), EIGHT[5]) == 0.5


def test_a_figure_over_nothing_is_not_a_number() -> None:
    assert math.isnan(figure("refused", EIGHT[0]))
    assert math.isnan(figure("auroc", EIGHT[0]))
    assert math.isnan(figure("ece", EIGHT[7]))
    assert math.isnan(figure("citation precision", EIGHT[7]))
    assert math.isnan(figure("cross", EIGHT[0]))


def test_answers_that_are_right_as_often_as_they_say_have_no_calibration_error() -> None:
    right, wrong = replace(EIGHT[0], confidence=0.75), replace(EIGHT[4], confidence=0.75)
    assert figure("ece", right, right, right, wrong) == pytest.approx(0)
    assert figure("ece", right, wrong) == pytest.approx(0.25)


def test_full_confidence_falls_into_the_last_bin() -> None:
    assert figure("ece", replace(EIGHT[0], confidence=1.0)) == 0.0


def test_resamples_draw_as_many_questions_as_there_are_and_always_the_same() -> None:
    draws = resampled_counts(8)
    assert draws.shape == (RESAMPLES, 8)
    assert (draws.sum(axis=1) == 8).all()
    assert (draws == resampled_counts(8)).all()
    assert abs(draws.mean() - 1) < 1e-9


def test_the_interval_of_a_mean_is_about_two_standard_errors_either_way() -> None:
    values = np.array([1.0] * 70 + [0.0] * 30)
    ends = interval([float(counts @ values / 100) for counts in resampled_counts(100)])
    assert ends == pytest.approx((0.7 - 1.96 * 0.0458, 0.7 + 1.96 * 0.0458), abs=0.02)


def test_resamples_over_nothing_are_left_out_of_the_interval() -> None:
    assert interval([math.nan, 0.5, 0.5]) == (0.5, 0.5)
    assert interval([math.nan]) is None
