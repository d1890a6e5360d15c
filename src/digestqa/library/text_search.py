"""Full-text search by queries that cannot fail: every term is a quoted string of FTS5."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, Literal

from digestqa.library.records import Hit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digestqa.library.held_state import HeldState
    from digestqa.library.vector_search import PassageIds

MAX_TERMS = 64
"""Terms of one query that are looked for; SQLite limits the depth of an expression."""

FEW_IDS = 16
"""A search within so few passages looks for its words in each of them; else it looks for the words everywhere and
compares the passages found. Either takes longer with the size of the library, the first also with the passages."""

Operator = Literal["OR", "AND"]

DEFAULT_WEIGHTS = (2.0, 0.5, 0.1, 1.5)
"""BM25 weights of the columns: text, headline, section, and the study's id, compound and official title."""


def storable(text: str) -> str:
    """Return a text that SQLite takes: without lone surrogates, such as undecodable bytes of a command line become."""
    return text.encode("utf-8", "replace").decode("utf-8")


def fts_query(terms: Iterable[str], operator: Operator = "OR") -> str:
    """Return an FTS5 MATCH expression for any terms; empty where none of them can be looked for.

    A term of several words is looked for as a phrase. See https://sqlite.org/fts5.html#full_text_query_syntax.

    Args:
        terms: at most ``MAX_TERMS`` different ones count.
        operator: how they are joined.
    """
    quoted: dict[str, None] = {}
    for term in terms:
        cleaned = storable(term).replace("\0", " ").replace('"', '""').strip()
        # The tokenizer makes tokens of letters, numbers and private characters; a phrase without any matches nothing.
        if any(unicodedata.category(character) == "Co" or character.isalnum() for character in cleaned):
            quoted[f'"{cleaned}"'] = None
        if len(quoted) == MAX_TERMS:
            break
    return f" {operator} ".join(quoted)


def search_words(
    held: HeldState,
    terms: Iterable[str],
    k: int,
    within: PassageIds | None,
    operator: Operator,
    weights: tuple[float, float, float, float],
) -> list[Hit]:
    """Return the k best passages by BM25; see ``Library.search_text``."""
    expression = fts_query(terms, operator)
    if not expression or k < 1:
        return []
    values: list[Any] = [expression]
    restriction = ""
    if within is not None:
        # With a plus the ids are compared after the match; without it SQLite runs the match once for each id.
        column = "rowid" if len(within) <= FEW_IDS else "+rowid"
        restriction = f"AND {column} IN (SELECT value FROM json_each(?))"
        values.append(json.dumps([int(passage_id) for passage_id in within]))
    rows = held.rows(
        f"""SELECT rowid, bm25(passages_fts, {", ".join(f"{weight:f}" for weight in weights)}) AS badness
            FROM passages_fts WHERE passages_fts MATCH ? {restriction} ORDER BY badness, rowid LIMIT ?""",
        (*values, k),
    )
    return [Hit(passage_id, -badness) for passage_id, badness in rows]
