"""A digest's compound: how its pages spell it, and its other names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from digestqa.drug_stems import DRUG_STEMS
from digestqa.names.folding import fold, name_key
from digestqa.names.model import NamePair

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from digestqa.digests.model import Digest

_BACK = re.compile(r"Back\sto\s(\S.{0,150}?)\sresearch", re.IGNORECASE)
_GREEK_SPELLINGS = {
    "alpha": "(?:alpha|α|a)",
    "beta": "(?:beta|β|b)",
    "gamma": "(?:gamma|γ|g)",
    "delta": "(?:delta|δ|d)",
}
_NAME = r"[A-Za-z][\w-]{2,30}(?:\s\d[\w-]{1,12})?|[A-Z]{1,3}\s\d[\w-]{1,12}"
_CALLED = (
    r"(?:also\s(?:known|called|named)(?:\sas)?|(?:formerly|previously)(?:\s(?:known|called)(?:\sas)?)?|known\sas|"
    r"sold\s(?:as|under\sthe\s(?:brand\s)?name)|marketed\sas|branded(?:\sas)?|(?:brand|trade|generic|code)\sname(?:d)?|"
    r"code[d-]?\s?name[d]?|INN)"
)
_APPOSITION = re.compile(rf"\s?[,(]\s?(?:an?\s\w+\s\w+\s|an?\s\w+\s)?{_CALLED}:?\s(?P<name>{_NAME})(?=[\s,.;:)])")
_BRACKET = re.compile(r"\s\((?P<inner>[^()]{3,60})\)")
_BRACKET_PART = re.compile(rf"(?:{_CALLED}:?\s)?(?P<name>{_NAME})")
_BEFORE = re.compile(r"(?<![\w-])(?P<name>[A-Z][A-Za-z]{3,30}|[A-Z]{1,5}-?\d[\w-]{1,12})\s\($")
_CODE = re.compile(r"[A-Z]{1,6}[-\s]?\d[\w-]*|[A-Z][A-Za-z]{0,3}-\d[\w-]*")
_BRAND = re.compile(r"[A-Z][a-z]{4,20}")
_STEM = re.compile(
    rf"[a-z][a-z-]*(?:{DRUG_STEMS}|"
    r"cept|tide|fasin|stim|zole|statin|kinra|leucel|clax|trexed|tecan|domide|zomib|parin|xaban|gatran|semide|"
    r"thiazide|gepant|azepam|dipine|steride|relix|relin|ristide|actide|ermin|otide|plasmid|plase|sulin)"
)
_NO_BRAND = re.compile(
    r"(?:arm|group|part|cohort|phase|stage|grade|week|day|month|year|table|figure|placebo|control|oral|weekly|daily|"
    r"monday|tuesday|january|february|march|april|june|july|august|september|october|november|december|europe|"
    r"germany|china|japan|france|spain|italy|india|canada|sweden|denmark|norway)",
    re.IGNORECASE,
)


def compound_names(digest: Digest, abbreviated: Collection[str]) -> Iterator[NamePair]:
    """Yield the spellings and other names of a digest's compound.

    Args:
        digest: the digest.
        abbreviated: keys of its abbreviations, which are no other names of the compound.
    """
    back = next((line for line in digest.lines if line.kind == "back"), None)
    called = _BACK.search(digest.text, back.start, back.end) if back is not None else None
    tagged = digest.fact("compound")
    if tagged is not None:
        compound, start, end = tagged.value, tagged.start, tagged.end
    elif called is not None:
        compound, (start, end) = called[1], called.span(1)
    else:
        return
    if not name_key(compound):
        return
    yield NamePair(compound, compound, "compound", "tag" if tagged is not None else "back", start, end)
    if called is not None:
        yield NamePair(called[1], compound, "compound", "back", *called.span(1))
    key = name_key(compound)
    lowered = digest.text.lower()
    for where, first, last in _stretches(digest):
        for match in _spelled(digest.text, lowered, fold(compound), first, last):
            yield NamePair(match.group(), compound, "compound", where, *match.span())
            for name, name_start, name_end in _others(digest.text, match, first, last):
                other = name_key(name)
                if other not in abbreviated and other != key and key not in other:
                    yield NamePair(name, compound, "synonym", where, name_start, name_end)


def _stretches(digest: Digest) -> list[tuple[str, int, int]]:
    lines = [(line.kind, line.start, line.end) for line in digest.lines if line.kind in ("headline", "official_title")]
    return [*lines, *((section.heading, section.start, section.end) for section in digest.sections)]


def _spelled(text: str, lowered: str, folded: str, first: int, last: int) -> Iterator[re.Match[str]]:
    """Yield where a compound stands in a range of a text, however it is written.

    Args:
        text: the text.
        lowered: the same in lower case.
        folded: the compound's folded name.
        first: the range's first character.
        last: one past its last.
    """
    pattern = _spelling(folded)
    begin = folded.split(" ", 1)[0]
    if begin in _GREEK_SPELLINGS or not begin.isascii() or len(lowered) != len(text):
        yield from pattern.finditer(text, first, last)
        return
    # Looking for plain characters is many times faster than a pattern that ignores case.
    at = lowered.find(begin, first, last)
    while at >= 0:
        match = pattern.match(text, at, last)
        if match is not None:
            yield match
        at = lowered.find(begin, match.end() if match is not None else at + 1, last)


@lru_cache(maxsize=4096)
def _spelling(folded: str) -> re.Pattern[str]:
    """Return what finds a compound however it is written, from its folded name."""
    parts = (_GREEK_SPELLINGS.get(part, re.escape(part)) for part in folded.split())
    return re.compile(r"(?<!\w)" + r"[\s\-‐-―]?".join(parts) + r"(?!\w)", re.IGNORECASE)


def _others(text: str, match: re.Match[str], first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """Yield what stands beside a compound as another name of it: (name, start, end)."""
    start, end = match.span()
    if text[end : end + 2] in (" (", ", ", "(") or text[end : end + 1] == ",":
        if apposed := _APPOSITION.match(text, end, last):
            yield apposed["name"], apposed.start("name"), apposed.end("name")
        elif bracket := _BRACKET.match(text, end, last):
            yield from _in_bracket(bracket)
    if text[max(start - 1, first) : start] == "(" and text[end : end + 1] in (")", ",", ";"):
        before = _BEFORE.search(text, max(first, start - 40), start)
        if before is not None and not _NO_BRAND.match(before["name"]) and _is_name(before["name"]):
            yield before["name"], before.start("name"), before.end("name")


def _in_bracket(bracket: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    at = bracket.start("inner")
    for number, part in enumerate(re.split(r"([,;]\s)", bracket["inner"])):
        named = _BRACKET_PART.fullmatch(part)
        # A brand's second word is mostly its maker; codes and names that are said to be such may come later.
        if named is not None and (
            named.start("name") > 0
            or (number == 0 and _is_name(named["name"]))
            or (_CODE.fullmatch(named["name"]) and _is_name(named["name"]))
        ):
            yield named["name"], at + named.start("name"), at + named.end("name")
        at += len(part)


def _is_name(word: str) -> bool:
    """Tell whether a word in brackets looks like a drug's name: a code, a brand, or a nonproprietary name."""
    if _NO_BRAND.match(word):
        return False
    return bool(_CODE.fullmatch(word) or _BRAND.fullmatch(word) or _STEM.fullmatch(word.lower()))
