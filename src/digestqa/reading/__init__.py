"""Question and passages in, candidate spans with a confidence out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.reading.base import Candidate, Range, ReadablePassage, Reader

if TYPE_CHECKING:
    from digestqa.encoders import QueryEncoder

SENTENCES = "sentences"
"""The name of the fallback reader."""


def prepare_reader(name: str | None) -> Callable[[QueryEncoder], Reader]:
    """Load all of a reader that does not need the library's encoder.

    Args:
        name: ``sentences`` for sentence selection, a folder that holds a reader, or None for the one that comes with
            the package, and sentence selection where none does.

    Returns:
        What makes the reader, once the library's encoder is there.

    Raises:
        ReaderError: the reader cannot be loaded or trusted.
    """
    from digestqa.reading.sentence_reader import SentenceReader
    from digestqa.reading.span_reader import ReaderFiles, prepare_span_reader

    if name == SENTENCES:
        return SentenceReader
    folder = Path(name) if name is not None else packaged_reader()
    if name is None and not ReaderFiles(folder).present:
        return SentenceReader
    return prepare_span_reader(folder)


def describe_reader(name: str | None) -> dict[str, str]:
    """Return name and weights' hash of the reader that would answer, without loading it.

    Raises:
        ReaderError: the reader's description cannot be read.
    """
    from digestqa.reading.sentence_reader import SentenceReader, load_weights
    from digestqa.reading.span_reader import ReaderFiles

    files = ReaderFiles(Path(name) if name is not None and name != SENTENCES else packaged_reader())
    if name == SENTENCES or (name is None and not files.present):
        return {"name": SentenceReader.name, "sha256": load_weights().sha256}
    described = files.describe()
    return {"name": described.name, "sha256": described.onnx_sha256}


def packaged_reader() -> Path:
    """Return the folder in the package where the trained reader lies."""
    return Path(str(resources.files("digestqa.reading").joinpath("model")))


__all__ = [
    "SENTENCES",
    "Candidate",
    "Range",
    "ReadablePassage",
    "Reader",
    "describe_reader",
    "packaged_reader",
    "prepare_reader",
]
