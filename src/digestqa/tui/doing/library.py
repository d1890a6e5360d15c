"""Commands about the library: ingest, rebuild, status, and taking up its newest state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digestqa.errors import UsageError
from digestqa.tui.base import told_of
from digestqa.tui.doing.base import Commands
from digestqa.tui.events import JobEnded, JobProgressed, JobStarted
from digestqa.tui.literal import literal
from digestqa.tui.typed_paths import typed_paths

if TYPE_CHECKING:
    from digestqa.tui.state import JobKind


class LibraryCommands(Commands):
    """Work on the library, while questions go on."""

    def do_ingest(self, argument: str) -> None:
        """Take up digests by path, or what changed in the seeds."""
        self._run("ingest", typed_paths(argument))

    def do_rebuild(self, _: str) -> None:
        """Read and embed everything anew."""
        self._run("rebuild", ())

    def _run(self, kind: JobKind, paths: Sequence[str]) -> None:
        app = self._app
        if app.conversation.job is not None:
            raise UsageError(f"{app.conversation.job.kind} is running already", "its progress stands above the prompt")
        app.dispatch(JobStarted(kind))

        def on_progress(phase: str, done: int, total: int) -> None:
            app.dispatch_later(JobProgressed(phase, done, total))

        def failed(error: Exception) -> None:
            message, hint = told_of(error)
            app.dispatch(JobEnded(message, failed=True, hint=hint))

        app.background.run(lambda: app.engine.run_job(kind, paths, on_progress), app.dispatch, failed)

    def do_status(self, _: str) -> None:
        """Show what the library holds."""
        app = self._app
        app.in_background(app.engine.status, lambda text: app.show_page("Library", literal(text)))

    def do_reload(self, _: str) -> None:
        """Take up the library's newest state."""
        self._app.open_library()
