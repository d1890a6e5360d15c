"""A saved HTML page becomes the text of a digest page: in layout A, or in Markdown where that would lose a heading.

The text ends in a line that says what it was made from: ``Origin: html sha256:<hash of the HTML file>``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from digestqa.digests.draft import Draft
from digestqa.digests.footer import ends_in_markers, read_source_line
from digestqa.digests.headings import known_heading
from digestqa.digests.html_charset import decode_html
from digestqa.digests.html_text import Block, visible_blocks
from digestqa.digests.markdown import read_markdown
from digestqa.digests.page import read_page
from digestqa.digests.tagline import BackLine, read_back_line, read_tag_line
from digestqa.errors import NotADigestError

HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
"""Suffixes, in lower case, of saved pages."""

_LONGEST_LABEL = 80


def page_from_html(raw: bytes, name: str) -> tuple[str, str]:
    """Write the digest that a saved HTML page shows as a text of its own.

    Args:
        raw: the HTML file's bytes.
        name: where they came from, for messages.

    Returns:
        The suffix that the text's file must have, ``.txt`` or ``.md``, and the text.

    Raises:
        FileRefusedError: the bytes are no text in the page's charset.
        NotADigestError: the page shows no text, or is nested too deep.
    """
    blocks, title = visible_blocks(decode_html(raw, name), name)
    blocks = _of_the_page(blocks)
    if not blocks:
        raise NotADigestError(
            f"{name}: no digest: the HTML page shows no text",
            "pages that a script fills in are empty when saved as source: save the page as shown, or its text",
        )
    titled = any(block.level == 1 for block in blocks) or (blocks[0].level and not known_heading(blocks[0].text))
    if title and not titled and any(block.level for block in blocks):
        blocks.insert(0, Block(title, 1, True))
    top, headline, body, footer = _parts(blocks)
    origin = f"Origin: html sha256:{hashlib.sha256(raw).hexdigest()}"
    ending = "\n".join([*footer, origin])
    headings = [block.text for block in body if block.level]
    plain = "\n\n".join(["\n".join(top), headline, *(block.text for block in body)]).strip("\n")
    text = f"{plain}\n\n\n{ending}\n"
    if _headings(read_page(text)) == headings:
        return ".txt", text
    marked = [f"## {block.text}" if block.level else _unmarked(block.text) for block in body]
    title_line = f"# {headline}" if headline else ""
    markdown = "\n\n".join(["\n".join(top), title_line, *marked]).strip("\n")
    markdown = f"{markdown}\n\n\n{ending}\n"
    if headings and _headings(read_markdown(markdown, name)) == headings:
        return ".md", markdown
    return ".txt", text


def _headings(draft: Draft) -> list[str]:
    return [section.heading for section in draft.sections if section.heading]


def _of_the_page(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of the main part, and those lines of a digest that stand around it."""
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        is_footer = read_source_line(block.text, 0) is not None
        if block.in_main or is_footer or read_back_line(block.text) is not None:
            if is_footer and index and not blocks[index - 1].in_main and ends_in_markers(blocks[index - 1].text):
                kept.append(blocks[index - 1])
            kept.append(block)
    return kept


def _parts(blocks: list[Block]) -> tuple[list[str], str, list[Block], list[str]]:
    """Return the lines above the headline, the headline, the blocks below it, and the footer's lines."""
    back: BackLine | None = None
    top: list[str] = []
    sources = [index for index, block in enumerate(blocks) if not block.level and read_source_line(block.text, 0)]
    footer: list[str] = []
    rest = list(blocks)
    if len(sources) == 1:
        at = sources[0]
        footer = [blocks[at].text]
        del rest[at]
        if at and not blocks[at - 1].level and ends_in_markers(blocks[at - 1].text):
            footer.insert(0, blocks[at - 1].text)
            del rest[at - 1]
    for index, block in enumerate(rest):
        if not block.level and (back := read_back_line(block.text)):
            top.append(block.text)
            del rest[index]
            break
    for index, block in enumerate(rest):
        if block.level and known_heading(block.text):
            break
        if not block.level and read_tag_line(block.text, 0, back=back):
            top.append(block.text)
            del rest[index]
            break
    first = next((index for index, block in enumerate(rest) if block.level == 1), None)
    if first is None:
        first = 0 if rest and rest[0].level and not known_heading(rest[0].text) else None
    headline = rest.pop(first).text if first is not None else ""
    if first:  # short lines above the headline are breadcrumbs, menus, labels
        rest = [block for block in rest[:first] if len(block.text) > _LONGEST_LABEL] + rest[first:]
    return top, headline, rest, footer


def _unmarked(text: str) -> str:
    """Return a paragraph that Markdown's reader takes for no heading, fence or rule."""
    return f"\\{text}" if text[0] in "#`~=" or set(text) <= set("-*_ ") else text
