"""Small line charts over a logarithmic axis, as one SVG that reads on light and on dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _COLUMNS = 300, 190, 3
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 34, 30
_COLOURS = ("#3b7dd8", "#d8743b", "#3f9e5f")


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name and a value for each size; NaN where there is none."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: its title with the unit, its curves, and whether its values go over magnitudes."""

    title: str
    lines: tuple[Line, ...]
    logarithmic: bool = False


def svg(sizes: Sequence[int], charts: Sequence[Chart]) -> str:
    """Return the charts side by side, over the same sizes."""
    rows = -(-len(charts) // _COLUMNS)
    width, height = _WIDTH * min(_COLUMNS, len(charts)), _HEIGHT * rows
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" font-family="sans-serif" font-size="10" fill="#808080">'
    ]
    for place, chart in enumerate(charts):
        across, down = place % _COLUMNS * _WIDTH, place // _COLUMNS * _HEIGHT
        parts += [f'<g transform="translate({across} {down})">', *_chart(sizes, chart), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _chart(sizes: Sequence[int], chart: Chart) -> list[str]:
    values = [value for line in chart.lines for value in line.values if not math.isnan(value)]
    ticks = _magnitudes(values) if chart.logarithmic else _ticks(max(values, default=0.0) or 1.0)
    low, high = ticks[0], ticks[-1]

    def x(size: float) -> float:
        span = math.log10(sizes[-1] / sizes[0]) or 1.0
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (math.log10(size / sizes[0]) / span if len(sizes) > 1 else 0.5)

    def y(value: float) -> float:
        part = math.log10(value / low) / math.log10(high / low) if chart.logarithmic else (value - low) / (high - low)
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * part

    parts = [f'<text x="{_LEFT}" y="14" font-size="12" font-weight="bold">{escape(chart.title)}</text>']
    for tick in ticks:
        parts.append(f'<path d="M{_LEFT} {y(tick):.1f}H{_WIDTH - _RIGHT}" stroke="#808080" stroke-opacity=".3"/>')
        parts.append(f'<text x="{_LEFT - 4}" y="{y(tick) + 3:.1f}" text-anchor="end">{_told(tick)}</text>')
    for size in sizes:
        parts.append(f'<text x="{x(size):.1f}" y="{_HEIGHT - 14}" text-anchor="middle">{_told(size)}</text>')
    for number, line in enumerate(chart.lines):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [(x(size), y(value)) for size, value in zip(sizes, line.values, strict=True) if not math.isnan(value)]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        if points:
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        if len(chart.lines) > 1:
            parts.append(f'<text x="{_LEFT + 84 * number}" y="27" fill="{colour}">{escape(line.name)}</text>')
    return parts


def _ticks(most: float) -> list[float]:
    """Return four to six round values from 0 to at least the most."""
    step = 10 ** math.floor(math.log10(most))
    step = next((step * part for part in (0.2, 0.25, 0.5, 1, 2) if step * part * 5 >= most), step * 2)
    return [step * number for number in range(math.ceil(most / step - 1e-9) + 1)]


def _magnitudes(values: Sequence[float]) -> list[float]:
    low = math.floor(math.log10(min(values, default=1.0)))
    high = math.ceil(math.log10(max(values, default=10.0)))
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


def _told(value: float) -> str:
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
