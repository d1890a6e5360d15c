"""English words without their endings, as the full-text index has them: Porter's algorithm.

Source: M. F. Porter, "An algorithm for suffix stripping", Program 14 (3), 1980, as SQLite's FTS5 tokenizer ``porter``
carries it out (https://sqlite.org/fts5.html#porter_tokenizer): words of fewer than three or more than 64 bytes stay as
they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SHORTEST_BYTES = 3
_LONGEST_BYTES = 64

_VOWELS = str.maketrans("aeiouv", "vvvvvw")
_Y_BEHIND_CONSONANT = re.compile("(?<=[^v])y")
_MEASURED = re.compile("v+[^v]+")
_HAS_VOWEL = re.compile("[aeiou]|(?<=[^aeiou])y")

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "logi": "log", "bli": "ble",
    "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize".split()
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of a folded word."""
    if not _SHORTEST_BYTES <= len(word.encode()) <= _LONGEST_BYTES:
        return word
    word = _without_plural(word)
    word = _without_past(word)
    if word.endswith("y") and _HAS_VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(word, _STEP_2)
    word = _replaced(word, _STEP_3)
    word = _without_suffix(word)
    if word.endswith("e"):
        shorter = word[:-1]
        if _measure(shorter) > 1 or (_measure(shorter) == 1 and not _ends_short(shorter)):
            word = shorter
    if word.endswith("ll") and _measure(word[:-1]) > 1:
        word = word[:-1]
    return word


def _measure(word: str) -> int:
    """Return how many times a vowel run is followed by a consonant run."""
    return len(_MEASURED.findall(_kinds(word)))


def _kinds(word: str) -> str:
    """Return "v" for each vowel of a word and another letter for each consonant; "y" is a vowel behind a consonant."""
    kinds = word.translate(_VOWELS)
    if "yy" not in kinds:
        return _Y_BEHIND_CONSONANT.sub("v", kinds) if "y" in kinds else kinds
    known = ""
    for letter in kinds:
        known += "v" if letter == "y" and known and known[-1] != "v" else letter
    return known


def _ends_short(word: str) -> bool:
    """Tell whether a word ends in consonant, vowel, consonant, the last none of w, x and y."""
    kinds = _kinds(word)[-3:]
    return len(kinds) == 3 and kinds[1] == "v" != kinds[0] and kinds[2] != "v" and word[-1] not in "wxy"


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        if not word.endswith(ending):
            continue
        shorter = word[: -len(ending)]
        if not _HAS_VOWEL.search(shorter):
            return word
        if shorter.endswith(("at", "bl", "iz")):
            return shorter + "e"
        if len(shorter) > 1 and shorter[-1] == shorter[-2] and shorter[-1] not in "aeioulsz":
            return shorter[:-1]
        if _measure(shorter) == 1 and _ends_short(shorter):
            return shorter + "e"
        return shorter
    return word


def _replaced(word: str, endings: dict[str, str]) -> str:
    ending = max((ending for ending in endings if word.endswith(ending)), key=len, default="")
    if ending and _measure(word[: -len(ending)]) > 0:
        return word[: -len(ending)] + endings[ending]
    return word


def _without_suffix(word: str) -> str:
    ending = max((ending for ending in _STEP_4 if word.endswith(ending)), key=len, default="")
    shorter = word[: -len(ending)] if ending else word
    if ending and _measure(shorter) > 1 and (ending != "ion" or shorter.endswith(("s", "t"))):
        return shorter
    return word
