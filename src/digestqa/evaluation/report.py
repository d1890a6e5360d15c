"""From verdicts to a report: figures with intervals, as a JSON object and as text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from digestqa.evaluation.bootstrap import LEVEL, RESAMPLES, SEED, interval, resampled_counts
from digestqa.evaluation.figures import FIGURES, Columns, Of, columns_of, mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digestqa.evaluation.baseline import Comparison
    from digestqa.evaluation.verdicts import Judged, Verdict
    from digestqa.replies import LibraryState

SCHEMA_VERSION = 1
KIND = "digestqa evaluation"
_DIGITS = 6
_LATENCIES = {"p50_ms": 0.5, "p95_ms": 0.95}
_BY_TYPE = {"handled": "handled", "source@1": "source1", "f1": "f1"}
"""Figures stated for every type of question; all but the first over its answerable questions."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as it came out.

    Attributes:
        value: None where it is over nothing.
        low: lower end of the 95 % bootstrap interval; None where there is none.
        high: upper end.
        n: questions that it is taken over.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class EvalReport:
    """What an evaluation found.

    Attributes:
        figures: by name, in the order of :data:`~digestqa.evaluation.figures.FIGURES`.
        by_type: for each type of question, some of the figures.
        latency_ms: quantiles of the time from question to reply.
        verdicts: one a question, in the order of the file.
        library: what was asked.
    """

    figures: Mapping[str, Measured]
    by_type: Mapping[str, Mapping[str, Measured]]
    latency_ms: Mapping[str, Measured]
    verdicts: tuple[Verdict, ...]
    library: LibraryState


def make_report(judged: Sequence[Judged]) -> EvalReport:
    """Work out every figure of at least one question."""
    verdicts = tuple(item.verdict for item in judged)
    columns = columns_of(verdicts)
    draws = resampled_counts(len(verdicts))

    def measured(of: Of, over: NDArray[np.bool_]) -> Measured:
        return _measured(of, columns, over, draws)

    figures = {name: measured(figure.of, figure.over(columns)) for name, figure in FIGURES.items()}
    # A count of faults has no luck in it: there must be none.
    faults = figures["verbatim faults"]
    figures["verbatim faults"] = Measured(faults.value, None, None, faults.n)
    by_type: dict[str, dict[str, Measured]] = {}
    for kind in sorted({verdict.type for verdict in verdicts}):
        of_type = np.array([verdict.type == kind for verdict in verdicts])
        overs = {name: of_type if name == "handled" else of_type & columns.answerable for name in _BY_TYPE}
        by_type[kind] = {
            name: measured(mean(_BY_TYPE[name], _fixed(over)), over) for name, over in overs.items() if over.any()
        }
    elapsed = np.array([item.elapsed_ms for item in judged])
    return EvalReport(
        figures=figures,
        by_type=by_type,
        latency_ms={
            name: measured(_quantile_of(elapsed, share), columns.everything) for name, share in _LATENCIES.items()
        },
        verdicts=verdicts,
        library=judged[0].library,
    )


def _measured(of: Of, columns: Columns, over: NDArray[np.bool_], draws: NDArray[np.int64]) -> Measured:
    value = of(columns, np.ones(len(over), dtype=np.int64))
    if math.isnan(value):
        return Measured(None, None, None, int(over.sum()))
    low, high = interval([of(columns, counts) for counts in draws]) or (value, value)
    return Measured(round(value, _DIGITS), round(low, _DIGITS), round(high, _DIGITS), int(over.sum()))


def _fixed(over: NDArray[np.bool_]) -> Callable[[Columns], NDArray[np.bool_]]:
    def of(_: Columns) -> NDArray[np.bool_]:
        return over

    return of


def _quantile_of(values: NDArray[np.float64], share: float) -> Of:
    def of(_: Columns, counts: NDArray[np.int64]) -> float:
        return quantile(values, counts, share)

    return of


