"""What lies under embeddings/: catalog (SQLite) and vectors' file, the truth; FAISS index and query encoder, derived.

Only this room writes there. Reading goes through ``Library``; writing through ``ingest`` and ``rebuild``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.lazy import loader_of
from digestqa.library.records import (
    DigestRecord,
    Hit,
    IngestReport,
    LibraryCounts,
    LibraryStatus,
    NameLink,
    Phase,
    Problem,
    RefusedFile,
    StoredFile,
    StoredName,
    StoredPassage,
)

if TYPE_CHECKING:
    from digestqa.library.building import ingest, rebuild
    from digestqa.library.library import Library
    from digestqa.library.status import library_status
    from digestqa.library.text_search import fts_query
    from digestqa.library.verify import verify_library

_HOMES = {
    "Library": "digestqa.library.library",
    "fts_query": "digestqa.library.text_search",
    "ingest": "digestqa.library.building",
    "library_status": "digestqa.library.status",
    "rebuild": "digestqa.library.building",
    "verify_library": "digestqa.library.verify",
}

__all__ = [
    "DigestRecord",
    "Hit",
    "IngestReport",
    "Library",
    "LibraryCounts",
    "LibraryStatus",
    "NameLink",
    "Phase",
    "Problem",
    "RefusedFile",
    "StoredFile",
    "StoredName",
    "StoredPassage",
    "fts_query",
    "ingest",
    "library_status",
    "rebuild",
    "verify_library",
]


# Load a public name from its module, so that reading does not load what writes.
__getattr__ = loader_of(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
