"""Sentence boundaries in clinical English, as ranges into the text.

Every stop is a candidate, and the words on both sides decide, by lists of abbreviations and of words that begin
sentences (the approach of the rule-based splitters; compare Sadvilkar and Neumann, PySBD, 2020). No character is
ever changed: a sentence is a slice. The work is linear in the text, whatever it holds.
"""

from __future__ import annotations

import re

from digestqa.drug_stems import DRUG_STEMS

_CANDIDATE = re.compile(r"[.!?…。！？\r\n]")
# Possessive, so that nothing is tried twice. Closing marks (in a JSON file behind a backslash), reference numbers and
# superscripts belong to the stop.
_STOP = re.compile(r"(?P<stop>[.!?…。！？]++)(?:\\?['\"”’»)\]」』）])*+(?:\x20?\[\d[\d, –-]*+\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]++)?+")
_WIDE_STOPS = "。！？"
_BLANKS = re.compile(r"\s*+")
_LIST_ITEM = re.compile(
    r"(?P<mark>(?P<bullet>[•‣◦▪])|[-*+·–—]|\(?(?P<number>\d{1,3})[.)]|\(?(?P<letter>[a-z])\))[^\S\r\n]++\S"
)
# `> ` between sentences is a quote mark that strayed into the page; before a number it is a comparison.
_STRAY_MARKS = re.compile(r">[>\s]*+(?![\d=.<])")
_BLANK_LINE = re.compile(r"(?:\r\n?+|\n)[^\S\r\n]*[\r\n]")
_WORD = re.compile(r"[\w'’-]{0,40}")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_OPENERS = "\"'“‘«([{¿¡"
_NEVER_FIRST = ".,;:)]}%/=<≤≥±+&"

_LONGEST_LOOK_BACK = 40
_LONGEST_ABBREVIATION = 7
_NEXT_ITEM_WITHIN = 400
"""Characters after a list item's mark within which the next item begins."""

