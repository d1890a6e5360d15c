"""Replies as JSON values in the published schema (``answer.schema.json`` beside this module)."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import resources
from typing import Any

from digestqa.replies import Answer, Citation, Reply

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
