"""A stand-in query encoder for tests of what uses one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digestqa.encoders import OnProgress
from digestqa.encoders.base import EncoderIdentity


class LetterEncoder:
    """A stand-in encoder: a text's vector counts its letters, so that like texts have like vectors."""

    identity = EncoderIdentity("letters", "0" * 64, "0" * 64, 26, "mean", True, "", "", 256)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        counts = np.array([text.lower().count(chr(97 + at)) for at in range(26)], dtype=np.float32) + 0.01
        vector: NDArray[np.float32] = counts / np.linalg.norm(counts)
        return vector

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        return np.stack([self.encode_query(text) for text in texts])
