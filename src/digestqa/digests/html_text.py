"""The visible text of an HTML page, block by block.

The parser is Lexbor's, which follows the HTML standard, resolves no entities of a document's own and fetches
nothing. What a reader of the page does not see is left out: scripts, styles, forms' controls, navigation, and what
attributes, style sheets in the page or the usual class names hide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.digests.plain import on_one_line
from digestqa.errors import NotADigestError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_DROPPED = frozenset(
    """
    script style template noscript nav aside iframe frame frameset object embed applet svg canvas audio video map img
    button input select textarea option datalist dialog head title link meta base rp del s strike
    """.split()
)
_BLOCKS = frozenset(
    """
    address article blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2
    h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table tbody tfoot thead tr ul br
    """.split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHIPS = frozenset({"span", "a", "small", "time", "data", "label", "code"})
_DROPPED_ROLES = frozenset(
    {"navigation", "banner", "search", "menu", "menubar", "toolbar", "dialog", "alertdialog", "tablist", "button"}
)
_HIDDEN_CLASSES = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "hidden", "d-none"})
_HIDING = re.compile(r"(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_SIMPLE_SELECTOR = re.compile(r"[.#][A-Za-z_][\w-]{0,100}")
_LONGEST_STYLE = 200_000
_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_CAN_BE_RAISED = re.compile(r"[0-9+\-−=()n]+")
MAX_DEPTH = 512
"""Deepest nesting of elements that is read; browsers stop there too."""

MAX_BLOCKS = 20_000
"""Most paragraphs of a page that are read: a digest has a dozen."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of visible text that stands by itself on the page.

    Attributes:
        text: on one line.
        level: 1 to 6 for a heading, 0 for other text.
        in_main: whether it lies in the page's main part; true everywhere where the page marks none.
    """

    text: str
    level: int
    in_main: bool


def visible_blocks(html: str, name: str) -> tuple[list[Block], str]:
    """Return the visible blocks of a page in order, and the text of its ``title`` element.

    Raises:
        NotADigestError: elements are nested deeper than ``MAX_DEPTH``, or there are more than ``MAX_BLOCKS`` blocks.
    """
    from selectolax.lexbor import LexborHTMLParser

    _require_shallow(html, name)
    tree = LexborHTMLParser(html)
    title_node = tree.css_first("title")
    title = on_one_line(title_node.text(deep=True)) if title_node else ""
    if tree.body is None:
        return [], title
    hidden = _hidden_selectors(tree.css("style"))
    mains = tree.css("main, [role=main]") or tree.css("article")
    main = mains[0].mem_id if len(mains) == 1 else None
    reader = _Walker(hidden, main, name)
    reader.walk(tree.body)
    return reader.blocks, title


_MARKUP = re.compile(r"<(?:(?P<comment>!--)|(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,20})\b)")
_NEED_NO_END = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td th tr option dt dd".split()
)


def _require_shallow(html: str, name: str) -> None:
    """Refuse a text whose tags nest very deep before the parser sees it: misnested ones cost a square of the depth."""
    lowered = html.lower()
    depth = position = 0
    while match := _MARKUP.search(lowered, position):
        position = match.end()
        tag = match["tag"]
        if match["comment"] or (tag in ("script", "style") and not match["close"]):
            end = lowered.find("-->" if match["comment"] else f"</{tag}", position)
            if end < 0:
                return
            position = end + 3
        elif tag not in _NEED_NO_END:
            depth = max(depth - 1, 0) if match["close"] else depth + 1
            if depth > MAX_DEPTH:
                raise NotADigestError(
                    f"{name}: no digest: HTML elements nested deeper than {MAX_DEPTH} levels, or never closed",
                    "save the page's text as a .txt file",
                )


def _hidden_selectors(styles: list[LexborNode]) -> frozenset[str]:
    """Return the class and id selectors that the page's own style sheets hide for every medium."""
    found: set[str] = set()
    for style in styles:
        for selectors, declarations in _rules(style.text(deep=True)[:_LONGEST_STYLE]):
            if _HIDING.search(declarations):
                each = (selector.strip() for selector in selectors.split(","))
                found.update(selector for selector in each if _SIMPLE_SELECTOR.fullmatch(selector))
    return frozenset(found)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations of a style sheet's rules, without those for single media; linear in the text."""
    first, *commented = sheet.split("/*")
    sheet = first + "".join(part.partition("*/")[2] for part in commented)
    depth = begin = opened = 0
    for brace in _BRACE.finditer(sheet):
        if brace[0] == "{":
            if not depth:
                opened = brace.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                selectors = sheet[begin:opened].rpartition(";")[2].strip()
                if not selectors.startswith("@"):
                    yield selectors, sheet[opened + 1 : brace.start()]
                begin = brace.end()


