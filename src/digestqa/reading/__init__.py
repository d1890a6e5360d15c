"""Question and passages in, candidate spans with a confidence out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.reading.base import Candidate, Range, ReadablePassage, Reader

if TYPE_CHECKING:
    from digestqa.encoders import QueryEncoder
    from digestqa.reading.calibration import Calibration
    from digestqa.reading.hugging_face import HuggingFaceFiles
    from digestqa.reading.reader_files import ReaderFiles

SENTENCES = "sentences"
"""The name of the fallback reader."""


def prepare_reader(name: str | None, *, calibration: Calibration | None = None) -> Callable[[QueryEncoder], Reader]:
    """Load all of a reader that does not need the library's encoder.

    Args:
        name: ``sentences`` for sentence selection; a folder that holds a reader of this project (``reader.json``) or a
            Hugging Face question-answering model (``config.json``); the name of such a model in the Hugging Face cache;
            or None for the reader that comes with the package, and sentence selection where none does.
        calibration: instead of the reader's own, while one is being fitted; sentence selection has its own.

    Returns:
        What makes the reader, once the library's encoder is there.

    Raises:
        ReaderError: the reader cannot be loaded or trusted.
    """
    from digestqa.reading.reader_files import ReaderFiles
    from digestqa.reading.sentence_reader import SentenceReader
    from digestqa.reading.span_reader import prepare_span_reader

    files = _chosen(name)
    if files is None:
        return SentenceReader
    if isinstance(files, ReaderFiles):
        return prepare_span_reader(files.folder, calibration=calibration)
    from digestqa.reading.hugging_face import prepare_hugging_face_reader

    return prepare_hugging_face_reader(files, calibration=calibration)


def describe_reader(name: str | None) -> dict[str, str]:
    """Return name and weights' hash of the reader that would answer, without loading it.

    Raises:
        ReaderError: there is no such reader, or its description cannot be read.
    """
    from digestqa.reading.reader_files import ReaderFiles
    from digestqa.reading.sentence_reader import SentenceReader, load_weights

    files = _chosen(name)
    if files is None:
        return {"name": SentenceReader.name, "sha256": load_weights().sha256}
    if isinstance(files, ReaderFiles):
        described = files.describe()
        return {"name": described.name, "sha256": described.onnx_sha256}
    return {"name": files.shown_name, "sha256": files.weights_sha256()}


def _chosen(name: str | None) -> ReaderFiles | HuggingFaceFiles | None:
    """Return the reader that a name means, or None for sentence selection."""
    from digestqa.reading.reader_files import ReaderFiles

    if name == SENTENCES:
        return None
    if name is None:
        packaged = ReaderFiles(packaged_reader())
        return packaged if packaged.present else None
    own = ReaderFiles(Path(name).expanduser())
    if own.present:
        return own
    from digestqa.reading.hugging_face import find_hugging_face_model

    return find_hugging_face_model(name)


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
