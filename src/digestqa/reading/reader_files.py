"""A trained reader as it lies on disk."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from digestqa.errors import ReaderError

FORMAT = 1
REINSTALL = "reinstall digestqa, or choose another reader with --reader"


@dataclass(frozen=True, slots=True)
class ReaderDescription:
    """What ``reader.json`` says.

    Attributes:
        name: what answers and ``status`` call the reader.
        max_length: tokens of a window at most.
        stride: passage tokens that two windows of one passage share.
        onnx_sha256: hex digest of ``reader.onnx``.
        tokenizer_sha256: hex digest of ``tokenizer.json``.
    """

    name: str
    max_length: int
    stride: int
    onnx_sha256: str
    tokenizer_sha256: str


@dataclass(frozen=True, slots=True)
class ReaderFiles:
    """A reader on disk: ``reader.onnx``, ``tokenizer.json``, ``reader.json`` and ``calibration.json`` in one folder."""

    folder: Path

    @property
    def present(self) -> bool:
        """Whether the folder holds a reader at all."""
        return (self.folder / "reader.json").is_file()

    def describe(self) -> ReaderDescription:
        """Read the description.

        Raises:
            ReaderError: it is missing, broken or of another format.
        """
        path = self.folder / "reader.json"
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            if value["format"] != FORMAT:
                raise ReaderError(f"{path} has format {value['format']}; this version reads {FORMAT}", REINSTALL)
            hashes = value["files"]
            return ReaderDescription(
                str(value.get("name", "digestqa reader")),
                int(value["max_length"]),
                int(value["stride"]),
                hashes["reader.onnx"],
                hashes["tokenizer.json"],
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReaderError(f"the reader's description {path} cannot be read: {error!r}", REINSTALL) from error

    def checked(self, name: str, sha256: str) -> bytes:
        """Read a file of the reader.

        Raises:
            ReaderError: it cannot be read or its hash is not the described one.
        """
        path = self.folder / name
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise ReaderError(f"the reader's file {path} cannot be read: {error.strerror}", REINSTALL) from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise ReaderError(f"{path} is not the file that {self.folder / 'reader.json'} describes", REINSTALL)
        return raw
