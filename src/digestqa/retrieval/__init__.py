"""From a question to the passages worth reading: scope, filters, dense and full-text search, fusion."""

from digestqa.retrieval.aliases import Aliases, Mention
from digestqa.retrieval.retriever import Retrieved, Retriever
from digestqa.retrieval.scope import Filters, NamedStudies, check_date, named_studies, not_in_library

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
