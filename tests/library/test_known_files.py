from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from digestqa.errors import LibraryDamagedError
from digestqa.library.changed_files import known_files


class Circling:
    """A connection to a catalog whose damaged pages lead back to themselves."""

    def execute(self, statement: str, values: object) -> Iterator[tuple[Any, ...]]:
        return iter([("NCT1.txt", "0" * 64, 1, 2, 3, 4, 5), ("NCT1.txt", "0" * 64, 1, 2, 3, 4, 5)])


def test_a_catalog_that_leads_in_circles_is_damage_and_no_endless_wait(tmp_path: Path) -> None:
    with pytest.raises(LibraryDamagedError, match="out of order"):
        list(known_files(cast(sqlite3.Connection, Circling()), tmp_path))
