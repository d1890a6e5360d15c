"""Encoders for building libraries of a million passages in a benchmark, without embedding a text twice.

``KeptEncoder`` is the real encoder with a memory on disk: a text's vector is computed once, with the seconds that it
took, and read from a folder in later runs. ``write_small_encoder`` makes a real encoder that is many times as fast as
the default one and much worse: its word and position vectors, averaged, without a layer above them. A library built
with it is as large and is asked in the same way, but what it finds says nothing about digestqa.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digestqa.encoders.base import EncoderIdentity, ExportedQueryEncoder, OnProgress, PassageEncoder

_MERGED_EVERY = 65_536


class KeptVectors:
    """Vectors by text, in two files that only grow: 8-byte keys with seconds, and half-precision rows.

    A run that was killed leaves whole rows: what the keys' file does not name is written over. One process at a time.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open a folder, or make it.

        Raises:
            SystemExit: another process is using it.
        """
        import numpy as np

        self._dimension = dimension
        self._entry = np.dtype([("key", "<u8"), ("seconds", "<f4")])
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / "lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise SystemExit(f"another run keeps its vectors in {folder}") from None
        self._keys_path, self._rows_path = folder / "keys", folder / "rows"
        self._keys_path.touch()
        self._rows_path.touch()
        self._size = min(
            self._keys_path.stat().st_size // self._entry.itemsize, self._rows_path.stat().st_size // (2 * dimension)
        )
        with self._keys_path.open("r+b") as keys, self._rows_path.open("r+b") as rows:
            keys.truncate(self._size * self._entry.itemsize)
            rows.truncate(self._size * 2 * dimension)
        self._merge()

    def _merge(self) -> None:
        import numpy as np

        entries = np.fromfile(self._keys_path, self._entry)
        self._order = np.argsort(entries["key"], kind="stable").astype(np.uint32)
        self._sorted = entries["key"][self._order]
        self._seconds = entries["seconds"]
        self._new: dict[int, int] = {}

    def close(self) -> None:
        """Let other processes use the folder."""
        self._lock.release()

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the row of each key, -1 where there is none."""
        import numpy as np

        rows = np.full(len(keys), -1, np.int64)
        if len(self._sorted):
            places = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
            found = self._sorted[places] == keys
            rows[found] = self._order[places[found]]
        for position in np.flatnonzero(rows < 0):
            rows[position] = self._new.get(int(keys[position]), -1)
        return rows

    def read(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], float]:
        """Return the vectors of some rows, and the seconds that it took to compute them."""
        import numpy as np

        width = 2 * self._dimension
        # Not mapped: pages of this file would count in the memory of the build that is measured.
        with self._rows_path.open("rb", buffering=0) as file:
            data = []
            for row in rows.tolist():
                file.seek(row * width)
                data.append(file.read(width))
        vectors = np.frombuffer(b"".join(data), "<f2").reshape(len(rows), self._dimension).astype(np.float32)
        known = rows[rows < len(self._seconds)]
        return vectors, float(self._seconds[known].sum(dtype=np.float64))

    def add(self, keys: NDArray[np.uint64], vectors: NDArray[np.float32], seconds: float) -> None:
        """Keep what a batch gave."""
        import numpy as np

        entries = np.empty(len(keys), self._entry)
        entries["key"], entries["seconds"] = keys, seconds / len(keys)
        with self._rows_path.open("ab") as rows, self._keys_path.open("ab") as file:
            vectors.astype("<f2").tofile(rows)
            rows.flush()
            entries.tofile(file)
        self._new.update((int(key), self._size + place) for place, key in enumerate(keys))
        self._size += len(keys)
        if len(self._new) >= _MERGED_EVERY:
            self._merge()


