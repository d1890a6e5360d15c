"""The words of a question that carry its content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digestqa.digests import find_source_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digestqa.retrieval.aliases import Mention

_WORD = re.compile(r"[^\W_]+(?:[-'’.,/][^\W_]+)*%?|\d+(?:[.,]\d+)*%?", re.UNICODE)

STOPWORDS = frozenset(
    """
    a an and any are as at be been but by can could did do does done each else for from get give given gives had has
    have having how i if in into is it its just may me might more most much my no nor not of off on one or other our
    out over own per please say says said shall she he should so some such tell than that the their them then there
    these they this those to too up us use used using was we were what what's whats when where whether which while who
    whom whose why will with within would you your about also between both many show find found there's i'm
    """.split()
)
"""Function words, and the verbs with which people ask."""


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, hyphenated words and figures whole."""
    return [match.group().lower() for match in _WORD.finditer(text)]


def content_words(text: str) -> list[str]:
    """Return the words that are neither function words nor part of a study id, in order, each once.

    An id limits the studies that are searched; as a word it would only look for its own digits.
    """
    for mention in reversed(find_source_ids(text)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return list(dict.fromkeys(word for word in words(text) if word not in STOPWORDS))


def search_terms(question: str, mentions: Sequence[Mention] = ()) -> list[str | tuple[str, ...]]:
    """Return what full-text search looks for: content words as written, and names with their other names.

    A name that is one word stands in a tuple with its other names: together they count as one term. A name of several
    words is looked for by its words too, since part of it may do.

    Args:
        question: as it was asked.
        mentions: the names in it.
    """
    without_ids = question
    for cited in find_source_ids(question):
        without_ids = without_ids[: cited.start] + " " * (cited.end - cited.start) + without_ids[cited.end :]
    named = {(mention.start, mention.end): mention for mention in mentions if mention.aliases}
    found: dict[str | tuple[str, ...], None] = {}
    for match in _WORD.finditer(without_ids):
        word = match.group()
        mention = named.pop(match.span(), None)
        if mention is not None:
            found[(word, *mention.aliases)] = None
        elif word.lower() not in STOPWORDS:
            found[word] = None
    for mention in named.values():
        found[(mention.text, *mention.aliases)] = None
    return list(found)
