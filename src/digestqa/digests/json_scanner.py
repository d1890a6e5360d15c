"""The places of a JSON text's values. The standard library decodes JSON but does not tell where a value stood."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from digestqa.errors import NotADigestError

MAX_DEPTH = 32
"""Deepest nesting that is read: a digest has three or four levels."""

_TOKEN = re.compile(r'\s*+(?:"((?:[^"\\]++|\\.)*+)"|([\[\]{}:,])|([^\s\[\]{}:,"]++))', re.DOTALL)

Kind = Literal["object", "array", "string", "number", "word"]


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A value and its place.

    Attributes:
        kind: which sort of value; ``word`` for true, false and null.
        start: its first character; for a string the one after the opening quote.
        end: one past its last; for a string the closing quote.
        members: keys and values of an object, in order.
        items: values of an array, in order.
    """

    kind: Kind
    start: int
    end: int
    members: tuple[tuple[JsonValue, JsonValue], ...] = ()
    items: tuple[JsonValue, ...] = ()


class _DuplicateKeyError(ValueError):
    pass


def scan_json(text: str, name: str) -> JsonValue:
    """Return the value of a JSON text with the place of each part.

    Raises:
        NotADigestError: the text is not valid JSON, has a key twice, or nests deeper than ``MAX_DEPTH``.
    """
    hint = "check the file with a JSON checker, or save the digest as text"
    try:
        # Numbers stay text: how large they are is nobody's business here.
        json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=_refuse_duplicates)
    except json.JSONDecodeError as error:
        raise NotADigestError(
            f"{name}: no digest: not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}", hint
        ) from error
    except _DuplicateKeyError as error:
        raise NotADigestError(f"{name}: no digest: the JSON key {error} stands twice in one object", hint) from error
    except RecursionError as error:
        raise _too_deep(name) from error
    return _Scanner(text, name).scan()


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(repr(key[:80]))
            seen.add(key)
    return members


def _too_deep(name: str) -> NotADigestError:
    return NotADigestError(
        f"{name}: no digest: JSON nested deeper than {MAX_DEPTH} levels", "a digest is a flat object of named texts"
    )


class _Scanner:
    """Walks the tokens of a text that is known to be valid JSON."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._tokens: Iterator[re.Match[str]] = _TOKEN.finditer(text)

    def scan(self) -> JsonValue:
        return self._value(next(self._tokens), 1)

    def _value(self, token: re.Match[str], depth: int) -> JsonValue:
        if depth > MAX_DEPTH:
            raise _too_deep(self._name)
        if token[1] is not None:
            return JsonValue("string", *token.span(1))
        if token[2] == "{":
            return self._object(token.start(2), depth)
        if token[2] == "[":
            return self._array(token.start(2), depth)
        return JsonValue("word" if token[3] in ("true", "false", "null") else "number", *token.span(3))

    def _object(self, start: int, depth: int) -> JsonValue:
        members: list[tuple[JsonValue, JsonValue]] = []
        for token in self._tokens:
            if token[2] == "}":
                return JsonValue("object", start, token.end(), members=tuple(members))
            if token[2] == ",":
                continue
            key = JsonValue("string", *token.span(1))
            next(self._tokens)  # the colon
            members.append((key, self._value(next(self._tokens), depth + 1)))
        raise AssertionError("the JSON text was checked before")

    def _array(self, start: int, depth: int) -> JsonValue:
        items: list[JsonValue] = []
        for token in self._tokens:
            if token[2] == "]":
                return JsonValue("array", start, token.end(), items=tuple(items))
            if token[2] != ",":
                items.append(self._value(token, depth + 1))
        raise AssertionError("the JSON text was checked before")
