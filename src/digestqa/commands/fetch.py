"""``digestqa fetch``: records of the ClinicalTrials.gov registry into seeds/."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from digestqa import __version__
from digestqa.commands.values import given_text
from digestqa.errors import UsageError
from digestqa.output.reports import counted
from digestqa.output.terminal import Console
from digestqa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digestqa.fetching import FetchReport, Search

HELP = "get records from ClinicalTrials.gov (the one command that uses the network)"
DESCRIPTION = (
    "Gets the records of studies from the ClinicalTrials.gov API v2, by their numbers or by a search, and writes each "
    "as a digest file into the seeds folder. Records whose last update was fetched before are not asked for again; "
    "a fetch that was stopped goes on where it was. At most 48 requests a minute. "
    "Exit code: 0 all done, 1 some studies were refused (each listed, and tried again next time), 2 failed."
)
EPILOG = "Then: digestqa ingest"

_MAX_STDIN_BYTES = 16 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("numbers", nargs="*", metavar="NCT", help="study number; - reads them from standard input")
    parser.add_argument("--query", metavar="Q", default="", help="words anywhere in the record")
    parser.add_argument("--condition", metavar="C", default="", help="condition or disease")
    parser.add_argument("--intervention", metavar="I", default="", help="drug or other treatment")
    parser.add_argument(
        "--status", metavar="S", action="append", default=[], help="such as recruiting or completed (repeatable)"
    )
    parser.add_argument(
        "--updated-since",
        type=given_text,
        metavar="DATE",
        help="last update posted on DATE (YYYY, YYYY-MM, YYYY-MM-DD) or later",
    )
    parser.add_argument("--limit", metavar="N", type=int, help="only the first N studies")
    parser.add_argument(
        "--base-url",
        type=given_text,
        metavar="URL",
        help="the registry or a mirror of it (default https://clinicaltrials.gov)",
    )
    parser.add_argument("--ingest", action="store_true", help="bring the library up to date afterwards")
    parser.add_argument("--dry-run", action="store_true", help="say what would be fetched, write nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="nothing on stderr but errors and refused studies")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Fetch and return the exit code."""
    from digestqa.commands.session import run_ingest, warn_refusal, warn_refused
    from digestqa.fetching import DEFAULT_URL, POLITE, fetch
    from digestqa.output.jsonform import dump
    from digestqa.output.progress import progress
    from digestqa.output.reports import describe_report

    wanted = _wanted(parsed)
    with progress(console) as on_phase:
        report = fetch(
            settings.seeds,
            wanted,
            base_url=settings.fetch_url or DEFAULT_URL,
            limit=parsed.limit,
            dry_run=parsed.dry_run,
            limits=POLITE,
            agent=f"digestqa/{__version__}",
            on_phase=on_phase,
            on_wait=lambda reason, wait_s: console.note(f"{reason}; trying again in {wait_s:,.0f} s"),
        )
    for refused in report.refused:
        warn_refusal(refused.reason, refused.hint, console)
    ingested = None
    if parsed.ingest and not parsed.dry_run and (report.written or report.already_there or report.unchanged):
        ingested = run_ingest(settings, console)
        warn_refused(ingested, console)
    if parsed.json:
        value: dict[str, object] = {"schema": 1, **asdict(report)}
        value["ingest"] = asdict(ingested) if ingested else None
        console.result(dump(value, unicode=console.unicode))
    else:
        console.result(_described(report))
        if ingested:
            console.result(describe_report(ingested))
        elif report.written and not report.dry_run:
            console.note("run 'digestqa ingest' to take them up")
    return 1 if report.refused or (ingested and ingested.refused) else 0


def _described(report: FetchReport) -> str:
    """Return what was done in two lines."""
    looked_at = f"{report.taken:,} of {report.matched:,}" if report.taken < report.matched else f"{report.matched:,}"
    counts = [
        (len(report.written), "to fetch" if report.dry_run else "written"),
        (report.already_there, "read as before"),
        (report.unchanged, "not updated since the last fetch"),
        (len(report.refused), "refused"),
    ]
    told = ", ".join(f"{count:,} {name}" for count, name in counts if count) or "none"
    return (
        f"studies: {looked_at}; {told}\n"
        f"asked {report.base_url}: {counted(report.requests, 'request')}, {report.received_bytes / 1e6:,.1f} MB"
    )


def _wanted(parsed: argparse.Namespace) -> Search | Sequence[str]:
    """Return the search or the study numbers of the command line.

    Raises:
        UsageError: there is neither, or both.
    """
    from digestqa.fetching import Search, read_day, read_status, split_numbers

    search = Search(
        query=parsed.query,
        condition=parsed.condition,
        intervention=parsed.intervention,
        statuses=tuple(dict.fromkeys(read_status(status) for status in parsed.status)),
        updated_since=read_day(parsed.updated_since) if parsed.updated_since else None,
    )
    if not parsed.numbers:
        return search
    if search.parameters():
        raise UsageError("study numbers and a search do not go together", "run digestqa fetch once for each")
    numbers: list[str] = []
    for given in parsed.numbers:
        if given == "-":
            piped = sys.stdin.buffer.read(_MAX_STDIN_BYTES).decode("utf-8", "replace")
            numbers += split_numbers(piped)
        else:
            numbers += split_numbers(given)
    return numbers
