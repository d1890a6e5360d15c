"""A question-answering model small enough to make by hand: it marks "<number> mg" and says no to all else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] 20 30 40 mg what dose of zelanide was given ? . , : patients on had".split()
_HIDDEN = 16
_NULL, _START, _REST, _END = range(4)
"""Which of the hidden dimensions says what of a token."""


def save_tiny_model(
    folder: Path, *, says_no: bool = True, head: bool = True, frame: str = "[CLS] $A [SEP] $B:1 [SEP]:1"
) -> Path:
    """Save model and tokenizer.

    Every layer passes its input on, so that a token's own embedding decides its scores.

    Args:
        folder: where to.
        says_no: whether position 0 outscores ordinary words, as after training with a null answer.
        head: whether the weights hold the span scores at all.
        frame: how the tokenizer puts a pair together.
    """
    import torch
    from transformers import BertConfig, BertForQuestionAnswering

    config = BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=_HIDDEN,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=80,
        architectures=["BertForQuestionAnswering" if head else "BertModel"],
    )
    model: Any = BertForQuestionAnswering(config)
    with torch.no_grad():
        for parameter in (
            model.bert.embeddings.position_embeddings.weight,
            model.bert.embeddings.token_type_embeddings.weight,
            model.bert.encoder.layer[0].attention.output.dense.weight,
            model.bert.encoder.layer[0].output.dense.weight,
            model.qa_outputs.weight,
            model.qa_outputs.bias,
        ):
            parameter.zero_()
        words = model.bert.embeddings.word_embeddings.weight
        words.zero_()
        for number, word in enumerate(_WORDS):
            says = _NULL if word == "[CLS]" else _START if word.isdigit() else _END if word == "mg" else _REST
            words[number, says] = 10.0
        model.qa_outputs.weight[:, _NULL] = 2.0 if says_no else -2.0
        model.qa_outputs.weight[0, _START] = 4.0
        model.qa_outputs.weight[1, _END] = 4.0
    (model if head else model.bert).save_pretrained(folder)
    _save_tokenizer(folder, frame)
    return folder


def _save_tokenizer(folder: Path, frame: str) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(WordPiece({word: number for number, word in enumerate(_WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(single="$A", pair=frame, special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    special = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    made: Any = PreTrainedTokenizerFast
    made(
        tokenizer_object=tokenizer, model_max_length=80, **{f"{name}_token": token for name, token in special.items()}
    ).save_pretrained(folder)


def claim_a_head(folder: Path) -> None:
    """Make ``config.json`` promise span scores that the weights do not hold."""
    path = folder / "config.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**value, "architectures": ["BertForQuestionAnswering"]}), encoding="utf-8")
