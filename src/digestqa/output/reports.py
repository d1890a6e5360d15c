"""What an ingest did and what the library holds, as plain lines for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digestqa.output.terminal import visible
from digestqa.settings import Settings

if TYPE_CHECKING:
    from digestqa.intake import Taken
    from digestqa.library import IngestReport, LibraryStatus, RefusedFile

_SHOWN_FILES = 10


def counted(count: int, noun: str) -> str:
    """Return a count with its noun in the right number: ``1 text``, ``1,204 texts``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def describe_report(report: IngestReport, taken: Sequence[Taken] = ()) -> str:
    """Return what was done in a line or two."""
    lines = []
    copied = sum(entry.outcome == "copied" for entry in taken)
    if taken:
        there = sum(entry.outcome == "already there" for entry in taken)
        verb = "would copy" if report.dry_run else "copied"
        lines.append(f"{verb} {copied:,} into seeds, {there:,} already there")
    counts = [
        # What was only planned to be copied is not there to be found new.
        (report.added + copied if report.dry_run else report.added, "new"),
        (report.updated, "changed"),
        (report.removed, "removed"),
        (report.unchanged, "unchanged"),
        (len(report.refused), "refused"),
    ]
    told = ", ".join(f"{count:,} {name}" for count, name in counts if count) or "no digests"
    if report.dry_run:
        lines.append(f"would take up: {told}")
    elif report.changed:
        lines.append(f"library at state {report.state}: {told}; {counted(report.embedded, 'text')} embedded")
    else:
        lines.append(f"nothing to do: {told}")
    if report.unembedded:
        have, them = ("has", "it") if report.unembedded == 1 else ("have", "them")
        passages = counted(report.unembedded, "passage")
        lines.append(f"{passages} {have} no vector yet: run 'digestqa ingest' to embed {them}")
    return "\n".join(lines)


def describe_refusal(refused: RefusedFile) -> str:
    """Return which file was refused and why; most reasons name the file themselves."""
    named = refused.path in refused.reason
    return refused.reason if named else f"{refused.path}: {refused.reason}"


def describe_status(status: LibraryStatus, reader: dict[str, str], settings: Settings) -> str:
    """Return what the library holds and how it stands to the seeds, a line each."""
    counts = status.counts
    encoder = status.identity.get("encoder")
    lines = [
        f"library     {settings.embeddings.as_posix()}, state {status.state}, schema {status.schema}, "
        f"built {status.built_at}, {status.size_bytes / 1e6:,.1f} MB",
        f"digests     {counts.digests - counts.superseded:,} searched, {counts.superseded:,} superseded; "
        f"{counted(counts.passages, 'passage')}",
    ]
    if isinstance(encoder, dict):
        lines.append(f"encoder     {encoder['name']}, weights {str(encoder['weights_sha256'])[:12]}…")
    else:
        lines.append("encoder     none yet: nothing was embedded")
    lines.append(f"reader      {reader['name']}, weights {reader['sha256'][:12]}…")
    index = f"index       {status.index}"
    if status.index_state is not None:
        verb = "is" if status.index_behind == 1 else "are"
        index += f", covers state {status.index_state}, "
        index += f"{counted(status.index_behind, 'newer passage')} {verb} searched exactly"
    lines.append(index)
    if counts.unembedded:
        lines.append(f"unembedded  {counted(counts.unembedded, 'passage')}: run 'digestqa ingest'")
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
        lines.append(f"refused     {describe_refusal(refused)}")
    if len(status.refused) > _SHOWN_FILES:
        lines.append(f"            and {len(status.refused) - _SHOWN_FILES:,} more")
    return visible("\n".join(lines))
