"""``digestqa ingest``: digests into seeds/, and the library up to date with them."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from digestqa.commands.values import given_text
from digestqa.errors import UsageError
from digestqa.output.terminal import Console
from digestqa.settings import Settings

if TYPE_CHECKING:
    from digestqa.intake import Taken
    from digestqa.library import IngestReport

HELP = "take up new and changed digests"
DESCRIPTION = (
    "Takes the digests at PATH (file, folder, glob, or - for standard input) into the seeds folder: text pages, "
    "Markdown, JSON, JSON Lines, saved HTML pages, and ClinicalTrials.gov records (API v2 JSON), each also as .gz; "
    "brings the library up to date; without PATH, takes up what changed in the seeds folder. "
    "Exit code: 0 all done, 1 some files were refused (each listed, and tried again next time), 2 failed."
)
_TRY_AGAIN_S = 10.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "paths", type=given_text, nargs="*", metavar="PATH", help="digest file, folder, glob, or - for standard input"
    )
    parser.add_argument(
        "--watch", action="store_true", help="then follow the seeds folder and take up every change, until Ctrl-C"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    parser.add_argument("--no-embed", action="store_true", help="take up for full-text search only; vectors come later")
    parser.add_argument(
        "--model", type=given_text, metavar="NAME", help="encoder by name or path (default: the library's own)"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="nothing on stderr but errors and refused files")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Ingest and return the exit code."""
    from digestqa.commands.session import run_ingest, warn_refusal
    from digestqa.intake import MAX_STDIN_BYTES, take_in
    from digestqa.library.quarantine import files_to_try_again, given_and_refused

    if parsed.watch and parsed.dry_run:
        raise UsageError("--watch and --dry-run exclude each other", "give one of them")
    stdin = sys.stdin.buffer.read(MAX_STDIN_BYTES + 1) if "-" in parsed.paths else None
    again = [path for path in files_to_try_again(settings.embeddings) if path not in parsed.paths]
    taken = take_in([*parsed.paths, *again], settings.seeds, stdin=stdin, dry_run=parsed.dry_run)
    for entry in taken:
        if entry.outcome == "refused":
            warn_refusal(f"{entry.origin}: {entry.reason}", entry.hint, console)
    if parsed.watch:
        return _watch(parsed, settings, console, taken)
    kept = given_and_refused(taken, settings.seeds)
    given = [entry.path for entry in taken if entry.path is not None] if parsed.paths else None
    report = run_ingest(
        settings, console, dry_run=parsed.dry_run, no_embed=parsed.no_embed, given_and_refused=kept, given=given
    )
    _tell(report, taken, parsed, console)
    return _code(report, taken)


def _watch(parsed: argparse.Namespace, settings: Settings, console: Console, taken: list[Taken]) -> int:
    """Take up the folder, then every change in it; a full disk or another writer only puts it off."""
    from digestqa.commands.session import run_ingest
    from digestqa.errors import LibraryBusyError, StorageError
    from digestqa.library.quarantine import given_and_refused
    from digestqa.library.watching import folder_fingerprint, wait_for_changes

    code = _code(None, taken)
    kept = given_and_refused(taken, settings.seeds)
    last: IngestReport | None = None
    try:
        # Seen before it is read: what changes meanwhile is a change.
        known = folder_fingerprint(settings.seeds, settings.embeddings)
        changes = wait_for_changes(settings.seeds, settings.embeddings, known=known)
        while True:
            try:
                report = run_ingest(settings, console, no_embed=parsed.no_embed, given_and_refused=kept)
            except (LibraryBusyError, StorageError) as error:
                console.error(error.message, f"{error.hint}; tried again in {_TRY_AGAIN_S:.0f} seconds")
                code = 2
                time.sleep(_TRY_AGAIN_S)
                continue
            code = _code(report, taken if last is None else [])
            if last is None or report.changed or report.refused != last.refused:
                _tell(report, taken if last is None else [], parsed, console)
            if last is None:
                console.note(f"watching {settings.seeds.as_posix()}; Ctrl-C ends it")
            last = report
            next(changes)
    except KeyboardInterrupt:
        console.note("no longer watching")
        return code


def _tell(report: IngestReport, taken: list[Taken], parsed: argparse.Namespace, console: Console) -> None:
    from digestqa.commands.session import warn_refused

    warn_refused(report, console)
    if parsed.json:
        from digestqa.output.jsonform import dump

        console.result(dump(report_value(report, taken), unicode=console.unicode))
    else:
        from digestqa.output.reports import describe_report

        console.result(describe_report(report, taken))


def _code(report: IngestReport | None, taken: list[Taken]) -> int:
    """Return the exit code: 1 where anything was refused."""
    refused = (report is not None and report.refused) or any(entry.outcome == "refused" for entry in taken)
    return 1 if refused else 0


def report_value(report: IngestReport, taken: list[Taken]) -> dict[str, object]:
    """Return a report as plain JSON values."""
    value: dict[str, object] = {"schema": 1, **asdict(report)}
    value["taken"] = [{**asdict(entry), "path": entry.path.as_posix() if entry.path else None} for entry in taken]
    return value
