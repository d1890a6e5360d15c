"""A page as its non-blank lines, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

# Only the three newlines of text files: a form feed or U+2028 inside a line is a character of that line.
_LINE = re.compile(r"([^\r\n]+)|\r\n|\r|\n")


class Row(NamedTuple):
    """A non-blank line.

    Attributes:
        start: its first non-blank character.
        end: one past its last non-blank character.
        number: its line number in the file, from 1.
        after_blank: whether a blank line, or the start of the file, stands before it.
        text: ``page[start:end]``.
    """

    start: int
    end: int
    number: int
    after_blank: bool
    text: str


def split_rows(text: str, start: int = 0) -> list[Row]:
    """Return the non-blank lines of ``text`` from ``start``, which must be the beginning of a line."""
    rows: list[Row] = []
    number = 1 + _count_newlines(text, start)
    after_blank = True
    blank = True
    for match in _LINE.finditer(text, start):
        content = match[1]
        if content is None:
            if blank:
                after_blank = True
            number += 1
            blank = True
            continue
        stripped = content.strip()
        if not stripped:
            continue
        first = match.start() + len(content) - len(content.lstrip())
        rows.append(Row(first, first + len(stripped), number, after_blank, stripped))
        after_blank = False
        blank = False
    return rows


def line_number(text: str, position: int) -> int:
    """Return the line number, from 1, of a character of a text."""
    return 1 + _count_newlines(text, position)


def _count_newlines(text: str, end: int) -> int:
    return text.count("\n", 0, end) + text.count("\r", 0, end) - text.count("\r\n", 0, end)
