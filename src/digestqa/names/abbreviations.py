"""Abbreviations with their long forms: ``circulating tumor cells (CTCs)`` and ``CTCs (circulating tumor cells)``.

The algorithm is that of Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
text", Pacific Symposium on Biocomputing 2003. Beyond the paper: words whose initials are the abbreviation go before a
shorter long form; Greek letters match their Latin ones; a long form may begin with ``oe`` or ``ae`` where the
abbreviation has E (``oestrogen receptor (ER)``) and never with ``and``, ``of`` and the like; a number at the
abbreviation's end need not be in the long form (``Patient Health Questionnaire (PHQ-8)``); what has no capital and no
Greek letter is not taken for an abbreviation.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Up to the next bracket of any kind: in "(95% confidence interval [CI], 0.5 to 0.9)" the inner one counts too.
_BRACKETS = re.compile(r"[(\[](?P<inner>[^()\[\]\n]{2,200})(?=[()\[\]])")
_SHORTEST, _LONGEST = 2, 10
_MORE_WORDS = 5
"""A long form has at most this many words more than its abbreviation has characters, and at most twice as many."""

_CUT = re.compile(r"[,;:]|\s[=<>]|\s(?:or|i\.e\.)\s")
_SENTENCE_END = re.compile(r"[.!?;:](?=\s)|\n|[()\[\]]")
_WORD = re.compile(r"\S+")
_CAPITALS_OR_GREEK = re.compile(r"[A-ZΑ-ω]")
_CAPITALS = re.compile(r"[A-ZΑ-Ω]")
_LETTERS = re.compile(r"[^\W\d_]")
_PART = re.compile(r"[^\W_]+")
_NO_BEGINNING = frozenset("a an and as at by for from in is of on or the to was were with".split())
_LABEL = re.compile(
    r"(?:arm|group|part|cohort|phase|stage|grade|week|day|month|year|table|figure|fig|step|period|cycle|level|visit|"
    r"variant|version|type|class)s?\b",
    re.IGNORECASE,
)
# Dosing by its Latin initials, which are never those of the English words before the bracket.
_NOT_INITIALS = frozenset({"BID", "TID", "QID", "QD", "QOD", "PRN", "USA", "US", "UK"})
_GREEK = str.maketrans("αβγδεκλμµσωΑΒΓΔΕΚΛΜΣΩ", "abgdeklmmsoabgdeklmso")


class Abbreviation(NamedTuple):
    """An abbreviation and its long form, as written; ``start`` and ``end`` are the range that holds both."""

    short: str
    long: str
    start: int
    end: int


def abbreviations(text: str, start: int, end: int) -> list[Abbreviation]:
    """Return the abbreviations that a range of a text introduces, in its order."""
    found: list[Abbreviation] = []
    for bracket in _BRACKETS.finditer(text, start, end):
        pair = _after_long_form(text, start, bracket) or _before_long_form(text, start, bracket)
        if pair is not None:
            found.append(pair)
    return found


def long_form_start(short: str, before: str) -> int | None:
    """Return where in a text, at whose end the long form ends, it begins; None where the abbreviation is not of it.

    Every letter and digit of the abbreviation is looked for from the right, the first one at the beginning of a word.
    """
    short, before = short.translate(_GREEK).lower(), before.translate(_GREEK).lower()
    at = len(before)
    for index in range(len(short) - 1, -1, -1):
        wanted = short[index]
        if not wanted.isalnum():
            continue
        at -= 1
        while at >= 0 and (before[at] != wanted or (index == 0 and not _begins_word(before, at))):
            at -= 1
        if at < 0:
            return None
    if at and before[at - 1 : at + 1] in ("oe", "ae"):
        at -= 1
    return at


def _initials_start(short: str, before: str) -> int | None:
    """Return where the last words begin whose initials are the abbreviation, or None: ``multiple myeloma (MM)``.

    The paper's algorithm takes the shortest long form, which would be ``myeloma``.
    """
    letters = [letter for letter in short.translate(_GREEK).lower() if letter.isalnum()]
    words = list(_PART.finditer(before))[-len(letters) :]
    initials = [match.group()[0].translate(_GREEK).lower() for match in words]
    return words[0].start() if len(letters) > 1 and initials == letters else None


def _begins_word(text: str, at: int) -> bool:
    if at == 0 or not text[at - 1].isalnum():
        return True
    british = text[at] == "e" and text[at - 1] in "oa"
    return british and (at == 1 or not text[at - 2].isalnum())


def _after_long_form(text: str, start: int, bracket: re.Match[str]) -> Abbreviation | None:
    if not _CAPITALS_OR_GREEK.search(bracket["inner"]):
        return None
    short = _CUT.split(bracket["inner"], maxsplit=1)[0].strip(" \"'“”‘’.")
    if not _may_be_short(short):
        return None
    words = _most_words(short)
    window_start = max(start, bracket.start() - 24 * words)
    window = text[window_start : bracket.start()].rstrip()
    ends = [match.end() for match in _SENTENCE_END.finditer(window)]
    first = ends[-1] if ends else 0
    starts = [match.start() for match in _WORD.finditer(window, first)][-words:]
    if not starts:
        return None
    candidate = window[starts[0] :]
    for spelled in dict.fromkeys((short, short.rstrip("s"), re.sub(r"[-\s]?\d{1,2}$", "", short))):
        if len(spelled) < _SHORTEST:
            continue
        begin = _initials_start(spelled, candidate)
        if begin is None:
            begin = long_form_start(spelled, candidate)
        if begin is not None:
            long = candidate[begin:]
            if not _is_long_form(short, long):
                return None
            return Abbreviation(short, long, window_start + starts[0] + begin, bracket.end() + 1)
    return None


def _before_long_form(text: str, start: int, bracket: re.Match[str]) -> Abbreviation | None:
    """Read ``SHORT (long form)``."""
    inner = bracket["inner"]
    if len(inner.split()) < 2 and len(inner) <= _LONGEST:
        return None
    before = text[max(start, bracket.start() - 2 * _LONGEST) : bracket.start()].rstrip()
    last_word = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    short = last_word.strip("\"'“”‘’")
    if not _CAPITALS_OR_GREEK.search(short):
        return None
    long = re.split(r"[,;]", inner, maxsplit=1)[0].strip(" \"'“”‘’.")
    if not _may_be_short(short) or not _is_long_form(short, long):
        return None
    article = re.match(r"(?:an?|the)\s+", long, re.IGNORECASE)
    if article:
        long = long[article.end() :]
    if any(long_form_start(spelled, long) == 0 for spelled in dict.fromkeys((short, short.rstrip("s")))):
        return Abbreviation(short, long, text.rfind(short, start, bracket.start()), bracket.end() + 1)
    return None


def _may_be_short(short: str) -> bool:
    if not _SHORTEST <= len(short) <= _LONGEST or not short[0].isalnum() or len(short.split()) > 2:
        return False
    if "%" in short or "=" in short or short.upper() in _NOT_INITIALS or _LABEL.match(short):
        return False
    if not _LETTERS.search(short):
        return False
    capitals = len(_CAPITALS.findall(short))
    if capitals >= 2 or any(character in "αβγδεκλμσω" for character in short):
        return not re.fullmatch(r"[IVX]+[ab]?", short)
    if capitals == 1 and any(character.isdigit() for character in short):
        return " " not in short
    return capitals == 1 and len(short) <= 3 and len(short) > 1 and short[0].isupper()


def _is_long_form(short: str, long: str) -> bool:
    words = long.split()
    if len(long) <= len(short) or len(words) > _most_words(short):
        return False
    if words[0].lower() in _NO_BEGINNING or "or" in words:
        return False
    return short.casefold() not in {word.strip(",.;:\"'").casefold() for word in re.split(r"[\s-]", long)}


def _most_words(short: str) -> int:
    letters = sum(character.isalnum() for character in short)
    return min(letters + _MORE_WORDS, letters * 2)
