"""``digestqa verify``: the library against its files, or every quote of a saved answer against its file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digestqa.commands.values import given_text
from digestqa.digests import read_file
from digestqa.errors import FileRefusedError, UsageError
from digestqa.output.reports import counted
from digestqa.output.terminal import Console
from digestqa.settings import Settings

HELP = "check the library, or the quotes of a saved answer"
DESCRIPTION = (
    "Without an argument checks the library against its files. With the JSON of an answer (or of many, one a line) "
    "checks that each quote stands in its file, word for word. Exit code: 0 sound, 1 a mismatch, 2 error."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "answer",
        type=given_text,
        nargs="?",
        metavar="ANSWER.json",
        help="saved output of 'ask --json' or '--batch', or an exported conversation; - is standard input",
    )
    parser.add_argument("--json", action="store_true", help="print the problems as JSON")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Check and return the exit code."""
    if parsed.answer is not None:
        checked, problems = _verify_answers(parsed.answer)
        told = "1 quote stands" if checked == 1 else f"{checked:,} quotes stand"
        told += " in the cited files, word for word"
    else:
        from digestqa.library import verify_library

        problems = [
            {"what": problem.what, "where": problem.where, "hint": problem.hint}
            for problem in verify_library(settings.embeddings, settings.seeds)
        ]
        told = "the library is sound"
    if parsed.json:
        console.result(
            json.dumps({"schema": 1, "sound": not problems, "problems": problems}, ensure_ascii=not console.unicode)
        )
    else:
        for problem in problems:
            console.error(f"{problem['where']}: {problem['what']}", problem["hint"])
        console.result(counted(len(problems), "problem") if problems else told)
    return 1 if problems else 0


def _verify_answers(source: str) -> tuple[int, list[dict[str, str]]]:
    problems: list[dict[str, str]] = []
    checked = 0
    for name, reply in _replies(source):
        try:
            answers = [(entry["citation"], entry) for entry in reply["answers"]]
            nearest = [(citation, {"quote": citation["quote"]}) for citation in reply["nearest"]]
            for citation, entry in [*answers, *nearest]:
                checked += 1
                what = _fault(citation, entry)
                if what:
                    problems.append(
                        {
                            "what": what,
                            "where": f"{name}, {citation['path']}",
                            "hint": "ask again; the file is not as it was",
                        }
                    )
        except (KeyError, TypeError) as error:
            what = f"it has no {error}" if isinstance(error, KeyError) else "a part of it is of the wrong kind"
            raise UsageError(
                f"{name} is no answer object: {what}", "give what 'digestqa ask --json' printed"
            ) from error
    return checked, problems


def _fault(citation: dict[str, Any], entry: dict[str, Any]) -> str:
    """Return what is wrong with one citation, or an empty string."""
    try:
        file = read_file(Path(citation["path"]))
    except FileRefusedError as error:
        return error.message
    if file.sha256 != citation["sha256"]:
        return "the file has changed since (its sha256 is another)"
    start, end, span_start, span_end = (citation[key] for key in ("start", "end", "span_start", "span_end"))
    if not 0 <= start <= span_start < span_end <= end <= len(file.text):
        return "the offsets do not lie within the file and each other"
    if file.text[start:end] != entry["quote"]:
        return "the quote is not what stands at its place"
    if "text" in entry and file.text[span_start:span_end] != entry["text"]:
        return "the answer is not what stands at its place"
    return ""


def _replies(source: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each answer object of a file: one object, or one a line."""
    hint = "give what 'digestqa ask --json' or 'digestqa ask --batch' printed"
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}", hint) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{source} is not UTF-8 (byte {error.start})", hint) from error
    try:
        values = _unpacked(source, json.loads(text))
    except ValueError:
        values = []
        # Quotes may hold the other line breaks of Unicode, which end no line of JSON.
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                where = f"{source}, line {number}"
                values += _unpacked(where, _loads(line, where, hint))
    if not text.strip():
        raise UsageError(f"{source} is empty", hint)
    for name, value in values:
        if not isinstance(value, dict):
            raise UsageError(f"{name} is no answer object", hint)
        yield name, value


def _unpacked(name: str, value: Any) -> list[tuple[str, Any]]:
    """Return the answer objects of a value: itself, or those of an exported session or of a line of a saved one."""
    if not isinstance(value, dict) or "answers" in value:
        return [(name, value)]
    if isinstance(turns := value.get("turns"), list):
        return [
            entry
            for number, turn in enumerate(turns, start=1)
            for entry in _unpacked(f"{name}, question {number}", turn)
        ]
    if value.get("format") == "digestqa session":
        return []
    if "answer" in value:
        # A question that failed or was cancelled has no answer to be checked.
        return [] if value["answer"] is None else [(name, value["answer"])]
    return [(name, value)]


def _loads(line: str, name: str, hint: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is no JSON: {error}", hint) from error
