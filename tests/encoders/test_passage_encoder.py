from __future__ import annotations

import json
import random
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digestqa.encoders import load_passage_encoder, load_query_encoder, sentence_transformer
from digestqa.encoders.arithmetic import DeviceDescription
from digestqa.encoders.models import locate_model
from digestqa.encoders.quiet import quiet_model_libraries
from digestqa.encoders.sentence_transformer import FeatureBatch, SentenceTransformerEncoder
from digestqa.encoders.tuned import lay_over, tuned_weights
from digestqa.encoders.unpadded import UnpaddedBatch, UnpaddedBert
from digestqa.encoders.workers import WorkerPlan
from digestqa.errors import EncoderError
from encoders.conftest import write_exported
from encoders.tiny_models import save_static_model, save_tiny_model

QUICK = DeviceDescription("cpu", bfloat16=True)
SLOW = DeviceDescription("cpu")

PASSAGES = [
    "Thymosin Alpha 1 for early lung cancer — Results: The primary outcome is the number of circulating tumor cells.",
    "Source: clinicaltrials:NCT06598839 · Ingested 2026-04-16",
    "HR 0.63, 95% CI 0.51-0.75, p=0.001",
    "",
    "x",
    "Six of the 33 patients analysed reached a pathological complete response. " * 12,
    "a\ud800b",
    "\x00\x1b[31mred\x1b[0m\u200b\ufeff",
    "naïve Tα1 ≥30 % 日本 😀",
    "Patients were followed for five years. " * 200,
]


def test_vectors_are_those_of_the_model(default_encoder: SentenceTransformerEncoder) -> None:
    texts = [text for text in PASSAGES if "\ud800" not in text]
    with quiet_model_libraries():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(locate_model().folder), device="cpu", local_files_only=True)
        lay_over(model, tuned_weights())
        expected = np.asarray(model.encode(texts, normalize_embeddings=True))

    vectors = default_encoder.encode_passages(texts)

    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), 384)
    assert (vectors * expected).sum(axis=1).min() >= 0.9999
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    exact = default_encoder.in_float32().encode_passages(texts)
    assert (exact * expected).sum(axis=1).min() >= 0.999999


def test_a_texts_vector_does_not_depend_on_its_neighbours_or_its_place(
    default_encoder: SentenceTransformerEncoder,
) -> None:
    order = list(range(len(PASSAGES)))
    random.Random(4).shuffle(order)

    vectors = default_encoder.encode_passages(PASSAGES)
    shuffled = default_encoder.encode_passages([PASSAGES[position] for position in order])
    alone = np.stack([default_encoder.encode_passages([text])[0] for text in PASSAGES])

    assert (shuffled * vectors[order]).sum(axis=1).min() >= 0.9999
    assert (alone * vectors).sum(axis=1).min() >= 0.9999


def test_no_texts_give_no_vectors(default_encoder: SentenceTransformerEncoder) -> None:
    calls: list[tuple[int, int]] = []

    assert default_encoder.encode_passages([], lambda *call: calls.append(call)).shape == (0, 384)
    assert calls == []


def test_progress_rises_to_the_number_of_texts(tiny_encoder: SentenceTransformerEncoder) -> None:
    calls: list[tuple[int, int]] = []

    tiny_encoder.encode_passages(["dose"] * 1000, lambda *call: calls.append(call))

    assert len(calls) > 1
    assert [done for done, _ in calls] == sorted({done for done, _ in calls})
    assert calls[-1] == (1000, 1000)
    assert {total for _, total in calls} == {1000}


