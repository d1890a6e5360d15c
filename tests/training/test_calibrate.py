from __future__ import annotations

import numpy as np

from digestqa.reading.calibration import EVIDENCE
from training.calibrate import MOST_LOST, Judged, best_threshold, chosen, fit_ranking


def judged(scores: list[float], right: int | None, study: str = "a") -> Judged:
    """A question whose spans differ in their first piece of evidence alone."""
    evidence = np.zeros((len(scores), len(EVIDENCE)))
    evidence[:, 0] = scores
    return Judged(study, right is not None, evidence, np.array([at == right for at in range(len(scores))]))


def test_the_fitted_weights_rank_the_right_span_first_whatever_the_questions_level() -> None:
    rows = [judged([level, level + 1.0, level - 1.0], 1) for level in (-5.0, 0.0, 5.0)]
    scores, right = chosen(rows, fit_ranking(rows))
    assert right.all()
    assert len(scores) == 3


def test_questions_without_a_right_span_teach_the_ranking_nothing() -> None:
    rows = [judged([0.0, 1.0], 1)]
    without = fit_ranking(rows)
    assert np.allclose(fit_ranking([*rows, judged([5.0, -5.0], None)]), without)


def test_the_threshold_parts_what_is_right_from_what_cannot_be_answered() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.3, 0.2])
    right = np.array([True, True, True, False, False])
    answerable = np.array([True, True, True, False, False])
    assert best_threshold(confidence, right, answerable) == 0.7


def test_the_threshold_never_loses_more_answerable_questions_than_allowed() -> None:
    confidence = np.linspace(0.0, 1.0, 100)
    answerable = np.ones(100, dtype=bool)
    answerable[50:60] = False
    threshold = best_threshold(confidence, np.zeros(100, dtype=bool), answerable)
    assert np.mean(confidence[answerable] < threshold) <= MOST_LOST
