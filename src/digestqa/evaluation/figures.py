"""Figures over verdicts. Each is a function of the verdicts and of how often each question counts.

The counts are all one for the figure itself; a bootstrap draws others. All figures agree with the project's scorer
where that has them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digestqa.evaluation.verdicts import DEPTHS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digestqa.evaluation.verdicts import Verdict

COVERAGES = (0.5, 0.7, 0.8, 0.9)
"""Shares of the questions answered, surest first, at which the selective risk is stated."""
ECE_BINS = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """Verdicts as arrays of shape (questions,), numbers as float64."""

    answerable: NDArray[np.bool_]
    answered: NDArray[np.bool_]
    near_miss: NDArray[np.bool_]
    off_topic: NDArray[np.bool_]
    several: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    values: Mapping[str, NDArray[np.float64]]

    @property
    def everything(self) -> NDArray[np.bool_]:
        """All questions."""
        return np.ones(len(self.answerable), dtype=bool)


def columns_of(verdicts: Sequence[Verdict]) -> Columns:
    """Return verdicts as arrays."""

    def flags(of: Callable[[Verdict], bool]) -> NDArray[np.bool_]:
        return np.array([of(verdict) for verdict in verdicts], dtype=bool)

    def numbers(of: Callable[[Verdict], float]) -> NDArray[np.float64]:
        return np.array([of(verdict) for verdict in verdicts], dtype=np.float64)

    values = {
        "handled": numbers(lambda verdict: verdict.handled),
        "right1": numbers(lambda verdict: verdict.right1),
        "right3": numbers(lambda verdict: verdict.right3),
        "best_right": numbers(lambda verdict: verdict.best_right),
        "source1": numbers(lambda verdict: verdict.source1),
        "f1": numbers(lambda verdict: verdict.f1),
        "em": numbers(lambda verdict: verdict.em),
        "abstained": numbers(lambda verdict: not verdict.answered),
        "cross": numbers(lambda verdict: verdict.cross or 0.0),
        "given": numbers(lambda verdict: verdict.given),
        "cited_right": numbers(lambda verdict: verdict.cited_right),
        "faults": numbers(lambda verdict: verdict.faults),
        "reciprocal_rank": numbers(lambda verdict: verdict.reciprocal_rank),
        "ndcg": numbers(lambda verdict: verdict.ndcg),
    }
    first_right = numbers(lambda verdict: min(verdict.ranks, default=math.inf))
    for depth in DEPTHS:
        values[f"found@{depth}"] = (first_right <= depth).astype(np.float64)
    return Columns(
        answerable=flags(lambda verdict: verdict.answerable),
        answered=flags(lambda verdict: verdict.answered),
        near_miss=flags(lambda verdict: not verdict.answerable and verdict.kind == "near-miss"),
        off_topic=flags(lambda verdict: not verdict.answerable and verdict.kind == "off-topic"),
        several=flags(lambda verdict: verdict.cross is not None),
        confidence=numbers(lambda verdict: verdict.confidence),
        values=values,
    )


Of = Callable[[Columns, "NDArray[np.int64]"], float]
"""Works a figure out of the columns, with how often each question counts, shape (questions,)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        name: as it is printed.
        of: the figure of columns and counts; not a number where it is over nothing.
        over: the questions that it is taken over.
        better: ``higher``, ``lower``, or ``neither`` where it judges nothing.
    """

    name: str
    of: Of
    over: Callable[[Columns], NDArray[np.bool_]]
    better: str = "higher"


def mean(value: str, over: Callable[[Columns], NDArray[np.bool_]]) -> Of:
    """Return the mean of a value over some questions, as a figure."""

    def of(columns: Columns, counts: NDArray[np.int64]) -> float:
        weights = counts * over(columns)
        total = weights.sum()
        return float(weights @ columns.values[value] / total) if total else float("nan")

    return of


def _answerable(columns: Columns) -> NDArray[np.bool_]:
    return columns.answerable


def _unanswerable(columns: Columns) -> NDArray[np.bool_]:
    return ~columns.answerable


def _answered(columns: Columns) -> NDArray[np.bool_]:
    return columns.answered


def _everything(columns: Columns) -> NDArray[np.bool_]:
    return columns.everything


def _right_or_unanswerable(columns: Columns) -> NDArray[np.bool_]:
    return (columns.values["right1"] > 0) | ~columns.answerable


def auroc(columns: Columns, counts: NDArray[np.int64]) -> float:
    """Chance that a right first answer is surer than an unanswerable question's best candidate, ties counting half."""
    positive = counts * (columns.values["right1"] > 0)
    negative = counts * ~columns.answerable
    if not positive.sum() or not negative.sum():
        return float("nan")
    _, place = np.unique(columns.confidence, return_inverse=True)
    positives = np.bincount(place, positive)
    negatives = np.bincount(place, negative)
    below = np.cumsum(negatives) - negatives
    return float(positives @ (below + negatives / 2) / (positives.sum() * negatives.sum()))


