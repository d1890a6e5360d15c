"""What ``benchmarks.peers`` makes of its measurements: shares, ratios, the table, and where digestqa is behind."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.machine import markdown_table, quantile

MARGIN = 1.02
"""A figure counts as behind another only from this ratio on: closer ones change places from run to run."""


@dataclass(slots=True)
class Measured:
    """What was measured of one side; a list is in the order of the rounds, or of the questions.

    Attributes:
        name: what the side is called.
        build_s: seconds of the process that builds the index.
        build_mb: its largest resident set, in MB.
        once_s: seconds of a new process that opens the index and answers one question.
        once_mb: its largest resident set, in MB.
        warm_ms: milliseconds of each question in a process that goes on.
        warm_mb: its largest resident set, in MB.
        found: ids of the passages found for each question, best first; empty for a side that returns none.
        failure: why nothing could be measured; empty where it could.
    """

    name: str
    build_s: list[float] = field(default_factory=list)
    build_mb: float = 0.0
    once_s: list[float] = field(default_factory=list)
    once_mb: float = 0.0
    warm_ms: list[float] = field(default_factory=list)
    warm_mb: float = 0.0
    found: list[list[int]] = field(default_factory=list)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One column of the table.

    Attributes:
        name: its heading.
        unit: written behind the value.
        digits: after the point.
        value: of one side, None where it has none.
        ratio: of a side to another, None where one of the two has no value.
        less_is_better: whether it is time or memory.
        why: what digestqa does that makes it lose here, if it does.
    """

    name: str
    unit: str
    digits: int
    value: Callable[[Measured], float | None]
    ratio: Callable[[Measured, Measured], float | None]
    less_is_better: bool = True
    why: str = ""

    def written(self, side: Measured) -> str:
        """Return a side's value with its unit."""
        value = self.value(side)
        return "" if value is None else f"{value:,.{self.digits}f}{self.unit}"


def share_right(found: Sequence[Sequence[int]], right: Sequence[Sequence[int]], depth: int) -> float:
    """Return the share of the questions for which a right passage is among the first ``depth`` found."""
    hits = sum(not set(ids[:depth]).isdisjoint(wanted) for ids, wanted in zip(found, right, strict=True))
    return hits / len(right)


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median ratio of values that were taken next to each other, so that a busy moment meets both."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def figures(right: Sequence[Sequence[int]]) -> tuple[Figure, ...]:
    """Return the columns of the table.

    Args:
        right: the ids of the right passages of each question.
    """

    def single(value: Callable[[Measured], float | None]) -> Callable[[Measured, Measured], float | None]:
        def ratio(side: Measured, base: Measured) -> float | None:
            ours, theirs = value(side), value(base)
            return ours / theirs if ours and theirs else None

        return ratio

    def paired(values: Callable[[Measured], Sequence[float]]) -> Callable[[Measured, Measured], float | None]:
        def ratio(side: Measured, base: Measured) -> float | None:
            return paired_ratio(values(side), values(base)) if values(side) and values(base) else None

        return ratio

    def of_all(values: Callable[[Measured], Sequence[float]]) -> Callable[[Measured], float | None]:
        return lambda side: statistics.median(values(side)) if values(side) else None

    def p95(side: Measured) -> float | None:
        return quantile(side.warm_ms, 0.95) if side.warm_ms else None

    def right_within(depth: int) -> Callable[[Measured], float | None]:
        return lambda side: share_right(side.found, right, depth) if any(side.found) else None

    def memory(pick: Callable[[Measured], float]) -> Callable[[Measured], float | None]:
        return lambda side: pick(side) or None

    def build(side: Measured) -> Sequence[float]:
        return side.build_s

    def once(side: Measured) -> Sequence[float]:
        return side.once_s

    def warm(side: Measured) -> Sequence[float]:
        return side.warm_ms

    building = memory(lambda side: side.build_mb)
    cold = memory(lambda side: side.once_mb)
    staying = memory(lambda side: side.warm_mb)
    work = "digestqa finds the names and the study that a question means and searches full text besides vectors"
    building_more = "digestqa also reads and cuts the digests, stores full text and names, and exports its encoder"
    building_wider = "digestqa computes a batch on every core at once, and exports its encoder for asking"
    opening_more = "digestqa opens full text and names besides vectors"
    ranking = "full text and scope put other passages first"
    return (
        Figure("build", " s", 1, of_all(build), paired(build), why=building_more),
        Figure("cold question", " s", 2, of_all(once), paired(once), why=opening_more),
        Figure("warm, median", " ms", 1, of_all(warm), paired(warm), why=work),
        Figure("warm, p95", " ms", 1, p95, single(p95), why=work),
        Figure("build, memory", " MB", 0, building, single(building), why=building_wider),
        Figure("cold, memory", " MB", 0, cold, single(cold), why=opening_more),
        Figure("warm, memory", " MB", 0, staying, single(staying), why=opening_more),
        Figure("right@1", "", 3, right_within(1), single(right_within(1)), less_is_better=False, why=ranking),
        Figure("right@5", "", 3, right_within(5), single(right_within(5)), less_is_better=False, why=ranking),
    )


def table(sides: Sequence[Measured], base: Measured, columns: Sequence[Figure]) -> str:
    """Return the figures as Markdown, each with its ratio to the base's in brackets."""
    rows = []
    for side in sides:
        if side.failure:
            continue
        cells = []
        for column in columns:
            ratio = None if side is base else column.ratio(side, base)
            cells.append(column.written(side) + ("" if ratio is None else f" (×{ratio:.2f})"))
        rows.append([side.name, *cells])
    failures = [f"\n{side.name} was not measured: {side.failure}" for side in sides if side.failure]
    return "\n".join([markdown_table(["", *(column.name for column in columns)], rows), *failures])


def losses(peers: Sequence[Measured], base: Measured, columns: Sequence[Figure]) -> list[str]:
    """Return a sentence for each column in which a peer is ahead of the base."""
    told = []
    for column in columns:
        ahead = [peer for peer in peers if not peer.failure and _is_ahead(peer, base, column)]
        if ahead:
            named = ", ".join(f"{peer.name} {column.written(peer)}" for peer in ahead)
            because = f": {column.why}" if column.why else ""
            told.append(f"{column.name}: {named}, against {column.written(base)}{because}.")
    return told


def _is_ahead(peer: Measured, base: Measured, column: Figure) -> bool:
    ratio = column.ratio(peer, base)
    if ratio is None:
        return False
    return ratio < 1 / MARGIN if column.less_is_better else ratio > MARGIN
