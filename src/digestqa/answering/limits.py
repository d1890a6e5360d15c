"""Why nothing is left within given limits."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from digestqa.retrieval import Filters

if TYPE_CHECKING:
    from digestqa.library import Library
    from digestqa.retrieval.aliases import Aliases


def empty_limits_note(filters: Filters, library: Library, aliases: Aliases | None = None) -> str:
    """Return which limits leave no passage, or contradict each other; empty where passages are left.

    Args:
        filters: as they were given.
        library: an open library.
        aliases: the names that the user knows; None for none.
    """
    compounds = filters.compounds if aliases is None else aliases.compound_names(filters.compounds)
    kinds = {
        f"study {', '.join(filters.sources)}": Filters(sources=filters.sources),
        f"section {', '.join(filters.sections)}": Filters(sections=filters.sections),
        f"compound {', '.join(filters.compounds)}": Filters(compounds=compounds),
        f"since {filters.since}": Filters(since=filters.since),
    }
    given = {name: limit for name, limit in kinds.items() if not limit.empty}
    for count in range(1, len(given) + 1):
        for names in combinations(given, count):
            if not _passes(library, [given[name] for name in names]):
                if count == 1:
                    return f"nothing in the library passes the limit: {names[0]}"
                return f"these limits contradict each other, no passage passes them together: {' and '.join(names)}"
    return ""


def _passes(library: Library, limits: list[Filters]) -> bool:
    return bool(
        len(
            library.passage_ids(
                next((limit.sources for limit in limits if limit.sources), ()),
                next((limit.sections for limit in limits if limit.sections), ()),
                next((limit.compounds for limit in limits if limit.compounds), ()),
                next((limit.since for limit in limits if limit.since), None),
            )
        )
    )
