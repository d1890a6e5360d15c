"""``digestqa ask``: one question, or many from a file, answered with quotes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from digestqa.commands.values import given_text
from digestqa.errors import DigestQAError, QuestionError, UsageError
from digestqa.output.terminal import Console
from digestqa.settings import Settings

if TYPE_CHECKING:
    from digestqa.retrieval import Filters

HELP = "ask a question, get the sentence that answers it"
DESCRIPTION = (
    "Answers from the digests, word for word, with the study and the place; or says that the digests do not say. "
    "Exit code: 0 answered, 1 the digests do not say, 2 error."
)
EPILOG = (
    'Examples: digestqa ask "what is the primary outcome?" --trial NCT06598839 | digestqa ask --batch questions.ndjson'
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="the question; - reads it from standard input")
    parser.add_argument(
        "--batch",
        type=given_text,
        metavar="FILE",
        help='newline-delimited JSON in ({"id", "question", "history"}), answers out; - is standard input',
    )
    parser.add_argument("--json", action="store_true", help="print the answer object (schema 1)")
    parser.add_argument(
        "--top",
        type=_count,
        metavar="N",
        default=None,
        help="answers at most (default 6; over many studies 10; counted 20)",
    )
    parser.add_argument(
        "--trial", type=given_text, action="append", default=[], metavar="ID", help="only this study (repeatable)"
    )
    parser.add_argument(
        "--section", type=given_text, action="append", default=[], metavar="S", help="only this section (repeatable)"
    )
    parser.add_argument(
        "--compound", type=given_text, action="append", default=[], metavar="C", help="only this compound (repeatable)"
    )
    parser.add_argument(
        "--since",
        type=given_text,
        metavar="DATE",
        help="only digests dated DATE (YYYY, YYYY-MM or YYYY-MM-DD) or later",
    )
    parser.add_argument(
        "--as-of",
        type=given_text,
        metavar="DATE",
        help="answer from the versions that were current on DATE (YYYY, YYYY-MM or YYYY-MM-DD), by ingest date",
    )
    add_reader_argument(parser)
    parser.add_argument("--quiet", action="store_true", help="nothing on stderr but errors and warnings")


def add_reader_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--reader`` to a command that answers questions."""
    parser.add_argument(
        "--reader",
        type=given_text,
        metavar="NAME",
        help="a reader's folder, a Hugging Face question-answering model, or 'sentences' (default: the package's own)",
    )


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Answer and return the exit code."""
    if parsed.batch is not None and parsed.question is not None:
        raise UsageError("give a question or --batch, not both", "see 'digestqa ask --help'")
    if parsed.batch is not None:
        return _batch(parsed, settings, console)
    question = _question(parsed.question)

    from digestqa.answering.questions import check_question
    from digestqa.commands.session import open_assistant

    check_question(question)
    filters = _filters(parsed)
    with open_assistant(settings, console, as_of=_day(parsed), lasting=False) as assistant:
        reply = assistant.ask(question, filters=filters, top=parsed.top)
    if parsed.json:
        from digestqa.output.jsonform import dump, reply_value

        console.result(dump(reply_value(reply), unicode=console.unicode))
    else:
        from digestqa.output.text import render_reply

        console.result(render_reply(reply, color=console.color, unicode=console.unicode))
    return 0 if reply.status == "answered" else 1


def _question(given: str | None) -> str:
    if given is None:
        raise UsageError("no question", 'ask one: digestqa ask "what is the primary outcome?"')
    if given != "-":
        return given
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"standard input is not UTF-8 (byte {error.start})", "send the question as UTF-8"
        ) from error


def _filters(parsed: argparse.Namespace) -> Filters:
    from digestqa.digests import normalize_source
    from digestqa.retrieval import Filters, check_date

    return Filters(
        sources=tuple(normalize_source(trial) or trial for trial in parsed.trial),
        sections=tuple(parsed.section),
        compounds=tuple(parsed.compound),
        since=check_date(parsed.since) if parsed.since else None,
    )


def _day(parsed: argparse.Namespace) -> str | None:
    from digestqa.retrieval import check_date

    return check_date(parsed.as_of) if parsed.as_of else None


@dataclass(frozen=True, slots=True)
class _BatchLine:
    id: str | int | None
    question: str
    history: tuple[str, ...]


def _batch(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Answer a file of questions, one answer object a line, in input order."""
    from digestqa.commands.session import open_assistant
    from digestqa.output.jsonform import dump, reply_value

    filters, as_of = _filters(parsed), _day(parsed)
    failed = False
    with _batch_lines(parsed.batch) as lines, open_assistant(settings, console, as_of=as_of) as assistant:
        for number, raw in lines:
            try:
                line = parse_batch_line(raw)
                reply = assistant.ask(line.question, line.history, filters, parsed.top)
            except DigestQAError as error:
                failed = True
                console.error(f"{parsed.batch}, line {number}: {error.message}", error.hint)
                continue
            console.result(dump(reply_value(reply, line.id), unicode=console.unicode))
    return 2 if failed else 0


@contextmanager
def _batch_lines(source: str) -> Iterator[Iterator[tuple[int, bytes]]]:
    """Open the batch and yield its non-blank lines with their numbers."""
    if source == "-":
        yield _numbered(sys.stdin.buffer, "standard input")
        return
    with ExitStack() as opened:
        try:
            stream = opened.enter_context(Path(source).open("rb"))
        except OSError as error:
            raise _unreadable(source, error) from error
        yield _numbered(stream, source)


def _numbered(stream: BinaryIO, source: str) -> Iterator[tuple[int, bytes]]:
    try:
        for number, raw in enumerate(stream, start=1):
            if raw.strip():
                yield number, raw
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: str, error: OSError) -> UsageError:
    return UsageError(f"{source} cannot be read: {error.strerror}", "give a file of JSON lines, or -")


def parse_batch_line(raw: bytes) -> _BatchLine:
    """Read one line of a batch.

    Raises:
        UsageError: the line is no JSON object of the form {"id", "question", "history"}.
    """
    form = 'each line is {"id": "q1", "question": "...", "history": ["..."]}; id and history may be left out'
    try:
        value: Any = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UsageError(f"no JSON: {error}", form) from error
    if not isinstance(value, dict) or not isinstance(value.get("question"), str):
        raise UsageError("no object with a text 'question'", form)
    history = value.get("history") or []
    if not isinstance(history, list) or not all(isinstance(entry, str) for entry in history):
        raise UsageError("'history' is no list of texts", form)
    identifier = value.get("id")
    if identifier is not None and (isinstance(identifier, bool) or not isinstance(identifier, str | int)):
        raise UsageError("'id' is neither text nor a whole number", form)
    return _BatchLine(identifier, value["question"], tuple(history))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to 100")
    return int(text)
