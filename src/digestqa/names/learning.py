"""All the names that one digest teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.names.abbreviations import abbreviations
from digestqa.names.compounds import compound_names
from digestqa.names.folding import name_key
from digestqa.names.model import NamePair

if TYPE_CHECKING:
    from digestqa.digests.model import Digest


def names_of(digest: Digest) -> tuple[NamePair, ...]:
    """Return the pairs of names that a digest's text introduces, in the order of the text, each once.

    Abbreviations with their long forms, the compound with its spellings, and its other names.
    """
    found: list[NamePair] = []
    for where, start, end in _stretches(digest):
        found += [
            NamePair(pair.short, pair.long, "abbreviation", where, pair.start, pair.end)
            for pair in abbreviations(digest.text, start, end)
        ]
    found += compound_names(digest, {name_key(pair.short) for pair in found})
    found.sort(key=lambda pair: (pair.start, pair.end))
    kept: dict[tuple[str, str, str], NamePair] = {}
    for pair in found:
        kept.setdefault((pair.kind, pair.short.casefold(), pair.long.casefold()), pair)
    return tuple(kept.values())


def _stretches(digest: Digest) -> list[tuple[str, int, int]]:
    """Return the lines and sections in which names are introduced, as (where, start, end)."""
    lines = [(line.kind, line.start, line.end) for line in digest.lines if line.kind in ("headline", "official_title")]
    return [*lines, *((section.heading, section.start, section.end) for section in digest.sections)]
