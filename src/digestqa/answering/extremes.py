"""The digests whose pages give the greatest or least number or day."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from digestqa.answering.survey_finders import BoundsFinder
from digestqa.understanding.ranges import Bounds

if TYPE_CHECKING:
    from digestqa.library import Library
    from digestqa.library.digest_ids import DigestIds
    from digestqa.understanding.extremes import Extreme


_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")


class ExtremeFinder(BoundsFinder):
    """Finds the digests with the greatest or least value of a fact, the most extreme first.

    Args:
        library: an open library.
        extreme: of which fact, and how many.
    """

    def __init__(self, library: Library, extreme: Extreme) -> None:
        super().__init__(library, Bounds(extreme.of))
        self._extreme = extreme
        self._given = 0

    @property
    def told(self) -> str:
        """How the count is told, once the digests were searched."""
        among = " of that evidence type" if self._extreme.evidence else ""
        return f"{self._extreme.told} ({self._given}{among} give one)"

    def holding(self, searched: DigestIds) -> list[int]:
        """Return those of some digests that have it, by value, then id."""
        values: dict[int, tuple[int, str]] = {}
        for digest_id, facts in self._library.packed_facts(searched):
            named = {name: value for name, value, *_ in reversed(json.loads(facts))}
            given = named.get(self._extreme.of)
            if not re.search(self._extreme.evidence, named.get("evidence_type", ""), re.IGNORECASE):
                continue
            if given is not None and self._bounds.hold(given) and (self._extreme.of == "n" or _DAY.fullmatch(given)):
                values[digest_id] = _comparable(given, number=self._extreme.of == "n")
        self._given = len(values)
        ordered = sorted(values, key=lambda each: (values[each], -each), reverse=self._extreme.greatest)
        if len(ordered) <= self._extreme.count:
            return ordered
        last = values[ordered[self._extreme.count - 1]]
        return [each for place, each in enumerate(ordered) if place < self._extreme.count or values[each] == last]


def _comparable(value: str, *, number: bool) -> tuple[int, str]:
    return (int(value.replace(",", "")), "") if number else (0, value.strip())
