"""``digestqa status``: what the library holds, with which models, and whether it is in step with the seeds."""

from __future__ import annotations

import argparse
from typing import Any

from digestqa.output.terminal import Console
from digestqa.settings import Settings

HELP = "what the library holds, models and hashes, in step with the seeds or not"
DESCRIPTION = "Prints counts, models with their hashes, when the library was built, and what differs from the seeds."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print the status as JSON")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Print the status."""
    from digestqa.library import library_status
    from digestqa.output.reports import describe_status
    from digestqa.reading import describe_reader

    status = library_status(settings.embeddings, settings.seeds)
    reader = describe_reader(settings.reader)
    if parsed.json:
        from dataclasses import asdict

        from digestqa.output.jsonform import dump

        value: dict[str, Any] = {"schema": 1, **asdict(status), "in_step": status.in_step, "reader": reader}
        console.result(dump(value, unicode=console.unicode))
    else:
        console.result(describe_status(status, reader, settings))
    return 0
