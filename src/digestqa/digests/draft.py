"""What a reader of one format has found, before the file's name and hash make it a Digest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from digestqa.digests.model import Fact, FactName, Layout, Line, LineKind, Section


class NamedSource(NamedTuple):
    """A place that names the digest's source.

    Attributes:
        source: the normalised id.
        registry: in lower case, or None.
        written: the whole line or value as written.
        position: where it begins.
        is_source_line: whether it is a ``Source:`` line, not a value of a front matter or JSON object.
    """

    source: str
    registry: str | None
    written: str
    position: int
    is_source_line: bool


@dataclass(slots=True)
class Draft:
    """The parts of a digest as they are found.

    Attributes:
        text: the decoded file.
        layout: which layout was recognised.
        facts: header and footer facts.
        lines: header and footer lines.
        sections: body sections.
        sources: each place that names the source.
        declares_sections: whether the format itself says what its sections are, so that headings need no proof.
    """

    text: str
    layout: Layout
    facts: list[Fact] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    sources: list[NamedSource] = field(default_factory=list)
    declares_sections: bool = False

    def add_line(self, kind: LineKind, start: int, end: int) -> None:
        """Note a header or footer line."""
        self.lines.append(Line(kind, start, end))

    def add_fact(self, name: FactName, start: int, end: int) -> None:
        """Note a fact by its range."""
        self.facts.append(Fact(name, self.text[start:end], start, end))

    def has(self, name: FactName) -> bool:
        """Tell whether a fact of that name has been found."""
        return any(fact.name == name for fact in self.facts)

    def value(self, name: FactName) -> str | None:
        """Return the first value found for a fact."""
        return next((fact.value for fact in self.facts if fact.name == name), None)

    @property
    def has_body(self) -> bool:
        """Whether a section with a heading has any text."""
        return any(section.heading and section.start < section.end for section in self.sections)