def expected_calibration_error(columns: Columns, counts: NDArray[np.int64]) -> float:
    """Mean distance of confidence and share of right first answers over ten equal bins of the answers given.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
    """
    weights = counts * columns.answered
    if not weights.sum():
        return float("nan")
    bins = np.minimum((columns.confidence * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    gaps = np.bincount(bins, weights * (columns.confidence - columns.values["right1"]), ECE_BINS)
    return float(np.abs(gaps).sum() / weights.sum())


def brier_score(columns: Columns, counts: NDArray[np.int64]) -> float:
    """Mean square of confidence minus rightness of the best candidate, given or not (Brier 1950)."""
    return float(counts @ (columns.confidence - columns.values["best_right"]) ** 2 / counts.sum())


def risks(columns: Columns, counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the risk-coverage curve: how many questions are answered, surest first, and how many of them wrongly.

    Answering an unanswerable question is wrong. Questions of equal confidence share their errors evenly, so that the
    order of the file decides nothing. Both arrays begin with 0 and have shape (distinct confidences + 1,).
    """
    _, place = np.unique(-columns.confidence, return_inverse=True)
    answered = np.bincount(place, counts)
    wrong = np.bincount(place, counts * (1 - columns.values["best_right"]))
    return np.concatenate(([0.0], np.cumsum(answered))), np.concatenate(([0.0], np.cumsum(wrong)))


def selective_risk(coverage: float) -> Of:
    """Return, as a figure, the share of wrong answers when the surest ``coverage`` of the questions are answered."""

    def of(columns: Columns, counts: NDArray[np.int64]) -> float:
        answered, wrong = risks(columns, counts)
        given = coverage * answered[-1]
        return float(np.interp(given, answered, wrong) / given)

    return of


def area_under_risk_coverage(columns: Columns, counts: NDArray[np.int64]) -> float:
    """Mean of the selective risk over every coverage from one question to all (Geifman and El-Yaniv 2017)."""
    answered, wrong = risks(columns, counts)
    given = np.arange(1, int(answered[-1]) + 1)
    return float(np.mean(np.interp(given, answered, wrong) / given))


def _citation_precision(columns: Columns, counts: NDArray[np.int64]) -> float:
    weights = counts * columns.answerable
    given = weights @ columns.values["given"]
    return float(weights @ columns.values["cited_right"] / given) if given else float("nan")


def _faults(columns: Columns, counts: NDArray[np.int64]) -> float:
    return float(counts @ columns.values["faults"])


def _mean_figure(name: str, value: str, over: Callable[[Columns], NDArray[np.bool_]], better: str = "higher") -> Figure:
    return Figure(name, mean(value, over), over, better)


FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        *(_mean_figure(f"recall@{depth}", f"found@{depth}", _answerable) for depth in DEPTHS),
        _mean_figure("mrr", "reciprocal_rank", _answerable),
        _mean_figure("ndcg@10", "ndcg", _answerable),
        _mean_figure("handled", "handled", _everything),
        _mean_figure("right@1", "right1", _answerable),
        _mean_figure("right@3", "right3", _answerable),
        _mean_figure("source@1", "source1", _answerable),
        _mean_figure("f1", "f1", _answerable),
        _mean_figure("em", "em", _answerable),
        _mean_figure("refused", "abstained", _unanswerable),
        _mean_figure("refused near-miss", "abstained", lambda columns: columns.near_miss),
        _mean_figure("refused off-topic", "abstained", lambda columns: columns.off_topic),
        _mean_figure("lost", "abstained", _answerable, "lower"),
        _mean_figure("cross", "cross", lambda columns: columns.several),
        Figure("citation precision", _citation_precision, lambda columns: columns.answerable & columns.answered),
        Figure("auroc", auroc, _right_or_unanswerable),
        Figure("ece", expected_calibration_error, _answered, "lower"),
        Figure("brier", brier_score, _everything, "lower"),
        Figure("aurc", area_under_risk_coverage, _everything, "lower"),
        *(Figure(f"risk@{coverage}", selective_risk(coverage), _everything, "lower") for coverage in COVERAGES),
        Figure("verbatim faults", _faults, _answered, "lower"),
    )
}
"""Every figure, in the order in which they are printed."""
