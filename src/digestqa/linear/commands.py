"""The slash commands, as far as they make sense line by line; their table is the terminal UI's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from digestqa.clipboard import copy_text, osc52
from digestqa.errors import UsageError
from digestqa.linear import lines
from digestqa.linear.talk import Talk
from digestqa.links import open_link
from digestqa.retrieval.scope import Filters
from digestqa.sessions import left_out_words
from digestqa.tui.commands import COMMANDS, read_command
from digestqa.tui.scope import in_words, read_filters
from digestqa.tui.typed_paths import typed_path, typed_paths
from digestqa.tui.wording import answer_to_copy

if TYPE_CHECKING:
    from digestqa.replies import Citation
    from digestqa.tui.ports import ExportForm
    from digestqa.tui.state import JobKind

_PROGRESS_EVERY_S = 10.0
_LISTED = 50


def obey(talk: Talk, text: str) -> bool:
    """Obey a line that begins with a slash; return False for the one that leaves."""
    entered = read_command(text)
    name = "resume" if entered.name.lower() == "resume" else entered.command.name if entered.command else ""
    if name == "quit":
        return False
    talk.guarded(lambda: _COMMANDS.get(name, _no_command)(talk, entered.argument if name in _COMMANDS else text))
    return True


def _no_command(talk: Talk, text: str) -> None:
    entered = read_command(text)
    if entered.command is not None:
        raise UsageError(f"/{entered.name} is for the screen", "/help lists what there is here")
    meant = f"did you mean /{entered.nearest}? " if entered.nearest else ""
    raise UsageError(
        f"there is no command /{entered.name}",
        f"{meant}/help lists the commands; a question that begins with a slash is typed with two",
    )


def _help(talk: Talk, _: str) -> None:
    for command in COMMANDS:
        if command.name in _COMMANDS or command.name == "quit":
            argument, told = _OWN_HELP.get(command.name, (command.argument, command.help))
            talk.say(lines.line(f"/{command.name} {argument}".rstrip(), told))
    talk.say(lines.line("/resume [SESSION]", "go on with an earlier session, the latest if none is named"))


def _citation(talk: Talk, number: str) -> tuple[int, Citation]:
    citations = talk.citations
    if not citations:
        raise UsageError("there is no source yet", "ask a question first")
    if not number.isdecimal() or not 1 <= int(number) <= len(citations):
        raise UsageError(f"there is no source '{number}'", f"the last answer has sources 1 to {len(citations)}")
    return int(number), citations[int(number) - 1]


def _source(talk: Talk, number: str) -> None:
    if not number:
        for at, cited in enumerate(talk.citations, start=1):
            talk.say_all(lines.source_lines(at, cited))
        if not talk.citations:
            raise UsageError("there is no source yet", "ask a question first")
        return
    at, citation = _citation(talk, number)
    page = talk.wait_for(lambda: talk.engine.page(citation))
    talk.say_all(lines.page_lines(at, citation, page))


def _copy(talk: Talk, what: str) -> None:
    _, citation = _citation(talk, "1" if what in ("", "answer", "quote") else what)
    text = answer_to_copy(citation)
    sequence = osc52(text) if talk.interactive else ""
    if sequence:
        talk.console.result(sequence)
    if copy_text(text):
        talk.say("Copied to the clipboard.")
    elif sequence:
        talk.say("Given to the terminal to copy, if it takes that.")
    else:
        talk.say(lines.line("To copy", text))


def _open_page(talk: Talk, number: str) -> None:
    at, citation = _citation(talk, number or "1")
    if citation.url is None:
        raise UsageError(f"source {at} has no page", f"it is the file {citation.path}")
    opened = open_link(citation.url)
    talk.say(lines.line(f"Opened link {at}" if opened else f"Link {at}", citation.url))


def _digests(talk: Talk, words: str) -> None:
    wanted = words.casefold().split()
    records = talk.wait_for(talk.engine.digests)
    told = [(record, f"{record.source}, {record.headline or 'no headline'}") for record in records]
    found = [text for record, text in told if all(word in f"{text} {record.compound}".casefold() for word in wanted)]
    talk.say_all(lines.line(f"Digest {number}", text) for number, text in enumerate(found[:_LISTED], start=1))
    rest = f"{len(found) - _LISTED:,} more; name some of their words" if len(found) > _LISTED else ""
    if rest or not found:
        talk.say(lines.line("Note", rest or "no digest has these words"))


def _filter(talk: Talk, typed: str) -> None:
    if typed:
        talk.filters = read_filters(typed, talk.filters, lambda written: _find_source(talk, written))
    talk.say(lines.line("Scope", in_words(talk.filters) or "all digests"))


def _about(talk: Talk, typed: str) -> None:
    study = typed or next((citation.source for citation in talk.citations), "")
    if not study:
        raise UsageError("there is no source yet", "name a study: /about NCT06598839")
    _filter(talk, study)


def _find_source(talk: Talk, written: str) -> str | None:
    record = talk.wait_for(lambda: talk.engine.find(written))
    return None if record is None else record.source


def _status(talk: Talk, _: str) -> None:
    talk.say(talk.wait_for(talk.engine.status))


def _job(talk: Talk, kind: JobKind, argument: str) -> None:
    paths = typed_paths(argument)
    last = time.monotonic()

    def on_progress(phase: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _PROGRESS_EVERY_S:
            last = time.monotonic()
            talk.console.note(f"{phase}: {done:,} of {total:,}" if total else phase)

    try:
        ended = talk.wait_for(lambda: talk.engine.run_job(kind, paths, on_progress))
    except KeyboardInterrupt:
        talk.engine.close()
        raise
    if ended.failed:
        raise UsageError(ended.summary, ended.hint)
    talk.say(lines.line("Done", ended.summary), *(lines.line("Note", problem) for problem in ended.problems))
    if ended.changed or not talk.opened:
        talk.take_up()


def _search(talk: Talk, words: str) -> None:
    found = talk.log.search(words, _LISTED)
    talk.say_all(lines.found_lines(found) if found else [lines.line("Note", "nothing was asked with these words")])


def _sessions(talk: Talk, words: str) -> None:
    summaries = talk.log.sessions()
    holding = {found.session_id for found in talk.log.search(words, limit=10**6)} if words else None
    told = [summary for summary in summaries if holding is None or summary.id in holding]
    talk.say_all(map(lines.session_line, told[:_LISTED]))
    if not told:
        talk.say(lines.line("Note", "no session is saved" + (" with these words" if words else "")))
    if told_left_out := left_out_words(talk.log.left_out()):
        talk.say(lines.line("Note", told_left_out))


def _resume(talk: Talk, session_id: str) -> None:
    if not session_id:
        earlier = [summary.id for summary in talk.log.sessions() if summary.id != talk.log.id]
        if not earlier:
            raise UsageError("there is no earlier session", "this one is the first")
        session_id = earlier[0]
    talk.turns = list(talk.log.resume(session_id))
    for turn in talk.turns:
        talk.say(lines.line("Question", turn.question), lines.line("Answer", lines.short(lines.outcome_words(turn))))
    count = "1 question" if len(talk.turns) == 1 else f"{len(talk.turns)} questions"
    talk.say(lines.line("Session", f"{talk.log.id}, {count}, goes on here"))


def _new(talk: Talk, _: str) -> None:
    talk.log.start_new()
    talk.turns = []
    talk.filters = Filters()
    talk.say(lines.line("Session", f"{talk.log.id}, empty"))


def _export(talk: Talk, argument: str) -> None:
    form: ExportForm = "markdown"
    first, _, rest = argument.partition(" ")
    if first.lower() in ("markdown", "md", "json"):
        form = "json" if first.lower() == "json" else "markdown"
        argument = rest.strip()
    elif argument.lower().endswith(".json"):
        form = "json"
    path = talk.log.export(form, typed_path(argument) if argument else None)
    talk.say(lines.line("Exported", path.as_posix()))


_COMMANDS: dict[str, Callable[[Talk, str], None]] = {
    "help": _help,
    "source": _source,
    "cite": _source,
    "copy": _copy,
    "open": _open_page,
    "digests": _digests,
    "about": _about,
    "filter": _filter,
    "all": lambda talk, _: _filter(talk, "off"),
    "history": _search,
    "find": _search,
    "sessions": _sessions,
    "resume": _resume,
    "new": _new,
    "export": _export,
    "ingest": lambda talk, argument: _job(talk, "ingest", argument),
    "rebuild": lambda talk, argument: _job(talk, "rebuild", argument),
    "status": _status,
    "reload": lambda talk, _: talk.take_up(),
}

# What is otherwise here than on the screen: what may follow, and what it does.
_OWN_HELP = {
    "help": ("", "every command"),
    "source": ("[N]", "where the last answer comes from; with a number, that source's own text around the quote"),
    "cite": ("N", "the same as /source N"),
    "copy": ("[N]", "copy the quote of source N with its citation"),
    "filter": ("[STUDY|section:S|compound:C|since:DATE|off]", "limit what is searched, or say what it is limited to"),
    "about": ("[STUDY]", "ask only about this study, or that of the last answer"),
    "find": ("[WORDS]", "the same as /history"),
    "sessions": ("[WORDS]", "list earlier sessions"),
    "export": ("[markdown|json] [FILE]", "write the session to a file"),
}
