from __future__ import annotations

import numpy as np
import pytest

from digestqa.reading.calibration import EVIDENCE
from training.calibrate import LOST, Judged, chosen, fit, fit_ranking


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


def test_the_threshold_loses_the_stated_share_of_the_answerable_questions(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    rows = []
    for place in range(400):
        told = place % 4 > 0
        scores = rng.normal(2.0 if told else 0.0, 1.0, 1)
        rows.append(judged([*scores, scores[0] - 1.0], 0 if told else None, study=str(place)))
    fitted = fit(rows)
    lost = float(capsys.readouterr().out.split("lost ")[1].split(",")[0])
    assert abs(lost - LOST) <= 0.005
    assert 0.0 < fitted["threshold"] < 1.0