_BRACKETS_WITHIN = 240
"""Characters before and after a stop within which the brackets around it open and close."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Something always follows these. As written: `Ms. Smith`, but `60 ms. Next`.
_ALWAYS_OPEN = _words("vs Vs VS v cf Cf e.g E.g eg i.e I.e ie viz approx Approx ca Ca Dr Drs Mr Mrs Ms Prof St Mt")
# Open where a number follows: `No. 5`, `Fig. 2`, `Jan. 7`.
_OPEN_BEFORE_NUMBER = _words(
    """
    no nos nr fig figs figure tab eq eqs ref refs sec sect ch chap vol vols pp p pt art app appx suppl supp
    jan feb mar apr jun jul aug sep sept oct nov dec ver max min avg n
    """
)
# Open where a name with a digit in it follows, too: `No. NCT01234567`, `Fig. S1`.
_OPEN_BEFORE_CODE = _words("no nos nr fig figs tab eq eqs ref refs sec sect suppl supp app vol ver")
# Units that some write with a stop: `for 4 wk. (28 days) at home`.
_UNITS = _words("mo mos wk wks yr yrs hr hrs min mins sec secs d h y kg mg g mcg ml l cm mm lb lbs oz pt pts")
# These end a sentence only where a word follows that begins sentences.
_OPEN_UNLESS_STARTER = _words(
    """
    al etc resp esp incl excl est inc ltd co corp bros jr sr dept univ u.s u.k u.s.a e.u u.n d.c ph.d m.d m.sc b.sc r.n
    pharm.d i.v s.c i.m p.o b.i.d t.i.d q.i.d q.d q.o.d p.r.n a.m p.m assoc dist fig figs ref refs eq sp spp subsp var
    gen intl hosp med surg oncol clin natl suppl supp
    """
)
_STARTERS = _words(
    """
    a about across adding additional adults adverse after again all almost also although among an analyses analysis
    and another any are as at baseline because before being besides between beyond both but by can changes children
    clinical common compared contrast control could data death deaths despite doctors dose doses dosing during each
    early eight eighteen either eleven eligibility eligible enrolment enrollment entry even event events every
    exclusion few fewer fifteen fifty finally findings first five follow-up following for forty four from further
    given half having he hence her here how however hundred i if important in including inclusion indeed instead
    investigators is it its just last later less like many mean median men mild more moreover most much nearly neither
    never nine no nobody none nor not notably now of on once one only or other others our outcomes over overall
    participants partial patients people per perhaps pharmacokinetics placebo positive previous primary prior
    progression rather recruitment researchers response responses results safety scores secondary serious seven
    several severe she should side similar similarly since six sixty so some standard still study subjects such
    survival symptoms ten tests that the their them then there therefore these they thirty this those though three
    through thus to together total toxicity treatment trial trials twelve twenty two under unlike until upon was we
    were what when where whereas whether which while who whose why will with within without women would yet you
    """
)
# Words after which a single capital is the name of a kind (`hepatitis B.`), not an initial.
_TAKES_LETTER = _words(
    """
    antigen arm arms blood category class cohort cohorts complex factor gene grade group groups hepatitis
    immunoglobulin influenza level levels option part phase plan protein regimen schedule scheme score stage step
    strain stratum study table tier treatment type virus vitamin vitamins
    """
)
_ITEM_NUMBER = re.compile(r"\d{1,3}|[ivx]{1,4}|[a-hA-H]")
_FIRST_ITEMS = {"1": "2", "i": "ii", "a": "b", "A": "B"}
_JOINS_LETTERS = frozenset({"and", "or", "to", "&", "vs"})
# Lower-case words that begin a sentence are names: drugs by their stems ...
_DRUG_STEM = re.compile(
    rf"[a-z]{{3,}}(?:{DRUG_STEMS}|"
    r"afil|azole|bicin|bulin|cel|cept|feron|fermin|gabalin|grastim|leukin|limus|lukast|mide|oxacin|poetin|pril|"
    r"rasib|sen|stat|statin|tide|vec)(?![a-z])"
)
# ... or words with a capital, digit or Greek letter inside: `nab-Paclitaxel`, `mTOR`, `p53`, `pCR`.
_MIXED_NAME = re.compile(r"[a-z][\w-]*?[A-Z\d\u0370-\u03ff]")


def split_sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the half-open ranges of the sentences in ``text[start:end]``, in order.

    Each range begins and ends with a non-blank character. Together they cover every non-blank character, but for
    stray quote marks (``> ``) before a sentence. A blank line and a list item always begin a new sentence; the end
    of a line alone never does, nor does a number or a dash that only happens to begin a wrapped line.

    Args:
        text: the whole text.
        start: first character to look at.
        end: one past the last.
    """
    sentences: list[tuple[int, int]] = []
    sentence_start = resume = start
    listed = _number_of(_LIST_ITEM.match(text, _end(_BLANKS, text, start, end), end))
    for candidate in _CANDIDATE.finditer(text, start, end):
        position = candidate.start()
        if position < resume:
            continue
        if text[position] in "\r\n":
            resume = _end(_BLANKS, text, position, end)
            item = _LIST_ITEM.match(text, resume, end)
            breaks = _BLANK_LINE.match(text, position, resume)
            if not breaks and not (item and _is_item(text, sentence_start, position, item, end, listed)):
                continue
            listed = _number_of(item)
        else:
            stop = _STOP.match(text, position, end)
            assert stop is not None  # the candidate is one
            resume = stop.end()
            wide = text[stop.end("stop") - 1] in _WIDE_STOPS
            if resume >= end or not (wide or text[resume].isspace()):
                continue
            if not wide and not _ends_sentence(text, sentence_start, position, stop.end("stop"), resume, end):
                continue
            if _inside_brackets(text, sentence_start, resume, end):
                continue
        _add(sentences, text, sentence_start, resume)
        sentence_start = resume
    _add(sentences, text, sentence_start, end)
    if not sentences:
        _add_trimmed(sentences, text, start, end)
    return tuple(sentences)


