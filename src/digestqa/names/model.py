"""What is learnt of names from one digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NAMING_RULES_VERSION = 1
"""Raised whenever a text would be folded, or a digest's names learnt, in another way: libraries are then built anew."""

NameKind = Literal["abbreviation", "compound", "synonym"]


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two names of one thing.

    Attributes:
        short: the abbreviation, a spelling of the compound, or another name of it, as written.
        long: what it stands for: the long form as written, or the compound as its tag line writes it.
        kind: ``abbreviation`` (``CTCs``: ``circulating tumor cells``), ``compound`` (``Thymosin α1``:
            ``thymosin-alpha-1``) or ``synonym`` (``thymalfasin``: ``thymosin-alpha-1``).
        where: the section's heading, or the kind of header or footer line.
        start: first character of the place in the digest's text that says so.
        end: one past its last character.
    """

    short: str
    long: str
    kind: NameKind
    where: str
    start: int
    end: int
