"""The query encoder: an exported graph in ONNX Runtime, quick to start; neither torch nor transformers is loaded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.encoders.base import EncoderIdentity, OnProgress
from digestqa.encoders.quiet import first_line
from digestqa.encoders.session import open_session
from digestqa.encoders.tokens import INPUT_NAMES, BatchTokenizer, TokenArrays
from digestqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray

_TOKENS_PER_BATCH = 256  # best for 40 sentences of 30 tokens; 1024 takes a tenth longer, 2048 half as long again
_QUESTIONS_KEPT = 8
_REBUILD = "run 'digestqa rebuild'"


class OnnxQueryEncoder:
    """Encodes questions and a few sentences with an exported graph."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: BatchTokenizer, identity: EncoderIdentity
    ) -> None:
        """Take an open session and the tokenizer that the graph was exported with."""
        self._session = session
        self._tokenizer = tokenizer
        self._identity = identity
        # Retrieval and the reader both need the question's vector; the second is not worked out again.
        self._query_vector = lru_cache(_QUESTIONS_KEPT)(self._encoded_query)

    @property
    def identity(self) -> EncoderIdentity:
        """What decides the vectors; equal to the passage encoder's that built the library."""
        return self._identity

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return one vector of shape (dimension,), of unit length.

        Raises:
            EncoderError: the graph gave a vector that is not numbers, or of another dimension.
        """
        return self._query_vector(text).copy()

    def _encoded_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._run(self._tokenizer.single(self._identity.query_prompt + text))[0]
        return vector

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), rows of unit length, in the order of ``texts``.

        Raises:
            EncoderError: the graph gave vectors that are not numbers, or of another dimension.
        """
        import numpy as np

        vectors = np.empty((len(texts), self._identity.dimension), np.float32)
        prompted = [self._identity.passage_prompt + text for text in texts]
        done = 0
        for positions, arrays in self._tokenizer.batches(prompted, _TOKENS_PER_BATCH):
            vectors[positions] = self._run(arrays)
            done += len(positions)
            if on_progress is not None:
                on_progress(done, len(texts))
        return vectors

    def _run(self, arrays: TokenArrays) -> NDArray[np.float32]:
        import numpy as np

        try:
            (rows,) = self._session.run(None, arrays)
        except Exception as error:  # onnxruntime's errors share no public base class
            raise EncoderError(f"the query encoder failed: {first_line(error)}", _REBUILD) from error
        if rows.shape != (len(arrays["input_ids"]), self._identity.dimension) or not np.isfinite(rows).all():
            raise EncoderError(
                f"the query encoder gave vectors of shape {rows.shape}, not finite numbers of dimension "
                f"{self._identity.dimension}",
                _REBUILD,
            )
        vectors: NDArray[np.float32] = rows
        return vectors


def load_query_encoder(
    onnx_path: Path,
    tokenizer_path: Path,
    identity: EncoderIdentity,
    *,
    threads: int | None = None,
    prepack: bool = True,
) -> OnnxQueryEncoder:
    """Open an exported query encoder.

    Args:
        onnx_path: the graph that ``export_query_encoder`` made.
        tokenizer_path: its ``tokenizer.json``.
        identity: of the encoder that it was exported from; gives the prompts and the maximum length.
        threads: for one vector's arithmetic; None takes the cores that this process may use.
        prepack: False for a single question: it opens in 40 % of the time and encodes a seventh more slowly.

    Raises:
        EncoderError: a file is missing, cut short or not what it should be.
    """
    from tokenizers import Tokenizer

    try:
        session = open_session(os.fspath(onnx_path), threads, prepack=prepack)
        names = {node.name for node in session.get_inputs()}
    except Exception as error:  # onnxruntime's errors share no public base class
        raise EncoderError(f"the query encoder {onnx_path} cannot be opened: {first_line(error)}", _REBUILD) from error
    if not {"input_ids", "attention_mask"} <= names <= set(INPUT_NAMES):
        raise EncoderError(f"{onnx_path} is not a query encoder: its inputs are {', '.join(sorted(names))}", _REBUILD)
    try:
        tokenizer = Tokenizer.from_file(os.fspath(tokenizer_path))
    except Exception as error:  # tokenizers raises bare Exception
        raise EncoderError(
            f"the query encoder's tokenizer {tokenizer_path} cannot be read: {first_line(error)}", _REBUILD
        ) from error
    return OnnxQueryEncoder(session, BatchTokenizer(tokenizer, names, identity.max_length), identity)