def test_many_texts_are_taken_in_rounds_with_the_same_vectors(
    tiny_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"patient {number} of {number % 7}" for number in range(50)]
    at_once = tiny_encoder.encode_passages(texts)
    rounds: list[int] = []
    one_round = SentenceTransformerEncoder._round

    def counted(
        encoder: SentenceTransformerEncoder, texts: Sequence[str], prompt: str, task: str, token_budget: int
    ) -> Iterator[FeatureBatch]:
        rounds.append(len(texts))
        return one_round(encoder, texts, prompt, task, token_budget)

    monkeypatch.setattr(sentence_transformer, "_TEXTS_PER_ROUND", 16)
    monkeypatch.setattr(sentence_transformer, "_UNPADDED_TEXTS_PER_ROUND", 8)
    monkeypatch.setattr(SentenceTransformerEncoder, "_round", counted)

    assert (tiny_encoder.encode_passages(texts) * at_once).sum(axis=1).min() >= 0.9999
    assert rounds == [8] * 6 + [2]
    rounds.clear()
    assert (tiny_encoder.in_float32().encode_passages(texts) * at_once).sum(axis=1).min() >= 0.9999
    assert rounds == [16] * 3 + [2]


def test_an_error_in_the_progress_callback_ends_the_work(tiny_encoder: SentenceTransformerEncoder) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_encoder.encode_passages(["dose"] * 1000, interrupt)


def test_work_that_ends_early_leaves_no_thread_and_the_number_of_them_as_it_was(
    tiny_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(sentence_transformer, "plan_workers", lambda device: WorkerPlan(2, 1))
    monkeypatch.setattr(torch, "get_num_threads", lambda: 7)
    asked: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", asked.append)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as ended:
        tiny_encoder.encode_passages(["dose"] * 20_000, interrupt)

    # While the error is still being handled, as by a program that goes on.
    assert ended.value is not None
    assert asked[-1] == 7
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("digestqa-encoder")]


def test_a_tokenizer_of_another_vocabulary_is_an_error_that_says_so(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "other"))
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["model"]["vocab"]["ω"] = len(tokenizer["model"]["vocab"]) + 5
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    encoder = load_passage_encoder(str(folder))

    for each in (encoder, encoder.in_float32()):
        with pytest.raises(EncoderError, match="failed on cpu") as refused:
            each.encode_passages(["a known letter", "ω"])
        assert "tokenizer and weights" in refused.value.hint


def test_texts_without_a_token_have_no_direction_and_spoil_no_other(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "plain")
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    (folder / "tokenizer.json").write_text(json.dumps({**tokenizer, "post_processor": None}), encoding="utf-8")
    encoder = load_passage_encoder(str(folder))
    assert encoder.unpadded is not None

    for each in (encoder, encoder.in_float32()):
        vectors = each.encode_passages(["", "dose", "\x01", "survival"])
        assert np.linalg.norm(vectors, axis=1).round(4).tolist() == [0, 1, 0, 1]
        assert not each.encode_query("").any()


def test_a_model_that_keeps_the_first_numbers_of_its_vectors_gives_these(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "short"))
    path = folder / "config_sentence_transformers.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "truncate_dim": 16}), encoding="utf-8")
    encoder = load_passage_encoder(str(folder))

    assert encoder.identity.dimension == 16
    expected = np.asarray(encoder.model.encode(["page: dose"], normalize_embeddings=True))
    for each in (encoder, encoder.in_float32()):
        assert each.encode_passages(["dose"])[0] @ expected[0] >= 0.9999
    exported = write_exported(encoder, tmp_path)
    asked = load_query_encoder(exported.onnx, exported.tokenizer, encoder.identity)
    assert asked.encode_passages(["dose"])[0] @ expected[0] >= 0.9999