class KeptEncoder:
    """The real encoder, which computes only what its folder does not hold.

    The first batch is always computed, so that the model is at work in every build and what it takes of memory is
    measured.

    Attributes:
        computed: texts that were computed in this run.
        read: texts that were read from the folder.
        seconds: that the encoder took for all of them, those of earlier runs as they were measured then.
        busy_s: of this run, in the encoder and with the folder; what a build took besides is the library's.
    """

    def __init__(self, real: PassageEncoder, folder: Path | None) -> None:
        """Take an encoder that is loaded, and the folder of vectors, if they shall be kept."""
        self.real = real
        identity = real.identity
        place = folder / f"{identity.weights_sha256[:16]}-{identity.max_length}" if folder is not None else None
        self._kept = KeptVectors(place, identity.dimension) if place is not None else None
        self.computed = self.read = 0
        self.seconds = self.busy_s = 0.0

    @property
    def identity(self) -> EncoderIdentity:
        """The real encoder's."""
        return self.real.identity

    def close(self) -> None:
        """Let other processes use the folder."""
        if self._kept is not None:
            self._kept.close()

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), rows of unit length."""
        began = time.perf_counter()
        vectors = self._vectors(texts)
        self.busy_s += time.perf_counter() - began
        if on_progress is not None:
            on_progress(len(texts), len(texts))
        return vectors

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if self._kept is None:
            return self._computed(texts)[0]
        keys = np.array([_key(text) for text in texts], np.uint64)
        rows = self._kept.find(keys)
        missing = np.flatnonzero(rows < 0)
        if not self.computed:
            # In the order of the texts, and kept no second time.
            vectors, seconds = self._computed(texts)
            self._kept.add(keys[missing], vectors[missing], seconds * len(missing) / len(texts)) if len(
                missing
            ) else None
            return vectors
        vectors = np.empty((len(texts), self.identity.dimension), np.float32)
        there = np.flatnonzero(rows >= 0)
        if len(there):
            vectors[there], seconds = self._kept.read(rows[there])
            self.seconds += seconds
            self.read += len(there)
        if len(missing):
            computed, seconds = self._computed([texts[position] for position in missing.tolist()])
            vectors[missing] = computed
            self._kept.add(keys[missing], computed, seconds)
        return vectors

    def _computed(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], float]:
        began = time.perf_counter()
        vectors = self.real.encode_passages(texts)
        seconds = time.perf_counter() - began
        self.computed += len(texts)
        self.seconds += seconds
        return vectors, seconds


def exported(encoder: PassageEncoder) -> ExportedQueryEncoder:
    """Export the query encoder of a ``KeptEncoder``'s real one, as an ingest would."""
    from digestqa.encoders import export_query_encoder

    real = encoder.real if isinstance(encoder, KeptEncoder) else encoder
    # The graph looks for its weights in the file that the library writes them to.
    return export_query_encoder(real, weights_name=f"encoder-{real.identity.weights_sha256[:8]}.weights")


def loader(folder: Path | None, loaded: list[KeptEncoder]) -> Callable[[str | None], KeptEncoder]:
    """Return what loads an encoder for an ingest; it is put into ``loaded`` besides."""

    def load(name: str | None) -> KeptEncoder:
        from digestqa.encoders import load_passage_encoder

        loaded.append(KeptEncoder(load_passage_encoder(name), folder))
        return loaded[-1]

    return load


def write_small_encoder(folder: Path) -> None:
    """Write the small encoder, a sentence-transformers model, unless it is there."""
    if (folder / "modules.json").exists():
        return
    import torch

    from digestqa.encoders import load_passage_encoder
    from digestqa.encoders.quiet import quiet_model_libraries

    encoder: Any = load_passage_encoder()
    transformer = encoder.model[0]
    network = getattr(transformer, "model", None) or transformer.auto_model
    network.encoder.layer = torch.nn.ModuleList()
    network.config.num_hidden_layers = 0
    folder.mkdir(parents=True, exist_ok=True)
    with quiet_model_libraries():
        encoder.model.save(str(folder), create_model_card=False)


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
