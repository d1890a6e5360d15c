"""What may reach a terminal: colour decided per stream, control characters shown escaped, closed pipes endured."""

from __future__ import annotations

import errno
import os
import sys
import unicodedata
from collections.abc import Mapping
from typing import Literal, TextIO

from digestqa.errors import StorageError

ColorChoice = Literal["auto", "always", "never"]

# Characters of these categories steer a terminal or reorder what a person sees; they are shown, not obeyed.
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_KEPT = {"\n", "\t", "\u00ad", "\u200c", "\u200d"}
"""Line breaks and tabs are text; the soft hyphen and the joiners only shape letters."""


def visible(text: str) -> str:
    """Return the text with every control, bidirectional and surrogate character written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char in _KEPT or unicodedata.category(char) not in _HIDDEN_CATEGORIES else _escape(char)
        for char in text
    )


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def use_color(stream: TextIO, choice: ColorChoice, environment: Mapping[str, str] | None = None) -> bool:
    """Decide whether a stream gets colour.

    ``--color`` wins, then ``NO_COLOR`` (any value but an empty one), ``FORCE_COLOR``, ``TERM=dumb``, and last
    whether the stream is a terminal.
    """
    environment = os.environ if environment is None else environment
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


class Console:
    """The two streams of a command: results on stdout, everything else on stderr.

    A reader that closes the pipe early (``digestqa list | head``) is not an error: what is left is dropped.

    Attributes:
        color: whether results are styled.
        unicode: whether stdout can carry every character; where not, characters are escaped, never lost silently.
    """

    def __init__(self, color: ColorChoice = "auto", *, quiet: bool = False) -> None:
        self._out = sys.stdout
        self._err = sys.stderr
        for stream in (self._out, self._err):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        self.quiet = quiet
        self.color = use_color(self._out, color)
        encoding = (getattr(self._out, "encoding", None) or "ascii").lower().replace("-", "")
        self.unicode = encoding.startswith("utf")
        self.closed = False

    def result(self, text: str) -> None:
        """Write a line of results to stdout and flush it.

        Raises:
            StorageError: it cannot be written, as on a full disk; nothing more is.
        """
        self._to_out(text + "\n")

    def finish(self) -> None:
        """Write what others left in the buffer of stdout, as the parser does with its help.

        Raises:
            StorageError: it cannot be written.
        """
        self._to_out("")

    def note(self, text: str) -> None:
        """Write a line of narration to stderr, unless quiet."""
        if not self.quiet:
            self._to_err(f"digestqa: {text}")

    def warn(self, text: str) -> None:
        """Write a warning to stderr, also when quiet."""
        self._to_err(f"digestqa: warning: {text}")

    def error(self, message: str, hint: str = "") -> None:
        """Write an error, and what to do next, to stderr."""
        self._to_err(f"digestqa: error: {message}")
        if hint:
            self._to_err(f"hint: {hint}")

    @property
    def interactive_err(self) -> bool:
        """Whether stderr is a terminal that a progress bar may draw on."""
        return not self.quiet and self._err.isatty() and os.environ.get("TERM") != "dumb"

    def _to_out(self, text: str) -> None:
        if self.closed:
            return
        try:
            self._out.write(text)
            self._out.flush()
        except (BrokenPipeError, ValueError):
            self._close()
        except OSError as error:
            self._close()
            raise unwritable_output(error) from error

    def _to_err(self, text: str) -> None:
        try:
            self._err.write(visible(text) + "\n")
            self._err.flush()
        except (OSError, ValueError):
            # What was done, and the exit code, do not depend on whether it can be told.
            _drop_rest(self._err)

    def _close(self) -> None:
        self.closed = True
        _drop_rest(self._out)


def _drop_rest(stream: TextIO) -> None:
    """Lead a stream to where writing never fails: the interpreter flushes it once more at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return


def unwritable_output(error: OSError) -> StorageError:
    """Tell that standard output takes nothing, and why."""
    hint = "free some space, or send the output elsewhere" if error.errno == errno.ENOSPC else "send it elsewhere"
    return StorageError(f"standard output cannot be written: {error.strerror or error}", hint)


def occupy_standard_descriptors() -> None:
    """Put something in the place of standard streams that were closed before the program began (``>&-``).

    A file of the library would else get a free number below three, and what is printed would be written into it.
    Closed input is empty, closed error output takes everything, and closed output takes nothing, so that an answer
    that nobody can see is told as an error (as ``stdopen`` of GNU gnulib does it).
    """
    for descriptor, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            # The system gives the lowest free number, and those below are taken by now.
            os.set_inheritable(os.open(os.devnull, flags), True)
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)


def bold(text: str) -> str:
    """Return the text in bold (ECMA-48 SGR 1)."""
    return f"\x1b[1m{text}\x1b[22m"


def dim(text: str) -> str:
    """Return the text dimmed (ECMA-48 SGR 2)."""
    return f"\x1b[2m{text}\x1b[22m"
