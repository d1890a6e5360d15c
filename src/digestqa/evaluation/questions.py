"""Questions with known answers, read from a file of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digestqa.answering import check_question
from digestqa.errors import QuestionError, UsageError

_FORM = (
    'each line is {"id", "question", "answers": [spans], "source": id or list, "sentence": text or list, "type", '
    '"kind", "history": [texts]}; id, question and answers are needed, and source where there are answers'
)
_FAULTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question with what is known of its answer.

    Attributes:
        id: unlike any other of its file; pairs a question with its row in a baseline.
        question: as a person would ask it.
        answers: acceptable spans; empty where the digests do not say.
        sources: ids of the studies that answer, or that the question pretends to be about.
        sentences: the sentences of the digests that hold the answers.
        type: what is asked for, such as ``number`` or ``cross``.
        kind: of an unanswerable question, ``near-miss`` or ``off-topic``; empty where nothing is said.
        history: earlier questions of the conversation, oldest first.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    type: str = "other"
    kind: str = ""
    history: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the digests say."""
        return bool(self.answers)


def read_questions(path: Path) -> tuple[EvalQuestion, ...]:
    """Read a file of questions, one JSON object a line; blank lines are passed over.

    Raises:
        UsageError: the file cannot be read, holds no question, or has lines that are none; each is named.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"the questions {path} cannot be read: {error.strerror}", "give a file of JSON lines") from (
            error
        )
    except UnicodeDecodeError as error:
        raise UsageError(f"the questions {path} are not UTF-8 (byte {error.start})", "save them as UTF-8") from error
    questions: list[EvalQuestion] = []
    line_of: dict[str, int] = {}
    faults: list[str] = []
    for number, line in _numbered(text):
        try:
            question = parse_question(line)
        except UsageError as error:
            faults.append(f"line {number}: {error.message}")
            continue
        if question.id in line_of:
            faults.append(f"line {number}: the id '{question.id}' is that of line {line_of[question.id]} too")
        line_of.setdefault(question.id, number)
        questions.append(question)
    if faults:
        more = len(faults) - _FAULTS_SHOWN
        told = "; ".join(faults[:_FAULTS_SHOWN]) + (f"; and {more:,} more" if more > 0 else "")
        raise UsageError(f"{path}, {told}", _FORM)
    if not questions:
        raise UsageError(f"{path} holds no question", _FORM)
    return tuple(questions)


def parse_question(line: str) -> EvalQuestion:
    """Read one question from a line of JSON.

    Raises:
        UsageError: the line is no JSON, lacks a field, or a field is not what it should be.
    """
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"no JSON: {error}", _FORM) from error
    if not isinstance(value, dict):
        raise UsageError("no JSON object", _FORM)
    identifier = value.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int) or identifier == "":
        raise UsageError("'id' is no text or whole number", _FORM)
    question = _text(value, "question")
    try:
        check_question(question)
    except QuestionError as error:
        raise UsageError(error.message, _FORM) from error
    if not isinstance(value.get("answers"), list):
        raise UsageError("'answers' is no list (an empty one where the digests do not say)", _FORM)
    answers, sources = _texts(value, "answers"), _texts(value, "source")
    if any(not answer.strip() for answer in answers):
        raise UsageError("an answer is empty", _FORM)
    if answers and not sources:
        raise UsageError("there are answers but no 'source'", _FORM)
    return EvalQuestion(
        id=str(identifier),
        question=question,
        answers=answers,
        sources=sources,
        sentences=_texts(value, "sentence"),
        type=_text(value, "type", "other") or "other",
        kind=_text(value, "kind", ""),
        history=_texts(value, "history"),
    )


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines(): a JSON text may hold U+2028 and the like unescaped.
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _text(value: dict[str, Any], name: str, default: str | None = None) -> str:
    given = value.get(name)
    if given is None and default is not None:
        return default
    if not isinstance(given, str):
        raise UsageError(f"'{name}' is no text", _FORM)
    return given


def _texts(value: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of texts; a single text stands for a list of one, and nothing or an empty text for none."""
    given = value.get(name)
    listed = [] if given in (None, "") else given if isinstance(given, list) else [given]
    if not all(isinstance(entry, str) for entry in listed):
        raise UsageError(f"'{name}' is no text or list of texts", _FORM)
    return tuple(listed)
