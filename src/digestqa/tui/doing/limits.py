"""Commands about what is searched: the list of digests, and the scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digestqa.errors import UsageError
from digestqa.retrieval.scope import Filters
from digestqa.tui.doing.base import Commands
from digestqa.tui.events import FiltersSet
from digestqa.tui.scope import in_words, read_filters

if TYPE_CHECKING:
    from digestqa.library import DigestRecord


class ScopeCommands(Commands):
    """The list of digests, limits set and dropped."""

    def do_about(self, argument: str) -> None:
        """Limit the next questions to a study."""
        if argument:
            self._app.in_background(lambda: self._app.engine.find(argument), lambda found: self._about(argument, found))
            return
        app = self._app
        listed = app.digest_list.current if app.digests_shown else None
        page = app.source.page
        if listed is not None:
            app.show_digests(shown=False)
            self.about_source(listed.source)
        elif page is None:
            raise UsageError("no study is shown in the source panel", "/about STUDY names one")
        else:
            self.about_source(page.source)

    def _about(self, written: str, found: DigestRecord | None) -> None:
        if found is None:
            self._app.tell(f"there is no digest '{written}' in the library", "/digests lists them", "warning")
        else:
            self.about_source(found.source)

    def about_source(self, source: str) -> None:
        """Limit the next questions to a study of the library."""
        self._app.dispatch(FiltersSet(Filters(sources=(source,))))
        self._app.prompt.focus()

    def do_filter(self, argument: str) -> None:
        """Add to the scope of the next question."""
        app = self._app
        filters = app.conversation.filters
        if not argument:
            told = in_words(filters)
            app.tell(f"searched is only: {told}" if told else "all digests are searched", "/filter NCT… limits them")
            return

        def find(written: str) -> str | None:
            record = app.engine.find(written)
            return record.source if record is not None else None

        app.in_background(lambda: read_filters(argument, filters, find), lambda read: app.dispatch(FiltersSet(read)))

    def do_all(self, _: str) -> None:
        """Search all digests again."""
        self._app.dispatch(FiltersSet(Filters()))

    def do_digests(self, argument: str) -> None:
        """List the digests."""
        app = self._app

        def then(records: Sequence[DigestRecord]) -> None:
            app.show_digests(shown=True)
            app.digest_list.take(records, argument)

        app.in_background(app.engine.digests, then)
