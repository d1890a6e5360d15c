"""Exports a sentence-transformers model, whole, to one ONNX graph that answers quickly without PyTorch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digestqa.encoders.arithmetic import plain_attention
from digestqa.encoders.base import ExportedQueryEncoder, PassageEncoder
from digestqa.encoders.onnx_query import load_query_encoder
from digestqa.encoders.quiet import first_line, quiet_model_libraries
from digestqa.encoders.sentence_transformer import CHECK_TEXTS, MIN_COSINE, SentenceTransformerEncoder
from digestqa.encoders.tokens import BatchTokenizer
from digestqa.errors import EncoderError, StorageError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_OPSET = 17
_SMALLEST_MAPPED_BYTES = "1024"
_FALLBACK_HINT = "questions can still be encoded with the sentence-transformers model itself"


def export_query_encoder(encoder: PassageEncoder, *, weights_name: str | None = None) -> ExportedQueryEncoder:
    """Export transformer, pooling and normalisation as one graph, and check it against the source in float32.

    Args:
        encoder: an encoder that ``load_passage_encoder`` returned.
        weights_name: the name of a file of its own for the weights, to lie in the graph's folder. ONNX Runtime then
            maps it: the session opens in a third of the time and with less than half the memory, because word vectors
            are read only for the words that occur. None keeps the weights in the graph.

    Raises:
        EncoderError: the model is of a kind that cannot be exported, or the graph's vectors differ from its own.
        StorageError: the system's folder for temporary files is full or cannot be written.
    """
    name = encoder.identity.name
    tokenizer = encoder.tokenizer if isinstance(encoder, SentenceTransformerEncoder) else None
    if not isinstance(encoder, SentenceTransformerEncoder) or tokenizer is None:
        raise EncoderError(f"the encoder {name} cannot be exported: tokens alone do not decide it", _FALLBACK_HINT)
    with _temporary_folder() as folder:
        traced_path = folder / "traced.onnx"
        onnx_path = folder / "encoder.onnx"
        tokenizer_path = folder / "encoder.tokenizer.json"
        tokenizer_path.write_text(tokenizer.serialized(), encoding="utf-8")
        try:
            with quiet_model_libraries():
                _trace(encoder.model, tokenizer, encoder.identity.passage_prompt, traced_path)
            _simplify(traced_path, onnx_path, weights_name)
        except OSError:
            raise
        except Exception as error:  # tracing meets whatever a foreign model's code does
            raise EncoderError(
                f"the encoder {name} cannot be exported to ONNX: {first_line(error)}", _FALLBACK_HINT
            ) from error
        cosine = _smallest_cosine(encoder, onnx_path, tokenizer_path)
        if not cosine >= MIN_COSINE:
            raise EncoderError(
                f"the exported encoder {name} differs from its source: cosine {cosine:.6f}, needed {MIN_COSINE}",
                _FALLBACK_HINT,
            )
        return ExportedQueryEncoder(
            onnx=onnx_path.read_bytes(),
            tokenizer=tokenizer_path.read_bytes(),
            identity=encoder.identity,
            cosine_to_source=cosine,
            weights=onnx_path.with_name(weights_name).read_bytes() if weights_name else b"",
        )


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="digestqa-") as folder:
            yield Path(folder)
    except OSError as error:
        raise StorageError(
            f"the encoder cannot be exported: temporary files cannot be written: {error.strerror or error}",
            "make room there, or name another folder with TMPDIR",
        ) from error


def _smallest_cosine(encoder: SentenceTransformerEncoder, onnx_path: Path, tokenizer_path: Path) -> float:
    exact = encoder.in_float32()
    exported = load_query_encoder(onnx_path, tokenizer_path, encoder.identity)
    alone = [float(exported.encode_query(text) @ exact.encode_query(text)) for text in CHECK_TEXTS]
    together = (exported.encode_passages(CHECK_TEXTS) * exact.encode_passages(CHECK_TEXTS)).sum(axis=1)
    return min(*alone, float(together.min()))


def _trace(model: SentenceTransformer, tokenizer: BatchTokenizer, prompt: str, path: Path) -> None:
    import torch

    names = list(tokenizer.inputs)
    arrays = tokenizer.padded([prompt + text for text in CHECK_TEXTS[:3]])

    class TokensToEmbedding(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            features: dict[str, Any] = dict(zip(names, tensors, strict=True))
            vectors = self.model(features)["sentence_embedding"]
            if model.truncate_dim is not None:
                vectors = vectors[:, : model.truncate_dim]
            return torch.nn.functional.normalize(vectors.float(), dim=-1)

    # Plain attention traces to fewer nodes than PyTorch's fused kernel does.
    with plain_attention(model), torch.inference_mode():
        torch.onnx.export(
            TokensToEmbedding().eval(),
            tuple(torch.from_numpy(arrays[name]).to(model.device) for name in names),
            path,
            input_names=names,
            output_names=["embedding"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names} | {"embedding": {0: "batch"}},
            opset_version=_OPSET,
            dynamo=False,
        )


def _simplify(traced_path: Path, path: Path, weights_name: str | None) -> None:
    """Let ONNX Runtime simplify the graph once and write it, so that it need not at each start.

    The level is the highest whose result does not depend on the processor.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    if weights_name:
        prefix = "session.optimized_model_external_initializers_"
        options.add_session_config_entry(f"{prefix}file_name", weights_name)
        options.add_session_config_entry(f"{prefix}min_size_in_bytes", _SMALLEST_MAPPED_BYTES)
    onnxruntime.InferenceSession(str(traced_path), options, providers=["CPUExecutionProvider"])
