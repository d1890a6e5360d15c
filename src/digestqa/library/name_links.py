"""What the current digests say of names: which names are of one thing, and which digests are of a compound."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digestqa.library.catalog import row_errors
from digestqa.library.records import NameLink, StoredName

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from digestqa.library.held_state import HeldState

_LINKS = """
    SELECT min(short), short_key, max(long), long_key, kind, count(DISTINCT digest_id)
    FROM names {joined}
    WHERE {condition}
    GROUP BY short_key, long_key, kind
"""
_CURRENT = "CROSS JOIN digests ON digests.id = digest_id AND current"
_IN_KEYS = "{column} IN (SELECT value FROM json_each(?))"


def name_links(held: HeldState, keys: Collection[str]) -> list[NameLink]:
    """Return the links of which one side has one of the keys; those of most digests first."""
    wanted = json.dumps(sorted(keys))
    # Where all digests are current, which is nearly always, each name's digest need not be looked up.
    joined = _CURRENT if held.rows("SELECT 1 FROM digests WHERE current = 0 LIMIT 1") else ""
    by_short = _LINKS.format(joined=joined, condition=_IN_KEYS.format(column="short_key"))
    by_long = _LINKS.format(joined=joined, condition=_IN_KEYS.format(column="long_key"))
    # UNION drops what both sides find.
    return _links(held, f"{by_short} UNION {by_long}", (wanted, wanted))


def all_name_links(held: HeldState) -> list[NameLink]:
    """Return every link; those of most digests first."""
    return _links(held, _LINKS.format(joined=_CURRENT, condition="true"), ())


def digest_names(held: HeldState, digest_id: int) -> list[StoredName]:
    """Return the names that one digest teaches, in the order of its text."""
    rows = held.rows(
        """SELECT digest_id, short, short_key, long, long_key, kind, place, start_char, end_char
           FROM names WHERE digest_id = ? ORDER BY start_char, end_char, id""",
        (digest_id,),
    )
    with row_errors(held.embeddings):
        return [StoredName(*row) for row in rows]


def compound_digests(connection: sqlite3.Connection, keys: Collection[str]) -> frozenset[int]:
    """Return the ids of the current digests whose compound has one of the keys, by any of its names.

    A name is a compound's if a digest's tag line, spelling, other name or abbreviation says so.
    """
    wanted = json.dumps(sorted(keys))
    rows = connection.execute(
        """WITH wanted (key) AS (SELECT value FROM json_each(?)),
                compounds (key) AS (
                    SELECT key FROM wanted
                    UNION SELECT long_key FROM names JOIN wanted ON short_key = key
                    UNION SELECT short_key FROM names JOIN wanted ON long_key = key WHERE kind = 'abbreviation'
                )
           SELECT DISTINCT digest_id FROM compounds CROSS JOIN names ON long_key = compounds.key
           CROSS JOIN digests ON digests.id = digest_id WHERE kind = 'compound' AND current""",
        (wanted,),
    )
    return frozenset(digest_id for (digest_id,) in rows)


def _links(held: HeldState, query: str, values: tuple[str, ...]) -> list[NameLink]:
    rows = held.rows(query, values)
    with row_errors(held.embeddings):
        links = [NameLink(*row) for row in rows]
    return sorted(links, key=lambda link: (-link.digests, link.short_key, link.long_key, link.kind))
