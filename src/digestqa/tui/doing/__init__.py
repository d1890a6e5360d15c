"""What each command of the table in ``commands`` does."""

from __future__ import annotations

from collections.abc import Callable

from digestqa.tui.doing.citations import CitationCommands
from digestqa.tui.doing.library import LibraryCommands
from digestqa.tui.doing.limits import ScopeCommands
from digestqa.tui.doing.sessions import SessionCommands
from digestqa.tui.doing.view import ViewCommands


class Doing(CitationCommands, ScopeCommands, LibraryCommands, SessionCommands, ViewCommands):
    """Does the commands of one application."""

    def do(self, name: str, argument: str) -> None:
        """Do a command of the table; an error becomes a notice."""
        work: Callable[[str], None] = getattr(self, f"do_{name}")
        self._app.try_to(lambda: work(argument))
