"""Which arithmetic is quick on a device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

Precision = Literal["bf16", "fp16", "fp32"]

_PLAIN_ATTENTION_TOKENS = 512
_CPU_TOKENS_PER_THREAD = 1024  # the activations of a small encoder then stay in a core's caches
_GPU_TOKENS_PER_PROCESSOR = 1024  # each multiplies some tiles of 128 rows at a time
_GPU_FEWEST_TOKENS = 1024
_PROCESSORS_WHERE_UNKNOWN = 16
_ACTIVATIONS_PER_TOKEN = 24  # of the encoder's dimension: queries, keys, values, the wide layer before and after, sums
_FLOAT32_BYTES = 4
_FIRST_TENSOR_CORES = (7, 0)


@dataclass(frozen=True, slots=True)
class DeviceDescription:
    """What decides how a device is put to use.

    Attributes:
        kind: PyTorch's name of its type: ``cpu``, ``cuda`` …
        processors: units that compute side by side: streaming multiprocessors of a GPU, 1 of a CPU.
        free_bytes: memory that batches may fill; 0 where it is not known.
        bfloat16: has instructions for bfloat16 products; emulating them would be slower than float32.
        float16: has instructions for float16 products that add up in float32.
    """

    kind: str
    processors: int = 1
    free_bytes: int = 0
    bfloat16: bool = False
    float16: bool = False


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """How batches are computed on a device.

    Attributes:
        precision: of matrix products, where it changes no vector noticeably.
        tokens: of a batch; on a CPU for each thread that computes it.
    """

    precision: Precision
    tokens: int


def describe_device(device: torch.device) -> DeviceDescription:
    """Ask PyTorch about a device."""
    import torch

    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return DeviceDescription(
            "cuda",
            processors=properties.multi_processor_count,
            free_bytes=torch.cuda.mem_get_info(device)[0],
            bfloat16=bool(torch.cuda.is_bf16_supported(including_emulation=False)),
            float16=(properties.major, properties.minor) >= _FIRST_TENSOR_CORES,
        )
    if device.type == "cpu":
        capabilities = torch.cpu.get_capabilities()
        fast = any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
        return DeviceDescription("cpu", bfloat16=bool(fast))
    return DeviceDescription(device.type, processors=_PROCESSORS_WHERE_UNKNOWN)


def plan_batches(device: DeviceDescription, dimension: int) -> BatchPlan:
    """Choose precision and size of batches.

    A GPU gets enough tokens for all its multiprocessors, as long as what they take fits into half of its free memory.
    """
    if device.kind == "cpu":
        return BatchPlan("bf16" if device.bfloat16 else "fp32", _CPU_TOKENS_PER_THREAD)
    precision: Precision = "bf16" if device.bfloat16 else "fp16" if device.float16 else "fp32"
    tokens = device.processors * _GPU_TOKENS_PER_PROCESSOR
    if device.free_bytes:
        tokens = min(tokens, device.free_bytes // 2 // (_ACTIVATIONS_PER_TOKEN * dimension * _FLOAT32_BYTES))
    return BatchPlan(precision, max(_GPU_FEWEST_TOKENS, tokens))


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
