"""A start that does more than it did fails here: the counts in ``start_up_costs.json`` may be passed by a tenth."""

from __future__ import annotations

import shutil
import sys

import pytest

from shelf import Shelf
from start_up_costs import COMMANDS, COUNTED_IN_VALGRIND, instructions_beside_nothing, recorded, start_up_cost

MARGIN = 1.1
HOW_TO = "if that is meant, 'python tests/start_up_costs.py --write' records it"
A_FIFTH_MORE = """
def work():
    return sum(len(str(number)) for number in range({count}))
work()
"""


def over(name: str, what: str, found: float) -> str | None:
    """Say by how much a recorded count is passed; None where it is not."""
    known = recorded()[name][what]
    assert isinstance(known, int | float)
    if found <= known * MARGIN or found - known == 1:  # one file or module more is no tenth, where there are few
        return None
    return f"digestqa {name} takes {found:,} {what}, {found / known - 1:.0%} over the {known:,} recorded; {HOW_TO}"


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_start_takes_no_more_than_it_did(built_shelf: Shelf, name: str) -> None:
    cost = start_up_cost(built_shelf.folder, COMMANDS[name])

    known = recorded()[name]["modules"]
    assert isinstance(known, list)
    new = set(cost.modules) - set(known)
    assert not new, f"digestqa {name} imports {', '.join(sorted(new))}, which it did not; {HOW_TO}"
    for what, found in (("calls", cost.calls), ("rooms", cost.rooms), ("files", cost.files)):
        assert (told := over(name, what, found)) is None, told


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="counting instructions takes valgrind")
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the instructions were counted with Python 3.11")
@pytest.mark.parametrize("name", COUNTED_IN_VALGRIND)
def test_a_start_takes_no_more_instructions_than_it_did(built_shelf: Shelf, name: str) -> None:
    found = instructions_beside_nothing(built_shelf.folder, COMMANDS[name])

    assert (told := over(name, "instructions", found)) is None, told


def test_a_package_that_is_imported_too_early_is_found(built_shelf: Shelf) -> None:
    plain = start_up_cost(built_shelf.folder, COMMANDS["--help"])
    heavier = start_up_cost(built_shelf.folder, COMMANDS["--help"], extra="import numpy")

    assert "numpy" in heavier.modules
    assert "numpy" not in plain.modules


def test_calls_that_come_on_top_are_found(built_shelf: Shelf) -> None:
    plain = start_up_cost(built_shelf.folder, COMMANDS["--help"])
    heavier = start_up_cost(
        built_shelf.folder, COMMANDS["--help"], extra=A_FIFTH_MORE.format(count=int(plain.calls * 0.2 / 3))
    )

    assert over("--help", "calls", plain.calls) is None
    assert over("--help", "calls", heavier.calls) is not None
