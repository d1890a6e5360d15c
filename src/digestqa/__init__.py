"""digestqa: ask questions of clinical-study digests, get verbatim answers with cited sources.

The public names load on first use (PEP 562), so that importing the package stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.lazy import loader_of

__version__ = "0.1.0"

if TYPE_CHECKING:
    from digestqa.answering import Assistant
    from digestqa.digests import Digest
    from digestqa.library import Library
    from digestqa.replies import Answer, Citation

_HOMES = {
    "Answer": "digestqa.replies",
    "Assistant": "digestqa.answering",
    "Citation": "digestqa.replies",
    "Digest": "digestqa.digests",
    "Library": "digestqa.library",
}

__all__ = ["Answer", "Assistant", "Citation", "Digest", "Library", "__version__"]


__getattr__ = loader_of(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
