"""``digestqa list``: the digests of the library."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from digestqa.commands.values import given_text
from digestqa.output.terminal import Console, visible
from digestqa.settings import Settings

if TYPE_CHECKING:
    from digestqa.library import DigestRecord

HELP = "list the digests of the library"
DESCRIPTION = "Lists the digests: study, date, evidence type, headline, file. Superseded versions are marked."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="superseded versions too (as without any option)")
    which.add_argument("--current", action="store_true", help="only the versions that answer")
    which.add_argument(
        "--as-of",
        type=given_text,
        metavar="DATE",
        help="the versions there were on DATE (YYYY, YYYY-MM or YYYY-MM-DD), by ingest date",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON array")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Print the list."""
    from digestqa.commands.session import opened_library
    from digestqa.retrieval import check_date

    day = check_date(parsed.as_of) if parsed.as_of else None
    with opened_library(settings, console, as_of=day) as library:
        records = library.digests(superseded=not parsed.current)
    if parsed.json:
        from digestqa.output.jsonform import dump

        console.result(dump([_value(record) for record in records], unicode=console.unicode))
    else:
        for record in records:
            console.result(_line(record))
    return 0


def _line(record: DigestRecord) -> str:
    parts = [record.source, record.date or "undated", record.evidence_type or "-", record.headline, record.path]
    line = "  ".join(visible(part).replace("\n", " ") for part in parts)
    return line if record.current else f"{line}  (superseded, ingested {record.ingested or 'on an unknown date'})"


def _value(record: DigestRecord) -> dict[str, object]:
    return {
        "source": record.source,
        "registry": record.registry,
        "url": record.url,
        "path": record.path,
        "sha256": record.sha256,
        "title": record.headline,
        "official_title": record.official_title,
        "compound": record.compound,
        "evidence_type": record.evidence_type,
        "date": record.date,
        "ingested": record.ingested,
        "digest_model": record.digest_model,
        "current": record.current,
    }
