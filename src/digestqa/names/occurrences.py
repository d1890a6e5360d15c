"""How often words and phrases stand in texts, compared as the full-text index does: folded, and by their stems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.names.folding import fold, may_hold_ranks
from digestqa.names.stemming import stem

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_WORDS = 200_000
"""Written words whose stems are remembered."""

_RANKS = frozenset("123456")
"""What Roman numbers are folded into, by the words before them: ``phase II`` is ``phase 2``."""


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's folded words."""
    return tuple(stem(word) for word in fold(text).split())


class _StemsOfWord(dict[str, str]):
    """The stems of written words, parted by two spaces, found when a word is first asked for.

    Texts repeat their words: to look one up is many times quicker than to fold it.
    """

    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_WORDS:
            self.clear()
        found = self[word] = "  ".join(stems(word))
        return found


_STEMS_OF_WORD = _StemsOfWord()


class Occurrences:
    """Counts some words and phrases in many texts.

    Args:
        names: words and phrases looked for, as stems in their order.
    """

    def __init__(self, names: Collection[tuple[str, ...]]) -> None:
        # Each stem has its own two spaces, so that words side by side are counted apart.
        self._names = tuple(f" {'  '.join(name)} " for name in names)
        self._ranked = any(not _RANKS.isdisjoint(name) for name in names)

    def of(self, text: str) -> list[int]:
        """Return how often each word or phrase stands in a text, in the order in which they were given."""
        if self._ranked and may_hold_ranks(text):
            stemmed = "  ".join(stems(text))
        else:
            stemmed = "  ".join(map(_STEMS_OF_WORD.__getitem__, text.split()))
        return [f" {stemmed} ".count(name) for name in self._names]
