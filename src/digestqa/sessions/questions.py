"""The input history: every question of every session, in one file that programs append to side by side."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from digestqa.output.jsonform import dump

NAME = "questions.log"
REMEMBERED = 1000
"""Older questions are found by searching the sessions; the arrow keys need not go that far."""

_READ_BYTES = 1 << 20


class QuestionHistory:
    """Questions as typed, oldest first, each but a repeat of the one before."""

    def __init__(self, folder: Path | None) -> None:
        """Begin with what the folder's file holds; with nothing where no folder keeps it or none can be read."""
        self._path = None if folder is None else folder / NAME
        self._questions = _read(self._path) if self._path is not None else []

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions, oldest first."""
        return tuple(self._questions)

    def note(self, question: str) -> None:
        """Add a question.

        Raises:
            OSError: it cannot be written; it is remembered until the program ends all the same.
        """
        if not question.strip() or (self._questions and self._questions[-1] == question):
            return
        self._questions.append(question)
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = dump(question).encode("utf-8") + b"\n"
        # One write to a file opened for appending: lines of two programs come one after the other.
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def _read(path: Path) -> list[str]:
    questions: list[str] = []
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _READ_BYTES))
            lines = file.read().split(b"\n")
    except OSError:
        return []
    # The first line may be cut in two by where the reading began, the last by a program that was killed.
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            question = json.loads(line)
            if isinstance(question, str) and (not questions or questions[-1] != question):
                questions.append(question)
    return questions[-REMEMBERED:]
