from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digestqa.encoders import (
    ExportedQueryEncoder,
    QueryEncoder,
    export,
    export_query_encoder,
    load_passage_encoder,
    load_query_encoder,
)
from digestqa.encoders.sentence_transformer import SentenceTransformerEncoder
from digestqa.errors import EncoderError, StorageError
from encoders.conftest import ExportedFiles
from encoders.tiny_models import save_static_model, save_tiny_model

WORDS = "survival median dose 0.63 α β-blocker p<0.05 naïve placebo, (95% CI) grade≥3 日本 follow-up recruiting".split()


def written(exported: ExportedQueryEncoder, folder: Path) -> QueryEncoder:
    (folder / "encoder.onnx").write_bytes(exported.onnx)
    (folder / "encoder.tokenizer.json").write_bytes(exported.tokenizer)
    return load_query_encoder(folder / "encoder.onnx", folder / "encoder.tokenizer.json", exported.identity)


def test_the_exported_encoder_agrees_with_its_source_on_any_length(
    default_encoder: SentenceTransformerEncoder, default_query_encoder: QueryEncoder
) -> None:
    chance = random.Random(11)
    texts = [" ".join(chance.choices(WORDS, k=count)) for count in (0, 1, 2, 5, 9, 20, 45, 90, 150, 400)]
    exact = default_encoder.in_float32()

    together = default_query_encoder.encode_passages(texts)
    alone = np.stack([default_query_encoder.encode_query(text) for text in texts])

    expected = exact.encode_passages(texts)
    assert together.dtype == alone.dtype == np.float32
    assert (together * expected).sum(axis=1).min() >= 0.9999
    assert (alone * expected).sum(axis=1).min() >= 0.9999


def test_the_export_states_its_identity_and_how_close_it_is(
    default_encoder: SentenceTransformerEncoder, default_files: ExportedFiles, default_query_encoder: QueryEncoder
) -> None:
    assert default_files.exported.identity == default_encoder.identity == default_query_encoder.identity
    assert 0.9999 <= default_files.exported.cosine_to_source <= 1.001


def test_weights_in_a_file_of_their_own_leave_a_small_graph(default_files: ExportedFiles) -> None:
    assert default_files.onnx.stat().st_size < 200_000
    assert 85_000_000 < default_files.weights.stat().st_size < 95_000_000


def test_weights_can_stay_in_the_graph(tiny_encoder: SentenceTransformerEncoder, tmp_path: Path) -> None:
    exported = export_query_encoder(tiny_encoder)

    assert exported.weights == b""
    assert written(exported, tmp_path).encode_query("dose") @ tiny_encoder.encode_query("dose") >= 0.9999


def test_exporting_leaves_the_source_as_it_was(tiny_folder: Path) -> None:
    encoder = load_passage_encoder(str(tiny_folder))
    before = encoder.encode_passages(["overall survival"])
    attention = encoder.model.transformers_model.config._attn_implementation

    export_query_encoder(encoder)

    assert encoder.model.transformers_model.config._attn_implementation == attention
    assert np.array_equal(encoder.encode_passages(["overall survival"]), before)


def test_prompts_and_maximum_length_are_those_of_the_source(
    tiny_encoder: SentenceTransformerEncoder, tiny_files: ExportedFiles
) -> None:
    exported = load_query_encoder(tiny_files.onnx, tiny_files.tokenizer, tiny_encoder.identity)
    long = "overall survival " * 30

    assert exported.encode_query("dose") @ tiny_encoder.encode_query("dose") >= 0.9999
    assert exported.encode_query("dose") @ exported.encode_passages(["dose"])[0] < 0.9999
    assert exported.encode_passages([long])[0] @ tiny_encoder.encode_passages([long])[0] >= 0.9999
    assert np.array_equal(exported.encode_query(long), exported.encode_query(long + "more"))


@pytest.mark.parametrize("pooling", ["cls", "max", "weightedmean", "lasttoken"])
def test_other_poolings_are_exported_too(tmp_path: Path, pooling: str) -> None:
    source = load_passage_encoder(str(save_tiny_model(tmp_path / "tiny", pooling=pooling, dense_features=16)))
    texts = ["dose", "overall survival was longer", "x", "follow-up of 5 years"]

    vectors = written(export_query_encoder(source), tmp_path).encode_passages(texts)

    assert vectors.shape == (4, 16)
    assert (vectors * source.in_float32().encode_passages(texts)).sum(axis=1).min() >= 0.9999


def test_a_model_that_cannot_be_exported_says_so_and_still_encodes_questions(tmp_path: Path) -> None:
    encoder = load_passage_encoder(str(save_static_model(tmp_path / "static")))

    with pytest.raises(EncoderError, match="cannot be exported") as caught:
        export_query_encoder(encoder)

    assert "sentence-transformers model itself" in caught.value.hint
    assert encoder.encode_query("dose").shape == (8,)


def test_temporary_files_that_cannot_be_written_are_no_fault_of_the_model(
    tiny_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))

    with pytest.raises(StorageError, match="temporary files cannot be written") as caught:
        export_query_encoder(tiny_encoder)

    assert "TMPDIR" in caught.value.hint


