"""Sentences from templates, in the notation of benchmarks/study_words.py."""

from __future__ import annotations

import random
import re
from functools import cache

_CHOICE = re.compile(r"[{|}]|<\w+>|[^{|}<]+|<")
_VOWEL_NEXT = re.compile(r"\b([Aa]) (?=[aeioAEIO])")
_DRAWN = {"few": (2, 12), "sub": (20, 200), "sub2": (2, 40), "sub3": (5, 20)}
"""Numbers that mean nothing and are another in every sentence."""


def sentence(pick: random.Random, template: str, facts: dict[str, str], said: set[str]) -> str:
    """Fill in a sentence; an abbreviation is told once, and from then on mostly stands alone."""
    text = filled(pick, template, facts)
    short = facts["condition_abbreviation"]
    if short and facts["condition"] in text:
        if "condition" not in said:
            said.add("condition")
            text = text.replace(facts["condition"], f"{facts['condition']} ({short})", 1)
        elif pick.random() < 0.6:
            text = text.replace(facts["condition"], short)
    full = facts["outcome1"]
    if full.endswith(")") and "outcome" in said and pick.random() < 0.6:
        text = text.replace(full, full[full.rindex("(") + 1 : -1])
    elif full in text:
        said.add("outcome")
    return capital(text)


def filled(pick: random.Random, template: str, facts: dict[str, str]) -> str:
    """Return a template with its choices made and its facts put in."""
    out: list[str] = []
    _fill(pick, _parsed(template), facts, out)
    return _VOWEL_NEXT.sub(r"\1n ", "".join(out))


def _fill(pick: random.Random, parts: list[object], facts: dict[str, str], out: list[str]) -> None:
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, tuple):
            name = part[0]
            out.append(facts[name] if name in facts else str(pick.randrange(*_DRAWN[name])))
        else:
            assert isinstance(part, list)
            _fill(pick, part[int(pick.random() * len(part))], facts, out)


@cache
def _parsed(template: str) -> list[object]:
    """Return a template's parts: text, a fact as a tuple of its name, a choice as a list of such lists."""
    root: list[list[object]] = [[]]
    open_choices = [root]
    for token in _CHOICE.findall(template):
        if token == "{":
            choice: list[list[object]] = [[]]
            open_choices[-1][-1].append(choice)
            open_choices.append(choice)
        elif token == "|" and len(open_choices) > 1:
            open_choices[-1].append([])
        elif token == "}":
            open_choices.pop()
        elif token.startswith("<") and token.endswith(">"):
            open_choices[-1][-1].append((token[1:-1],))
        else:
            open_choices[-1][-1].append(token)
    return root[0]


def compares(template: str) -> bool:
    """Tell whether a sentence speaks of a group that others are compared with."""
    return any(word in template for word in ("<comparator>", "<control>", "<misses>", "both groups", "the groups"))


def without_abbreviation(named: str) -> tuple[str, str]:
    """Return a name and its abbreviation, which may be empty."""
    name, _, short = named.partition(" (")
    return name, short.rstrip(")")


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


_SMALL = frozenset("a an and as at by for from in of on or the to with per mg g mg/kg mg/m² µg".split())


def titled(text: str) -> str:
    """Return a heading's words with capitals, as headlines have them."""
    listed = enumerate(text.split(" "))
    return " ".join(word if place and word in _SMALL else capital(word) for place, word in listed)
