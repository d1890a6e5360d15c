"""What decides a library's contents, and the refusal of any other."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digestqa.digests.model import READING_RULES_VERSION
from digestqa.encoders.base import EncoderIdentity
from digestqa.errors import EncoderError, LibraryMismatchError
from digestqa.library.schema import FTS_COLUMNS, FTS_TOKENIZER, SCHEMA_VERSION
from digestqa.names.model import NAMING_RULES_VERSION
from digestqa.passages import CHUNKER

if TYPE_CHECKING:
    from pathlib import Path

INDEX_PARAMETERS: dict[str, Any] = {
    "vectors": "float16",
    "metric": "inner product",
    "fts_columns": FTS_COLUMNS,
    "fts_tokenizer": FTS_TOKENIZER,
    "naming_rules": NAMING_RULES_VERSION,
}

VECTOR_KEY_BYTES = 16

_SHOWN_DIFFERENCES = 3


@dataclass(frozen=True, slots=True)
class LibraryIdentity:
    """All that decides what a library holds for given files.

    Attributes:
        encoder: the passage encoder's identity, or None where nothing was embedded yet.
        chunker: the chunker's parameters, and the version of the rules by which files are read.
        index: vector and full-text parameters.
        schema: the catalog's schema version.
    """

    encoder: EncoderIdentity | None
    chunker: dict[str, Any]
    index: dict[str, Any]
    schema: int

    @classmethod
    def of_this_program(cls, encoder: EncoderIdentity | None) -> LibraryIdentity:
        """Return the identity of a library that this program builds with that encoder."""
        chunker = {**CHUNKER.as_dict(), "reading_rules": READING_RULES_VERSION}
        return cls(encoder, chunker, dict(INDEX_PARAMETERS), SCHEMA_VERSION)

    @classmethod
    def from_dict(cls, values: dict[str, Any], schema: int) -> LibraryIdentity:
        """Read what ``as_dict`` wrote; the schema version is the catalog's own, which a migration raises.

        Raises:
            KeyError, TypeError: the values are not an identity.
        """
        encoder = values["encoder"]
        return cls(
            EncoderIdentity(**encoder) if encoder is not None else None,
            dict(values["chunker"]),
            dict(values["index"]),
            schema,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {
            "encoder": self.encoder.as_dict() if self.encoder else None,
            "chunker": self.chunker,
            "index": self.index,
            "schema": self.schema,
        }


def differences(recorded: LibraryIdentity, asked: LibraryIdentity) -> list[tuple[str, Any, Any]]:
    """Return (field, recorded value, asked value) of all fields that differ.

    The encoder is left out where one side has none.
    """
    left, right = recorded.as_dict(), asked.as_dict()
    if recorded.encoder is None or asked.encoder is None:
        left["encoder"] = right["encoder"] = {}
    left, right = _flat(left), _flat(right)
    return [
        (name, left.get(name, "absent"), right.get(name, "absent"))
        for name in sorted(left.keys() | right.keys())
        if left.get(name, "absent") != right.get(name, "absent")
    ]


def require_same(recorded: LibraryIdentity, asked: LibraryIdentity, embeddings: Path) -> None:
    """Refuse a library that was built in another way than is asked for.

    Raises:
        LibraryMismatchError: a field differs; an equal dimension is not enough.
    """
    found = differences(recorded, asked)
    if not found:
        return
    told = "; ".join(f"{name} is {was!r} there and {now!r} here" for name, was, now in found[:_SHOWN_DIFFERENCES])
    more = len(found) - _SHOWN_DIFFERENCES
    if more > 0:
        told += f"; and {more} more"
    raise LibraryMismatchError(
        f"the library in {embeddings} was built in another way: {told}",
        "run 'digestqa rebuild' to build it anew; digests and sessions stay as they are",
    )


def require_same_library(recorded: LibraryIdentity, encoder_name: str | None, embeddings: Path) -> None:
    """Refuse a library that this program would build in another way, or with another encoder than the one named.

    Raises:
        LibraryMismatchError: a field differs, or the encoder's name does.
    """
    require_same(recorded, LibraryIdentity.of_this_program(recorded.encoder), embeddings)
    require_encoder_name(recorded, encoder_name, embeddings)


def require_encoder_name(recorded: LibraryIdentity, name: str | None, embeddings: Path) -> None:
    """Refuse a library of another encoder than the one named, if one is named.

    Raises:
        LibraryMismatchError: the names differ.
    """
    if name is None or recorded.encoder is None or recorded.encoder.name == name:
        return
    if _full_name(name) == recorded.encoder.name:
        return
    raise LibraryMismatchError(
        f"the library in {embeddings} was built with the encoder {recorded.encoder.name!r}, and {name!r} is asked for",
        f"run 'digestqa rebuild --model {name}', or ask without naming an encoder",
    )


def _full_name(name: str) -> str:
    """Return what a library records for an encoder asked for by a short name or a relative path."""
    from digestqa.encoders.models import locate_model

    try:
        return locate_model(name).name
    except EncoderError:
        return name


class VectorKeys:
    """Names vectors by what decides them: the encoder's identity, the build, and the text.

    A rebuild counts as another build, so that it embeds everything anew beside the vectors in use.
    """

    def __init__(self, encoder: EncoderIdentity, generation: int) -> None:
        prefix = json.dumps([encoder.as_dict(), generation], sort_keys=True, ensure_ascii=True).encode("ascii")
        self._prefix = hashlib.sha256(prefix + b"\0")

    def key(self, embedded_text: str) -> bytes:
        """Return the key of a text's vector: the first 16 bytes of a sha256."""
        digest = self._prefix.copy()
        digest.update(embedded_text.encode("utf-8"))
        return digest.digest()[:VECTOR_KEY_BYTES]


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = value
    return flat
