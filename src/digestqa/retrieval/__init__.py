"""From a question to the passages worth reading: scope, filters, dense and full-text search, fusion."""

from digestqa.retrieval.retriever import Retrieved, Retriever
from digestqa.retrieval.scope import Filters, NamedStudies, check_date, named_studies, not_in_library

__all__ = ["Filters", "NamedStudies", "Retrieved", "Retriever", "check_date", "named_studies", "not_in_library"]
