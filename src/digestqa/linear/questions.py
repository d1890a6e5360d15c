"""Where the lines of a conversation come from: a person at a terminal, or a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import Protocol, TextIO

from digestqa.errors import QuestionError

PROMPT = "Question: "


class LineSource(Protocol):
    """Gives one line after another.

    Attributes:
        interactive: whether a person types them, and sees what he types.
    """

    interactive: bool

    def read(self) -> str:
        """Return the next line without its end.

        Raises:
            EOFError: there is none.
            KeyboardInterrupt: Ctrl-C.
            QuestionError: the line is no text.
        """


class Terminal:
    """A person at a terminal, with line editing and the questions of earlier sessions where the system has them."""

    interactive = True

    def __init__(self, earlier: Sequence[str]) -> None:
        """Put earlier questions within reach of the arrow keys, oldest first."""
        # readline is not there on every system; typing works without it.
        with contextlib.suppress(ImportError):
            import readline

            for question in earlier:
                readline.add_history(" ".join(question.split()))

    def read(self) -> str:
        """Return the next line that the person types."""
        return input(PROMPT)


class Pipe:
    """Lines from a pipe or a file, as UTF-8 whatever the locale is."""

    interactive = False

    def __init__(self, stream: TextIO) -> None:
        """Read from a text stream's bytes."""
        self._stream = stream
        self._number = 0

    def read(self) -> str:
        """Return the next line."""
        if self._stream.isatty():
            # What is answered goes elsewhere, so the person is asked beside it.
            sys.stderr.write(PROMPT)
            sys.stderr.flush()
        raw = self._stream.buffer.readline()
        if not raw:
            raise EOFError
        self._number += 1
        try:
            return raw.decode("utf-8-sig" if self._number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise QuestionError(
                f"line {self._number} of standard input is not UTF-8 (byte {error.start})", "send questions as UTF-8"
            ) from error


def line_source(earlier: Sequence[str]) -> LineSource:
    """Return what the lines are read from in this process."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return Terminal(earlier)
    return Pipe(sys.stdin)
