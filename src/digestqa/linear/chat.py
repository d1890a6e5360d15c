"""The conversation itself: a line is asked or obeyed, and what comes of it is said."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from digestqa.errors import DigestQAError, QuestionError
from digestqa.linear.commands import obey
from digestqa.linear.lines import line, reply_lines
from digestqa.linear.questions import LineSource, line_source
from digestqa.linear.talk import Talk
from digestqa.sessions import SavedTurn, SessionFiles
from digestqa.tui.commands import is_command

if TYPE_CHECKING:
    from digestqa.output.terminal import Console
    from digestqa.settings import Settings

FAILED = 2
"""The exit code where something that came through a pipe could not be done, as for ``ask --batch``."""


def run_linear(settings: Settings, console: Console, *, color: bool = False) -> int:
    """Hold a conversation on standard input and output and return the exit code.

    Args:
        settings: where things are.
        console: gets every line; progress and greetings go to its other stream.
        color: whether answers are marked in their quotes in bold.

    Returns:
        0; 2 where something that came through a pipe could not be done.
    """
    from digestqa.tui.engine import LibraryEngine

    log = SessionFiles.of(settings)
    engine = LibraryEngine(settings)
    source = line_source(log.questions())
    try:
        return converse(Talk(console, engine, log, source.interactive), source, color=color)
    finally:
        engine.close()
        log.close()


def converse(talk: Talk, source: LineSource, *, color: bool = False) -> int:
    """Read lines until there are none, ask or obey each, and return the exit code."""
    talk.guarded(talk.take_up)
    # What could not be opened may be there when the first question is asked; that tells.
    talk.failed = False
    if talk.interactive:
        talk.console.note(f"{talk.facts}; ask a question, /help lists the commands, Ctrl-D leaves")
    while not talk.console.closed:
        try:
            text = source.read().strip()
        except EOFError:
            if talk.interactive:
                talk.say("")
            break
        except KeyboardInterrupt:
            if not talk.interactive:
                raise
            talk.say("")
            talk.console.note("Ctrl-D or /quit leaves")
            continue
        except QuestionError as error:
            talk.failed = True
            talk.tell_problem(error)
            continue
        if text and not _take(talk, text, color=color):
            break
    return FAILED if talk.failed and not talk.interactive else 0


def _take(talk: Talk, text: str, *, color: bool) -> bool:
    """Ask or obey a line; return False for the one that leaves."""
    command = is_command(text)
    if not talk.interactive:
        talk.say(line("Command" if command else "Question", text))
    if command:
        if not obey(talk, text):
            return False
    else:
        question = text[1:] if text.startswith("//") else text
        talk.guarded(lambda: _ask(talk, question, color=color))
    talk.say("")
    return True


def _ask(talk: Talk, question: str, *, color: bool) -> None:
    asked_at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    talk.guarded(lambda: talk.log.note_question(question))
    try:
        talk.take_up_what_is_new()
        history = [turn.question for turn in talk.turns if turn.reply is not None]
        filters, last = talk.filters, talk.last_reply
        cited = last.spoken_of if last is not None else None
        reply = talk.wait_for(lambda: talk.engine.ask(question, history, filters, cited))
    except DigestQAError as error:
        _keep(talk, SavedTurn(question, asked_at, "failed", error=error.message))
        raise
    except KeyboardInterrupt:
        _keep(talk, SavedTurn(question, asked_at, "cancelled"))
        raise
    talk.say_all(reply_lines(reply, color=color))
    _keep(talk, SavedTurn(question, asked_at, reply.status, reply))


def _keep(talk: Talk, turn: SavedTurn) -> None:
    talk.turns.append(turn)
    talk.guarded(lambda: talk.log.append(turn))
