"""Question and passages in, candidate spans with a confidence out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.reading.base import Candidate, Range, ReadablePassage, Reader

if TYPE_CHECKING:
    from digestqa.encoders import QueryEncoder
    from digestqa.reading.span_reader import ReaderFiles

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
    from digestqa.reading.span_reader import prepare_span_reader

    files = _chosen(name)
    return SentenceReader if files is None else prepare_span_reader(files.folder)


def describe_reader(name: str | None) -> dict[str, str]:
    """Return name and weights' hash of the reader that would answer, without loading it.

    Raises:
        ReaderError: the reader's description cannot be read.
    """
    from digestqa.reading.sentence_reader import SentenceReader, load_weights

    files = _chosen(name)
    if files is None:
        return {"name": SentenceReader.name, "sha256": load_weights().sha256}
    described = files.describe()
    return {"name": described.name, "sha256": described.onnx_sha256}


def _chosen(name: str | None) -> ReaderFiles | None:
    """Return the span reader that a name means, or None for sentence selection."""
    from digestqa.reading.span_reader import ReaderFiles

    if name == SENTENCES:
        return None
    if name is not None:
        return ReaderFiles(Path(name))
    packaged = ReaderFiles(packaged_reader())
    return packaged if packaged.present else None


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
