"""Encoders: text becomes vectors. sentence-transformers builds a library, ONNX Runtime asks it.

Importing this room loads no model library; its functions load what they need when they are called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.encoders.base import EncoderIdentity, ExportedQueryEncoder, OnProgress, PassageEncoder, QueryEncoder
from digestqa.encoders.configuration import identity_of
from digestqa.encoders.models import DEFAULT_MODEL
from digestqa.lazy import loader_of

if TYPE_CHECKING:
    from digestqa.encoders.export import export_query_encoder
    from digestqa.encoders.onnx_query import load_query_encoder
    from digestqa.encoders.sentence_transformer import load_passage_encoder

__all__ = [
    "DEFAULT_MODEL",
    "EncoderIdentity",
    "ExportedQueryEncoder",
    "OnProgress",
    "PassageEncoder",
    "QueryEncoder",
    "export_query_encoder",
    "identity_of",
    "load_passage_encoder",
    "load_query_encoder",
]

_LAZY = {
    "export_query_encoder": "digestqa.encoders.export",
    "load_passage_encoder": "digestqa.encoders.sentence_transformer",
    "load_query_encoder": "digestqa.encoders.onnx_query",
}


__getattr__ = loader_of(__name__, _LAZY)


def __dir__() -> list[str]:
    return sorted(__all__)
