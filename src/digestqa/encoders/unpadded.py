"""A BERT's forward pass over texts of different lengths laid end to end: no padding, no mask, few passes over memory.

The arithmetic is that of ``transformers.BertModel`` (Devlin et al., "BERT", 2019) with mean or first-token pooling:
matrix products in the given precision, sums and normalisation in float32. Texts without padding are those of Zeng et
al., "Boosting Distributed Training Performance of the Unpadded BERT Model" (2022).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

UNPADDED_TOKENS_PER_THREAD = 2048
"""Of a batch: half as many take a twentieth longer, a quarter as many a fifth, twice as many gain nothing."""

Product = Callable[["torch.Tensor"], "torch.Tensor"]
"""A linear layer: (tokens, features in) to (tokens, features out)."""


@dataclass(frozen=True, slots=True)
class UnpaddedBatch:
    """Texts end to end.

    Attributes:
        ids: token ids of all texts, shape (tokens,), int64.
        lengths: tokens of each text, in order; equal ones stand together.
    """

    ids: NDArray[np.int64]
    lengths: tuple[int, ...]

    def texts(self) -> Iterator[NDArray[np.int64]]:
        """Yield each text's token ids."""
        start = 0
        for length in self.lengths:
            yield self.ids[start : start + length]
            start += length

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Yield (first token, texts, tokens of each) of texts of equal length that follow each other."""
        start = at = 0
        while at < len(self.lengths):
            length = self.lengths[at]
            count = 1
            while at + count < len(self.lengths) and self.lengths[at + count] == length:
                count += 1
            yield start, count, length
            start += count * length
            at += count


@dataclass(frozen=True, slots=True)
class _Layer:
    attended: Product
    output: Product
    after_attention: Product
    wider: Product
    narrower: Product
    after_wider: Product


class UnpaddedBert:
    """The forward pass of one model's weights; may be called in several threads at once."""

    def __init__(self, bert: Any, pooling: str, dtype: torch.dtype) -> None:
        """Copy a BERT's weights in a precision; ``pooling`` is ``mean`` or ``cls``."""
        import torch

        self._dtype = dtype
        self._pooling = pooling
        self._heads: int = bert.config.num_attention_heads
        with torch.inference_mode():
            embeddings = bert.embeddings
            self._words = embeddings.word_embeddings.weight.float()
            self._places = embeddings.position_embeddings.weight.float() + embeddings.token_type_embeddings.weight[0]
            self._first_norm = _norm(embeddings.LayerNorm)
            self._layers = [self._layer(layer) for layer in bert.encoder.layer]

    def _layer(self, layer: Any) -> _Layer:
        import torch

        own = layer.attention.self
        # Scale of the scores and change of base go into the queries' weights: two passes over the scores less.
        scale = (own.query.out_features / self._heads) ** -0.5 / math.log(2)
        weight = torch.cat([own.query.weight * scale, own.key.weight, own.value.weight])
        bias = torch.cat([own.query.bias * scale, own.key.bias, own.value.bias])
        return _Layer(
            attended=_product(weight, bias, self._dtype),
            output=_product(layer.attention.output.dense.weight, layer.attention.output.dense.bias, self._dtype),
            after_attention=_norm(layer.attention.output.LayerNorm),
            wider=_product(layer.intermediate.dense.weight, layer.intermediate.dense.bias, self._dtype),
            narrower=_product(layer.output.dense.weight, layer.output.dense.bias, self._dtype),
            after_wider=_norm(layer.output.LayerNorm),
        )

    def __call__(self, batch: UnpaddedBatch) -> torch.Tensor:
        """Return the pooled vectors, shape (texts, dimension), float32, not normalised; zeros for texts of no token."""
        import numpy as np
        import torch

        places = np.concatenate([np.arange(length) for length in batch.lengths])
        runs = tuple(batch.runs())
        summed = self._words[torch.from_numpy(batch.ids)]
        state = self._first_norm(summed.add_(self._places[torch.from_numpy(places)]))
        for layer in self._layers:
            attention = self._attention(layer.attended(state.to(self._dtype)), runs)
            state = layer.after_attention(state.add_(layer.output(attention)))
            inner = torch.nn.functional.gelu(layer.wider(state.to(self._dtype)))
            state = layer.after_wider(state.add_(layer.narrower(inner)))
        return torch.cat([self._pooled(state, *run) for run in runs])

    def _pooled(self, state: torch.Tensor, start: int, count: int, length: int) -> torch.Tensor:
        if not length:
            return state.new_zeros((count, state.shape[1]))
        texts = state[start : start + count * length].view(count, length, -1)
        return texts.mean(1) if self._pooling == "mean" else texts[:, 0]

    def _attention(self, attended: torch.Tensor, runs: tuple[tuple[int, int, int], ...]) -> torch.Tensor:
        """Return every token's mixture of its text's values, shape (tokens, dimension).

        Plain products over contiguous copies: PyTorch's fused kernel takes 3 to 6 times as long for heads as small as
        an encoder's. Its softmax in bfloat16, which converts row by row, takes 3 to 8 times as long as powers of two
        that are divided by their sum only after the product. No greatest score is subtracted before: scores over 127
        would give what is no number, and the caller then takes another way.
        """
        import torch

        heads = self._heads
        dimension = attended.shape[1] // 3
        mixed = attended.new_empty((len(attended), dimension))
        for start, count, length in runs:
            if not length:
                continue
            shape = (count, length, 3, heads, dimension // heads)
            parts = attended[start : start + count * length].view(shape).permute(2, 0, 3, 1, 4)
            queries, keys, values = parts.reshape(3, count * heads, length, dimension // heads)
            weights = torch.bmm(queries, keys.transpose(1, 2)).exp2_()
            sums = weights.sum(-1, keepdim=True)
            found = torch.bmm(weights, values).div_(sums).view(count, heads, length, -1)
            mixed[start : start + count * length].view(count, length, heads, -1).copy_(found.transpose(1, 2))
        return mixed


def unpadded_bert(model: SentenceTransformer, dtype: torch.dtype) -> UnpaddedBert | None:
    """Return a model's unpadded forward pass, or None where the model is not of a kind that has one."""
    names = [type(module).__name__ for module in model]
    bert: Any = getattr(model, "transformers_model", None)
    if names[:2] != ["Transformer", "Pooling"] or names[2:] not in ([], ["Normalize"]) or model.device.type != "cpu":
        return None
    config = getattr(bert, "config", None)
    pooling = getattr(model[1], "pooling_mode", None)
    if (
        type(bert).__name__ != "BertModel"
        or getattr(config, "hidden_act", None) != "gelu"
        or getattr(config, "position_embedding_type", "absolute") not in (None, "absolute")
        or getattr(config, "is_decoder", False)
        or pooling not in ("mean", "cls")
    ):
        return None
    return UnpaddedBert(bert, pooling, dtype)


def _norm(norm: Any) -> Product:
    import torch

    weight, bias = norm.weight.float(), norm.bias.float()
    return lambda state: torch.nn.functional.layer_norm(state, weight.shape, weight, bias, norm.eps)


def _product(weight: torch.Tensor, bias: torch.Tensor, dtype: torch.dtype) -> Product:
    """Return a linear layer with its weights laid out for oneDNN once, where PyTorch lets that be done.

    The layout costs a sixth of a product where it is made anew each time. The operators are those that PyTorch's own
    compiler emits for a frozen model; where they are missing, the plain product serves.
    """
    import torch

    narrow, shift = weight.to(dtype).contiguous(), bias.to(dtype)
    operators: Any = torch.ops.mkldnn
    try:
        packed = operators._reorder_linear_weight(narrow)
        operators._linear_pointwise(narrow.new_zeros((1, narrow.shape[1])), packed, shift, "none", [], "")
    except (AttributeError, NotImplementedError, RuntimeError):
        return lambda state: torch.nn.functional.linear(state, narrow, shift)
    return lambda state: operators._linear_pointwise(state, packed, shift, "none", [], "")