def quantile(values: NDArray[np.float64], counts: NDArray[np.int64], share: float) -> float:
    """Return the value under which a share of the values lie: element ``floor(share × n)`` from 0, of the sorted."""
    spread = np.sort(np.repeat(values, counts))
    return float(spread[min(len(spread) - 1, int(share * len(spread)))])


def report_value(
    report: EvalReport, questions: Mapping[str, Any], comparison: Comparison | None = None
) -> dict[str, Any]:
    """Return a report as plain JSON values (schema 1, see ``docs/evaluating.md``).

    Args:
        report: what was found.
        questions: which file of questions was asked: its name and hash.
        comparison: with a baseline, where one was given.
    """
    value: dict[str, Any] = {
        "schema": SCHEMA_VERSION,
        "kind": KIND,
        "questions": {**questions, "count": len(report.verdicts)},
        "library": asdict(report.library),
        "figures": {name: asdict(measured) for name, measured in report.figures.items()},
        "by_type": {
            kind: {name: asdict(measured) for name, measured in figures.items()}
            for kind, figures in report.by_type.items()
        },
        "latency": {name: asdict(measured) for name, measured in report.latency_ms.items()},
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
        "verdicts": [verdict_value(verdict) for verdict in report.verdicts],
    }
    if comparison is not None:
        value["baseline"] = asdict(comparison)
    return value


def verdict_value(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain JSON values; fields at their defaults are left out."""
    from dataclasses import MISSING, fields

    return {
        field.name: list(value) if isinstance(value := getattr(verdict, field.name), tuple) else value
        for field in fields(verdict)
        if field.default is MISSING or getattr(verdict, field.name) != field.default
    }


def render_report(report: EvalReport, comparison: Comparison | None = None) -> str:
    """Return a report as text, one figure a line."""
    library = report.library
    lines = [
        f"{len(report.verdicts):,} questions over {library.digests:,} digests ({library.passages:,} passages), "
        f"reader {library.reader}",
        "",
        f"{'figure':18}{'value':>8}   {'95 % interval':18}{'n':>5}",
    ]
    lines += [_line(name, measured) for name, measured in report.figures.items()]
    lines += ["", f"{'by type':18}{'n':>5}   " + "".join(f"{name:26}" for name in _BY_TYPE).rstrip()]
    for kind, found in report.by_type.items():
        cells = (f"{_value(item):>5}{f'  ({ends})' if (ends := _ends(item)) else '':21}" for item in found.values())
        lines.append(f"  {kind:16}{found['handled'].n:>5}   {''.join(cells)}".rstrip())
    lines += ["", "milliseconds a question"]
    lines += [
        _line(f"  {name.removesuffix('_ms')}", measured, digits=1) for name, measured in report.latency_ms.items()
    ]
    if comparison is not None:
        lines += ["", *_compared(comparison)]
    return "\n".join(lines)


def _line(name: str, measured: Measured, digits: int = 3) -> str:
    return f"{name:18}{_value(measured, digits):>8}   {_ends(measured, digits):18}{measured.n:>5}"


def _value(measured: Measured, digits: int = 3) -> str:
    return "none" if measured.value is None else f"{measured.value:.{digits}f}"


def _ends(measured: Measured, digits: int = 3) -> str:
    return "" if measured.low is None else f"{measured.low:.{digits}f} to {measured.high:.{digits}f}"


def _compared(comparison: Comparison) -> list[str]:
    lines = [f"against {comparison.file}: {comparison.questions:,} questions in common"]
    for name, change in comparison.changes.items():
        ends = "" if change.low is None else f"   {change.low:+.3f} to {change.high:+.3f}"
        verdict = "   worse" if change.worse else ""
        lines.append(
            f"  {name:20}{change.before:.3f} -> {change.after:.3f}   {change.after - change.before:+.3f}{ends}{verdict}"
        )
    return lines
