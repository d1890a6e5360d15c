"""What a question means, as it is handed on: values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from digestqa.retrieval.scope import Filters

Reading = Literal["together", "each", "survey"]
"""How the studies are read: all passages against each other, each study for itself, or many studies a little."""

Refusal = Literal["not_there", "unclear"]
"""Why nothing can answer: the studies that are named are not there, or it cannot be known which study is meant."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is meant.

    Attributes:
        text: what is searched and read.
        shown: what a person is shown as understood; equal to the question where that stands alone.
        filters: the scope, the studies that the question is about among its sources.
        carried: whether words or scope were taken from the history.
        reading: how the studies are read.
        refused: why no study may answer; None where some may.
        notes: what a person must know.
        earlier: the question that it leans on, as it was understood; None where it stands alone.
        asked: a follow-up's own words; empty where the question stands alone.
    """

    text: str
    shown: str
    filters: Filters
    carried: bool = False
    reading: Reading = "together"
    refused: Refusal | None = None
    notes: tuple[str, ...] = ()
    earlier: Understood | None = None
    asked: str = ""

    @property
    def about(self) -> tuple[str, ...]:
        """The studies that it is about, as far as they are known."""
        return tuple(source for source in self.filters.sources if source)


CitedBy = Callable[[Understood], tuple[str, ...]]
"""Finds the studies that an earlier question was answered from."""
