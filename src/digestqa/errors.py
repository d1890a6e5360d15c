"""The one exception root of digestqa, and its kinds.

Every error that a person may meet carries a ``message`` (what, and where) and a ``hint`` (what to do next).
The command line prints both and chooses the exit code; the terminal UI shows both. Anything else that escapes
is a defect of the program.
"""

from __future__ import annotations


class DigestQAError(Exception):
    """Root of all errors that digestqa raises on purpose.

    Attributes:
        message: what went wrong and where, one plain sentence without a final full stop.
        hint: what to do next, or an empty string where nothing sensible can be said.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(DigestQAError):
    """The command line, the configuration or an argument of a public function is not usable."""


class QuestionError(DigestQAError):
    """The question cannot be asked: empty, only punctuation, or not text."""


class FileRefusedError(DigestQAError):
    """A file cannot be read as text: missing, special, too large, not UTF-8, unreadable."""


class NotADigestError(DigestQAError):
    """A file was read but it is no digest; the message says why."""


class FetchError(DigestQAError):
    """The registry cannot be reached, or answers what cannot be used."""


class EncoderError(DigestQAError):
    """An encoder cannot be loaded, exported or trusted."""


class ReaderError(DigestQAError):
    """A reader cannot be loaded or trusted."""


class LibraryError(DigestQAError):
    """The library under embeddings/ cannot be used."""


class LibraryMissingError(LibraryError):
    """There is no library yet."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""


class LibraryDamagedError(LibraryError):
    """The catalog is truncated or corrupt."""


class LibraryMismatchError(LibraryError):
    """The library was built with another encoder, chunker or schema."""


class StorageError(LibraryError):
    """The disk is full, or a folder cannot be written."""
