"""What things are called: texts folded for comparison, and the names that a digest teaches.

The names load on first use (PEP 562): ``status`` needs none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digestqa.names.folding import fold, fold_units, name_key, name_keys
    from digestqa.names.learning import names_of
    from digestqa.names.model import NAMING_RULES_VERSION, NameKind, NamePair

_HOMES = {
    "NAMING_RULES_VERSION": "model",
    "NameKind": "model",
    "NamePair": "model",
    "fold": "folding",
    "fold_units": "folding",
    "name_key": "folding",
    "name_keys": "folding",
    "names_of": "learning",
}

__all__ = ["NAMING_RULES_VERSION", "NameKind", "NamePair", "fold", "fold_units", "name_key", "name_keys", "names_of"]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
