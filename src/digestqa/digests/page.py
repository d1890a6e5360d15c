"""Plain-text pages: layouts A, B and C, whole or cut.

A page is header lines (navigation, tag line, headline, official title), headed sections, and footer lines (flags,
Source). Every non-blank character of the page lies in exactly one header or footer line, heading or section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from digestqa.digests.draft import Draft, NamedSource
from digestqa.digests.footer import (
    SourceLine,
    ends_in_markers,
    is_origin_line,
    read_flags_line,
    read_source_line,
    shaped_like_flags,
)
from digestqa.digests.headings import find_headings, known_heading
from digestqa.digests.model import Layout, Section
from digestqa.digests.rows import Row, split_rows
from digestqa.digests.tagline import read_back_line, read_tag_line

_TWO_SENTENCES = re.compile(r"[a-z0-9)]{2}[.!?]\s+[A-Z]")
_RULE = re.compile(r"([-=_~*])\1{2,}")
_LONGEST_TITLE = 450
"""Characters of a headline or official title; a longer block before the first heading is a paragraph."""


def read_page(text: str) -> Draft:
    """Read a plain-text page; whether it is a digest is for the caller to judge."""
    draft = Draft(text, "B")
    rows = _without_underlines(without_origin(split_rows(text), draft))
    first = read_top(rows, draft)
    if first:
        draft.layout = _layout(draft)
    taken, sources, flags_row = find_footer(rows, first, draft.value("compound"))
    headings = find_headings(rows, taken, first, titled=first > 0)
    first_heading = min(headings, default=len(rows))
    read_header(rows, taken, first, first_heading, draft)
    read_body(rows, taken, headings, first_heading, draft)
    read_footer(rows, sources, flags_row, draft)
    return draft


def without_origin(rows: list[Row], draft: Draft) -> list[Row]:
    """Return the rows without a last one that says what the file was made from: no content, and never quoted."""
    if rows and is_origin_line(rows[-1].text):
        draft.add_line("origin", rows[-1].start, rows[-1].end)
        return rows[:-1]
    return rows


def _without_underlines(rows: list[Row]) -> list[Row]:
    """Return the rows; a rule directly below a usual heading belongs to the heading's row."""
    kept: list[Row] = []
    for row in rows:
        if kept and not row.after_blank and _RULE.fullmatch(row.text) and known_heading(kept[-1].text):
            kept[-1] = kept[-1]._replace(end=row.end)
        else:
            kept.append(row)
    return kept


def _layout(draft: Draft) -> Layout:
    top = next(line for line in draft.lines if line.kind != "origin")
    if top.kind == "back":
        named = read_back_line(draft.text[top.start : top.end])
        return "A" if named and named.display_name else "C"
    return "A" if draft.has("class_words") or draft.has("evidence_type") else "C"


def read_top(rows: Sequence[Row], draft: Draft, index: int = 0) -> int:
    """Read the navigation line and the tag line from row ``index`` on; return the index of the row after them."""
    back = read_back_line(rows[index].text) if index < len(rows) else None
    if back:
        draft.add_line("back", rows[index].start, rows[index].end)
        index += 1
    if index < len(rows):
        row = rows[index]
        facts = read_tag_line(row.text, row.start, back=back)
        if facts:
            draft.add_line("tag", row.start, row.end)
            draft.facts += facts
            index += 1
    return index


def find_footer(
    rows: Sequence[Row], first: int, compound: str | None
) -> tuple[list[bool], dict[int, SourceLine], int | None]:
    """Find the Source lines and the flags line.

    Returns:
        For each row whether it is a line already read (the top included), the Source lines by row, and the row
        of the flags line.
    """
    taken = [index < first for index in range(len(rows))]
    sources: dict[int, SourceLine] = {}
    for index in range(first, len(rows)):
        row = rows[index]
        if row.text[0] in "Ss*_" and (source := read_source_line(row.text, row.start)):
            sources[index] = source
            taken[index] = True
    above = max(sources, default=len(rows)) - 1
    while above in sources:
        above -= 1
    if above <= first or taken[above]:
        return taken, sources, None
    line = rows[above].text
    is_flags = ends_in_markers(line) and (line[-1] not in ".!?")
    if not is_flags and sources:
        finished = rows[above].after_blank or rows[above - 1].text[-1] in '.!?)"”’'
        is_flags = finished and shaped_like_flags(line, compound)
        # Directly below its heading a short line may be all that a section has: `p<0.001 in both arms`.
        if known_heading(rows[above - 1].text):
            is_flags = is_flags and compound is not None and line.casefold().startswith(compound.casefold())
    if not is_flags:
        return taken, sources, None
    taken[above] = True
    return taken, sources, above


