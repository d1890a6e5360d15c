"""Commands about sessions: searching, resuming, beginning anew, exporting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from digestqa.sessions import left_out_words, question_count
from digestqa.tui.doing.base import Commands
from digestqa.tui.events import SessionStarted
from digestqa.tui.literal import DIM_STYLE, literal
from digestqa.tui.typed_paths import typed_path
from digestqa.tui.wording import one_line

if TYPE_CHECKING:
    from digestqa.sessions.turns import FoundTurn, LeftOut, SavedTurn, SessionSummary
    from digestqa.tui.ports import ExportForm
    from digestqa.tui.screens.search import Row

_TAKE_QUESTION = "Enter puts the question into the prompt · Esc goes back"


class SessionCommands(Commands):
    """The questions and sessions of before."""

    def do_history(self, argument: str) -> None:
        """Search the questions of all sessions; the chosen one is put into the prompt."""
        from digestqa.tui.screens.search import SearchScreen

        app = self._app

        def fetch(words: str, take: Callable[[Sequence[Row]], None]) -> None:
            app.in_background(lambda: app.sessions.search(words), lambda found: take(_question_rows(found)))

        def chosen(question: str | None) -> None:
            if question is not None:
                app.prompt.put(question)
            app.prompt.focus()

        app.push_screen(SearchScreen("Questions of all sessions", _TAKE_QUESTION, fetch, argument), chosen)

    def do_sessions(self, argument: str) -> None:
        """List sessions, and tell of files that cannot be listed; the chosen session is resumed."""
        from digestqa.tui.screens.search import SearchScreen

        app = self._app

        def fetch(words: str, take: Callable[[Sequence[Row]], None]) -> None:
            app.in_background(app.sessions.sessions, lambda found: take(_session_rows(found, words)))

        def chosen(session_id: str | None) -> None:
            if session_id is not None:
                app.in_background(lambda: app.sessions.resume(session_id), self._resumed)
            app.prompt.focus()

        app.in_background(app.sessions.left_out, self._tell_left_out)
        app.push_screen(SearchScreen("Sessions", "Enter resumes the session · Esc goes back", fetch, argument), chosen)

    def _tell_left_out(self, left: Sequence[LeftOut]) -> None:
        if left:
            self._app.tell(left_out_words(left), "they stay as they are")

    def _resumed(self, turns: Sequence[SavedTurn]) -> None:
        self._app.dispatch(SessionStarted(tuple(turns)))

    def do_new(self, _: str) -> None:
        """Begin a new session."""
        self._app.sessions.start_new()
        self._app.dispatch(SessionStarted())

    def do_export(self, argument: str) -> None:
        """Write the session to a file."""
        app = self._app
        form: ExportForm = "json" if argument.lower() == "json" or argument.lower().endswith(".json") else "markdown"
        named = argument.lower() not in ("", "json", "markdown", "md")
        path = typed_path(argument) if named else None
        app.in_background(lambda: app.sessions.export(form, path), lambda written: app.tell(f"written to {written}"))


def _question_rows(found: Sequence[FoundTurn]) -> list[Row]:
    rows: list[Row] = []
    seen: set[str] = set()
    for entry in found:
        question = entry.turn.question
        if question not in seen:
            seen.add(question)
            when = Content.styled(f"{_day(entry.turn.asked_at)}  ", DIM_STYLE)
            rows.append((question, Content.assemble(when, literal(one_line(question)), _outcome(entry.turn))))
    return rows


def _outcome(turn: SavedTurn) -> Content:
    if turn.reply is not None and turn.reply.answers:
        return literal(f"  {turn.reply.answers[0].citation.source}", DIM_STYLE)
    return literal(f"  {turn.outcome}", DIM_STYLE)


def _session_rows(found: Sequence[SessionSummary], words: str) -> list[Row]:
    wanted = words.casefold().split()
    rows: list[Row] = []
    for entry in found:
        told = f"{entry.id} {entry.first_question}".casefold()
        if all(word in told for word in wanted):
            when = Content.styled(f"{_day(entry.last_at)}  {question_count(entry).ljust(12)}  ", DIM_STYLE)
            rows.append((entry.id, Content.assemble(when, literal(one_line(entry.first_question)))))
    return rows


def _day(moment: str) -> str:
    return one_line(moment)[:16].replace("T", " ")
