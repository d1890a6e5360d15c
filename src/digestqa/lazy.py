"""Public names of a room that load on first use (PEP 562): a command pays only for what it does."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def loader_of(room: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a room's module-level ``__getattr__``.

    Args:
        room: the room's ``__name__``.
        homes: by public name, the module that defines it.

    Returns:
        A function that loads a name from its home, and raises AttributeError for a name without one.
    """

    def load(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(importlib.import_module(home), name)

    return load
