"""The page of figures and the benchmarks that write it know each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("performance", "reliability")}
WRITERS = {
    name: path.name
    for path in sorted((ROOT / "benchmarks").glob("*.py"))
    for name in re.findall(r'\breport\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_benchmark_has_one_place_on_a_page(name: str) -> None:
    page = PAGES["reliability" if name == "reliability" else "performance"]
    assert page.count(f"<!-- {name}:begin -->") == page.count(f"<!-- {name}:end -->") == 1
    assert page.index(f"<!-- {name}:begin -->") < page.index(f"<!-- {name}:end -->")


def test_every_place_has_a_benchmark_whose_command_is_told() -> None:
    for name in re.findall(r"<!-- (\w+):begin -->", PAGES["performance"]):
        told = PAGES["performance"].split(f"<!-- {name}:begin -->")[0].rsplit("\n## ", 1)[-1]
        assert f"`python benchmarks/{WRITERS[name]} " in told, name


def test_every_command_on_the_page_names_a_benchmark_that_is_there() -> None:
    for command in re.findall(r"`python (benchmarks/\w+\.py)", PAGES["performance"]):
        assert (ROOT / command).is_file()
