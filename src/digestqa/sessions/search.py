"""Which turns of which sessions hold the words a person looks for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from digestqa.sessions.turns import FoundTurn, SavedTurn


def folded(text: str) -> str:
    """Return a text as it is compared: Unicode NFKD without accents, case folded."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(char for char in spread if not unicodedata.combining(char)).casefold()


def searched_text(turn: SavedTurn) -> str:
    """Return what a search looks at, folded: the question, the quotes, and the studies they are from."""
    parts = [turn.question]
    if turn.reply is not None:
        for answer in turn.reply.answers:
            parts += [answer.quote, answer.citation.source]
        for nearest in turn.reply.nearest:
            parts += [nearest.quote, nearest.source]
    return folded("\n".join(parts))


def matching(turns: Iterable[tuple[FoundTurn, str]], text: str) -> Iterator[FoundTurn]:
    """Yield the turns whose text holds every word, each anywhere in it.

    Args:
        turns: each with its folded text.
        text: words parted by white space; none at all match everything.
    """
    words = folded(text).split()
    for found, within in turns:
        if all(word in within for word in words):
            yield found
