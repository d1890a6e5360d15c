"""A library and the models that answer over it, each model with its fallback.

What cannot be had is replaced, and the person is told.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.encoders import load_query_encoder
from digestqa.errors import EncoderError, LibraryDamagedError, ReaderError
from digestqa.reading import SENTENCES, prepare_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from digestqa.encoders import QueryEncoder
    from digestqa.library import Library
    from digestqa.reading import Reader


@dataclass(frozen=True, slots=True)
class Opened:
    """What an answer takes.

    Attributes:
        library: open; whoever has this closes it.
        encoder: turns questions into vectors of the library's space.
        reader: finds spans in passages.
        warnings: what could not be had and was replaced by something slower or plainer.
    """

    library: Library
    encoder: QueryEncoder
    reader: Reader
    warnings: tuple[str, ...]


class Opening:
    """An open library whose models are on their way: they load in threads, while the caller imports what else it needs.

    Use as a context manager; left with an error, or without ``finish``, it closes the library.

    Args:
        seeds: the digests' folder.
        embeddings: the library's folder.
        encoder: the encoder that the library must have been built with; None takes the library's own.
        reader: ``sentences``, a reader's folder, a Hugging Face model, or None for the one that comes with the package.
        as_of: answer from the versions that were current on this day; None for the present ones.
        lasting: more questions than a single one are to be expected, so that time spent on loading comes back.

    Raises:
        UsageError: no digest is as old as ``as_of``.
        LibraryError: there is no library, or it cannot be used.
    """

    def __init__(
        self,
        seeds: Path,
        embeddings: Path,
        *,
        encoder: str | None = None,
        reader: str | None = None,
        as_of: str | None = None,
        lasting: bool = True,
    ) -> None:
        from digestqa.encoders.session import load_runtime
        from digestqa.library import Library

        self.library = Library.open(embeddings, seeds, encoder_name=encoder, as_of=as_of)
        self._finished = False
        try:
            load_runtime()
            # Two models to load and more than one core to do it.
            self._pool = ThreadPoolExecutor(2, "digestqa-opening")
            self._reader = self._pool.submit(open_reader, reader)
            self._encoder = self._pool.submit(open_query_encoder, self.library, lasting=lasting)
        except BaseException:
            self.library.close()
            raise

    def __enter__(self) -> Opening:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        if not self._finished:
            self.library.close()

    def finish(self) -> Opened:
        """Wait for the models.

        Raises:
            EncoderError: no encoder for questions can be had.
            ReaderError: the reader asked for cannot be loaded.
        """
        questions, encoder_warnings = self._encoder.result()
        make_reader, reader_warnings = self._reader.result()
        opened = Opened(self.library, questions, make_reader(questions), (*encoder_warnings, *reader_warnings))
        self._finished = True
        return opened


def open_query_encoder(library: Library, *, lasting: bool = True) -> tuple[QueryEncoder, tuple[str, ...]]:
    """Return the library's exported query encoder, or, where it cannot be used, the slow one it was exported from.

    Args:
        library: an open library.
        lasting: it is to encode more than a single question.

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
            return load_query_encoder(*files, identity, prepack=lasting), ()
    except (EncoderError, LibraryDamagedError) as error:
        mend = f" ({error.hint})" if error.hint else ""
        warnings = (f"{error.message}{mend}; until then asking takes longer",)
    from digestqa.encoders import load_passage_encoder

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
