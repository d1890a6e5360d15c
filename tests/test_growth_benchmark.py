"""The growth benchmark: its parts, and one run of it in small."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from benchmarks.growth_plot import Chart, Line, svg
from benchmarks.kept_vectors import KeptEncoder, KeptVectors
from benchmarks.machine import markdown_table, quantile, run_process, write_section
from numpy.typing import NDArray

from digestqa.encoders.base import EncoderIdentity, OnProgress

ROOT = Path(__file__).parents[1]


class CountingEncoder:
    """A stand-in whose vectors tell the text's length, and that counts what it is given."""

    identity = EncoderIdentity("counting", "0" * 64, "1" * 64, 4, "mean", True, "", "", 16)

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        self.given += texts
        return np.array([[1.0, len(text), 0.0, 0.5] for text in texts], np.float32)


def test_a_vector_that_is_kept_is_not_computed_again(tmp_path: Path) -> None:
    texts = [f"passage {'x' * number}" for number in range(50)]
    first = KeptEncoder(CountingEncoder(), tmp_path)
    vectors = np.vstack([first.encode_passages(texts[:20]), first.encode_passages(texts[20:])])
    with pytest.raises(SystemExit, match="another run"):
        KeptEncoder(CountingEncoder(), tmp_path)
    first.close()
    real = CountingEncoder()
    second = KeptEncoder(real, tmp_path)
    assert np.array_equal(np.vstack([second.encode_passages(texts[:10]), second.encode_passages(texts[10:])]), vectors)
    assert real.given == texts[:10], "the first batch is always computed"
    assert (second.computed, second.read) == (10, 40)
    assert second.seconds > 0


def test_what_a_killed_run_left_half_written_is_dropped(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path, 4)
    kept.add(np.array([7, 9], np.uint64), np.ones((2, 4), np.float32), 1.0)
    with (tmp_path / "rows").open("ab") as rows:
        rows.write(b"half a row"[:5])
    kept.close()
    again = KeptVectors(tmp_path, 4)
    again.add(np.array([8], np.uint64), np.full((1, 4), 2.0, np.float32), 1.0)
    assert again.find(np.array([9, 8, 5], np.uint64)).tolist() == [1, 2, -1]
    again.close()
    assert KeptVectors(tmp_path, 4).read(np.array([2]))[0].tolist() == [[2.0] * 4]


def test_only_what_lies_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_bytes("before\r\n<!-- a:begin -->\nold\n<!-- a:end -->\nafter é\n<!-- b:begin -->".encode())
    write_section(page, "a", "| new |")
    assert page.read_bytes().decode() == (
        "before\r\n<!-- a:begin -->\n\n| new |\n\n<!-- a:end -->\nafter é\n<!-- b:begin -->"
    )
    with pytest.raises(SystemExit, match="b:begin"):
        write_section(page, "b", "")


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [quantile(values, share) for share in (0.0, 0.5, 0.95, 1.0)] == [1.0, 50.0, 95.0, 100.0]
    assert quantile([3.0], 0.95) == 3.0


def test_a_process_is_measured_apart_from_its_parent() -> None:
    if sys.platform == "win32":
        pytest.skip("processes are measured by wait4")
    held = np.ones(40_000_000 // 8)  # the parent's, which must not count as the child's
    code = "import time; held = b'x' * 60_000_000; time.sleep(0.3)"
    cost = run_process([sys.executable, "-S", "-c", code])
    assert 60 < cost.peak_mb < 60 + 40
    assert 0.3 < cost.elapsed_s < 20
    assert held.sum() == 5_000_000


def test_a_process_that_fails_ends_the_benchmark_with_what_it_said() -> None:
    if sys.platform == "win32":
        pytest.skip("processes are measured by wait4")
    with pytest.raises(SystemExit, match="no such thing"):
        run_process([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_a_table_has_a_rule_below_its_head() -> None:
    assert markdown_table(["", "a"], [["x", "1"]]) == "|  | a |\n| --- | ---: |\n| x | 1 |"


@pytest.mark.parametrize("values", [(0.4, 0.5), (12.0, 3400.0), (0.0, 0.0), (math.nan, 7.0)])
def test_the_plot_is_well_formed_and_within_its_frame(values: tuple[float, ...]) -> None:
    charts = [Chart("Cold <ask>, s", (Line("p50", values), Line("p95", values)))]
    if min(values) > 0:
        charts.append(Chart("Build, s", (Line("", values),), logarithmic=True))
    drawn = ElementTree.fromstring(svg([1000, 10_000], charts))
    points = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in drawn.iter() if dot.tag.endswith("circle")]
    assert len(points) == sum(
        not math.isnan(value) for chart in charts for line in chart.lines for value in line.values
    )
    assert all(0 <= across <= 300 and 0 <= down <= 190 for across, down in points)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_benchmark_runs_from_the_generator_to_the_page_and_goes_on_where_it_was(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Speed\n\n<!-- growth:begin -->\n<!-- growth:end -->\n", encoding="utf-8")
    command = [
        *(sys.executable, str(ROOT / "benchmarks" / "growth.py"), "--folder", str(tmp_path / "libraries")),
        *("--sizes", "200,500", "--small-from", "500", "--vectors", str(tmp_path / "vectors")),
        *("--runs", "1", "--questions", "4", "--write", str(page)),
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    written = page.read_text(encoding="utf-8")
    assert "| cold `ask`, s |" in written
    assert "500 †" in written
    assert "Machine: " in written
    ElementTree.parse(tmp_path / "growth.svg")
    again = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert not again.stderr.strip(), "nothing is measured twice"
    assert page.read_text(encoding="utf-8").split("Machine: ")[0] == written.split("Machine: ")[0]
