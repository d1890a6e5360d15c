"""Exact filters over passages: study, section, compound, date."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from digestqa.library.text_search import storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

_WORDS = re.compile(r"[^\W_]+")


def compound_words(written: str) -> tuple[str, ...]:
    """Return a compound's words as they are compared: case folded, Greek letters by name, digits apart.

    ``Thymosin α1``, ``thymosin alpha1`` and ``thymosin-alpha-1`` are all ``('thymosin', 'alpha', '1')``.
    """
    spelled = "".join(_spelled(character) for character in unicodedata.normalize("NFKC", written).casefold())
    parted = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", spelled)
    return tuple(_WORDS.findall(parted))


def compound_matches(compound: str, wanted: str) -> bool:
    """Tell whether the wanted words stand in the compound's, side by side."""
    words, run = compound_words(compound), compound_words(wanted)
    if not run:
        return False
    return any(words[start : start + len(run)] == run for start in range(len(words) - len(run) + 1))


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
        present = [row[0] for row in connection.execute("SELECT DISTINCT compound FROM digests WHERE compound <> ''")]
        matching = [slug for slug in present if any(compound_matches(slug, wanted) for wanted in compounds)]
        conditions.append(f"digests.compound IN ({_marks(matching)})")
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


def _spelled(character: str) -> str:
    name = unicodedata.name(character, "")
    if name.startswith("GREEK SMALL LETTER "):
        return f" {name.split()[3].lower()} "
    return character
