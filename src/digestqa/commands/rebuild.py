"""``digestqa rebuild``: everything embedded anew beside the old state."""

from __future__ import annotations

import argparse

from digestqa.commands.values import given_text
from digestqa.output.terminal import Console
from digestqa.settings import Settings

HELP = "embed everything anew"
DESCRIPTION = (
    "Reads every digest again and embeds it anew, with another encoder if one is named. The old state goes on "
    "answering until the new one is complete. Exit code: 0 all done, 1 some files were refused, 2 failed."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--model", type=given_text, metavar="NAME", help="sentence-transformers model by name or path")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="nothing on stderr but errors and refused files")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Rebuild and return the exit code."""
    from digestqa.commands.ingest import report_value
    from digestqa.commands.session import told_when_interrupted, warn_refused
    from digestqa.library import rebuild
    from digestqa.output.progress import progress
    from digestqa.output.reports import describe_report

    with told_when_interrupted("rebuild", console), progress(console) as on_phase:
        report = rebuild(
            settings.embeddings,
            settings.seeds,
            encoder_name=settings.encoder,
            on_progress=on_phase,
        )
    warn_refused(report, console)
    if parsed.json:
        from digestqa.output.jsonform import dump

        console.result(dump(report_value(report, []), unicode=console.unicode))
    else:
        console.result(describe_report(report))
    return 1 if report.refused else 0
