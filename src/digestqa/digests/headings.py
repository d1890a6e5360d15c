"""Which lines of a page are section headings.

A heading is a short line of its own, in title case, with no closing punctuation, followed by a paragraph. The
usual headings are known by name and are believed with less around them, since pages are cut and squeezed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digestqa.digests.rows import Row

KNOWN_HEADINGS = frozenset(
    heading.strip()
    for heading in """
    abstract | adverse events | aim | aims | at a glance | background | background and rationale | baseline |
    bottom line | caveats | clinical implications | clinical relevance | comparators | conclusion | conclusions |
    context | design | discussion | dosage | dose | dosing | efficacy | eligibility | eligibility criteria |
    endpoints | evidence | exploratory outcomes | findings | follow-up | funding | implications | intervention |
    interventions | introduction | key findings | key points | key results | key takeaways | limitations |
    main findings | main results | materials and methods | mechanism | mechanism of action | method | methods |
    next steps | objective | objectives | outcome | outcomes | overview | participants | patient population |
    patients | patients and methods | pharmacokinetics | population | primary outcome | primary outcomes |
    protocol | purpose | rationale | references | results | results and discussion | safety |
    safety and tolerability | secondary outcome | secondary outcomes | side effects | significance |
    statistical analysis | strengths and limitations | study design | study population | subgroups | summary |
    takeaway | takeaways | the bottom line | tolerability | treatment | what it means | what this means |
    why it matters | why this matters
    """.split("|")
)
"""The usual headings, in lower case."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_KNOWN_MAX_LENGTH = 40
_MAX_LENGTH = 60
_MAX_WORDS = 8
_MAX_FIRST_WORDS = 3
_SMALL_WORDS = frozenset(
    {
        *("a", "an", "and", "as", "at", "but", "by", "de", "for", "from", "if", "in", "into", "is", "it", "its", "nor"),
        *("of", "off", "on", "onto", "or", "out", "over", "per", "than", "that", "the", "to", "up", "via", "vs"),
        *("versus", "with", "within", "without", "after", "before", "between", "during", "under"),
    }
)
# Punctuation that closes a sentence or leaves one open, and the marks that begin a list item, a quotation or a rule.
_CLOSING = ".,;:!?…。"
_LIST_MARK = re.compile(r"(?:[-*+•‣◦▪·–—>|=_~#]|\(?\w{1,3}[.)](?:\s|$))")
_ENDS_SENTENCE = re.compile(r"[.!?…。:]['\"”’)\]»>\d\s]{0,6}$")


def known_heading(line: str) -> str | None:
    """Return the heading's words, without a closing colon, if the line is one of the usual headings."""
    line = line.strip(_INVISIBLE)
    if len(line) > _KNOWN_MAX_LENGTH or not line[:1].isupper():
        return None
    words = line[:-1].rstrip().rstrip(_INVISIBLE) if line.endswith(":") else line
    key = words.casefold()
    if key in KNOWN_HEADINGS or " ".join(key.replace("’", "'").split()) in KNOWN_HEADINGS:
        return words
    return None


def shaped_like_heading(line: str) -> bool:
    """Tell whether a line has a heading's shape: short, title case, no closing punctuation, no list mark."""
    if len(line) > _MAX_LENGTH or line[-1] in _CLOSING or not line[0].isalnum() or _LIST_MARK.match(line):
        return False
    words = line.split()
    if len(words) > _MAX_WORDS or words[0].islower():
        return False
    return any(word[0].isupper() for word in words) and all(_title_cased(word) for word in words)


def _title_cased(word: str) -> bool:
    # `mTOR`, `p53`, `nab-Paclitaxel` and `α` are as large as they get.
    return (
        word[0].isupper()
        or word.strip("()[]\"'“”‘’").casefold() in _SMALL_WORDS
        or any(not character.islower() and character.isalnum() for character in word)
        or not any(character.isalpha() for character in word)
        or "Ͱ" <= word[0] <= "Ͽ"
    )


def find_headings(rows: Sequence[Row], taken: Sequence[bool], first: int, *, titled: bool = False) -> dict[int, str]:
    """Return the headings of a page: index of the row -> the heading's words.

    Args:
        rows: the page's non-blank lines.
        taken: for each row, whether it is a line of another kind already (tag line, flags, Source line).
        first: index of the first row that may be the headline.
        titled: whether the page is one that has an official title below its headline: a longer line there is that
            title, even if a paragraph follows it.
    """
    headings: dict[int, str] = {}
    content_seen = False
    spaced = any(row.after_blank and known_heading(row.text) for row in rows[first + 1 :])
    for index in range(first, len(rows)):
        if taken[index]:
            continue
        row = rows[index]
        text = row.text
        if len(text) <= _MAX_LENGTH:
            following = rows[index + 1] if index + 1 < len(rows) and not taken[index + 1] else None
            previous = rows[index - 1] if index else None
            words = known_heading(text)
            if words is not None:
                if not _inside_paragraph(row, previous, following, headings, index):
                    headings[index] = words
            elif (
                content_seen
                and following is not None
                and index - 1 not in headings
                and shaped_like_heading(text)
                and (row.after_blank or not spaced)
                and (headings or not titled or len(text.split()) <= _MAX_FIRST_WORDS)
                and _stands_alone(row, previous, following, header=not headings)
                and known_heading(following.text) is None
                and not shaped_like_heading(following.text)
            ):
                headings[index] = text
        content_seen = True
    return headings


def _stands_alone(row: Row, previous: Row | None, following: Row, *, header: bool) -> bool:
    """Tell whether a line is its own block: after a blank line, a finished sentence, or a header line."""
    if row.after_blank or previous is None:
        return True
    if ": " in row.text or following.text[0].islower() or row.text.rsplit(None, 1)[-1].casefold() in _SMALL_WORDS:
        return False
    # A list's entries often end without a stop.
    return (
        header or _ENDS_SENTENCE.search(previous.text[-8:]) is not None or _LIST_MARK.match(previous.text) is not None
    )


def _inside_paragraph(
    row: Row, previous: Row | None, following: Row | None, headings: dict[int, str], index: int
) -> bool:
    """Tell whether a heading's word is only a short line of a wrapped paragraph."""
    if row.after_blank or previous is None or index - 1 in headings or following is None or following.after_blank:
        return False
    return _ENDS_SENTENCE.search(previous.text[-8:]) is None and following.text[0].islower()
