"""Text of digests and people as Textual content: shown literally, control characters escaped, never read as markup."""

from __future__ import annotations

import itertools

from textual.content import Content

from digestqa.output.terminal import visible

Range = tuple[int, int]

OPENING, CLOSING = "▶", "◀"
SPAN_STYLE = "bold $text-accent reverse"
QUOTE_STYLE = "bold"
DIM_STYLE = "$text-muted"


def literal(text: str, style: str = "") -> Content:
    """Return the text as it is, in one style."""
    return Content.styled(visible(text), style) if style else Content(visible(text))


def marked(text: str, start: int, quote: Range | None, span: Range | None, *, marks: Range | None) -> Content:
    """Return a stretch of a digest with what lies in it of a quote and of a span in their styles.

    Args:
        text: the stretch.
        start: its first character's offset in the digest.
        quote: offsets of the quote in the digest.
        span: offsets of the answer inside the quote.
        marks: the range whose ends get ``▶`` and ``◀`` where they lie in the stretch: colour alone is not enough.
    """
    end = start + len(text)
    cuts = {start, end}
    for limits in (quote, span, marks):
        if limits is not None:
            cuts.update(cut for cut in limits if start <= cut <= end)
    parts: list[Content] = []
    bounds = sorted(cuts)
    for left, right in itertools.pairwise(bounds):
        if marks is not None and marks[0] == left:
            parts.append(Content.styled(OPENING, QUOTE_STYLE))
        style = SPAN_STYLE if _inside(left, span) else QUOTE_STYLE if _inside(left, quote) else ""
        parts.append(literal(text[left - start : right - start], style))
        if marks is not None and marks[1] == right:
            parts.append(Content.styled(CLOSING, QUOTE_STYLE))
    return Content("").join(parts)


def _inside(offset: int, limits: Range | None) -> bool:
    return limits is not None and limits[0] <= offset < limits[1]
