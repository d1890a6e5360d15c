"""A digest as the source panel shows it: its text literally, its facts, and the places of headings and of the quote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.digests import parse_digest
from digestqa.errors import DigestQAError

if TYPE_CHECKING:
    from digestqa.library import DigestRecord, Library
    from digestqa.replies import Citation

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DigestPage:
    """One digest to be shown. Ranges are half-open character offsets into ``text``.

    Attributes:
        source: ``NCT…``, ``PMID:…``, or the file's name.
        registry: the registry of the source, or None.
        url: the study's page, or None.
        title: the headline; may be empty.
        path: the file, as a citation names it.
        text: the decoded file.
        facts: what the header says, each with its name.
        headings: the section headings.
        quote: the cited quote; None where the digest is only browsed, or the quote is not there.
        span: the answer inside the quote.
        notice: what a person must know, such as that the quote is no longer in the digest.
    """

    source: str
    registry: str | None
    url: str | None
    title: str
    path: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    headings: tuple[Range, ...] = ()
    quote: Range | None = None
    span: Range | None = None
    notice: str = ""


def page_of_record(record: DigestRecord, library: Library, seeds: Path) -> DigestPage:
    """Return a digest of the list."""
    text = library.digest_text(record.id)
    notice = "" if record.current else "superseded by a newer digest of the same study; it is not searched"
    return DigestPage(
        source=record.source,
        registry=record.registry,
        url=record.url,
        title=record.headline,
        path=(seeds / record.path).as_posix(),
        text=text,
        facts=_facts(record),
        headings=_headings(text, record),
        notice=notice,
    )


def page_of_citation(citation: Citation, library: Library, seeds: Path) -> DigestPage:
    """Return the digest that a citation was cut from, with the quote's place, or the quote alone if it is gone."""
    found = [record for record in library.find_digests(citation.source) if record.sha256 == citation.sha256]
    record = next((entry for entry in found if (seeds / entry.path).as_posix() == citation.path), None) or (
        found[0] if found else None
    )
    quote = (citation.start, citation.end)
    if record is not None:
        page = page_of_record(record, library, seeds)
        if page.text[slice(*quote)] == citation.quote:
            return _with_quote(page, quote, (citation.span_start, citation.span_end))
    return quote_alone(
        citation, "this digest has changed or left the library since the answer; only the quote is shown"
    )


def quote_alone(citation: Citation, notice: str) -> DigestPage:
    """Return a citation's quote where its digest cannot be shown, and say why."""
    return DigestPage(
        source=citation.source,
        registry=citation.registry,
        url=citation.url,
        title=citation.title,
        path=citation.path,
        text=citation.quote,
        quote=(0, len(citation.quote)),
        span=(citation.span_start - citation.start, citation.span_end - citation.start),
        notice=notice,
    )


def _with_quote(page: DigestPage, quote: Range, span: Range) -> DigestPage:
    from dataclasses import replace

    return replace(page, quote=quote, span=span)


def _facts(record: DigestRecord) -> tuple[tuple[str, str], ...]:
    sizes = [fact.value for fact in record.facts if fact.name == "n"]
    told = (
        ("compound", record.compound),
        ("evidence", record.evidence_type),
        ("n", sizes[0] if sizes else None),
        ("date", record.date),
        ("ingested", record.ingested),
        ("digest by", record.digest_model),
    )
    return tuple((name, value) for name, value in told if value)


def _headings(text: str, record: DigestRecord) -> tuple[Range, ...]:
    try:
        digest = parse_digest(text, sha256=record.sha256, name=Path(record.path).name)
    except DigestQAError:
        return ()
    headline = digest.fact("headline")
    first = ((headline.start, headline.end),) if headline else ()
    return first + tuple((section.heading_start, section.heading_end) for section in digest.sections if section.heading)
