"""Texts as they are compared, and never as they are quoted: one spelling for what is written in many ways.

``Tα1``, ``Ta1`` and ``T-alpha-1``, ``5-yr`` and ``five-year``, ``mg/m²`` and ``mg/m2``, ``tumour`` and ``tumor``,
``Phase II`` and ``phase 2`` become the same words. Signs (≥, ±, %) do not count.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from digestqa.names.spellings import regular, singular

_GREEK_LETTERS = {
    "alpha": "a",
    "beta": "b",
    "gamma": "g",
    "delta": "d",
    "epsilon": "e",
    "zeta": "z",
    "kappa": "k",
    "lambda": "l",
    "mu": "m",
    "sigma": "s",
    "tau": "t",
    "omega": "o",
}
"""Greek letters by the Latin letter that is typed for them."""

_TRADE_MARKS = re.compile("[™®©℠]")
_SUPERSCRIPTS = re.compile(r"(?<=\d)(?=[²³¹⁰⁴-⁹⁺⁻])")
_MICRO = re.compile(r"[µμ](?=[A-Za-z])")
_GREEK = re.compile("[\u0370-\u03ff]")
_MARKS = re.compile("[\u0300-\u036f\u200b-\u200d\u2060\ufeff\u00ad]")
# A Latin letter in the place of a Greek one: Ta1, TNFa, IFN-g, IL1b; not the phases IIa and IIb, nor elements (Ga68).
_ELEMENT = "Ba|Ca|Cd|Ga|Gd|Hg|La|Mg|Na|Nb|Nd|Pa|Pb|Pd|Ra|Rb|Sb|Tb|Yb|Ag|Hb"
_LATIN_FOR_GREEK = re.compile(
    rf"(?<![A-Za-z0-9])(?!(?:{_ELEMENT})\d)(?P<stem>[A-Z])(?P<letter>[abgd])(?=\d(?!\d))"
    r"|(?<![A-Za-z0-9])(?![IVX]+[ab])(?P<stem2>(?:TNF|IFN|TGF|PKC|IL-?\d{1,2}|HIF-?\d|[A-Z]{2,5}(?=[abg]\d)))-?"
    r"(?P<letter2>[abg])(?![A-Za-z])"
)
_GREEK_FOR = {"a": "alpha", "b": "beta", "g": "gamma", "d": "delta"}
_POSSESSIVE = re.compile(r"['’ʼ](?:s\b)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_JOINT = re.compile(r"[\W_]+")
_ROMANS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_RANKED_KINDS = frozenset(
    "phase phases stage stages grade grades type types class classes cohort cohorts part parts tier tiers".split()
)
_RANK_WORDS = 6
_RANKED = re.compile(
    r"(?P<kind>[a-z]+[ _])"
    r"(?P<rank>(?:iii|iv|vi|ii|i|v)[abc]?(?:[ _](?:(?:and|or|to)[ _])?(?:iii|iv|vi|ii|i|v)[abc]?)*)(?![^\W_])"
)
_MAY_BE_RANKED = re.compile(rf"\b(?:{'|'.join(_RANKED_KINDS)})[\W_]+[iv]+[abc]?\b", re.IGNORECASE)
_ROMAN = re.compile(r"(?<![^\W_])(iii|iv|vi|ii|i|v)([abc]?)(?![^\W_])")


def fold(text: str) -> str:
    """Return the words and numbers of a text as they are compared, in lower case, parted by single spaces.

    Letters and digits are parted (``HER2``: ``her 2``), Greek letters are named (``Tα1``: ``t alpha 1``).
    """
    return _marked(text).replace("_", " ")


def fold_units(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, with the parts of what was written as one word kept together.

    ``"Tα1 in five-year survival"`` gives ``("t alpha 1", "in", "5 year", "survival")``.
    """
    return tuple(unit.replace("_", " ") for unit in _marked(text).split())


def may_hold_ranks(text: str) -> bool:
    """Tell whether a Roman number may be a rank by the word before it, so that words cannot be folded one by one."""
    return _MAY_BE_RANKED.search(text) is not None


@lru_cache(maxsize=1 << 14)
def name_key(name: str) -> str:
    """Return the key under which a name is stored: folded, without a plural's s, Greek letters as Latin, no spaces.

    ``CTCs`` and ``CTC`` have one key, and so have ``Tα1``, ``ta1`` and ``T-alpha-1``; ``MDS`` keeps its S.
    """
    plain = re.sub(r"(?<=[A-Z0-9])s\b", "", name)
    tokens = fold(plain).split()
    if not name.isupper():
        tokens = [singular(token) for token in tokens]
    return "".join(_GREEK_LETTERS.get(token, token) for token in tokens)


def name_keys(name: str) -> frozenset[str]:
    """Return the keys under which a name may be stored that a person typed: as it stands, and as a plural."""
    singular_key = name_key(name.lower())
    return frozenset(key for key in (name_key(name), singular_key, name_key(name.upper())) if key)


def _marked(text: str) -> str:
    """Return the folded text; parts of one written word are joined by underscores."""
    words = [folded for folded in map(_word, text.split()) if folded]
    for at, word in enumerate(words):
        if word.split("_", 1)[0] in _RANKED_KINDS:
            window = " ".join(words[at : at + _RANK_WORDS])
            words[at : at + _RANK_WORDS] = _numbered_ranks(window).split()
    return " ".join(words)


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> str:
    """Return what becomes of a run of characters without a space; texts repeat their words, so it is remembered."""
    if not word.isascii():
        word = _plain(word)
    word = _POSSESSIVE.sub("", _LATIN_FOR_GREEK.sub(_greek_named, word).casefold())
    word = _LETTER_DIGIT.sub("_", _THOUSANDS.sub("", word))
    return "_".join(regular(part) for part in _JOINT.split(word) if part)


def _plain(text: str) -> str:
    text = _TRADE_MARKS.sub("", text)
    text = _SUPERSCRIPTS.sub(" ", text)
    text = _MICRO.sub("u", text)
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return _GREEK.sub(_named, text)


def _named(match: re.Match[str]) -> str:
    return f"_{_greek_name(match.group())}_"


@lru_cache(maxsize=256)
def _greek_name(letter: str) -> str:
    words = unicodedata.name(letter, "").split()
    return words[3].lower() if words[:1] == ["GREEK"] and "LETTER" in words and len(words) > 3 else letter


def _greek_named(match: re.Match[str]) -> str:
    stem, letter = match["stem"] or match["stem2"], match["letter"] or match["letter2"]
    return f"{stem}_{_GREEK_FOR[letter]}_"


def _numbered_ranks(words: str) -> str:
    """Write the Roman numbers after the first word as Arabic ones: ``phase ii or iii`` as ``phase 2 or 3``."""
    match = _RANKED.match(words)
    if match is None:
        return words
    ranks = _ROMAN.sub(lambda found: _ROMANS[found[1]] + (f"_{found[2]}" if found[2] else ""), match["rank"])
    return f"{match['kind']}{ranks}{words[match.end() :]}"
