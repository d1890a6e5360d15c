"""What the terminal UI asks of the library and the models. Every method blocks and is called outside the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from digestqa.errors import DigestQAError, LibraryMissingError, UsageError
from digestqa.tui.events import Event, JobEnded, JobProgressed, JobStarted
from digestqa.tui.job import OnProgress, RunningJob, run_job
from digestqa.tui.pages import DigestPage, page_of_citation, page_of_record
from digestqa.tui.state import JobKind, LibraryFacts

if TYPE_CHECKING:
    from digestqa.answering import Assistant
    from digestqa.library import DigestRecord
    from digestqa.replies import Citation, Reply
    from digestqa.retrieval.scope import Filters
    from digestqa.settings import Settings


class NoDigestsError(UsageError):
    """There is no library and nothing to build one from."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening the library gave."""

    facts: LibraryFacts
    warnings: tuple[str, ...] = ()


class Engine(Protocol):
    """What answers, shows digests and takes up new ones. Everything it raises on purpose is a DigestQAError."""

    def open(self, on_event: Callable[[Event], None]) -> Opened:
        """Open the library in its present state, built first where there is none; a state opened before is let go."""

    def ask(self, question: str, history: Sequence[str], filters: Filters, cited: Sequence[str] | None = None) -> Reply:
        """Answer a question; one at a time. A follow-up stays in the studies just cited; None finds them anew."""

    def newer_state(self) -> int | None:
        """Return the number of a state newer than the one held, or None."""

    def run_job(self, kind: JobKind, paths: Sequence[str], on_progress: OnProgress) -> JobEnded:
        """Run an ingest or a rebuild to its end."""

    def status(self) -> str:
        """Return what the library holds and how it stands to the seeds, as lines."""

    def behind(self) -> str:
        """Return how the library lags behind the seeds, such as ``2 new, 1 changed``; empty where it does not."""

    def digests(self) -> Sequence[DigestRecord]:
        """Return the digests of the library."""

    def page(self, wanted: Citation | DigestRecord) -> DigestPage:
        """Return the digest of a citation or of the list, as it is shown."""

    def find(self, written: str) -> DigestRecord | None:
        """Return the digest of a study id or a file's name, however written, or None."""

    def close(self) -> None:
        """End the job that runs and let go of the library; may be called at any moment."""


@dataclass(slots=True)
class LibraryEngine:
    """The engine over a library on disk."""

    settings: Settings
    _assistant: Assistant | None = None
    _running: RunningJob = field(default_factory=RunningJob)

    def open(self, on_event: Callable[[Event], None]) -> Opened:
        """Open the library; see ``Engine.open``.

        Raises:
            NoDigestsError: there is no library, and there are no digests to build one from.
            DigestQAError: it cannot be opened or built.
        """
        try:
            assistant = self._opened()
        except LibraryMissingError:
            self._build(on_event)
            assistant = self._opened()
        before, self._assistant = self._assistant, assistant
        if before is not None:
            before.close()
        library = assistant.library
        counts = library.counts
        facts = LibraryFacts(
            digests=counts.digests - counts.superseded,
            passages=counts.passages,
            state=library.state,
            encoder=library.encoder_name,
            reader=assistant.reader.name,
        )
        return Opened(facts, assistant.warnings)

    def _opened(self) -> Assistant:
        from digestqa.answering import Assistant

        return Assistant.configured(self.settings)

    def _build(self, on_event: Callable[[Event], None]) -> None:
        from digestqa.library.scan import scan_seeds

        seeds = self.settings.seeds
        try:
            empty = not scan_seeds(seeds, self.settings.embeddings).count()
        except UsageError:
            empty = True
        if empty:
            raise NoDigestsError(
                f"there are no digests in {seeds.as_posix()} yet",
                "/ingest PATH copies digests in: a file, a folder or a glob",
            )
        on_event(JobStarted("build"))
        ended = self.run_job("build", (), lambda phase, done, total: on_event(JobProgressed(phase, done, total)))
        on_event(ended)
        if ended.failed:
            raise DigestQAError(ended.summary, ended.hint)
        if not ended.changed:
            raise NoDigestsError(f"no file in {seeds.as_posix()} is a digest", "/ingest PATH copies digests in")

    def _held(self) -> Assistant:
        if self._assistant is None:
            raise LibraryMissingError("no library is open", "/ingest PATH copies digests in and builds it")
        return self._assistant

    def ask(self, question: str, history: Sequence[str], filters: Filters, cited: Sequence[str] | None = None) -> Reply:
        """Answer a question."""
        return self._held().ask(question, history, filters, cited=cited)

    def newer_state(self) -> int | None:
        """Return the number of a newer state, or None."""
        return self._assistant.library.newer_state() if self._assistant is not None else None

    def run_job(self, kind: JobKind, paths: Sequence[str], on_progress: OnProgress) -> JobEnded:
        """Run an ingest or a rebuild in a process of its own."""
        return run_job(kind, paths, self.settings, on_progress, self._running)

    def status(self) -> str:
        """Return what the library holds, as lines."""
        from digestqa.library import library_status
        from digestqa.output.reports import describe_status
        from digestqa.reading import describe_reader

        settings = self.settings
        status = library_status(settings.embeddings, settings.seeds)
        return describe_status(status, describe_reader(settings.reader), settings)

    def behind(self) -> str:
        """Return how the library lags behind the seeds."""
        from digestqa.library import library_status

        status = library_status(self.settings.embeddings, self.settings.seeds)
        kinds = ((status.new, "new"), (status.changed, "changed"), (status.missing, "missing"))
        return ", ".join(f"{len(names):,} {kind}" for names, kind in kinds if names)

    def digests(self) -> Sequence[DigestRecord]:
        """Return the digests of the library."""
        return self._held().library.digests()

    def page(self, wanted: Citation | DigestRecord) -> DigestPage:
        """Return a digest as it is shown."""
        from digestqa.library import DigestRecord

        library = self._held().library
        if isinstance(wanted, DigestRecord):
            return page_of_record(wanted, library, self.settings.seeds)
        return page_of_citation(wanted, library, self.settings.seeds)

    def find(self, written: str) -> DigestRecord | None:
        """Return the digest of a study id or a file's name, or None."""
        found = self._held().library.find_digests(written)
        return found[0] if found else None

    def close(self) -> None:
        """End what runs; the library's files are let go of with the process."""
        self._running.stop()
