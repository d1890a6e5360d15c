"""The reader: the trunk with one linear layer that scores every token as start and end, and the pair as answerable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel


class Reader(nn.Module):
    """Trunk and span head. Position 0 ([CLS]) is the null answer."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.trunk = BertModel(config, add_pooling_layer=False)
        self.head = nn.Linear(config.hidden_size, 3)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Inputs (batch, sequence) int64; returns start and end logits (batch, sequence), answerable logit (batch,)."""
        hidden = self.trunk(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        scores = self.head(hidden)
        return scores[..., 0], scores[..., 1], scores[:, 0, 2]


def build(trunk: Path, dropout: float, state: Path | None = None) -> Reader:
    """A reader over the trunk in folder `trunk`; weights from checkpoint `state` where given.

    Attention dropout stays off: it costs the fused attention kernel and brings little in so short a training.
    """
    raw = json.loads((trunk / "config.json").read_text(encoding="utf-8"))
    config = BertConfig(**raw)
    config.hidden_dropout_prob = dropout
    config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = "sdpa"
    reader = Reader(config)
    if state is None:
        weights = load_file(trunk / "model.safetensors")
        missing, unexpected = reader.trunk.load_state_dict(weights, strict=False)
        lost = [k for k in missing if "position_ids" not in k and "token_type_ids" not in k]
        if lost:
            raise ValueError(f"trunk weights lack {lost[:3]}")
        odd = [k for k in unexpected if "pooler" not in k and "position_ids" not in k]
        if odd:
            raise ValueError(f"trunk weights hold unknown {odd[:3]}")
    else:
        saved = torch.load(state, map_location="cpu", weights_only=True)
        reader.load_state_dict(cast(dict[str, Tensor], saved["model"]))
    reader.trunk.embeddings.word_embeddings.weight.requires_grad_(False)
    return reader


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the loss needs of each feature, all (batch,): see `evidence`."""

    nll: Tensor
    gold: Tensor
    total: Tensor
    bce: Tensor


def evidence(start: Tensor, end: Tensor, answerable: Tensor, allowed: Tensor, spans: Tensor) -> Evidence:
    """Per-feature losses and log-odds against the null answer.

    `start`, `end` (batch, sequence); `allowed` (batch, sequence) bool: passage tokens and position 0; `spans`
    (batch, k, 2), padded with -1. `nll`: minus log of the summed probability of the acceptable spans, start and end
    each normalised over the passage and position 0. `gold` and `total`: log of the summed odds, against null, of the
    acceptable spans (very low for the null answer) and of all spans. `bce`: loss of the answerable logit.
    """
    floor = -1e4
    start = start.float().masked_fill(~allowed, floor)
    end = end.float().masked_fill(~allowed, floor)
    real = spans[..., 0] >= 0
    at = spans.clamp(min=0)
    joint = (start.gather(1, at[..., 0]) + end.gather(1, at[..., 1])).masked_fill(~real, 2 * floor).logsumexp(1)
    null = start[:, 0] + end[:, 0]
    has = spans[:, 0, 1] > 0
    bce = nn.functional.binary_cross_entropy_with_logits(answerable.float(), has.float(), reduction="none")
    return Evidence(
        start.logsumexp(1) + end.logsumexp(1) - joint,
        torch.where(has, joint - null, torch.full_like(null, floor)),
        start[:, 1:].logsumexp(1) + end[:, 1:].logsumexp(1) - null,
        bce,
    )


def group_loss(gold: Tensor, total: Tensor, question: Sequence[int]) -> Tensor:
    """Mean over questions of minus log of the share that acceptable spans hold among all spans of all its passages.

    The null answer stands in the sum once, with odds 1, and is right where no passage has an acceptable span: this is
    what makes margins comparable across passages (shared normalisation, Clark and Gardner 2018). All (batch,).
    """
    names = sorted(set(question))
    member = torch.tensor([[q == name for q in question] for name in names])
    zero = torch.zeros(len(names), 1)
    odds = torch.cat([total[None, :].expand(len(names), -1).masked_fill(~member, -1e4), zero], 1).logsumexp(1)
    right = gold[None, :].expand(len(names), -1).masked_fill(~member, -1e4).logsumexp(1)
    answered = right > -5e3
    return (odds - torch.where(answered, right, zero[:, 0])).mean()
