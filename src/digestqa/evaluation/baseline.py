"""Whether an evaluation is worse than an earlier one, question by question."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from digestqa.errors import UsageError
from digestqa.evaluation.bootstrap import interval, resampled_counts
from digestqa.evaluation.figures import FIGURES, columns_of
from digestqa.evaluation.report import KIND, SCHEMA_VERSION
from digestqa.evaluation.verdicts import Verdict

MARGIN = 0.01
"""A fall of a guarded figure by less is not called worse, however sure it is."""

GUARDED = (
    "recall@5",
    "recall@10",
    "mrr",
    "handled",
    "right@1",
    "right@3",
    "source@1",
    "f1",
    "em",
    "refused",
    "refused near-miss",
    "lost",
    "cross",
    "citation precision",
    "auroc",
    "ece",
    "verbatim faults",
)
"""Figures that may not get worse."""

_HINT = "give what 'digestqa eval QA.jsonl --json' printed before the change"


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure changed over the questions in common.

    Attributes:
        before: the baseline's figure.
        after: the present one.
        low: lower end of the 95 % interval of the difference, paired by question; None for a count.
        high: upper end.
        worse: whether it got worse by the rule of :func:`compare`.
    """

    before: float
    after: float
    low: float | None
    high: float | None
    worse: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """An evaluation against a baseline.

    Attributes:
        file: the baseline.
        questions: questions that both hold.
        only_here: questions that the baseline lacks.
        only_there: questions that are no longer asked.
        changes: by figure.
        worse: names of the figures that got worse.
    """

    file: str
    questions: int
    only_here: int
    only_there: int
    changes: Mapping[str, Change]
    worse: tuple[str, ...]


def read_baseline(path: Path) -> tuple[Verdict, ...]:
    """Read the verdicts of an earlier evaluation.

    Raises:
        UsageError: the file cannot be read, is no evaluation, or is of another schema.
    """
    try:
        value: Any = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"the baseline {path} cannot be read: {error.strerror}", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the baseline {path} is no JSON: {error}", _HINT) from error
    if not isinstance(value, dict) or value.get("kind") != KIND:
        raise UsageError(f"the baseline {path} is no evaluation", _HINT)
    if value.get("schema") != SCHEMA_VERSION:
        raise UsageError(
            f"the baseline {path} has schema {value.get('schema')}; this version reads {SCHEMA_VERSION}", _HINT
        )
    rows = value.get("verdicts")
    if not isinstance(rows, list) or not rows:
        raise UsageError(f"the baseline {path} holds no verdicts", _HINT)
    return tuple(_verdict(row, f"{path}, verdict {number}") for number, row in enumerate(rows, start=1))


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "str": str,
    "bool": bool,
    "int": int,
    "float": (int, float),
    "float | None": (int, float, type(None)),
    "tuple[int, ...]": list,
}


def _verdict(row: Any, where: str) -> Verdict:
    if not isinstance(row, dict):
        raise UsageError(f"{where} is no object", _HINT)
    known: dict[str, Any] = {}
    for field in fields(Verdict):
        if field.name not in row:
            if field.default is MISSING:
                raise UsageError(f"{where} has no '{field.name}'", _HINT)
            continue
        given = row[field.name]
        if not isinstance(given, _KINDS[str(field.type)]) or (isinstance(given, bool) and field.type != "bool"):
            raise UsageError(f"{where}: '{field.name}' is no {field.type}", _HINT)
        if isinstance(given, float) and not math.isfinite(given):
            raise UsageError(f"{where}: '{field.name}' is no finite number", _HINT)
        if isinstance(given, list):
            if not all(isinstance(rank, int) and not isinstance(rank, bool) and rank > 0 for rank in given):
                raise UsageError(f"{where}: '{field.name}' is no list of places", _HINT)
            given = tuple(given)
        known[field.name] = given
    return Verdict(**known)


def compare(file: str, before: Sequence[Verdict], after: Sequence[Verdict]) -> Comparison:
    """Compare two evaluations over the questions that both hold.

    A figure is worse when it got worse by more than :data:`MARGIN` **and** the whole 95 % interval of the difference,
    from a bootstrap that draws the same questions for both, lies on the worse side of zero. So a fall over a handful of
    questions fails only if it is too large to be luck. A single new fault of the quotes is worse.

    Raises:
        UsageError: no question is in both, or a question was answerable in one alone.
    """
    earlier = {verdict.id: verdict for verdict in before}
    later = {verdict.id: verdict for verdict in after}
    common = [name for name in later if name in earlier]
    if not common:
        raise UsageError(f"the baseline {file} has no question in common with those asked", _HINT)
    for name in common:
        if earlier[name].answerable != later[name].answerable:
            raise UsageError(f"question '{name}' is not the one of the baseline {file}", _HINT)
    old, new = columns_of([earlier[name] for name in common]), columns_of([later[name] for name in common])
    once = np.ones(len(common), dtype=np.int64)
    draws = resampled_counts(len(common))
    changes: dict[str, Change] = {}
    for name in GUARDED:
        figure = FIGURES[name]
        was, now = figure.of(old, once), figure.of(new, once)
        if math.isnan(was) or math.isnan(now):
            continue
        sign = 1.0 if figure.better == "higher" else -1.0
        if name == "verbatim faults":
            changes[name] = Change(was, now, None, None, worse=now > was)
            continue
        differences = [figure.of(new, counts) - figure.of(old, counts) for counts in draws]
        low, high = interval(differences) or (now - was, now - was)
        at_best = max(sign * low, sign * high)
        changes[name] = Change(
            round(was, 6),
            round(now, 6),
            round(low, 6),
            round(high, 6),
            worse=sign * (now - was) < -MARGIN and at_best < 0,
        )
    return Comparison(
        file=file,
        questions=len(common),
        only_here=len(later) - len(common),
        only_there=len(earlier) - len(common),
        changes=changes,
        worse=tuple(name for name, change in changes.items() if change.worse),
    )
