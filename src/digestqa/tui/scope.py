"""The scope of a conversation in words: how filters are typed, and the chips that show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from digestqa.digests import find_source_ids
from digestqa.errors import UsageError
from digestqa.retrieval.scope import Filters, check_date

_HINT = "write a study, section:NAME, compound:NAME, since:DATE or off; names with spaces in double quotes"
_TOKEN = re.compile(r'(?:(?P<kind>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))')
_KINDS = {
    "study": "sources",
    "trial": "sources",
    "source": "sources",
    "section": "sections",
    "compound": "compounds",
    "since": "since",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One limit, as it is shown.

    Attributes:
        text: what it says.
        without: the filters without it.
    """

    text: str
    without: Filters


def chips(filters: Filters) -> tuple[Chip, ...]:
    """Return a chip for each limit."""
    shown = [
        Chip(source, replace(filters, sources=_less(filters.sources, source))) for source in filters.sources if source
    ]
    shown += [
        Chip(f"section {name}", replace(filters, sections=_less(filters.sections, name))) for name in filters.sections
    ]
    shown += [Chip(name, replace(filters, compounds=_less(filters.compounds, name))) for name in filters.compounds]
    if filters.since:
        shown.append(Chip(f"since {filters.since}", replace(filters, since=None)))
    return tuple(shown)


def _less(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)


def in_words(filters: Filters) -> str:
    """Return the limits in one line; empty where there are none."""
    return ", ".join(chip.text for chip in chips(filters))


def read_filters(typed: str, filters: Filters, find_source: Callable[[str], str | None]) -> Filters:
    """Return the filters with what was typed added; ``off`` removes all.

    Args:
        typed: such as ``NCT06598839 section:"Study Design" since:2024``.
        filters: the present ones.
        find_source: the id of a study in the library, however written, or None.

    Raises:
        UsageError: a word is no filter, or names a study that is not in the library.
    """
    if typed.strip().lower() in ("off", "none", "all"):
        return Filters()
    # People write ids with blanks in them ("nct 0659 8839").
    for mention in reversed(find_source_ids(typed)):
        typed = typed[: mention.start] + mention.source + typed[mention.end :]
    for token in _TOKEN.finditer(typed):
        kind = (token["kind"] or "study").lower()
        value = token["quoted"] if token["quoted"] is not None else token["plain"]
        if kind == "pmid":
            kind, value = "study", f"PMID:{value}"
        field = _KINDS.get(kind)
        if field is None or not value:
            raise UsageError(f"'{token.group()}' is no filter", _HINT)
        filters = _added(filters, field, value, find_source)
    return filters


def _added(filters: Filters, field: str, value: str, find_source: Callable[[str], str | None]) -> Filters:
    if field == "since":
        return replace(filters, since=check_date(value))
    if field == "sources":
        source = find_source(value)
        if source is None:
            raise UsageError(f"there is no digest '{value}' in the library", "/digests lists what there is")
        return replace(filters, sources=_plus(filters.sources, source))
    if field == "sections":
        return replace(filters, sections=_plus(filters.sections, value))
    return replace(filters, compounds=_plus(filters.compounds, value))


def _plus(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)
