"""The passage encoder: any sentence-transformers model on this machine, in PyTorch, in bfloat16 where that is safe."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from digestqa.encoders.arithmetic import (
    Precision,
    attention_of,
    describe_device,
    plan_batches,
    prefers_plain_attention,
    set_attention,
)
from digestqa.encoders.base import EncoderIdentity, OnProgress
from digestqa.encoders.configuration import identity_from_files, prompts_of, tokens_limit
from digestqa.encoders.models import ModelFiles, check_weights, locate_model
from digestqa.encoders.quiet import first_line, quiet_model_libraries
from digestqa.encoders.tokens import INPUT_NAMES, BatchTokenizer, length_sorted_batches, tokenizable
from digestqa.encoders.tuned import lay_over
from digestqa.encoders.unpadded import UNPADDED_TOKENS_PER_THREAD, UnpaddedBatch, UnpaddedBert, unpadded_bert
from digestqa.encoders.workers import compute_batches, plan_workers
from digestqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

MIN_COSINE = 0.9999
"""Two ways to compute the same vector count as one encoder if their cosine is at least this on every check text."""

CHECK_TEXTS = (
    "What is the primary outcome?",
    "hr",
    "Overall survival was longer with the drug (HR 0.63, 95% CI 0.51-0.75, p=0.001) than with placebo in 1,204 adults.",
    "Tα1 lowered CTCs by ≥30 % — naïve T-cells rose; β-hCG, 100 µg/m², 5×10⁶ cells, 37 °C, 日本人患者, 😀.",
    "As a recruiting study, specific results are not yet available. " * 4,
    "Grade 3 or higher adverse events included neutropenia, anaemia, fatigue and raised liver enzymes. " * 30,
)
"""Varied on purpose: a question, one token, figures, other scripts, a passage, more than a model takes."""

_TEXTS_PER_ROUND = 8192  # bounds the memory that token ids take, whatever the number of passages
_UNPADDED_TEXTS_PER_ROUND = 1024  # without padding little is gained by sorting many; the first batch starts sooner
_CHARACTERS_PER_TOKEN = 4  # only to batch texts for models whose tokens are not counted beforehand

FeatureBatch = tuple[list[int], Mapping[str, Any] | UnpaddedBatch]
"""Positions of a batch's texts, and the features that the model takes, or their tokens end to end."""


