"""What the commands share: opening the library and the models that answer, and building the library on first use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from digestqa.errors import LibraryMissingError, UsageError
from digestqa.output.progress import progress
from digestqa.output.reports import counted, describe_refusal
from digestqa.output.terminal import Console
from digestqa.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from digestqa.answering import Assistant
    from digestqa.library import IngestReport, Library, RefusedFile


@contextmanager
def open_assistant(
    settings: Settings, console: Console, *, as_of: str | None = None, lasting: bool = True
) -> Iterator[Assistant]:
    """Yield an Assistant over the library, built first where there is none yet.

    Args:
        settings: where things lie.
        console: where warnings go.
        as_of: answer from the versions that were current on this day; None for the present ones.
        lasting: it is asked more than a single question.

    Raises:
        DigestQAError: no seeds, no library, or a library or model that cannot be used.
    """
    from digestqa.opening import Opening

    def opened() -> Opening:
        return Opening(
            settings.seeds,
            settings.embeddings,
            encoder=settings.encoder,
            reader=settings.reader,
            as_of=as_of,
            lasting=lasting,
        )

    try:
        opening = opened()
    except LibraryMissingError:
        build_first(settings, console)
        opening = opened()
    with opening:
        from digestqa.answering import Assistant  # while the models load

        assistant = Assistant.over(opening.finish(), settings.seeds, settings.aliases)
    for warning in assistant.warnings:
        console.warn(warning)
    with assistant:
        yield assistant


@contextmanager
def opened_library(settings: Settings, console: Console, *, as_of: str | None = None) -> Iterator[Library]:
    """Yield the open library, built first where there is none yet."""
    from digestqa.library import Library

    def opened() -> Library:
        return Library.open(settings.embeddings, settings.seeds, encoder_name=settings.encoder, as_of=as_of)

    try:
        library = opened()
    except LibraryMissingError:
        build_first(settings, console)
        library = opened()
    with library:
        yield library


def build_first(settings: Settings, console: Console) -> None:
    """Build the library on first use, with one line of notice."""
    from digestqa.library.scan import scan_seeds

    files = scan_seeds(settings.seeds, settings.embeddings).count()
    if not files:
        raise UsageError(
            f"there are no digests in {settings.seeds}",
            "put digest files there, or run 'digestqa ingest PATH' to copy them in",
        )
    console.note(
        f"building the library from {settings.seeds} ({counted(files, 'file')}) on first use; this takes a moment"
    )
    report = run_ingest(settings, console)
    warn_refused(report, console)
    if not report.state:
        raise UsageError(f"no file in {settings.seeds} is a digest", "'digestqa ingest' lists what is wrong with each")


def run_ingest(
    settings: Settings,
    console: Console,
    *,
    dry_run: bool = False,
    no_embed: bool = False,
    given_and_refused: Sequence[RefusedFile] | None = None,
    given: Sequence[Path] | None = None,
) -> IngestReport:
    """Bring the library up to date with seeds/, showing progress."""
    from digestqa.library import ingest

    with told_when_interrupted("ingest", console, dry_run=dry_run), progress(console) as on_phase:
        return ingest(
            settings.embeddings,
            settings.seeds,
            encoder_name=settings.encoder,
            on_progress=on_phase,
            dry_run=dry_run,
            no_embed=no_embed,
            given_and_refused=given_and_refused,
            given=given,
        )


@contextmanager
def told_when_interrupted(command: str, console: Console, *, dry_run: bool = False) -> Iterator[None]:
    """Say on Ctrl-C that nothing is lost, and which command goes on."""
    try:
        yield
    except KeyboardInterrupt:
        if not dry_run:
            console.note(f"stopped; what was done is kept, and the next 'digestqa {command}' goes on from there")
        raise


def warn_refusal(reason: str, hint: str, console: Console) -> None:
    """Say that a file was refused, why, and what to do about it."""
    console.warn(f"refused {reason}" + (f" (hint: {hint})" if hint else ""))


def warn_refused(report: IngestReport, console: Console) -> None:
    """List the files that were refused, each with its reason, and what else went wrong without harm."""
    for refused in report.refused:
        warn_refusal(describe_refusal(refused), refused.hint, console)
    for warning in report.warnings:
        console.warn(warning)
