"""What things are called: texts folded for comparison, and the names that a digest teaches.

The names load on first use (PEP 562): ``status`` needs none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.lazy import loader_of

if TYPE_CHECKING:
    from digestqa.names.folding import fold, fold_units, name_key, name_keys
    from digestqa.names.learning import names_of
    from digestqa.names.model import NAMING_RULES_VERSION, NameKind, NamePair

_HOMES = {
    "NAMING_RULES_VERSION": "digestqa.names.model",
    "NameKind": "digestqa.names.model",
    "NamePair": "digestqa.names.model",
    "fold": "digestqa.names.folding",
    "fold_units": "digestqa.names.folding",
    "name_key": "digestqa.names.folding",
    "name_keys": "digestqa.names.folding",
    "names_of": "digestqa.names.learning",
}

__all__ = ["NAMING_RULES_VERSION", "NameKind", "NamePair", "fold", "fold_units", "name_key", "name_keys", "names_of"]


__getattr__ = loader_of(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