def test_a_quick_way_that_this_processor_cannot_take_is_not_taken(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(encoder: UnpaddedBert, batch: UnpaddedBatch) -> None:
        raise RuntimeError("no such instruction")

    monkeypatch.setattr(UnpaddedBert, "__call__", fails)

    encoder = load_passage_encoder(str(tiny_folder))

    assert encoder.unpadded is None
    assert encoder.encode_query("dose").any()


def test_the_models_prompts_are_put_before_questions_and_passages(tiny_encoder: SentenceTransformerEncoder) -> None:
    expected = np.asarray(tiny_encoder.model.encode(["ask: dose", "page: dose"], normalize_embeddings=True))

    assert tiny_encoder.encode_query("dose") @ expected[0] >= 0.9999
    assert tiny_encoder.encode_passages(["dose"])[0] @ expected[1] >= 0.9999
    assert tiny_encoder.encode_query("dose") @ tiny_encoder.encode_passages(["dose"])[0] < 0.9999


def test_vectors_have_unit_length_where_the_model_does_not_normalize(tmp_path: Path) -> None:
    encoder = load_passage_encoder(str(save_tiny_model(tmp_path / "tiny", normalize=False)))

    assert not encoder.identity.normalized
    assert np.allclose(np.linalg.norm(encoder.encode_passages(["dose", "survival"]), axis=1), 1, atol=1e-5)


def test_text_beyond_the_models_length_changes_nothing(tiny_encoder: SentenceTransformerEncoder) -> None:
    start = "overall survival was longer "

    vectors = tiny_encoder.encode_passages([start + "x" * 3000, start + "x " * 10, start * 50, start * 60])

    assert vectors[2] @ vectors[3] >= 0.9999


def test_float32_is_used_where_bfloat16_would_change_the_vectors(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentence_transformer, "MIN_COSINE", 1.1)
    monkeypatch.setattr(sentence_transformer, "describe_device", lambda device: QUICK)

    encoder = load_passage_encoder(str(tiny_folder), device="cpu")

    assert encoder.precision == "fp32"
    assert encoder.model.transformers_model.config._attn_implementation == "sdpa"


def test_float32_is_used_where_the_processor_has_no_bfloat16(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentence_transformer, "describe_device", lambda device: SLOW)

    assert load_passage_encoder(str(tiny_folder), device="cpu").precision == "fp32"


def test_bfloat16_is_used_where_the_processor_has_it_and_it_is_close_enough(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentence_transformer, "describe_device", lambda device: QUICK)
    monkeypatch.setattr(sentence_transformer, "MIN_COSINE", 0.99)

    encoder = load_passage_encoder(str(tiny_folder), device="cpu")

    assert encoder.precision == "bf16"
    assert encoder.in_float32().precision == "fp32"


def test_vectors_that_are_not_numbers_are_refused(tiny_folder: Path) -> None:
    import torch

    encoder = load_passage_encoder(str(tiny_folder))
    with torch.no_grad():
        next(iter(encoder.model.parameters())).fill_(float("nan"))

    with pytest.raises(EncoderError, match="not finite numbers of dimension 32"):
        encoder.encode_passages(["dose"])


def test_a_model_of_another_dimension_than_its_files_say_is_refused(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "odd"))
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text(encoding="utf-8").replace("32", "48"), encoding="utf-8")

    with pytest.raises(EncoderError, match="dimension 48"):
        load_passage_encoder(str(folder))


def test_an_unknown_device_is_refused(tiny_folder: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be loaded"):
        load_passage_encoder(str(tiny_folder), device="abacus")


def test_a_model_without_a_transformer_serves_too(tmp_path: Path) -> None:
    encoder = load_passage_encoder(str(save_static_model(tmp_path / "static")))

    vectors = encoder.encode_passages(["median survival", "survival median", "dose", "a\ud800"])

    assert vectors.shape == (4, 8)
    assert vectors[0] @ vectors[1] >= 0.9999
    assert encoder.encode_query("dose") @ vectors[2] >= 0.9999


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(alphabet=st.characters(), max_size=40), max_size=6))
def test_any_text_has_a_vector_of_unit_length(tiny_encoder: SentenceTransformerEncoder, texts: list[str]) -> None:
    vectors = tiny_encoder.encode_passages(texts)

    assert vectors.shape == (len(texts), 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
