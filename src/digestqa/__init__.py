"""digestqa: ask questions of clinical-study digests, get verbatim answers with cited sources.

The public names load on first use (PEP 562), so that importing the package stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

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


def __getattr__(name: str) -> Any:
    """Load a public name from its room."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