def read_header(
    rows: Sequence[Row], taken: Sequence[bool], first: int, first_heading: int, draft: Draft, *, prose: bool = False
) -> None:
    """Read headline and official title from the rows between the tag line and the first heading.

    Args:
        rows: the page's non-blank lines.
        taken: for each row, whether it has been read as another line.
        first: index of the first row of the header.
        first_heading: index of the first section's heading.
        draft: receives lines and facts; a headline that it has already leaves the next block to be the title.
        prose: whether two sentences before the first heading are a paragraph, not a title.
    """
    blocks: list[list[Row]] = []
    for index in range(first, first_heading):
        if taken[index]:
            continue
        row = rows[index]
        if row.after_blank or not blocks or taken[index - 1]:
            blocks.append([row])
        else:
            blocks[-1].append(row)
    if len(blocks) == 1:
        # No blank lines tell a wrapped title from two titles: take each line for itself.
        blocks = [[row] for row in blocks[0]]
    titles = (1 + draft.has("official_title")) if draft.has("headline") else 0
    for block in blocks:
        start, end = block[0].start, block[-1].end
        if end - start > _LONGEST_TITLE or (prose and _TWO_SENTENCES.search(draft.text, start, end)):
            draft.sections.append(Section("", start, end, start, start))
        elif titles < 2:
            name: Literal["headline", "official_title"] = "official_title" if titles else "headline"
            draft.add_line(name, start, end)
            draft.add_fact(name, start, end)
            titles += 1
        else:
            draft.add_line("other", start, end)


def read_body(
    rows: Sequence[Row], taken: Sequence[bool], headings: dict[int, str], first_heading: int, draft: Draft
) -> None:
    """Gather the sections; text after the footer belongs to none and is kept as other lines."""
    index = first_heading
    while index < len(rows):
        row = rows[index]
        if taken[index]:
            index += 1
            continue
        if index not in headings:
            draft.add_line("other", row.start, row.end)
            index += 1
            continue
        last = index + 1
        while last < len(rows) and not taken[last] and last not in headings:
            last += 1
        if last == index + 1:
            draft.sections.append(Section(headings[index], row.end, row.end, row.start, row.end))
        else:
            body = rows[index + 1].start, rows[last - 1].end
            draft.sections.append(Section(headings[index], *body, row.start, row.end))
        index = last


def read_footer(rows: Sequence[Row], sources: dict[int, SourceLine], flags_row: int | None, draft: Draft) -> None:
    """Note the flags line and the Source lines; a repeated Source line adds no facts."""
    for index, source_line in sources.items():
        if not any(source.is_source_line for source in draft.sources):
            draft.facts += source_line.facts
        _add_source_line(rows[index], source_line, draft)
    if flags_row is not None:
        row = rows[flags_row]
        draft.add_line("flags", row.start, row.end)
        draft.facts += read_flags_line(
            row.text, row.start, compound=draft.value("compound"), class_words=draft.value("class_words")
        )


def _add_source_line(row: Row, source_line: SourceLine, draft: Draft) -> None:
    draft.add_line("source", row.start, row.end)
    draft.sources.append(NamedSource(source_line.source, source_line.registry, row.text, row.start, True))


def has_known_heading(draft: Draft) -> bool:
    """Tell whether one of the sections bears a usual heading."""
    return any(known_heading(section.heading) for section in draft.sections if section.heading)
