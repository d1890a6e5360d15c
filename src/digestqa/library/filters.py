"""Exact filters over passages: study, section, compound, date."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from digestqa.library.name_links import compound_digests
from digestqa.library.text_search import storable
from digestqa.names import fold, name_keys

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


def compound_matches(compound: str, wanted: str) -> bool:
    """Tell whether the wanted words stand in the compound's, side by side."""
    run = fold(wanted)
    return bool(run) and f" {run} " in f" {_folded(compound)} "


@lru_cache(maxsize=1 << 16)
def _folded(compound: str) -> str:
    return fold(compound)


def digest_condition(
    connection: sqlite3.Connection, sources: Sequence[str], compounds: Sequence[str], since: str | None
) -> tuple[str, list[str]]:
    """Return a SQL condition over ``digests`` and its values; the condition is ``1`` where nothing is asked."""
    conditions: list[str] = []
    values: list[str] = []
    if sources:
        sources = [storable(source) for source in sources]
        conditions.append(f"digests.source COLLATE NOCASE IN ({_marks(sources)})")
        values += sources
    if compounds:
        named = compound_digests(connection, {key for wanted in compounds for key in name_keys(wanted)})
        present = [row[0] for row in connection.execute("SELECT DISTINCT compound FROM digests WHERE compound <> ''")]
        matching = [slug for slug in present if any(compound_matches(slug, wanted) for wanted in compounds)]
        # The numbers are the catalog's own.
        conditions.append(
            f"(digests.compound IN ({_marks(matching)}) OR digests.id IN ({', '.join(map(str, sorted(named)))}))"
        )
        values += matching
    if since:
        conditions.append("substr(digests.date, 1, length(?)) >= substr(?, 1, length(digests.date))")
        values += [storable(since)] * 2
    return " AND ".join(conditions) or "1", values


def section_ids(connection: sqlite3.Connection, sections: Iterable[str]) -> list[int]:
    """Return the numbers of the headings that equal one of the given, or begin with it, in any letter case."""
    wanted = tuple(section.strip().casefold() for section in sections if section.strip())
    return [
        section_id
        for section_id, name in connection.execute("SELECT id, name FROM sections")
        if wanted and name.casefold().startswith(wanted)
    ]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
