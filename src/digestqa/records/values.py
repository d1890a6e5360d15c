"""Values of a record as they are needed for prose, whatever types the JSON holds.

The registry's texts are a kind of Markdown: punctuation is escaped by backslashes, lists are marked. A wrong type
is as good as a missing value; nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from digestqa.digests.plain import on_one_line

_ESCAPED = re.compile(r"\\([^\w\s])", re.ASCII)
_LINE_BREAK = re.compile(r"\r\n?|\n")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<mark>[*•·▪◦+-]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]+(?P<words>\S.*)")
_ENDS = ".!?"
_LONGEST_NUMBER = 400

Record = Mapping[str, Any]
_EMPTY: Record = {}


def member(value: object, *keys: str) -> Record:
    """Return the object under nested keys; an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else _EMPTY


def members(value: Record, key: str) -> list[Record]:
    """Return the objects of the array under a key."""
    found = value.get(key)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def texts(value: Record, key: str) -> list[str]:
    """Return the non-blank texts of the array under a key, each on one line."""
    found = value.get(key)
    return [text for item in found if (text := one_line(item))] if isinstance(found, list) else []


def text_of(value: Record, key: str) -> str:
    """Return the text or number under a key on one line; empty where there is none."""
    return one_line(value.get(key))


def one_line(value: object) -> str:
    """Return a text on one line, without escapes and controls; a number as written; empty for anything else."""
    if isinstance(value, str):
        return on_one_line(_ESCAPED.sub(r"\1", value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if isinstance(value, int) and value.bit_length() > 4 * _LONGEST_NUMBER:
        return ""  # Python refuses to write it out, and it counts nothing
    return str(value)


def word(value: Record, key: str) -> str:
    """Return a value of one of the registry's lists in words: ``ACTIVE_COMPARATOR`` gives active comparator."""
    return in_words(text_of(value, key))


def in_words(value: str) -> str:
    """Return a listed value in words; one that is written as text already stays, but for a capital."""
    if value.replace("_", "").isalnum() and value.upper() == value and not value[:1].isdigit():
        return value.replace("_", " ").lower()
    return value


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does; empty stays empty."""
    text = text.rstrip(" ,;:")
    return text if not text or text[-1] in _ENDS else text + "."


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def listed(items: Iterable[str]) -> str:
    """Return items as they are told: ``a``, ``a and b``, ``a, b and c``; by semicolons where an item has commas."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    if any("," in item or " and " in item for item in items):
        return "; ".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def lines_of(value: object) -> Iterator[tuple[int, str, bool]]:
    """Yield the non-blank lines of a text: indentation in characters, words, whether it is a list's item."""
    if not isinstance(value, str):
        return
    for line in _LINE_BREAK.split(value):
        written = line.replace("\t", "    ")
        if match := _ITEM.fullmatch(written):
            words = one_line(match["words"])
            if words:
                yield len(match["indent"]), words, True
        elif words := one_line(written):
            yield len(written) - len(written.lstrip()), words, False


def paragraphs(value: object) -> list[str]:
    """Return a text as paragraphs of whole sentences, each on one line; a list joins the words that announce it.

    A line that follows another without a blank line between is its continuation, as in Markdown.
    """
    if not isinstance(value, str):
        return []
    found: list[str] = []
    in_list = False
    for block in re.split(r"\n[ \t]*\n", value.replace("\r\n", "\n").replace("\r", "\n")):
        continues = False
        for _, words, is_item in lines_of(block):
            if is_item:
                announced = bool(found) and found[-1][-1] not in _ENDS
                if announced and not in_list:
                    found[-1] = (
                        f"{found[-1]} {words}" if found[-1].endswith(":") else f"{found[-1].rstrip(' ;,')}: {words}"
                    )
                elif announced:
                    found[-1] = f"{found[-1].rstrip(' ;,')}; {words}"
                else:
                    found.append(words)
                in_list = announced
            elif continues:
                found[-1] = f"{found[-1]} {words}"
            else:
                found.append(words)
                in_list = False
            continues = True
    return [sentence(paragraph) for paragraph in found]
