"""What a reader is told about a passage besides its text: its place, and what else its page has of the question.

A question names its study by whatever its page says of it ("the 60-patient nab-paclitaxel regimen"), and a passage
rarely says it again. Words of the question that stand elsewhere on the page are put behind the headline, so that the
reader does not miss them in the passage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Protocol

from digestqa.passages import passage_context
from digestqa.reading.cues import stem, stems
from digestqa.retrieval.terms import STOPWORDS, content_words

MAX_TERMS = 16
"""Of the question's words, so that a long one leaves room for the passage."""
_JOINED = re.compile(r"[-/]")
_STOP_STEMS = frozenset(stem(word) for word in STOPWORDS)


class PagePassage(Protocol):
    """A passage as its page has it."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def section(self) -> str:
        """The section that it stands in."""


def page_terms(passages: Iterable[PagePassage]) -> frozenset[str]:
    """Return the stems of the words on a page, without function words.

    The footer's keywords and flags are about the page, not about the study.
    """
    said = (stems(passage.text) for passage in passages if passage.section != "footer")
    return frozenset().union(*said) - _STOP_STEMS


def terms_elsewhere(question: str, page: Collection[str], headline: str, passage: PagePassage) -> tuple[str, ...]:
    """Return the content words of a question that a page has, though not near a passage; in order, at most `MAX_TERMS`.

    Args:
        question: as it is read.
        page: the page's terms, see `page_terms`.
        headline: the page's, which the reader sees before every passage.
        passage: what it reads.
    """
    seen = stems(f"{headline} {passage.section} {passage.text}")
    found: dict[str, None] = {}
    for word in content_words(question):
        known = stem(word) in page or stem(word) in seen
        for part in (word,) if known else _JOINED.split(word):
            if stem(part) in page and stem(part) not in seen:
                found[part] = None
    return tuple(found)[:MAX_TERMS]


def reading_context(headline: str, elsewhere: Collection[str], section: str) -> str:
    """Return the words put before a passage: ``headline (words of the question elsewhere on the page) — section``."""
    named = f"({' '.join(elsewhere)})" if elsewhere else ""
    return passage_context(" ".join(part for part in (headline, named) if part), section)
