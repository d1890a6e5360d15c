"""``digestqa status``: what the library holds, with which models, and whether it is in step with the seeds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from digestqa.output.terminal import Console, visible
from digestqa.settings import Settings

if TYPE_CHECKING:
    from digestqa.library import LibraryStatus

HELP = "what the library holds, models and hashes, in step with the seeds or not"
DESCRIPTION = "Prints counts, models with their hashes, when the library was built, and what differs from the seeds."

_SHOWN_FILES = 10


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print the status as JSON")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Print the status."""
    from digestqa.library import library_status
    from digestqa.reading import describe_reader

    status = library_status(settings.embeddings, settings.seeds)
    reader = describe_reader(settings.reader)
    if parsed.json:
        from dataclasses import asdict

        from digestqa.output.jsonform import dump

        value: dict[str, Any] = {"schema": 1, **asdict(status), "in_step": status.in_step, "reader": reader}
        console.result(dump(value, unicode=console.unicode))
    else:
        console.result(_render(status, reader, settings))
    return 0


def _render(status: LibraryStatus, reader: dict[str, str], settings: Settings) -> str:
    from digestqa.commands.session import refusal

    counts = status.counts
    encoder = status.identity.get("encoder")
    lines = [
        f"library     {settings.embeddings.as_posix()}, state {status.state}, schema {status.schema}, "
        f"built {status.built_at}, {status.size_bytes / 1e6:,.1f} MB",
        f"digests     {counts.digests - counts.superseded:,} searched, {counts.superseded:,} superseded; "
        f"{counts.passages:,} passages",
    ]
    if isinstance(encoder, dict):
        lines.append(f"encoder     {encoder['name']}, weights {str(encoder['weights_sha256'])[:12]}…")
    else:
        lines.append("encoder     none yet: nothing was embedded")
    lines.append(f"reader      {reader['name']}, weights {reader['sha256'][:12]}…")
    index = f"index       {status.index}"
    if status.index_state is not None:
        index += f", covers state {status.index_state}, {status.index_behind:,} newer passages are searched exactly"
    lines.append(index)
    if counts.unembedded:
        lines.append(f"unembedded  {counts.unembedded:,} passages: run 'digestqa ingest'")
    if status.writer:
        lines.append(f"writer      {status.writer}")
    if status.in_step:
        lines.append(f"seeds       {settings.seeds.as_posix()}, in step")
    else:
        told = ", ".join(
            f"{len(names):,} {kind}"
            for names, kind in ((status.new, "new"), (status.changed, "changed"), (status.missing, "missing"))
            if names
        )
        lines.append(f"seeds       {settings.seeds.as_posix()}, not in step ({told}): run 'digestqa ingest'")
    for record in status.superseded[:_SHOWN_FILES]:
        lines.append(f"superseded  {record.path} ({record.source}, ingested {record.ingested or 'on an unknown date'})")
    for refused in status.refused[:_SHOWN_FILES]:
        lines.append(f"refused     {refusal(refused)}")
    if len(status.refused) > _SHOWN_FILES:
        lines.append(f"            and {len(status.refused) - _SHOWN_FILES:,} more")
    return visible("\n".join(lines))
