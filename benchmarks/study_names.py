"""Names that no one bears: of compounds, genes, proteins, people and trials, each from its rank among its kind."""

from __future__ import annotations

import random
from functools import cache

from benchmarks import study_words as words
from benchmarks.study_sentences import capital


def zipf_rank(pick: random.Random, size: int) -> int:
    """Return a rank from 0 with a chance of about 1 / (rank + 1): log-uniform, as words of a language are spread."""
    return int(size ** pick.random()) - 1


def number_of(text: str) -> int:
    """Return a number that a text always has, on every machine."""
    value = 5381
    for letter in text:
        value = (value * 33 + ord(letter)) & 0x7FFFFFFF
    return value


@cache
def compound(rank: int) -> str:
    """Return a compound's name; the first few hundred are short."""
    value = rank * 48_271 % 2_147_483_647 + rank  # neighbours in rank get names that have nothing in common
    value, onset = divmod(value, len(words.ONSETS))
    value, middle = divmod(value, len(words.MIDDLES))
    value, end = divmod(value, len(words.ENDS))
    second = words.MIDDLES[value % len(words.MIDDLES)] if rank > 300 else ""
    return words.ONSETS[onset] + words.MIDDLES[middle] + second + words.ENDS[end]


def code(compound: str) -> str:
    """Return the code that a compound had in development."""
    value = number_of(compound)
    letters = "".join(chr(65 + value // 26**place % 26) for place in range(2 + value % 2))
    return f"{letters}-{value % 9000 + 100}"


def drug_class(compound: str) -> str:
    """Return the class that a compound belongs to, in every study."""
    return words.CLASSES[number_of(compound) % len(words.CLASSES)]


@cache
def surname(rank: int) -> str:
    """Return a surname."""
    value = rank * 69_621 % 2_147_483_647
    onset, value = value % len(words.ONSETS), value // len(words.ONSETS)
    middle, value = value % len(words.MIDDLES), value // len(words.MIDDLES)
    return capital(words.ONSETS[onset] + words.MIDDLES[middle] + words.ENDS_OF_NAMES[value % len(words.ENDS_OF_NAMES)])


@cache
def protein(rank: int) -> str:
    """Return a protein."""
    value = rank * 16_807 % 2_147_483_647
    onset, value = value % len(words.ONSETS), value // len(words.ONSETS)
    middle, value = value % len(words.MIDDLES), value // len(words.MIDDLES)
    ends = ("lectin", "kinin", "tensin", "globulin", "ferrin", "lysin", "mucin", "nectin", "pontin", "crine", "xin")
    return words.ONSETS[onset] + words.MIDDLES[middle] + ends[value % len(ends)]


@cache
def gene(rank: int) -> str:
    """Return a gene's symbol."""
    value = rank * 39_373 % 2_147_483_647
    letters = "".join(chr(65 + value // 26**place % 26) for place in range(3))
    return f"{letters}{value // 17_576 % 30 + 1}{'ABL'[value % 3] if value % 4 == 0 else ''}"


def acronym(pick: random.Random) -> str:
    """Return a trial's short name, in capitals."""
    name = (pick.choice(words.ONSETS) + pick.choice(words.MIDDLES) + pick.choice(words.ENDS_OF_NAMES)).upper()
    return f"{name}-{pick.randrange(1, 10)}" if pick.random() < 0.4 else name
