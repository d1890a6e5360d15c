"""The source panel: a digest, literally, scrolled to the quote and marking it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from digestqa.tui.literal import DIM_STYLE, OPENING, literal, marked
from digestqa.tui.wording import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from digestqa.tui.pages import DigestPage

_CONTEXT_ROWS = 4
"""Rows kept above the quote, so that it is read in its place."""
_NOTHING = "The source of an answer is shown here: the digest itself, with the quote marked."


class SourcePanel(Vertical):
    """One digest with its facts above it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "app.command('next')", "Next", show=False, id="source.next"),
        Binding("N", "app.command('previous')", "Previous", show=False, id="source.previous"),
        Binding("a", "app.command('about')", "Ask about this study", show=False, id="source.about"),
        Binding("o", "app.command('open')", "Open", show=False, id="source.open"),
        Binding("j", "scroll(1)", "Down", show=False, id="source.down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="source.up"),
        *(Binding(str(n), f"app.cite({n})", f"Citation {n}", show=False) for n in range(1, 10)),
    ]

    def __init__(self) -> None:
        super().__init__(id="source")
        self.page: DigestPage | None = None

    def compose(self) -> ComposeResult:
        """Draw an empty panel."""
        yield Static(Content.styled(_NOTHING, DIM_STYLE), id="facts")
        yield SourceText()

    async def show(self, page: DigestPage | None, place: str = "") -> None:
        """Show a digest.

        Args:
            page: the digest; None for nothing.
            place: which citation it is, such as ``[1] of 2``; empty where it is only browsed.
        """
        self.page = page
        facts = Content.styled(_NOTHING, DIM_STYLE) if page is None else _facts(page, place)
        self.query_one("#facts", Static).update(facts)
        await self.query_one(SourceText).show(page)

    def action_scroll(self, rows: int) -> None:
        """Scroll the digest."""
        self.query_one(SourceText).scroll_relative(y=rows, animate=False)


class SourceText(VerticalScroll):
    """The digest's text, a widget for each line of the file."""

    FOCUS_ON_CLICK = False

    def __init__(self) -> None:
        super().__init__(id="source-text")
        self._target: tuple[Static, int] | None = None

    async def show(self, page: DigestPage | None) -> None:
        """Draw a digest and scroll to its quote."""
        with self.app.batch_update():
            await self.remove_children()
            self._target = None
            if page is None:
                return
            lines: list[Static] = []
            start = 0
            for line in page.text.split("\n"):
                text = line.removesuffix("\r")
                heading = any(left <= start < right for left, right in page.headings)
                content = marked(text, start, page.quote, page.span, marks=page.quote)
                shown = Static(content, classes="heading" if heading else "line")
                if page.quote is not None and start <= page.quote[0] <= start + len(text):
                    # Where the digest itself holds the mark, the quote's is the next one.
                    self._target = (shown, text[: page.quote[0] - start].count(OPENING))
                lines.append(shown)
                start += len(line) + 1
            await self.mount_all(lines)
        if self._target is None:
            self.scroll_home(animate=False)
        else:
            self.call_after_refresh(self.scroll_to_quote)

    def scroll_to_quote(self) -> None:
        """Bring the quote's first row into view, with some rows above it."""
        if self._target is None:
            return
        line, before = self._target
        row = 0
        for y in range(line.size.height):
            before -= line.render_line(y).text.count(OPENING)
            if before < 0:
                row = y
                break
        self.scroll_to(y=max(line.virtual_region.y + row - _CONTEXT_ROWS, 0), animate=False)

    def on_resize(self) -> None:
        """Keep the quote in view: the lines wrap elsewhere now."""
        self.call_after_refresh(self.scroll_to_quote)


def _facts(page: DigestPage, place: str) -> Content:
    name = page.source if page.registry else f"{page.source} (no study id)"
    lines = [literal(" · ".join(part for part in (place, one_line(name)) if part), "bold")]
    if page.title:
        lines.append(literal(one_line(page.title)))
    if page.facts:
        lines.append(literal(" · ".join(f"{kind} {one_line(value)}" for kind, value in page.facts), DIM_STYLE))
    lines.append(literal(one_line(page.url or page.path), DIM_STYLE))
    if page.notice:
        lines.append(literal(f"note: {page.notice}", "$text-warning"))
    return Content("\n").join(lines)
