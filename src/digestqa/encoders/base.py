"""What an encoder is, without importing any model library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OnProgress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """All that decides which vector a text gets. Two libraries are compatible only if every field is equal.

    Attributes:
        name: the model's name or path as asked for.
        weights_sha256: hex digest over the weights files.
        tokenizer_sha256: hex digest of the tokenizer file.
        dimension: length of a vector.
        pooling: the pooling mode, such as ``mean``.
        normalized: whether vectors have unit length.
        query_prompt: text put before a question.
        passage_prompt: text put before a passage.
        max_length: tokens after which a text is cut; 0 where it never is.
    """

    name: str
    weights_sha256: str
    tokenizer_sha256: str
    dimension: int
    pooling: str
    normalized: bool
    query_prompt: str
    passage_prompt: str
    max_length: int

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return asdict(self)


class PassageEncoder(Protocol):
    """Turns many passages into vectors; slow to start, fast per passage."""

    @property
    def identity(self) -> EncoderIdentity:
        """What decides the vectors."""

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), rows of unit length; zeros for a text without a token."""


class QueryEncoder(Protocol):
    """Turns a question, or a few sentences, into vectors; quick to start."""

    @property
    def identity(self) -> EncoderIdentity:
        """What decides the vectors; equal to the passage encoder's that built the library."""

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return one vector of shape (dimension,), of unit length."""

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), rows of unit length; zeros for a text without a token."""


@dataclass(frozen=True, slots=True)
class ExportedQueryEncoder:
    """A query encoder as files' contents: an ONNX graph from tokens to the finished, normalised vector.

    Attributes:
        onnx: the graph; inputs ``input_ids``, ``attention_mask`` (int64, (batch, tokens)) and, where the model has
            them, ``token_type_ids``; output ``embedding`` (float32, (batch, dimension)).
        tokenizer: the contents of a ``tokenizer.json``.
        identity: of the encoder that it was exported from.
        cosine_to_source: the smallest cosine between its vectors and the source encoder's over the check texts.
        weights: contents of the file that the graph names as its weights' and looks for in its own folder; empty where
            the graph holds them.
    """

    onnx: bytes
    tokenizer: bytes
    identity: EncoderIdentity
    cosine_to_source: float
    weights: bytes = b""
