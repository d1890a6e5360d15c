from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digestqa.encoders import load_passage_encoder, sentence_transformer
from digestqa.encoders.arithmetic import DeviceDescription
from digestqa.encoders.sentence_transformer import SentenceTransformerEncoder
from digestqa.encoders.unpadded import UnpaddedBatch
from encoders.tiny_models import save_tiny_model

TEXTS = ["dose", "a", "median overall survival", "b", "x" * 40, "dosed", ""]


def test_texts_end_to_end_are_told_apart_by_their_lengths() -> None:
    batch = UnpaddedBatch(np.arange(12), (4, 3, 3, 1, 1))

    assert list(batch.runs()) == [(0, 1, 4), (4, 2, 3), (10, 2, 1)]
    assert [ids.tolist() for ids in batch.texts()] == [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9], [10], [11]]


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("quick", [True, False])
def test_the_unpadded_pass_gives_the_models_own_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pooling: str, quick: bool
) -> None:
    described = DeviceDescription("cpu", bfloat16=quick)
    monkeypatch.setattr(sentence_transformer, "describe_device", lambda device: described)
    monkeypatch.setattr(sentence_transformer, "MIN_COSINE", 0.999)

    encoder = load_passage_encoder(str(save_tiny_model(tmp_path / "tiny", pooling=pooling)), device="cpu")

    assert encoder.unpadded is not None
    assert encoder.precision == ("bf16" if quick else "fp32")
    exact = encoder.in_float32().encode_passages(TEXTS)
    assert (encoder.encode_passages(TEXTS) * exact).sum(axis=1).min() >= (0.999 if quick else 0.999999)


def test_another_pooling_goes_through_the_model(tmp_path: Path) -> None:
    encoder = load_passage_encoder(str(save_tiny_model(tmp_path / "tiny", pooling="max")), device="cpu")

    assert encoder.unpadded is None
    assert np.isfinite(encoder.encode_passages(TEXTS)).all()


def test_scores_beyond_the_powers_of_two_go_through_the_model(
    tiny_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    expected = tiny_encoder.encode_passages(TEXTS)

    def not_numbers(batch: UnpaddedBatch) -> torch.Tensor:
        return torch.full((len(batch.lengths), tiny_encoder.identity.dimension), torch.nan)

    monkeypatch.setattr(tiny_encoder, "unpadded", not_numbers)

    assert (tiny_encoder.encode_passages(TEXTS) * expected).sum(axis=1).min() >= 0.999