def test_an_export_that_differs_from_its_source_is_refused(
    tiny_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MIN_COSINE", 1.1)

    with pytest.raises(EncoderError, match="differs from its source: cosine"):
        export_query_encoder(tiny_encoder)


def test_a_failure_while_tracing_is_reported_in_one_line(
    tiny_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError("unsupported operator\nin a long trace")

    monkeypatch.setattr(torch.onnx, "export", fail)

    with pytest.raises(EncoderError, match="RuntimeError: unsupported operator") as caught:
        export_query_encoder(tiny_encoder)

    assert "\n" not in caught.value.message


def test_no_texts_give_no_vectors(default_query_encoder: QueryEncoder) -> None:
    assert default_query_encoder.encode_passages([]).shape == (0, 384)


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "a\ud800b", "\x00\x1b[2J", "?" * 100_000, "word " * 20_000, "é" * 50]
)
def test_any_question_has_a_vector_of_unit_length(default_query_encoder: QueryEncoder, text: str) -> None:
    vector = default_query_encoder.encode_query(text)

    assert vector.shape == (384,)
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


def test_progress_rises_to_the_number_of_texts(default_query_encoder: QueryEncoder) -> None:
    calls: list[tuple[int, int]] = []

    default_query_encoder.encode_passages(["overall survival"] * 200, lambda *call: calls.append(call))

    assert [done for done, _ in calls] == sorted({done for done, _ in calls})
    assert calls[-1] == (200, 200)


def test_the_number_of_threads_changes_no_vector(tiny_files: ExportedFiles) -> None:
    one, four = (
        load_query_encoder(tiny_files.onnx, tiny_files.tokenizer, tiny_files.exported.identity, threads=threads)
        for threads in (1, 4)
    )

    assert one.encode_query("dose") @ four.encode_query("dose") >= 0.99999


@pytest.mark.parametrize("part", ["onnx", "tokenizer", "weights"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage", "folder"])
def test_a_damaged_file_is_refused_with_the_command_that_mends_it(
    tiny_files: ExportedFiles, part: str, damage: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path: Path = getattr(tiny_files, part)
    content = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes({"empty": b"", "truncated": content[: len(content) // 2], "garbage": b"\xff\x00no"}[damage])

    with pytest.raises(EncoderError) as caught:
        load_query_encoder(tiny_files.onnx, tiny_files.tokenizer, tiny_files.exported.identity)

    assert "digestqa rebuild" in caught.value.hint
    assert "\n" not in caught.value.message
    assert capfd.readouterr() == ("", "")


def test_a_name_in_the_graph_that_is_not_text_is_refused_in_silence(
    tiny_files: ExportedFiles, capfd: pytest.CaptureFixture[str]
) -> None:
    tiny_files.onnx.write_bytes(tiny_files.onnx.read_bytes().replace(b"input_ids", b"input_id\xf6"))

    with pytest.raises(EncoderError, match="cannot be opened"):
        load_query_encoder(tiny_files.onnx, tiny_files.tokenizer, tiny_files.exported.identity)

    assert capfd.readouterr() == ("", "")


def test_a_graph_of_another_kind_is_refused(tiny_files: ExportedFiles) -> None:
    import onnx
    from onnx import TensorProto, helper

    number = helper.make_tensor_value_info("number", TensorProto.FLOAT, [1])
    double = helper.make_tensor_value_info("double", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Add", ["number", "number"], ["double"])], "double", [number], [double])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, os.fspath(tiny_files.onnx))

    with pytest.raises(EncoderError, match="is not a query encoder: its inputs are number"):
        load_query_encoder(tiny_files.onnx, tiny_files.tokenizer, tiny_files.exported.identity)


def test_vectors_of_another_dimension_than_recorded_are_refused(tiny_files: ExportedFiles) -> None:
    identity = replace(tiny_files.exported.identity, dimension=64)
    encoder = load_query_encoder(tiny_files.onnx, tiny_files.tokenizer, identity)

    with pytest.raises(EncoderError, match="dimension 64"):
        encoder.encode_query("dose")
    with pytest.raises(EncoderError, match="dimension 64"):
        encoder.encode_passages(["dose"])


def test_weights_that_are_not_numbers_are_noticed(tiny_files: ExportedFiles) -> None:
    size = tiny_files.weights.stat().st_size
    tiny_files.weights.write_bytes(np.full(size // 4, np.nan, np.float32).tobytes() + bytes(size % 4))
    encoder = load_query_encoder(tiny_files.onnx, tiny_files.tokenizer, tiny_files.exported.identity)

    with pytest.raises(EncoderError, match="not finite numbers"):
        encoder.encode_query("dose")


def test_a_question_that_is_asked_for_again_has_the_same_vector_and_its_caller_may_change_it(
    default_query_encoder: QueryEncoder,
) -> None:
    first = default_query_encoder.encode_query("what is the primary outcome?")
    kept = first.copy()
    first[:] = 0
    assert (default_query_encoder.encode_query("what is the primary outcome?") == kept).all()
    assert (default_query_encoder.encode_query("what is the secondary outcome?") != kept).any()
