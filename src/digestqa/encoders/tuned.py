"""The weights that digestqa trained itself: laid over those of the packaged MiniLM, whose word vectors they keep.

Half precision on disk: every value that is loaded is one that these files state, so vectors are the same everywhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from digestqa.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TUNED_MODEL = "digestqa/all-MiniLM-L6-v2-digests"
"""The encoder that is used where none is named: all-MiniLM-L6-v2, trained further on questions over digests."""

FOLDER = Path(__file__).with_name("model")
WEIGHTS_NAME = "encoder.safetensors"
KEPT = "embeddings.word_embeddings.weight"
"""The word vectors: not trained, and so not shipped."""
_HINT = "reinstall digestqa, or name another encoder: --model all-MiniLM-L6-v2"


def tuned_weights() -> Path:
    """Return the file of the trained weights.

    Raises:
        EncoderError: it is not there.
    """
    path = FOLDER / WEIGHTS_NAME
    if not path.is_file():
        raise EncoderError(f"the weights of the encoder {TUNED_MODEL} are missing: {path}", _HINT)
    return path


def stated_sha256() -> str:
    """Return the sha256 that the weights' description states.

    Raises:
        EncoderError: the description cannot be read.
    """
    path = FOLDER / "encoder.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["files"][WEIGHTS_NAME])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"the description of the encoder {TUNED_MODEL} cannot be read: {error!r}", _HINT) from error


def lay_over(model: SentenceTransformer, weights: Path) -> None:
    """Replace a loaded model's weights by trained ones; all but the word vectors.

    Raises:
        EncoderError: the file does not hold exactly those weights.
    """
    from safetensors.torch import load_file

    trunk = model[0].model
    trained = {name: tensor.float() for name, tensor in load_file(weights).items()}
    found = trunk.load_state_dict(trained, strict=False)
    kept = {name for name in found.missing_keys if not name.startswith("pooler.")}  # no part in a sentence's vector
    if found.unexpected_keys or kept != {KEPT}:
        raise EncoderError(f"the weights in {weights} are not those of {TUNED_MODEL}", _HINT)
