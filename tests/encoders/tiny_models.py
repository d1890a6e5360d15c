"""Small sentence-transformers models with random weights, of the kinds that people bring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from digestqa.encoders.quiet import quiet_model_libraries

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,%-?"
HIDDEN = 32


def save_tiny_model(
    folder: Path,
    *,
    pooling: str = "mean",
    normalize: bool = True,
    prompts: dict[str, str] | None = None,
    max_length: int = 24,
    dense_features: int | None = None,
    seed: int = 0,
) -> Path:
    """Save a two-layer BERT that reads letters, in the layout that sentence-transformers writes."""
    with quiet_model_libraries():
        import torch
        from sentence_transformers import SentenceTransformer, models
        from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
        from tokenizers.models import WordPiece
        from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

        torch.manual_seed(seed)
        pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
        vocabulary = {piece: number for number, piece in enumerate(pieces)}
        tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
        )
        bert = folder.with_name(f"{folder.name}-bert")
        fast_tokenizer: Any = PreTrainedTokenizerFast
        fast_tokenizer(
            tokenizer_object=tokenizer,
            pad_token="[PAD]",
            unk_token="[UNK]",
            cls_token="[CLS]",
            sep_token="[SEP]",
            mask_token="[MASK]",
            model_max_length=max_length,
        ).save_pretrained(bert)
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=HIDDEN,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=2 * HIDDEN,
            max_position_embeddings=64,
        )
        BertModel(config).save_pretrained(bert)
        modules: list[Any] = [models.Transformer(str(bert)), models.Pooling(HIDDEN, pooling)]
        if dense_features is not None:
            modules.append(models.Dense(HIDDEN, dense_features))
        if normalize:
            modules.append(models.Normalize())
        SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder), create_model_card=False)
    return folder


def use_older_layout(folder: Path, max_length: int) -> None:
    """Rewrite the modules' configuration as older versions of sentence-transformers wrote it."""
    transformer = {"max_seq_length": max_length, "do_lower_case": False}
    (folder / "sentence_bert_config.json").write_text(json.dumps(transformer), encoding="utf-8")
    pooling = {"word_embedding_dimension": HIDDEN, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling), encoding="utf-8")


def save_static_model(folder: Path) -> Path:
    """Save a model without a transformer: a vector a token, averaged."""
    with quiet_model_libraries():
        from sentence_transformers import SentenceTransformer, models
        from tokenizers import Tokenizer, pre_tokenizers
        from tokenizers.models import WordLevel

        tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "median": 1, "survival": 2, "dose": 3}, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        module = models.StaticEmbedding(tokenizer, embedding_dim=8)
        SentenceTransformer(modules=[module], device="cpu").save(str(folder), create_model_card=False)
    return folder
