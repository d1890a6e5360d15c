"""Registry records (ClinicalTrials.gov API v2 JSON) become digest pages: pure functions, no disk, no clock.

The names load on first use (PEP 562): most commands need none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.lazy import loader_of

if TYPE_CHECKING:
    from digestqa.records.collections import holds_records, iter_records
    from digestqa.records.page import PageText, last_update_of, nct_of, page_of

_NAMES_OF = {
    "collections": ("holds_records", "iter_records"),
    "page": ("PageText", "last_update_of", "nct_of", "page_of"),
}
_HOMES = {name: f"{__name__}.{module}" for module, names in _NAMES_OF.items() for name in names}

__all__ = ["PageText", "holds_records", "iter_records", "last_update_of", "nct_of", "page_of"]


__getattr__ = loader_of(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
