"""What a model's files say about its vectors, without loading it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digestqa.encoders.base import EncoderIdentity
from digestqa.encoders.models import ModelFiles, check_weights, locate_model, modules_in, object_in

_PASSAGE_PROMPTS = ("document", "passage", "corpus")
_POOLING_MODES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_PLAIN_TRANSFORMER = {
    "max_seq_length": None,
    "do_lower_case": None,
    "transformer_task": "feature-extraction",
    "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
    "module_output_name": "token_embeddings",
}
"""The keys of a transformer module's configuration that are understood here, with the one value that is, if one."""

_LONGEST = 1 << 24  # a tokenizer without a maximum says so by a number beyond any real one


def identity_of(name: str | None = None) -> EncoderIdentity:
    """Return a model's identity, read from its files where they tell all of it (the default model: about 0.1 s).

    A model whose configuration is not the plain transformer, pooling, normalisation kind is loaded to ask it.

    Raises:
        EncoderError: the model is missing, damaged or not usable.
    """
    files = locate_model(name)
    identity = identity_from_files(files)
    if identity is None:
        from digestqa.encoders.sentence_transformer import load_passage_encoder

        return load_passage_encoder(name).identity
    return identity


def identity_from_files(files: ModelFiles) -> EncoderIdentity | None:
    """Return the identity that a model's files state, or None where only the loaded model can tell.

    Raises:
        EncoderError: a file is unreadable, or the default model's weights are not the published ones.
    """
    verified_sha256 = check_weights(files)
    modules = modules_in(files.folder)
    transformer = object_in(files.folder / "sentence_bert_config.json")
    config = object_in(files.folder / "config.json")
    prompts_config = object_in(files.folder / "config_sentence_transformers.json")
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in modules]
    if (
        kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        or modules[0].get("path")
        or not transformer
        or any(_PLAIN_TRANSFORMER.get(key, ...) not in (None, value) for key, value in transformer.items())
        or prompts_config.get("truncate_dim") is not None
    ):
        return None
    pooling_config = object_in(files.folder / str(modules[1].get("path", "")) / "config.json")
    if not pooling_config.get("include_prompt", True):
        return None
    pooling = _pooling_of(pooling_config)
    dimension = pooling_config.get("embedding_dimension", pooling_config.get("word_embedding_dimension"))
    if pooling is None or not isinstance(dimension, int):
        return None
    prompts = prompts_config.get("prompts") or {}
    if not isinstance(prompts, dict) or not all(isinstance(prompt, str | None) for prompt in prompts.values()):
        return None
    query_prompt, passage_prompt = prompts_of(prompts)
    return EncoderIdentity(
        name=files.name,
        weights_sha256=verified_sha256,
        tokenizer_sha256=files.tokenizer_sha256(),
        dimension=dimension,
        pooling=pooling,
        normalized=kinds[-1] == "Normalize",
        query_prompt=query_prompt,
        passage_prompt=passage_prompt,
        max_length=_max_length_of(files.folder, transformer, config),
    )


def prompts_of(prompts: Mapping[str, str | None]) -> tuple[str, str]:
    """Return the (query, passage) prompts among a model's named prompts.

    A passage's is the first that is not empty of ``document``, ``passage`` and ``corpus``, the names and the order of
    ``SentenceTransformer.encode_document``.
    """
    return prompts.get("query") or "", next((prompts[name] or "" for name in _PASSAGE_PROMPTS if prompts.get(name)), "")


def _pooling_of(config: dict[str, Any]) -> str | None:
    mode = config.get("pooling_mode")
    modes = [mode] if isinstance(mode, str) else mode
    if modes is None:
        modes = [value for key, value in _POOLING_MODES.items() if config.get(key)] or ["mean"]
    return modes[0] if isinstance(modes, list) and len(modes) == 1 else None


def _max_length_of(folder: Path, transformer: dict[str, Any], config: dict[str, Any]) -> int:
    stated = transformer.get("max_seq_length")
    if isinstance(stated, int):
        return stated
    longest = object_in(folder / "tokenizer_config.json").get("model_max_length")
    limits = [
        limit for limit in (longest, config.get("max_position_embeddings")) if isinstance(limit, int) and limit > 0
    ]
    return tokens_limit(min(limits, default=None))


def tokens_limit(longest: object) -> int:
    """Return a model's maximum length in tokens, 0 where it has none."""
    return longest if isinstance(longest, int) and 0 < longest < _LONGEST else 0
