"""``digestqa ingest``: digests into seeds/, and the library up to date with them."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from digestqa.output.terminal import Console
from digestqa.settings import Settings

if TYPE_CHECKING:
    from digestqa.intake import Taken
    from digestqa.library import IngestReport

HELP = "take up new and changed digests"
DESCRIPTION = (
    "Copies the digests at PATH (file, folder, glob, or - for standard input) into the seeds folder and brings the "
    "library up to date; without PATH, takes up what changed in the seeds folder. "
    "Exit code: 0 all done, 1 some files were refused (each listed, and tried again next time), 2 failed."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="digest file, folder, glob, or - for standard input")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    parser.add_argument("--no-embed", action="store_true", help="take up for full-text search only; vectors come later")
    parser.add_argument("--model", metavar="NAME", help="encoder by name or path (default: the library's own)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="nothing on stderr but errors and refused files")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Ingest and return the exit code."""
    from digestqa.commands.session import run_ingest, warn_refusal, warn_refused
    from digestqa.intake import take_in

    stdin = sys.stdin.buffer.read() if "-" in parsed.paths else None
    taken = take_in(parsed.paths, settings.seeds, stdin=stdin, dry_run=parsed.dry_run)
    for entry in taken:
        if entry.outcome == "refused":
            warn_refusal(f"{entry.origin}: {entry.reason}", entry.hint, console)
    report = run_ingest(settings, console, dry_run=parsed.dry_run, no_embed=parsed.no_embed)
    warn_refused(report, console)
    if parsed.json:
        from digestqa.output.jsonform import dump

        console.result(dump(report_value(report, taken), unicode=console.unicode))
    else:
        console.result(describe(report, taken))
    refused = report.refused or any(entry.outcome == "refused" for entry in taken)
    return 1 if refused else 0


def describe(report: IngestReport, taken: list[Taken]) -> str:
    """Return what was done in a line or two."""
    lines = []
    if taken:
        copied = sum(entry.outcome == "copied" for entry in taken)
        there = sum(entry.outcome == "already there" for entry in taken)
        verb = "would copy" if report.dry_run else "copied"
        lines.append(f"{verb} {copied:,} into seeds, {there:,} already there")
    counts = [
        (report.added, "new"),
        (report.updated, "changed"),
        (report.removed, "removed"),
        (report.unchanged, "unchanged"),
        (len(report.refused), "refused"),
    ]
    told = ", ".join(f"{count:,} {name}" for count, name in counts if count) or "no digests"
    if report.dry_run:
        lines.append(f"would take up: {told}")
    elif report.changed:
        lines.append(f"library at state {report.state}: {told}; {report.embedded:,} texts embedded")
    else:
        lines.append(f"nothing to do: {told}")
    if report.unembedded:
        lines.append(f"{report.unembedded:,} passages have no vector yet: run 'digestqa ingest' to embed them")
    return "\n".join(lines)


def report_value(report: IngestReport, taken: list[Taken]) -> dict[str, object]:
    """Return a report as plain JSON values."""
    value: dict[str, object] = {"schema": 1, **asdict(report)}
    value["taken"] = [{**asdict(entry), "path": entry.path.as_posix() if entry.path else None} for entry in taken]
    return value
