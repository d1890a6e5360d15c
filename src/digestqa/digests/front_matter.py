"""Front matter: the ``key: value`` lines between two ``---`` lines at the top of a Markdown file.

A small part of YAML, read by position: plain, quoted and folded values, and lists. What a value means is left as
written: no number, date or escape is interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digestqa.digests.fields import NamedValue
from digestqa.digests.rows import Row

_FENCE = "---"
_KEY = re.compile(r"(?P<key>[A-Za-z][\w .-]{0,60}?)\s?:(?:\s+(?P<value>\S.*))?")
_BLOCK_MARKS = frozenset({">", "|", ">-", "|-", ">+", "|+"})
_COMMENT = re.compile(r"\s#")
_LIST_ENTRY = re.compile(r"(?P<quoted>\"[^\"]*\"|'[^']*')|[^,\s][^,]*")


def find_front_matter(rows: Sequence[Row]) -> int:
    """Return the index of the row that closes the front matter, or -1 if the page has none."""
    if not rows or rows[0].text != _FENCE:
        return -1
    return next((index for index in range(1, len(rows)) if rows[index].text in (_FENCE, "...")), -1)


def read_front_matter(text: str, rows: Sequence[Row]) -> list[NamedValue]:
    """Return the named values of the rows between the fences; a row that names nothing has an empty key."""
    entries: list[NamedValue] = []
    index = 0
    while index < len(rows):
        row = rows[index]
        index += 1
        match = _KEY.fullmatch(row.text)
        if match is None or _indented(text, row):
            entries.append(NamedValue("", (), row.start, row.end))
            continue
        if match["value"] is not None and match["value"] not in _BLOCK_MARKS:
            values = _values(text, row.start + match.start("value"), row.end)
            entries.append(NamedValue(match["key"], values, row.start, row.end))
            continue
        block: list[Row] = []
        while index < len(rows) and (_indented(text, rows[index]) or rows[index].text.startswith("- ")):
            block.append(rows[index])
            index += 1
        end = block[-1].end if block else row.end
        entries.append(NamedValue(match["key"], _block_values(text, block), row.start, end))
    return entries


def _indented(text: str, row: Row) -> bool:
    return row.start > 0 and text[row.start - 1] not in "\r\n"


def _block_values(text: str, block: Sequence[Row]) -> tuple[tuple[int, int], ...]:
    """Return the values of the lines below a key: the entries of a list, or one value over all of them."""
    if not block:
        return ()
    if all(row.text.startswith("- ") for row in block):
        return tuple(value for row in block for value in _values(text, row.start + 1, row.end))
    return ((block[0].start, block[-1].end),)


def _values(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the range of a value without quotes or comment, or the ranges of an inline list's entries."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    written = text[start:end]
    if written[:1] in ("'", '"'):
        close = written.find(written[0], 1)
        if close > 1 and written[close + 1 :].lstrip()[:1] in ("", "#"):
            return ((start + 1, start + close),)
    if written.startswith("[") and written.endswith("]"):
        return tuple(
            (start + 1 + match.start() + bool(match["quoted"]), start + 1 + match.end() - bool(match["quoted"]))
            for match in _LIST_ENTRY.finditer(written[1:-1].rstrip())
        )
    if comment := _COMMENT.search(written):
        written = written[: comment.start()].rstrip()
    return ((start, start + len(written)),) if written else ()
