"""Rows of the catalog as records."""

from __future__ import annotations

import json
from typing import Any

from digestqa.digests import Fact, source_url
from digestqa.library.records import DigestRecord

DIGEST_COLUMNS = (
    "digests.id, path, sha256, size, source, registry, headline, official_title, compound, evidence_type, date, "
    "ingested, digest_model, layout, current, added_state, facts"
)
"""Columns of ``digests`` in the order that ``digest_record`` takes them."""


def digest_record(row: tuple[Any, ...]) -> DigestRecord:
    """Return the record of a row of ``DIGEST_COLUMNS``."""
    return DigestRecord(
        id=row[0],
        path=row[1],
        sha256=row[2],
        size=row[3],
        source=row[4],
        registry=row[5],
        url=source_url(row[4]) if row[5] else None,
        headline=row[6],
        official_title=row[7],
        compound=row[8],
        evidence_type=row[9],
        date=row[10],
        ingested=row[11],
        digest_model=row[12],
        layout=row[13],
        current=bool(row[14]),
        added_state=row[15],
        facts=tuple(Fact(*fact) for fact in json.loads(row[16])),
    )


def packed_facts(facts: tuple[Fact, ...]) -> str:
    """Return facts as a JSON list of (name, value, start, end)."""
    values = [[fact.name, fact.value, fact.start, fact.end] for fact in facts]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def packed_sentences(start: int, sentences: tuple[tuple[int, int], ...]) -> str:
    """Return sentence ranges as a flat JSON list of offsets from the passage's first character."""
    return json.dumps([offset - start for sentence in sentences for offset in sentence], separators=(",", ":"))


def unpacked_sentences(start: int, packed: str) -> tuple[tuple[int, int], ...]:
    """Return what ``packed_sentences`` packed."""
    offsets = json.loads(packed)
    return tuple((start + offsets[index], start + offsets[index + 1]) for index in range(0, len(offsets), 2))
