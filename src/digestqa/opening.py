"""The models that answer, each with its fallback: what cannot be had is replaced, and the person is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.encoders import load_passage_encoder, load_query_encoder
from digestqa.errors import EncoderError, LibraryDamagedError, ReaderError
from digestqa.reading import SENTENCES, prepare_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from digestqa.encoders import QueryEncoder
    from digestqa.library import Library
    from digestqa.reading import Reader


def open_query_encoder(library: Library) -> tuple[QueryEncoder, tuple[str, ...]]:
    """Return the library's exported query encoder, or, where it cannot be used, the slow one it was exported from.

    Returns:
        The encoder, and what to warn of.

    Raises:
        EncoderError: the library holds no vectors yet, or neither encoder can be loaded.
    """
    identity = library.identity.encoder
    if identity is None:
        raise EncoderError("the library holds no vectors yet", "run 'digestqa ingest' (without --no-embed)")
    warnings: tuple[str, ...] = ()
    try:
        files = library.query_encoder_files
        if files is not None:
            return load_query_encoder(*files, identity), ()
    except (EncoderError, LibraryDamagedError) as error:
        mend = f" ({error.hint})" if error.hint else ""
        warnings = (f"{error.message}{mend}; until then asking takes longer",)
    encoder = load_passage_encoder(identity.name)
    if encoder.identity != identity:
        raise EncoderError(
            f"the encoder {identity.name} on this machine is not the one that built the library",
            "run 'digestqa rebuild'",
        )
    return encoder, warnings


def open_reader(name: str | None) -> tuple[Callable[[QueryEncoder], Reader], tuple[str, ...]]:
    """Load the reader asked for; if none was and the package's own cannot be used, sentence selection.

    Returns:
        What makes the reader, once the library's encoder is there, and what to warn of.

    Raises:
        ReaderError: the reader asked for cannot be loaded.
    """
    try:
        return prepare_reader(name), ()
    except ReaderError as error:
        if name is not None:
            raise
        return prepare_reader(SENTENCES), (f"{error.message}; answering with whole sentences instead",)
