"""Markdown digests: front matter, ``# headline``, ``## Section``.

Only what tells headings from text is read; in the text, Markdown is data and stays as written.
"""

from __future__ import annotations

import re

from digestqa.digests.draft import Draft
from digestqa.digests.fields import NamedValue, add_named_values, fact_for_key
from digestqa.digests.footer import read_source_line
from digestqa.digests.front_matter import find_front_matter, read_front_matter
from digestqa.digests.headings import find_headings, known_heading, shaped_like_heading
from digestqa.digests.page import (
    find_footer,
    read_body,
    read_footer,
    read_header,
    read_page,
    read_top,
    without_origin,
)
from digestqa.digests.rows import Row, split_rows

_ATX = re.compile(r"(?P<marks>#{1,6})(?:\s+(?P<words>\S.*?))??(?:\s+#+)?")
_SETEXT = re.compile(r"=+|-{3,}")
_RULE = re.compile(r"(?:\s*[-*_]){3,}")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<words>\w[^*_]*?)(?P=mark)\s?:?")
_EMPHASISED = re.compile(r"(?P<mark>\*{1,3}|_{1,3})(?P<words>[^*_\s](?:[^*_]*[^*_\s])?)(?P=mark)")
_HEADING_NUMBER = re.compile(r"\d{1,2}[.)]\s+")
_FENCE = re.compile(r"```|~~~")
_EMPHASIS = "*_ \t"
_NAMED = re.compile(
    r"(?:[-*+]\s+)?(?P<mark>\*\*|__|)(?P<key>[A-Za-z][\w -]{0,40}?)\s?(?::(?P=mark)|(?P=mark)\s?:)\s*(?P<value>\S.*)"
)
_LONGEST_HEADING = 500


def read_markdown(text: str, name: str) -> Draft:
    """Read a Markdown digest; a file with neither front matter nor marked headings is read as a plain page."""
    rows = split_rows(text)
    closing = find_front_matter(rows)
    body = rows[closing + 1 :]
    marked = _marked_headings(body)
    if closing < 0 and not marked:
        return read_page(text)
    draft = Draft(text, "markdown")
    if closing > 0:
        add_named_values(draft, read_front_matter(text, rows[1:closing]))
    _read_marked(draft, body, marked)
    return draft


def _marked_headings(rows: list[Row]) -> dict[int, tuple[int, str]]:
    """Return the marked headings: index of the row -> level from 1 and words."""
    headings: dict[int, tuple[int, str]] = {}
    fenced = False
    for index, row in enumerate(rows):
        if _FENCE.match(row.text):
            fenced = not fenced
        elif fenced or len(row.text) > _LONGEST_HEADING:
            continue
        elif (match := _ATX.fullmatch(row.text)) and match["words"]:
            headings[index] = (len(match["marks"]), _plain_words(match["words"]))
        elif (
            index + 1 < len(rows)
            and not rows[index + 1].after_blank
            and row.after_blank
            and _SETEXT.fullmatch(rows[index + 1].text)
        ):
            headings[index] = (1 if rows[index + 1].text[0] == "=" else 2, row.text)
    if not any(known_heading(words) for _, words in headings.values()):
        headings |= _bold_headings(rows, headings)
    return headings


def _plain_words(words: str) -> str:
    """Return a marked heading's words without emphasis around them, nor a usual heading's number and colon."""
    if match := _EMPHASISED.fullmatch(words):
        words = match["words"]
    unnumbered = _HEADING_NUMBER.sub("", words, count=1)
    return known_heading(unnumbered) or words


