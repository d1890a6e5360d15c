"""Which studies a question may be answered from: exact filters, and studies that it names."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digestqa.digests import find_source_ids
from digestqa.errors import UsageError

if TYPE_CHECKING:
    from digestqa.library import Library

_NEAREST_SHOWN = 3
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Exact limits on what is searched; an empty field limits nothing.

    Attributes:
        sources: study ids, normalised (``NCT…``, ``PMID:…``) or file names.
        sections: section headings, compared without case.
        compounds: compounds as on the tag line, compared without case.
        since: earliest date, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    """

    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    compounds: tuple[str, ...] = ()
    since: str | None = None

    def within_sources(self, sources: Collection[str]) -> Filters:
        """Return these filters limited further to the given sources; unchanged if none are given."""
        if not sources:
            return self
        kept = tuple(source for source in sources if not self.sources or source in self.sources)
        # Contradicting limits match nothing; an empty tuple would mean "anything".
        return replace(self, sources=kept or ("",))

    @property
    def empty(self) -> bool:
        """Whether nothing is limited."""
        return not (self.sources or self.sections or self.compounds or self.since)


@dataclass(frozen=True, slots=True)
class NamedStudies:
    """The studies that a question names by id.

    Attributes:
        known: ids that are in the library.
        unknown: ids that are not.
        notes: what to tell the person about the unknown ones.
    """

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def named_studies(question: str, library: Library) -> NamedStudies:
    """Find the study ids in a question (NCT or PMID, any case, with or without a space)."""
    ids = list(dict.fromkeys(found.source for found in find_source_ids(question)))
    if not ids:
        return NamedStudies()
    known = tuple(source for source in ids if library.find_digests(source))
    unknown = tuple(source for source in ids if source not in known)
    return NamedStudies(known, unknown, tuple(not_in_library(source, library) for source in unknown))


def not_in_library(source: str, library: Library) -> str:
    """Return the sentence that says that a study is not there, and which ids are near."""
    nearest = library.nearest_sources(source, _NEAREST_SHOWN)
    hint = f"; the nearest ids are {', '.join(nearest)}" if nearest else ""
    return f"{source} is not in the library{hint}"


def check_date(text: str) -> str:
    """Return a date as it may stand in :attr:`Filters.since`.

    Raises:
        UsageError: it is none of YYYY, YYYY-MM, YYYY-MM-DD.
    """
    if not _DATE.fullmatch(text):
        raise UsageError(f"'{text}' is no date", "write YYYY, YYYY-MM or YYYY-MM-DD")
    return text
