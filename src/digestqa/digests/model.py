"""What a digest is, once read: its text, its sections and its facts, each with its place in the file.

All offsets are character offsets into ``Digest.text``, which is the file decoded as UTF-8 with a byte order
mark dropped and newlines untouched. Ranges are half-open: ``text[start:end]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

READING_RULES_VERSION = 3
"""Raised whenever the same file would be read into other sections or facts: libraries are then built anew."""

Layout = Literal["A", "B", "C", "markdown", "json"]

LineKind = Literal["back", "tag", "headline", "official_title", "flags", "source", "origin", "other"]

FactName = Literal[
    "compound",
    "class_words",
    "evidence_type",
    "n",
    "date",
    "registry",
    "headline",
    "official_title",
    "flags",
    "keywords",
    "source",
    "ingested",
    "digest_model",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a header or footer line, as written.

    Attributes:
        name: which fact it is.
        value: exactly ``digest.text[start:end]``.
        start: first character.
        end: one past the last character.
    """

    name: FactName
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of the body, as a range.

    Attributes:
        heading: the heading as written, without Markdown marks; empty for text before any heading.
        start: first non-blank character of the section's body (the heading is outside).
        end: one past its last non-blank character; equal to ``start`` where a page was cut after the heading.
        heading_start: first character of the heading's line, marks included; equal to ``heading_end`` for text
            before any heading.
        heading_end: one past the last non-blank character of the heading's line.
    """

    heading: str
    start: int
    end: int
    heading_start: int = 0
    heading_end: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the header or the footer: never part of a section.

    Attributes:
        kind: what the line is.
        start: first non-blank character.
        end: one past its last non-blank character.
    """

    kind: LineKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Digest:
    """One study's digest.

    Attributes:
        text: the decoded file.
        sha256: hex digest of the file's bytes.
        source: ``NCT…``, ``PMID:…``, or the file's name where the digest names no source.
        registry: ``clinicaltrials``, ``pubmed``, another registry as the Source line names it, or None.
        layout: which page layout was recognised.
        facts: header and footer facts in the order of the text.
        sections: body sections in the order of the text.
        lines: header and footer lines in the order of the text.
    """

    text: str
    sha256: str
    source: str
    registry: str | None
    layout: Layout
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    lines: tuple[Line, ...]

    def fact(self, name: FactName) -> Fact | None:
        """Return the first fact of that name, or None."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def value(self, name: FactName) -> str | None:
        """Return the value of the first fact of that name, or None."""
        found = self.fact(name)
        return found.value if found else None

    @property
    def origin(self) -> str | None:
        """What the file was made from, such as ``html sha256:<hash>``; None for a file that is its own origin."""
        line = next((line for line in self.lines if line.kind == "origin"), None)
        return self.text[line.start : line.end].partition(":")[2].strip() if line else None

    @property
    def headline(self) -> str:
        """The headline as written; empty where the page has none."""
        return self.value("headline") or ""