class SentenceTransformerEncoder:
    """Encodes passages and questions with a loaded sentence-transformers model; also a ``QueryEncoder``.

    Attributes:
        model: the loaded model.
        tokenizer: the model's tokenizer, or None where the model's own preprocessing does more than a tokenizer can
            and is used instead.
        precision: ``bf16`` or ``fp16`` where matrix products run in half precision, else ``fp32``.
        unpadded: the model's forward pass over texts end to end, None where it has none that agrees with its own.
    """

    def __init__(self, model: SentenceTransformer, identity: EncoderIdentity) -> None:
        """Take a loaded model; the faster ways are taken only where they agree with the model's own.

        Raises:
            EncoderError: the model gives vectors that are not numbers, or of another dimension than its identity's.
        """
        self.model = model
        self._identity = identity
        self.tokenizer = _plain_tokenizer(model, identity)
        self.precision: Precision = "fp32"
        self.unpadded: UnpaddedBert | None = None
        device = describe_device(model.device)
        self._plan = plan_batches(device, identity.dimension)
        exact = self.encode_passages(CHECK_TEXTS)
        if self._unpadded_agrees(exact):
            return
        if self._plan.precision != "fp32":
            attention_before = attention_of(model)
            self.precision = self._plan.precision
            if prefers_plain_attention(model.device, identity.max_length):
                set_attention(model, "eager")
            if not self._agrees(exact):
                self.precision = "fp32"
                set_attention(model, attention_before)

    def _unpadded_agrees(self, exact: NDArray[np.float32]) -> bool:
        """Take the unpadded forward pass, in the quickest precision in which it gives the model's own vectors."""
        import torch

        if self.tokenizer is None:
            return False
        precisions: tuple[Precision, ...] = ("bf16", "fp32") if self._plan.precision == "bf16" else ("fp32",)
        for self.precision in precisions:
            dtype = torch.bfloat16 if self.precision == "bf16" else torch.float32
            self.unpadded = unpadded_bert(self.model, dtype)
            if self.unpadded is not None and self._agrees(exact):
                return True
        self.precision, self.unpadded = "fp32", None
        return False

    def _agrees(self, exact: NDArray[np.float32]) -> bool:
        try:
            cosines = (self.encode_passages(CHECK_TEXTS) * exact).sum(axis=1)
        except EncoderError:  # what is quicker cannot be computed on this processor
            return False
        return bool(cosines.min() >= MIN_COSINE)

    @property
    def identity(self) -> EncoderIdentity:
        """What decides the vectors."""
        return self._identity

    def in_float32(self) -> SentenceTransformerEncoder:
        """Return this encoder, of the same loaded model, computing in float32: the reference for others."""
        exact = copy.copy(self)
        exact.precision, exact.unpadded = "fp32", None
        return exact

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), rows of unit length, in the order of ``texts``.

        Raises:
            EncoderError: the model gave vectors that are not numbers, or of another dimension.
        """
        return self._encode(texts, self._identity.passage_prompt, "document", on_progress)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return one vector of shape (dimension,), of unit length.

        Raises:
            EncoderError: the model gave a vector that is not numbers, or of another dimension.
        """
        vector: NDArray[np.float32] = self._encode([text], self._identity.query_prompt, "query", None)[0]
        return vector

    def _encode(
        self, texts: Sequence[str], prompt: str, task: str, on_progress: OnProgress | None
    ) -> NDArray[np.float32]:
        import numpy as np

        dimension = self._identity.dimension
        vectors = np.empty((len(texts), dimension), np.float32)
        plan = plan_workers(self.model.device.type)
        done = 0

        def compute(batch: FeatureBatch) -> tuple[list[int], NDArray[np.float32]]:
            positions, features = batch
            if isinstance(features, UnpaddedBatch):
                return positions, self._forward_unpadded(features)
            return positions, self._forward(features, task)

        # One run of batches over all rounds: while the last of one are computed, the next round's texts are tokenized.
        each = self._plan.tokens if self.unpadded is None else UNPADDED_TOKENS_PER_THREAD
        batches = self._batches(texts, prompt, task, each * plan.threads_each)
        for positions, rows in compute_batches(compute, batches, plan):
            if rows.shape != (len(positions), dimension) or not np.isfinite(rows).all():
                raise EncoderError(
                    f"the encoder {self._identity.name} gave vectors of shape {rows.shape}, not finite numbers of "
                    f"dimension {dimension}",
                    "the model's files may be damaged: fetch or install them again",
                )
            vectors[positions] = rows
            done += len(positions)
            if on_progress is not None:
                on_progress(done, len(texts))
        return vectors

    def _batches(self, texts: Sequence[str], prompt: str, task: str, token_budget: int) -> Iterator[FeatureBatch]:
        """Yield batches round by round, within a round the longest texts first."""
        round_size = _TEXTS_PER_ROUND if self.unpadded is None else _UNPADDED_TEXTS_PER_ROUND
        for start in range(0, len(texts), round_size):
            for positions, features in self._round(texts[start : start + round_size], prompt, task, token_budget):
                yield [start + position for position in positions], features

    def _round(self, texts: Sequence[str], prompt: str, task: str, token_budget: int) -> Iterator[FeatureBatch]:
        import torch

        if self.tokenizer is not None:
            prompted = [prompt + text for text in texts]
            if self.unpadded is not None:
                yield from self.tokenizer.unpadded(prompted, token_budget)
                return
            for positions, arrays in self.tokenizer.batches(prompted, token_budget):
                yield positions, {name: torch.from_numpy(array) for name, array in arrays.items()}
            return
        longest = self._identity.max_length or max(map(len, texts), default=0)
        lengths = [1 + min(len(text) // _CHARACTERS_PER_TOKEN, longest) for text in texts]
        for positions in length_sorted_batches(lengths, token_budget):
            batch = [tokenizable(texts[position]) for position in positions]
            try:
                with quiet_model_libraries():
                    features = self.model.preprocess(batch, prompt=prompt or None, task=task)
            except Exception as error:  # a foreign model's code meets whatever it does not foresee
                raise self._failed(error) from error
            yield positions, features

    def _forward_unpadded(self, batch: UnpaddedBatch) -> NDArray[np.float32]:
        """Return unit vectors, shape (texts, dimension). Called in several threads at once."""
        import numpy as np
        import torch

        assert self.unpadded is not None
        try:
            with torch.inference_mode():
                vectors = self.unpadded(batch)[:, : self.model.truncate_dim]
                rows: NDArray[np.float32] = torch.nn.functional.normalize(vectors, dim=-1).numpy()
        except (RuntimeError, IndexError) as error:
            raise self._failed(error) from error
        if np.isfinite(rows).all():
            return rows
        assert self.tokenizer is not None
        alone = []
        for ids in batch.texts():
            arrays = self.tokenizer.of_ids(ids)
            alone.append(self._forward({name: torch.from_numpy(array) for name, array in arrays.items()}, ""))
        return np.concatenate(alone)

    def _forward(self, features: Mapping[str, Any], task: str) -> NDArray[np.float32]:
        """Return unit vectors, shape (batch, dimension). Called in several threads at once."""
        import torch

        device = self.model.device
        moved = {key: value.to(device) if isinstance(value, torch.Tensor) else value for key, value in features.items()}
        kwargs = {} if self.tokenizer is not None else {"task": task}
        narrow = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(self.precision)
        narrowed = nullcontext() if narrow is None else torch.autocast(device.type, narrow)
        try:
            with torch.inference_mode(), narrowed:
                vectors = self.model(moved, **kwargs)["sentence_embedding"][:, : self.model.truncate_dim]
                rows = torch.nn.functional.normalize(vectors.float(), dim=-1).cpu().numpy()
        except Exception as error:  # a foreign model's code meets whatever it does not foresee
            raise self._failed(error) from error
        unit_rows: NDArray[np.float32] = rows
        return unit_rows

    def _failed(self, error: Exception) -> EncoderError:
        # PyTorch's kind for all that goes wrong in a kernel, out of memory included.
        of_device = isinstance(error, RuntimeError | MemoryError)
        return EncoderError(
            f"the encoder {self._identity.name} failed on {self.model.device}: {first_line(error)}",
            "try again on another device, or with more memory free"
            if of_device
            else "the model's tokenizer and weights may not belong together: fetch or install it again",
        )


def load_passage_encoder(name: str | None = None, device: str | None = None) -> SentenceTransformerEncoder:
    """Load a sentence-transformers model of this machine by name or path; None is the default model.

    Args:
        name: a Hugging Face name that is in the local cache, or a folder.
        device: a PyTorch device; None lets sentence-transformers choose.

    Raises:
        EncoderError: the model is missing, damaged, differs from the published one, or cannot be loaded.
    """
    files = locate_model(name)
    identity = identity_from_files(files)
    try:
        with quiet_model_libraries():
            from sentence_transformers import SentenceTransformer

            # A folder, never a hub name: so nothing looks for a network, whatever the environment says.
            model = SentenceTransformer(str(files.folder), device=device, local_files_only=True)
            if files.overlay is not None:
                lay_over(model, files.overlay)
            model.eval()
            if identity is not None and identity.max_length:
                model.max_seq_length = identity.max_length
            if model.device.type == "cpu":
                model.float()  # many processors compute half-precision weights slowly or not at all
            identity = identity or _identity_of_loaded(model, files)
        return SentenceTransformerEncoder(model, identity)
    except EncoderError:
        raise
    except Exception as error:  # the libraries raise whatever a damaged or foreign model makes them meet
        raise EncoderError(
            f"the encoder {files.name} in {files.folder} cannot be loaded: {first_line(error)}",
            "check that it is a complete sentence-transformers model",
        ) from error


def _identity_of_loaded(model: SentenceTransformer, files: ModelFiles) -> EncoderIdentity:
    modules = {type(module).__name__: module for module in model.modules()}
    mode = getattr(modules.get("Pooling"), "pooling_mode", "none")
    query_prompt, passage_prompt = prompts_of(model.prompts)
    dimension = len(model.encode(["dimension"], show_progress_bar=False)[0])
    return EncoderIdentity(
        name=files.name,
        weights_sha256=check_weights(files),
        tokenizer_sha256=files.tokenizer_sha256(),
        dimension=dimension,
        pooling=mode if isinstance(mode, str) else "+".join(mode),
        normalized="Normalize" in modules,
        query_prompt=query_prompt,
        passage_prompt=passage_prompt,
        max_length=tokens_limit(model.max_seq_length),
    )


def _plain_tokenizer(model: SentenceTransformer, identity: EncoderIdentity) -> BatchTokenizer | None:
    """Return the model's tokenizer, if it alone does to the check texts exactly what the model's preprocessing does."""
    import numpy as np
    from tokenizers import Tokenizer

    source: Any = getattr(model, "tokenizer", None)
    backend = getattr(source, "backend_tokenizer", None)
    if backend is None or type(model[0]).__name__ != "Transformer":
        return None
    tokenizer = Tokenizer.from_str(backend.to_str())
    pad_id = source.pad_token_id
    tokenizer.enable_padding(
        direction=source.padding_side,
        pad_id=pad_id if pad_id is not None else 0,
        pad_type_id=source.pad_token_type_id,
        pad_token=source.pad_token or "",
    )
    tokenizer.enable_truncation(1, direction=source.truncation_side)  # for the side; BatchTokenizer sets the length
    pooling_skips_prompt = any(getattr(module, "include_prompt", True) is False for module in model.modules())
    if pooling_skips_prompt and (identity.query_prompt or identity.passage_prompt):
        return None
    plain: BatchTokenizer | None = None
    for prompt, task in ((identity.query_prompt, "query"), (identity.passage_prompt, "document")):
        with quiet_model_libraries():
            features = model.preprocess(list(CHECK_TEXTS), prompt=prompt or None, task=task)
        names = set(features) - {"modality", "prompt_length"}
        if not {"input_ids", "attention_mask"} <= names <= set(INPUT_NAMES):
            return None
        plain = plain or BatchTokenizer(tokenizer, names, identity.max_length)
        arrays = plain.padded([prompt + text for text in CHECK_TEXTS])
        if set(arrays) != names or not all(np.array_equal(arrays[name], features[name].numpy()) for name in names):
            return None
    return plain