class _Walker:
    """Walks the tree without recursion and gathers blocks."""

    def __init__(self, hidden: frozenset[str], main: int | None, name: str) -> None:
        self.blocks: list[Block] = []
        self._hidden = hidden
        self._main = main
        self._name = name
        self._pieces: list[str] = []
        self._levels: list[int] = []
        self._in_main = 0
        self._bullet = ""
        self._kept_edges = 0
        self._pre = 0

    def walk(self, body: LexborNode) -> None:
        opened: list[LexborNode] = []
        node = body
        while True:
            child = self._enter(node)
            if child is not None:
                opened.append(node)
                node = child
                continue
            while opened and (following := node.next) is None:
                node = opened.pop()
                self._leave(node)
            if not opened:
                break
            assert following is not None
            node = following
        self._flush()

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Take up a node; return its first child if its inside is to be read."""
        tag = node.tag or ""
        if tag == "-text":
            self._add_text(node.text_content or "")
            return None
        if tag.startswith(("-", "!")) or tag in _DROPPED or self._is_hidden(node):
            return None
        if tag in ("header", "footer") and not self._kept_edges and not _worth_keeping(node, tag):
            return None
        if tag in ("sup", "sub"):
            self._add_raised(on_one_line(node.text(deep=True)), raised=tag == "sup")
            return None
        if tag in _BLOCKS:
            self._flush()
        elif tag in ("td", "th") and any(piece.strip() for piece in self._pieces):
            self._pieces.append(" | ")
        elif tag in _CHIPS and node.prev is not None and node.prev.tag in _CHIPS and _is_row_of_chips(node.parent):
            self._pieces.append(" ")
        elif tag == "q":
            self._pieces.append("“")
        child = node.child
        if child is None:
            return None
        if tag in _HEADINGS:
            self._levels.append(_HEADINGS[tag])
        self._pre += tag == "pre"
        self._kept_edges += tag in ("header", "footer")
        self._in_main += node.mem_id == self._main
        if tag == "li":
            self._bullet = "- "
        return child

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS:
            self._flush()
        elif tag == "q":
            self._pieces.append("”")
        if tag in _HEADINGS:
            self._levels.pop()
        self._pre -= tag == "pre"
        self._kept_edges -= tag in ("header", "footer")
        self._in_main -= node.mem_id == self._main

    def _add_text(self, text: str) -> None:
        if not self._pre:
            self._pieces.append(text)
            return
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for index, line in enumerate(lines):
            if index:
                self._flush()
            self._pieces.append(line)

    def _add_raised(self, text: str, *, raised: bool) -> None:
        # `10<sup>9</sup>` must not become 109.
        if not raised:
            self._pieces.append(text)
        elif _CAN_BE_RAISED.fullmatch(text):
            self._pieces.append(text.translate(_SUPERSCRIPTS))
        elif text:
            self._pieces.append(f"^({text})" if text[0].isalnum() else text)

    def _flush(self) -> None:
        text = on_one_line("".join(self._pieces))
        self._pieces.clear()
        if text.strip("| "):
            level = self._levels[-1] if self._levels else 0
            if len(self.blocks) == MAX_BLOCKS:
                raise NotADigestError(
                    f"{self._name}: no digest: more than {MAX_BLOCKS:,} paragraphs in the HTML page",
                    "save one study's page, or its text, as a file of its own",
                )
            self.blocks.append(Block(self._bullet + text, level, self._main is None or self._in_main > 0))
            self._bullet = ""

    def _is_hidden(self, node: LexborNode) -> bool:
        attributes = node.attributes
        if not attributes:
            return False
        if "hidden" in attributes or (attributes.get("aria-hidden") or "").strip().lower() == "true":
            return True
        if (attributes.get("role") or "").strip().lower() in _DROPPED_ROLES or _HIDING.search(
            attributes.get("style") or ""
        ):
            return True
        classes = (attributes.get("class") or "").split()[:50]
        if any(name.lower() in _HIDDEN_CLASSES or f".{name}" in self._hidden for name in classes):
            return True
        return f"#{attributes.get('id')}" in self._hidden


def _worth_keeping(node: LexborNode, tag: str) -> bool:
    """Tell whether a header holds the page's headline, or a footer the digest's Source line."""
    if tag == "header":
        return node.css_first("h1") is not None
    return re.search(r"Source\s?:", node.text(deep=True), re.IGNORECASE) is not None


def _is_row_of_chips(parent: LexborNode | None) -> bool:
    """Tell whether an element that is no paragraph may hold labels set side by side, as a tag line does."""
    return parent is not None and parent.tag in ("div", "li", "header", "footer", "section", "main", "article", "body")
