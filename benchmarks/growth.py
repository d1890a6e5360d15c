"""What size costs: libraries of a thousand to a million passages, built, grown by one digest, asked cold and warm.

Run:  python benchmarks/growth.py --folder DIR [--sizes 1000,10000,100000,1000000] [--vectors DIR] [--write]

In DIR each size gets a generated library (benchmarks/generated.py) and ``figures.json``: a run that was stopped goes on
where it was, and ``--fresh`` measures again. With ``--vectors`` every vector is kept in a folder with the time that it
took, and later builds read it from there: "embedding" is then the sum of those times, and "all else" is of this build.
``--encoder`` names any sentence-transformers model; ``--small-from N`` builds libraries of N passages and more with the
default encoder's word vectors alone, averaged, which the table says. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.growth_plot import Chart, Line, svg
from benchmarks.growth_steps import Place, measured
from benchmarks.machine import add_write_argument, markdown_table, report, section_marks

SIZES = "1000,10000,100000,1000000"
PLOT = "growth.svg"


def tables(figures: dict[int, dict[str, Any]], small: Sequence[int]) -> str:
    """Return the figures of all sizes in Markdown.

    Args:
        figures: by the number of passages asked for.
        small: those of them that the small encoder built.
    """
    head = ["", *(f"{size:,}{' †' if size in small else ''}" for size in figures)]
    every = list(figures.values())
    seconds = embedding_seconds(figures, small)
    embedding = [(figure, seconds[size], size in small) for size, figure in figures.items()]

    def row(name: str, form: str, *path: str) -> list[str]:
        return [name, *(form.format(_at(figure, path)) for figure in every)]

    rows = [
        row("digests", "{:,}", "digests"),
        row("passages", "{:,}", "passages"),
        ["build, s", *(_told(_build_s(figure, spent), is_small) for figure, spent, is_small in embedding)],
        row("… loading and exporting the encoder", "{:,.1f}", "build", "starting_s"),
        ["… embedding", *(_told(spent, is_small) for _, spent, is_small in embedding)],
        row("… all else", "{:,.1f}", "build", "else_s"),
        ["passages a second, built", *(_rate_told(*built) for built in embedding)],
        ["… without embedding", *(f"{figure['passages'] / figure['build']['else_s']:,.0f}" for figure in every)],
        row("memory of building, MB", "{:,.0f}", "build", "peak_mb"),
        row("one more digest, s", "{:.2f}", "one_more", "median_s"),
        row("… of processor, s", "{:.2f}", "one_more", "processor_s"),
        row("… memory, MB", "{:,.0f}", "one_more", "peak_mb"),
        row("one more digest, found among all, s", "{:.2f}", "one_found", "median_s"),
        row("… of processor, s", "{:.2f}", "one_found", "processor_s"),
        row("cold `ask`, s", "{:.2f}", "cold", "median_s"),
        row("… of processor, s", "{:.2f}", "cold", "processor_s"),
        row("… memory, MB", "{:,.0f}", "cold", "peak_mb"),
        row("… of it own, MB", "{:,.0f}", "cold", "own_mb"),
        row("warm, p50, ms", "{:.0f}", "warm", "p50_ms"),
        row("warm, p95, ms", "{:.0f}", "warm", "p95_ms"),
        row("over the library, median, ms", "{:.0f}", "warm", "over_library_ms"),
        row("… memory, MB", "{:,.0f}", "warm", "peak_mb"),
        row("… of it own, MB", "{:,.0f}", "warm", "own_mb"),
        row("right study first", "{:.2f}", "warm", "right_study"),
    ]
    parts = list(dict.fromkeys(part for figure in every for part in figure["disk"]))
    parts.sort(key=lambda part: (part == "all", -every[-1]["disk"].get(part, 0.0)))
    on_disk = [[part, *(f"{figure['disk'].get(part, 0.0):,.1f}" for figure in every)] for part in parts]
    on_disk.append(["the digests themselves", *(f"{figure['bytes_of_text'] / 1e6:,.1f}" for figure in every)])
    text = f"{markdown_table(head, rows)}\n\nOn disk, in MB:\n\n{markdown_table(head, on_disk)}"
    kept = [f"{size:,}: {figure['build']['kept']:,}" for size, figure in figures.items() if figure["build"]["kept"]]
    if kept:
        text += (
            "\n\nVectors that an earlier run of this benchmark had computed, and whose time is the one measured then: "
            + "; ".join(kept)
            + ". The other texts were embedded in the measured build."
        )
    if small:
        text += (
            "\n\n† Built with a small stand-in, the default encoder's word and position vectors, averaged, without its "
            "layers. What is marked ≈ is reckoned: embedding at the rate of the largest library that was embedded by "
            "the encoder itself. Whether the stand-in finds the right study says nothing; the other figures hardly "
            "depend on it, but for the query encoder's size."
        )
    return text


def embedding_seconds(figures: dict[int, dict[str, Any]], small: Sequence[int]) -> dict[int, float]:
    """Return how long embedding takes for each size: as measured, or, of the small encoder's, as reckoned.

    Reckoned is at the rate of the largest library that the encoder itself embedded; NaN where there is none.
    """
    real = [figure for size, figure in figures.items() if size not in small]
    each_s = real[-1]["build"]["embedding_s"] / real[-1]["passages"] if real else math.nan
    return {
        size: figure["passages"] * each_s if size in small else figure["build"]["embedding_s"]
        for size, figure in figures.items()
    }


def plot(figures: dict[int, dict[str, Any]], small: Sequence[int]) -> str:
    """Return the curves over size as an SVG."""
    every = list(figures.values())
    seconds = embedding_seconds(figures, small)
    build_s = tuple(_build_s(figure, seconds[size]) for size, figure in figures.items())

    def line(name: str, *path: str) -> Line:
        return Line(name, tuple(float(_at(figure, path)) for figure in every))

    charts = (
        Chart(
            "Build, s",
            (Line("in all", build_s), line("without embedding", "build", "else_s")),
            logarithmic=True,
        ),
        Chart(
            "One more digest, s",
            (line("given", "one_more", "median_s"), line("found among all", "one_found", "median_s")),
        ),
        Chart("Cold ask, s", (line("", "cold", "median_s"),)),
        Chart("Warm ask, ms", (line("p50", "warm", "p50_ms"), line("p95", "warm", "p95_ms"))),
        Chart(
            "On disk, MB",
            (line("library", "disk", "all"), Line("digests", tuple(f["bytes_of_text"] / 1e6 for f in every))),
            logarithmic=True,
        ),
        Chart(
            "Most memory, MB",
            (
                line("building", "build", "peak_mb"),
                line("cold ask", "cold", "peak_mb"),
                line("warm", "warm", "peak_mb"),
            ),
        ),
    )
    return svg(list(figures), charts)


def _at(figure: dict[str, Any], path: Sequence[str]) -> Any:
    value: Any = figure
    for name in path:
        value = value.get(name, math.nan)
    return value


def _build_s(figure: dict[str, Any], embedding_s: float) -> float:
    build = figure["build"]
    return float(embedding_s + build["starting_s"] + build["else_s"])


def _told(seconds: float, reckoned: bool) -> str:
    return "—" if math.isnan(seconds) else f"{'≈ ' * reckoned}{seconds:,.1f}"


def _machines(every: Sequence[dict[str, Any]]) -> str:
    """Return the machine and versions of the largest library, and others if smaller ones were measured with others."""
    told = [figure["machine"].split("; load ")[0] for figure in every]
    others = [machine for machine in dict.fromkeys(told) if machine != told[-1]]
    return "; but for smaller libraries: ".join([every[-1]["machine"], *others])


def _rate_told(figure: dict[str, Any], embedding_s: float, reckoned: bool) -> str:
    rate = figure["passages"] / _build_s(figure, embedding_s)
    return "—" if math.isnan(rate) else f"{'≈ ' * reckoned}{rate:,.0f}"


def main() -> int:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where the libraries are built and kept")
    parser.add_argument("--sizes", default=SIZES, help=f"passages, with commas between (default: {SIZES})")
    parser.add_argument("--vectors", type=Path, help="folder that keeps vectors between runs")
    parser.add_argument("--encoder", help="a sentence-transformers model, by name or folder (default: the package's)")
    parser.add_argument("--small-from", type=int, metavar="N", help="from N passages on, use the small encoder")
    parser.add_argument("--runs", type=int, default=7, help="new processes that ask, and digests taken up")
    parser.add_argument("--questions", type=int, default=100, help="that are asked of loaded models")
    parser.add_argument("--fresh", action="store_true", help="build and measure again what is there")
    add_write_argument(parser)
    arguments = parser.parse_args()
    sizes = sorted({int(size) for size in arguments.sizes.split(",")})
    if arguments.write:
        section_marks(arguments.write, "growth")  # known before hours of work, not after
    figures: dict[int, dict[str, Any]] = {}
    small: list[int] = []
    for size in sizes:
        is_small = arguments.small_from is not None and size >= arguments.small_from
        encoder = str((arguments.folder / "small-encoder").resolve()) if is_small else arguments.encoder
        place = Place(arguments.folder.resolve() / str(size), size, arguments.vectors, encoder, is_small)
        place.folder.mkdir(parents=True, exist_ok=True)
        if is_small:
            small.append(size)
        began = time.perf_counter()

        def tell(what: str, size: int = size, began: float = began) -> None:
            print(f"{size:>9,}  {time.perf_counter() - began:7.0f} s  {what}", file=sys.stderr, flush=True)

        figures[size] = measured(
            place, runs=arguments.runs, questions=arguments.questions, fresh=arguments.fresh, tell=tell
        )
    told = tables(figures, small)
    if arguments.write:
        told = f"![Curves over the number of passages]({PLOT})\n\n{told}"
        (arguments.write.parent / PLOT).write_text(plot(figures, small), encoding="utf-8", newline="")
    report("growth", _machines(list(figures.values())), told, arguments.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
