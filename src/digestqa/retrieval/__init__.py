"""From a question to the passages worth reading: scope, filters, dense and full-text search, fusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.lazy import loader_of
from digestqa.retrieval.scope import Filters, NamedStudies, check_date, named_studies, not_in_library

if TYPE_CHECKING:
    from digestqa.retrieval.aliases import Aliases, Mention
    from digestqa.retrieval.retriever import Retrieved, Retriever

_HOMES = {
    "Aliases": "digestqa.retrieval.aliases",
    "Mention": "digestqa.retrieval.aliases",
    "Retrieved": "digestqa.retrieval.retriever",
    "Retriever": "digestqa.retrieval.retriever",
}

__all__ = [
    "Aliases",
    "Filters",
    "Mention",
    "NamedStudies",
    "Retrieved",
    "Retriever",
    "check_date",
    "named_studies",
    "not_in_library",
]


# Load a public name from its module, so that filters can be checked before what searches is loaded.
__getattr__ = loader_of(__name__, _HOMES)
