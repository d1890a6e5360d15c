r"""JSON digests: an object with named facts and sections.

Facts and sections are ranges of the raw file, the characters between the quotes: an escape such as ``\u03b1`` shows
as it stands in the file. ``canonical_json`` rewrites a file so that there is little to show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from digestqa.digests.draft import Draft
from digestqa.digests.fields import NamedValue, add_named_values, fact_for_key, heading_for_key, title_case
from digestqa.digests.json_scanner import JsonValue, scan_json
from digestqa.digests.model import Section
from digestqa.errors import NotADigestError

_PROSE_WORDS = 8
"""Words from which the text of an unknown key counts as a section."""
_HEADING_KEYS = frozenset({"heading", "title", "name", "section"})
_BODY_KEYS = frozenset({"text", "body", "content", "paragraph", "paragraphs"})
_FACT_HOLDERS = frozenset({"metadata", "meta", "study", "trial", "header", "footer", "info"})
_NEWLINE_ESCAPES = re.compile(r"\\(?:([nr])|u000[aAdD]|.)", re.DOTALL)
_EDGE_BLANKS = re.compile(r"(?:\s|\\t)*+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(text: str, name: str) -> Draft:
    """Read a JSON digest.

    Sections are the members of ``sections`` (an object of heading and text, or an array of objects with ``heading``
    and ``text``), or members of the top object whose keys are usual headings (``background``, ``why_it_matters``) or
    whose values are sentences. A text is a string or an array of strings; a newline in it begins a section's next
    part, under the same heading.

    Raises:
        NotADigestError: the text is not valid JSON (see ``scan_json``) or not an object.
    """
    root = scan_json(text, name)
    if root.kind != "object":
        raise NotADigestError(
            f"{name}: no digest: the JSON text holds no object at its top ({root.kind})",
            'give each digest a file of its own, with an object such as {"headline": …, "sections": {…}}',
        )
    draft = Draft(text, "json")
    entries: list[NamedValue] = []
    for key, value in root.members:
        word = text[key.start : key.end]
        if word.casefold() == "sections":
            draft.declares_sections = True
            _add_listed_sections(draft, value)
        elif fact_for_key(word) or (word.casefold() in _FACT_HOLDERS and value.kind == "object"):
            entries += _named_values(text, key, value)
        elif heading_for_key(word) or (value.kind == "string" and _is_prose(text, value)):
            _add_section(draft, _heading(text, key), key, value)
    add_named_values(draft, entries)
    draft.declares_sections = draft.declares_sections and draft.has("headline")
    return draft


def _named_values(text: str, key: JsonValue, value: JsonValue) -> Iterator[NamedValue]:
    """Yield a member as a named value; an object such as ``{"id": …}`` yields each of its own members."""
    if value.kind == "object":
        for inner_key, inner_value in value.members:
            if inner_value.kind != "object" and fact_for_key(text[inner_key.start : inner_key.end]):
                yield from _named_values(text, inner_key, inner_value)
        return
    if value.kind == "array":
        ranges = [(item.start, item.end) for item in value.items if item.kind in ("string", "number")]
    elif value.kind in ("string", "number"):
        ranges = [(value.start, value.end)]
    else:
        return
    kept = tuple((start, end) for start, end in ranges if text[start:end].strip())
    if kept:
        end = value.end + 1 if value.kind == "string" else value.end
        yield NamedValue(text[key.start : key.end], kept, key.start - 1, end)


def _add_listed_sections(draft: Draft, sections: JsonValue) -> None:
    if sections.kind == "object":
        for key, value in sections.members:
            _add_section(draft, _heading(draft.text, key), key, value)
    for item in sections.items:
        named = {draft.text[key.start : key.end].casefold(): value for key, value in item.members}
        heading = next((named[key] for key in named if key in _HEADING_KEYS and named[key].kind == "string"), None)
        body = next((named[key] for key in named if key in _BODY_KEYS), None)
        if body is not None:
            _add_section(draft, _heading(draft.text, heading) if heading else "", heading, body)
        elif len(item.members) == 1:
            key, value = item.members[0]
            _add_section(draft, _heading(draft.text, key), key, value)


def _heading(text: str, key: JsonValue) -> str:
    """Return a heading as written, or in title case where it is written as a key: ``why_it_matters``."""
    written = text[key.start : key.end]
    if any(character.isspace() for character in written) or written[:1].isupper():
        return written.strip()
    return heading_for_key(written) or title_case(written)


def _is_prose(text: str, value: JsonValue) -> bool:
    return len(text[value.start : value.end].split(None, _PROSE_WORDS)) >= _PROSE_WORDS


def _add_section(draft: Draft, heading: str, key: JsonValue | None, value: JsonValue) -> None:
    """Add a string, or each string of an array, as a section; a newline escape begins the section's next part."""
    for item in value.items or (value,):
        if item.kind != "string":
            continue
        for start, end in _lines(draft.text, item):
            place = (key.start, key.end) if key else (start, start)
            draft.sections.append(Section(heading, start, end, *place))


def _lines(text: str, value: JsonValue) -> Iterator[tuple[int, int]]:
    """Yield the non-blank ranges of a string between its newline escapes, without blanks around them."""
    start = value.start
    for escape in (*_NEWLINE_ESCAPES.finditer(text, value.start, value.end), None):
        if escape is not None and text[escape.start() + 1] not in "nr" and len(escape[0]) == 2:
            continue
        end = escape.start() if escape else value.end
        first = _EDGE_BLANKS.match(text, start, end)
        start = first.end() if first else start
        last = start + len(text[start:end].rstrip())
        if start < last:
            yield start, last
        start = escape.end() if escape else end


def canonical_json(text: str, name: str = "the JSON text") -> str:
    r"""Rewrite a JSON text with its characters as they are and an indentation of two spaces.

    Strings lose the escapes that JSON does not need (``\u03b1`` becomes α); order, numbers and values stay. Half a
    surrogate pair stays an escape, since UTF-8 has no form for it.

    Raises:
        NotADigestError: see ``scan_json``.
    """
    return "".join(_written(text, scan_json(text, name), "")) + "\n"


def _written(text: str, value: JsonValue, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if value.kind == "string":
        yield _written_string(text, value)
    elif value.members:
        for number, (key, member) in enumerate(value.members):
            yield ("," if number else "{") + f"\n{inner}{_written_string(text, key)}: "
            yield from _written(text, member, inner)
        yield f"\n{indent}}}"
    elif value.items:
        for number, item in enumerate(value.items):
            yield ("," if number else "[") + f"\n{inner}"
            yield from _written(text, item, inner)
        yield f"\n{indent}]"
    else:
        yield {"object": "{}", "array": "[]"}.get(value.kind) or text[value.start : value.end]


def _written_string(text: str, value: JsonValue) -> str:
    decoded = json.loads(text[value.start - 1 : value.end + 1])
    written = json.dumps(decoded, ensure_ascii=False)
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", written)
