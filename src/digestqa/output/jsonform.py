"""Replies as JSON values in the published schema (``answer.schema.json`` beside this module)."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import resources
from typing import Any, get_args

from digestqa.reading.claims import Claim
from digestqa.replies import Answer, Citation, LibraryState, Reply
from digestqa.retrieval import Filters

SCHEMA_VERSION = 1
_CONFIDENCE_DIGITS = 4


def answer_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an answer object."""
    text = resources.files("digestqa.output").joinpath("answer.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def reply_value(reply: Reply, question_id: str | int | None = None) -> dict[str, Any]:
    """Return a reply as plain JSON values."""
    return {
        "schema": SCHEMA_VERSION,
        "id": question_id,
        "question": reply.question,
        "resolved_question": reply.resolved_question,
        "scope": {
            "sources": [source for source in reply.filters.sources if source],
            "sections": list(reply.filters.sections),
            "compounds": list(reply.filters.compounds),
            "since": reply.filters.since,
            "carried": reply.carried,
        },
        "status": reply.status,
        "confidence": round(reply.confidence, _CONFIDENCE_DIGITS),
        "answers": [_answer_value(answer) for answer in reply.answers],
        "nearest": [_nearest_value(citation) for citation in reply.nearest],
        "notes": list(reply.notes),
        "library": asdict(reply.library),
        "elapsed_ms": round(reply.elapsed_ms, 1),
        **({} if reply.counted is None else {"counted": {"digests": reply.counted[0], "of": reply.counted[1]}}),
    }


def _answer_value(answer: Answer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "quote": answer.quote,
        "confidence": round(answer.confidence, _CONFIDENCE_DIGITS),
        "claim": answer.claim,
        "citation": _citation_value(answer.citation),
    }


def _citation_value(citation: Citation) -> dict[str, Any]:
    value = asdict(citation)
    del value["quote"]
    return value


def _nearest_value(citation: Citation) -> dict[str, Any]:
    """A nearest passage is a citation that carries its own words, since no answer around it does."""
    return asdict(citation)


def reply_from_value(value: dict[str, Any]) -> Reply:
    """Return the reply that an answer object tells of, as :func:`reply_value` wrote it.

    Raises:
        KeyError, TypeError, ValueError: it is no answer object.
    """
    scope = value["scope"]
    since = scope.get("since")
    status = value["status"]
    if status not in ("answered", "abstained"):
        raise ValueError(f"no status: {status!r}")
    return Reply(
        question=_text(value["question"]),
        resolved_question=_text(value["resolved_question"]),
        filters=Filters(
            sources=_texts(scope["sources"]),
            sections=_texts(scope["sections"]),
            compounds=_texts(scope.get("compounds", [])),
            since=None if since is None else _text(since),
        ),
        carried=bool(scope["carried"]),
        status=status,
        confidence=float(value["confidence"]),
        answers=tuple(_answer_from_value(answer) for answer in value["answers"]),
        nearest=tuple(_citation_from_value(citation, citation["quote"]) for citation in value["nearest"]),
        notes=_texts(value.get("notes", [])),
        library=LibraryState(**{name: value["library"][name] for name in LibraryState.__slots__}),
        elapsed_ms=float(value["elapsed_ms"]),
        counted=None if "counted" not in value else (int(value["counted"]["digests"]), int(value["counted"]["of"])),
    )


def _answer_from_value(value: dict[str, Any]) -> Answer:
    claim = value["claim"]
    if claim not in get_args(Claim):
        raise ValueError(f"no claim label: {claim!r}")
    return Answer(
        text=_text(value["text"]),
        quote=_text(value["quote"]),
        confidence=float(value["confidence"]),
        claim=claim,
        citation=_citation_from_value(value["citation"], value["quote"]),
    )


def _citation_from_value(value: dict[str, Any], quote: str) -> Citation:
    parts = {name: value[name] for name in Citation.__slots__ if name != "quote"}
    for name in ("source", "title", "section", "path", "sha256"):
        _text(parts[name])
    for name in ("start", "end", "span_start", "span_end"):
        if type(parts[name]) is not int:
            raise TypeError(f"{name} is no offset: {parts[name]!r}")
    return Citation(**parts, quote=_text(quote))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r}")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(_text(value) for value in values)


def dump(value: Any, *, unicode: bool = True, indent: int | None = None) -> str:
    """Return JSON text; lone surrogates and, for a stream that is not Unicode, all of non-ASCII are escaped."""
    text = json.dumps(value, ensure_ascii=not unicode, indent=indent)
    return text if not unicode else _escape_surrogates(text)


def _escape_surrogates(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
