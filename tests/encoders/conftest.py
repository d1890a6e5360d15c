from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from digestqa.encoders import ExportedQueryEncoder, QueryEncoder, load_query_encoder
from digestqa.encoders.sentence_transformer import SentenceTransformerEncoder, load_passage_encoder
from encoders.tiny_models import save_tiny_model


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    folder: Path
    exported: ExportedQueryEncoder

    @property
    def onnx(self) -> Path:
        return self.folder / "encoder.onnx"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "encoder.tokenizer.json"

    @property
    def weights(self) -> Path:
        return self.folder / "encoder.weights"


@pytest.fixture(scope="session")
def default_encoder() -> SentenceTransformerEncoder:
    return load_passage_encoder()


@pytest.fixture(scope="session")
def default_files(
    default_encoder: SentenceTransformerEncoder, tmp_path_factory: pytest.TempPathFactory
) -> ExportedFiles:
    """The default model's query encoder with its weights beside it; never written to by a test."""
    return write_exported(default_encoder, tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="session")
def default_query_encoder(default_files: ExportedFiles) -> QueryEncoder:
    return load_query_encoder(default_files.onnx, default_files.tokenizer, default_files.exported.identity)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model with prompts; never written to by a test."""
    return save_tiny_model(tmp_path_factory.mktemp("tiny") / "model", prompts={"query": "ask: ", "document": "page: "})


@pytest.fixture(scope="session")
def tiny_encoder(tiny_folder: Path) -> SentenceTransformerEncoder:
    return load_passage_encoder(str(tiny_folder))


@pytest.fixture(scope="session")
def tiny_exported(tiny_encoder: SentenceTransformerEncoder, tmp_path_factory: pytest.TempPathFactory) -> ExportedFiles:
    return write_exported(tiny_encoder, tmp_path_factory.mktemp("exported"))


@pytest.fixture
def tiny_files(tiny_exported: ExportedFiles, tmp_path: Path) -> ExportedFiles:
    """A small query encoder that a test may damage."""
    shutil.copytree(tiny_exported.folder, tmp_path / "exported")
    return ExportedFiles(tmp_path / "exported", tiny_exported.exported)


def write_exported(encoder: SentenceTransformerEncoder, folder: Path) -> ExportedFiles:
    from digestqa.encoders import export_query_encoder

    files = ExportedFiles(folder, export_query_encoder(encoder, weights_name="encoder.weights"))
    files.onnx.write_bytes(files.exported.onnx)
    files.tokenizer.write_bytes(files.exported.tokenizer)
    files.weights.write_bytes(files.exported.weights)
    return files