def _bold_headings(rows: list[Row], marked: dict[int, tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Return the headings that are only set in bold, from the first usual one on."""
    headings: dict[int, tuple[int, str]] = {}
    for index, row in enumerate(rows):
        match = _BOLD.fullmatch(row.text) if index not in marked and len(row.text) <= _LONGEST_HEADING else None
        if match is None:
            continue
        words = match["words"].removesuffix(":").rstrip()
        if known_heading(words) or (headings and row.after_blank and shaped_like_heading(words)):
            headings[index] = (2, words)
    return headings


def _read_marked(draft: Draft, rows: list[Row], marked: dict[int, tuple[int, str]]) -> None:
    rows, marked = _without_rules(draft.text, without_origin(rows, draft), marked)
    first = read_top(rows, draft)
    title = _title(rows, marked, first, draft)
    if title is not None:
        start = rows[title].start + rows[title].text.index(marked[title][1])
        draft.add_line("headline", start, start + len(marked[title][1]))
        draft.add_fact("headline", start, start + len(marked[title][1]))
        if title == first:
            first = read_top(rows, draft, title + 1)
    taken, sources, flags_row = find_footer(rows, first, draft.value("compound"))
    if title is not None:
        taken[title] = True
    headings = {index: words for index, (_, words) in marked.items() if index != title and not taken[index]}
    headings = headings or find_headings(rows, taken, first)
    first_heading = min(headings, default=len(rows))
    _read_named_lines(draft, rows, taken, first_heading)
    read_header(rows, taken, first, first_heading, draft, prose=True)
    read_body(rows, taken, headings, first_heading, draft)
    read_footer(rows, sources, flags_row, draft)


def _title(rows: list[Row], marked: dict[int, tuple[int, str]], first: int, draft: Draft) -> int | None:
    """Return the row of the headline: the first heading, if it is the only one of its level and no section's."""
    highest = min((level for level, _ in marked.values()), default=1)
    top = [index for index, (level, _) in marked.items() if level == highest]
    if not top or top[0] != min(marked) or known_heading(marked[top[0]][1]):
        return None
    only = len(top) == 1 and len(marked) > 1
    if highest > 1 and (not only or draft.has("headline")):
        return None
    return top[0] if only or not draft.has("headline") else None


def _without_rules(
    text: str, rows: list[Row], marked: dict[int, tuple[int, str]]
) -> tuple[list[Row], dict[int, tuple[int, str]]]:
    """Drop the underlines of headings and the rules that stand beside a heading or the footer."""
    kept: list[Row] = []
    renumbered: dict[int, tuple[int, str]] = {}
    for index, row in enumerate(rows):
        if index - 1 in marked and not row.after_blank and _SETEXT.fullmatch(row.text) and not _is_atx(rows[index - 1]):
            kept[-1] = kept[-1]._replace(end=row.end)
            continue
        if len(row.text) < 100 and _RULE.fullmatch(row.text):
            last = index + 1 == len(rows)
            if (
                last
                or not kept
                or index + 1 in marked
                or index - 1 in marked
                or _begins_footer(rows[index + 1 : index + 3])
            ):
                continue
        if index in marked:
            renumbered[len(kept)] = marked[index]
        kept.append(_without_emphasis(text, row))
    return kept, renumbered


def _is_atx(row: Row) -> bool:
    return row.text[0] == "#"


def _begins_footer(rows: list[Row]) -> bool:
    return any(read_source_line(row.text.strip(_EMPHASIS), row.start) for row in rows)


def _without_emphasis(text: str, row: Row) -> Row:
    """Return a Source line that is set in italics or bold without the marks around it; any other row as it is."""
    if row.text[0] not in "*_":
        return row
    inner = row.text.strip(_EMPHASIS)
    if not inner or read_source_line(inner, row.start) is None:
        return row
    start = row.start + row.text.index(inner)
    return row._replace(start=start, end=start + len(inner), text=inner)


def _read_named_lines(draft: Draft, rows: list[Row], taken: list[bool], first_heading: int) -> None:
    """Read lines such as ``**Official title:** …`` that stand before the first section."""
    entries: list[NamedValue] = []
    for index in range(first_heading):
        row = rows[index]
        match = _NAMED.fullmatch(row.text) if not taken[index] and len(row.text) <= _LONGEST_HEADING else None
        if match and fact_for_key(match["key"]):
            value = row.start + match.start("value"), row.end
            entries.append(NamedValue(match["key"], (value,), row.start, row.end))
            taken[index] = True
    add_named_values(draft, entries)