def _end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match else start


def _add(sentences: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add a range without blanks around it and stray marks before it; nothing where nothing is left."""
    start = _end(_BLANKS, text, start, end)
    if start < end and text[start] == ">":
        start = _end(_STRAY_MARKS, text, start, end)
    _add_trimmed(sentences, text, start, end)


def _add_trimmed(sentences: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    start = _end(_BLANKS, text, start, end)
    end = start + len(text[start:end].rstrip())
    if start < end:
        sentences.append((start, end))


def _number_of(item: re.Match[str] | None) -> int | None:
    """Return a list item's number, 0 for one that has none, None where there is no item."""
    return None if item is None else int(item["number"] or 0)


def _is_item(text: str, sentence_start: int, newline: int, item: re.Match[str], end: int, listed: int | None) -> bool:
    """Tell a list item from a wrapped line that begins as one does: ``grade 3 or⏎4. The rest``, ``5⏎- 10 mg``.

    Args:
        text: the whole text.
        sentence_start: where the current sentence began.
        newline: position of the newline before the line.
        item: what looks like an item.
        end: one past the last character that may be looked at.
        listed: the number of the item before it in the same block, 0 for one without, None where there is none.
    """
    before = text[max(sentence_start, newline - _LONGEST_LOOK_BACK) : newline].rstrip("'\"”’»)] \t")
    if item["bullet"] or not before or before[-1] in ".!?:;…":
        return True
    number = _number_of(item)
    if listed is not None and (not number or number in (1, listed + 1)):
        return True
    following = str(number + 1) if number else "[a-z]" if item["letter"] else ""
    mark = item["mark"].replace(item["number"] or item["letter"] or "\0", "\0")
    pattern = re.escape(mark).replace(re.escape("\0"), following)
    # The next item may not lie behind a blank line.
    block = _BLANK_LINE.split(text[item.end() : min(end, item.end() + _NEXT_ITEM_WITHIN)], maxsplit=1)[0]
    return re.search(rf"[\r\n][^\S\r\n]*{pattern}\s", block) is not None


def _inside_brackets(text: str, sentence_start: int, boundary: int, end: int) -> bool:
    """Tell whether a stop lies between brackets that open inside its sentence and close soon."""
    opened = text.rfind("(", max(sentence_start, boundary - _BRACKETS_WITHIN), boundary)
    if opened < 0 or text.find(")", opened, boundary) >= 0:
        return False
    closed = text.find(")", boundary, min(end, boundary + _BRACKETS_WITHIN))
    if closed < 0 or text.find("(", boundary, closed) >= 0:
        return False
    # A sentence that stands in brackets as a whole may end before they close.
    return opened - sentence_start > _BRACKETS_WITHIN or bool(text[sentence_start:opened].strip())


def _ends_sentence(text: str, sentence_start: int, stop: int, stop_end: int, boundary: int, end: int) -> bool:
    """Decide whether a stop, with blanks after it, ends a sentence.

    Args:
        text: the whole text.
        sentence_start: where the current sentence began.
        stop: position of the stop's first character.
        stop_end: one past its last character.
        boundary: one past the closing quotes and brackets after it.
        end: one past the last character that may be looked at.
    """
    following = opening = _end(_BLANKS, text, boundary, end)
    if following < end and text[following] == ">":
        following = _end(_STRAY_MARKS, text, following, end)
    while following < end and text[following] in _OPENERS:
        following += 1
    if following >= end:
        return True
    first = text[following]
    if first in _NEVER_FIRST:
        return False
    if text[stop] == "." and stop_end - stop == 1:
        before = text[max(sentence_start, stop - _LONGEST_LOOK_BACK) : stop].split()
        word = before[-1].lstrip("\"'“‘«([{") if before else ""
        if word.casefold() in _UNITS and _is_aside(text, opening, end):
            return False
        if len(word) <= _LONGEST_ABBREVIATION:
            verdict = _abbreviation(text, word, before[:-1], following, end)
            if verdict is not None:
                return verdict
    if first.islower() and not "\u0370" <= first <= "\u03ff":
        name = text[following : _end(_WORD, text, following, end)]
        return _DRUG_STEM.match(name) is not None or _MIXED_NAME.match(name) is not None
    return True


def _is_aside(text: str, opening: int, end: int) -> bool:
    """Tell whether brackets open here whose inside is no sentence: ``(28 days)``."""
    closing = {"(": ")", "[": "]"}.get(text[opening])
    closed = text.find(closing, opening, min(end, opening + _BRACKETS_WITHIN)) if closing else -1
    return closed > 0 and text[closed - 1] not in ".!?"


def _abbreviation(text: str, word: str, before: list[str], following: int, end: int) -> bool | None:
    """Judge a full stop by the word before it: True ends the sentence, False does not, None has no opinion.

    Args:
        text: the whole text.
        word: the word before the stop, without opening marks.
        before: the words before that one, at least a few where there are any.
        following: position of the next word's first character.
        end: one past the last character that may be looked at.
    """
    if word in _ALWAYS_OPEN:
        return False
    first = text[following]
    bare = word.casefold()
    if _ITEM_NUMBER.fullmatch(word) and _is_item_number(text, word, before, following, end):
        return False
    if bare.isdigit():
        # `p = 0. 03`: a stop set apart from its decimals.
        return False if bare == "0" and first.isdigit() else None
    if bare in _OPEN_BEFORE_NUMBER and first.isdigit():
        return False
    if bare in _OPEN_BEFORE_CODE and any(map(str.isdigit, text[following : _end(_WORD, text, following, end)])):
        return False
    if bare in _OPEN_UNLESS_STARTER or _DOTTED.fullmatch(word):
        return _begins_sentences(text, following, end)
    if len(word) == 1 and word.isalpha():
        return _single_letter(text, word, before, following, end)
    return None


def _is_item_number(text: str, word: str, before: list[str], following: int, end: int) -> bool:
    """Tell whether a number or letter counts what follows it: ``1. Death``, ``: i. Death; ii. Relapse``."""
    before = [other for other in before if other != ">"]
    if before[1:] and before[-1] in ("and", "or"):
        before.pop()
    if not before or before[-1].endswith(";"):
        return True
    following_item = f" {_FIRST_ITEMS[word]}. " if word in _FIRST_ITEMS and before[-1].endswith(":") else ""
    return bool(following_item) and text.find(following_item, following, min(end, following + _NEXT_ITEM_WITHIN)) > 0


def _single_letter(text: str, letter: str, before: list[str], following: int, end: int) -> bool | None:
    """Judge a full stop after a single letter: an initial (`J. Smith`) or the name of a kind (`hepatitis B.`)."""
    first = text[following]
    if letter.islower():
        return None if first.isupper() or first.isdigit() else False
    previous = before[-1] if before else ""
    if previous in _JOINS_LETTERS and len(before) > 1:
        # `arms A and B.`, but `Smith and B. Jones`.
        if len(before[-2].strip("(,")) == 1:
            return None
    elif previous.strip("(").casefold() in _TAKES_LETTER:
        return None
    if _begins_sentences(text, following, end):
        return True
    return None if previous[:1].islower() and previous not in _JOINS_LETTERS and not first.isupper() else False


def _begins_sentences(text: str, start: int, end: int) -> bool:
    after = _end(_WORD, text, start, end)
    if not text[start].isupper() or text[start:after].casefold() not in _STARTERS:
        return False
    return after > start + 1 or not text.startswith(".", after, end)  # `A.` is one more initial
