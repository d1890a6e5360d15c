"""Full-text search by queries that cannot fail: every term is folded and becomes a quoted string of FTS5."""

from __future__ import annotations

import functools
import json
import math
from typing import TYPE_CHECKING, Any, Literal

from digestqa.library.id_arrays import ascending
from digestqa.library.records import Hit
from digestqa.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library.held_state import HeldState
    from digestqa.library.passage_scores import WordWeight
    from digestqa.library.vector_search import PassageIds

MAX_TERMS = 64
"""Terms of one query that are looked for; SQLite limits the depth of an expression."""

FEW_IDS = 16
"""A search within so few passages looks for its words in each of them; else it looks for the words everywhere and
compares the passages found. Either takes longer with the size of the library, the first also with the passages."""

SCORED_WHOLLY = 20_000
"""In a library of up to so many passages SQLite scores every passage that holds a word: that takes 20 ms at most."""

Operator = Literal["OR", "AND"]

DEFAULT_WEIGHTS = (2.0, 1.0, 0.1, 6.0)
"""BM25 weights of the columns: text, headline, section, and the study's id, compound and official title. Measured: most
questions say which study they mean."""


def storable(text: str) -> str:
    """Return a text that SQLite takes: without lone surrogates, such as undecodable bytes of a command line become."""
    return text.encode("utf-8", "replace").decode("utf-8")


def fts_query(terms: Iterable[str | tuple[str, ...]], operator: Operator = "OR") -> str:
    """Return an FTS5 MATCH expression for any terms; empty where none of them can be looked for.

    A term of several words is looked for as a phrase, several names in a tuple as any of them. See
    https://sqlite.org/fts5.html#full_text_query_syntax.

    Args:
        terms: at most ``MAX_TERMS`` different ones count.
        operator: how they are joined.
    """
    return f" {operator} ".join(_any_of(names) for names in _folded_terms(terms))


def all_of(groups: Iterable[Iterable[str]]) -> str:
    """Return an FTS5 MATCH expression for texts that hold one word or phrase of each group.

    Args:
        groups: words and phrases; a star at the end of a word stands for any further letters.
    """
    return "{text} : (" + " AND ".join(f"({' OR '.join(map(_quoted, group))})" for group in groups) + ")"


def _quoted(word: str) -> str:
    return f'"{fold(word)}"{"*" if word.endswith("*") else ""}'


def search_words(
    held: HeldState,
    terms: Iterable[str | tuple[str, ...]],
    k: int,
    within: PassageIds | None,
    operator: Operator,
    weights: tuple[float, float, float, float],
) -> list[Hit]:
    """Return the k best passages by BM25; see ``Library.search_text``."""
    folded = _folded_terms(terms)
    if not folded or k < 1:
        return []
    if held.words.looks_back or (operator == "OR" and held.facts.counts.passages > SCORED_WHOLLY):
        from digestqa.library.passage_scores import best_passages, weigh

        words = [weigh(held, names, _any_of(names)) for names in folded]
        searched = None if within is None else ascending(within)
        if operator == "AND":
            searched = _holding_all(held, words, searched)
        return best_passages(held, words, k, searched, weights)
    # With a plus the ids are compared after the match; without it SQLite runs the match once for each id.
    column = "rowid" if within is not None and len(within) <= FEW_IDS else "+rowid"
    restriction = "" if within is None else f"AND {column} IN (SELECT value FROM json_each(:within))"
    values: dict[str, Any] = {"k": k}
    if within is not None:
        values["within"] = json.dumps([int(passage_id) for passage_id in within])
    scored = f"bm25(passages_fts, {', '.join(f'{weight:f}' for weight in weights)})"

    def matching(expression: str, factor: float = 1.0) -> str:
        name = f"match{len(values)}"
        values[name] = expression
        return (
            f"SELECT rowid AS id, {factor!r} * {scored} AS badness FROM passages_fts "
            f"WHERE passages_fts MATCH :{name} {restriction}"
        )

    several = [names for names in folded if len(names) > 1] if operator == "OR" else []
    if not several:
        query = matching(f" {operator} ".join(_any_of(names) for names in folded))
    else:
        parts = [
            "SELECT id, min(badness) AS badness FROM ("
            + " UNION ALL ".join(matching(_any_of((name,)), factor) for name, factor in _rarity(held, names))
            + ") GROUP BY id"
            for names in several
        ]
        if single := [names for names in folded if len(names) == 1]:
            parts.append(matching(" OR ".join(_any_of(names) for names in single)))
        query = f"SELECT id, sum(badness) AS badness FROM ({' UNION ALL '.join(parts)}) GROUP BY id"
    rows = held.rows(f"SELECT id, badness FROM ({query}) ORDER BY badness, id LIMIT :k", values)
    return [Hit(passage_id, -badness) for passage_id, badness in rows]


def _holding_all(held: HeldState, words: Iterable[WordWeight], within: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Return the passages that hold every word."""
    import numpy as np

    lists = [held.words.passages(word.expression) for word in words]
    return functools.reduce(np.intersect1d, lists if within is None else [*lists, within])


def _folded_terms(terms: Iterable[str | tuple[str, ...]]) -> list[tuple[str, ...]]:
    folded: dict[tuple[str, ...], None] = {}
    for term in terms:
        names = dict.fromkeys(fold(name) for name in ((term,) if isinstance(term, str) else term))
        # The tokenizer makes tokens of letters and numbers; a phrase without any matches nothing.
        kept = tuple(storable(name) for name in names if any(character.isalnum() for character in name))
        if kept:
            folded[kept] = None
        if len(folded) == MAX_TERMS:
            break
    return list(folded)


def _any_of(names: tuple[str, ...]) -> str:
    """Return the expression for one term; folded names hold nothing that FTS5 could take for syntax."""
    return f'"{names[0]}"' if len(names) == 1 else "(" + " OR ".join(f'"{name}"' for name in names) + ")"


def _rarity(held: HeldState, names: tuple[str, ...]) -> list[tuple[str, float]]:
    """Return each name with the factor that turns BM25's weight for its rarity into that of all names together.

    Without it a rare spelling would count for more than the usual one of the same thing.
    """
    total = held.facts.counts.passages

    def weight(expression: str) -> float:
        query = "SELECT count(*) FROM passages_fts WHERE passages_fts MATCH ?"
        holding = held.rows(query, (expression,))[0][0]
        # As FTS5 reckons it; https://sqlite.org/fts5.html#the_bm25_function.
        return max(math.log((total - holding + 0.5) / (holding + 0.5)), 1e-6) if holding else 0.0

    together = weight(_any_of(names))
    weights = [(name, weight(_any_of((name,)))) for name in names]
    return [(name, together / alone if alone else 0.0) for name, alone in weights]
