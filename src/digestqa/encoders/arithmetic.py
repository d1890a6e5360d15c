"""Which arithmetic is quick on a device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_PLAIN_ATTENTION_TOKENS = 512


def has_fast_bfloat16(device: torch.device) -> bool:
    """Tell whether the device has instructions for bfloat16 products; emulating them would be slower than float32."""
    import torch

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu":
        return False
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def prefers_plain_attention(device: torch.device, max_length: int) -> bool:
    """Tell whether attention in bfloat16 is quicker as plain matrix products than in PyTorch's fused kernel.

    It is on a CPU, where the fused kernel takes 2 to 3 times as long for heads as small as an encoder's, and is then a
    third of the whole work. But the scores of all pairs of tokens are held in memory, so only short texts qualify.
    """
    return device.type == "cpu" and 0 < max_length <= _PLAIN_ATTENTION_TOKENS


def attention_of(model: SentenceTransformer) -> str | None:
    """Return the name of the model's attention implementation, None where it has none to choose."""
    transformer: Any = getattr(model, "transformers_model", None)
    if not hasattr(transformer, "set_attn_implementation"):
        return None
    name: str | None = getattr(transformer.config, "_attn_implementation", None)
    return name


def set_attention(model: SentenceTransformer, name: str | None) -> None:
    """Set the attention implementation, where the model has one to choose."""
    if name is not None and attention_of(model) not in (None, name):
        transformer: Any = model.transformers_model
        transformer.set_attn_implementation(name)


@contextmanager
def plain_attention(model: SentenceTransformer) -> Iterator[None]:
    """Let attention be plain matrix products for a while."""
    before = attention_of(model)
    set_attention(model, "eager")
    try:
        yield
    finally:
        set_attention(model, before)
