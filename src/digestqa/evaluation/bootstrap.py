"""How far a figure could be off by the luck of the questions: percentile bootstrap, with a fixed seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20260
LEVEL = 0.95


def resampled_counts(questions: int) -> NDArray[np.int64]:
    """Return how often each question is drawn in each resample, shape (resamples, questions).

    As many questions are drawn as there are, with replacement (Efron 1979). The same number of questions always gives
    the same draws: the same input has the same intervals, and two systems over the same questions are compared on the
    same draws.
    """
    draws: NDArray[np.int64] = np.random.default_rng(SEED).multinomial(
        questions, np.full(questions, 1 / questions), size=RESAMPLES
    )
    return draws


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % percentile interval of resampled values; None where a figure was over nothing in all of them."""
    defined = np.array(values)[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
