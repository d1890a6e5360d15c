"""Where a run reads and writes, and what every stage agrees on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from .examples import Encoder
from .loop import Figures

MAX_LENGTH = 384
SPLIT_SEED = 17
"""Fixes what is held out, whatever the seed of a run, so that runs can be averaged and compared."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a run reads and writes: the data folder, the trunk's folder, and its own output folder.

    ``encoder_folder`` holds the sentence encoder whose ranks choose the negatives: the trunk itself, or one tuned.
    """

    data: Path
    trunk: Path
    out: Path
    encoder_folder: Path | None = None

    @property
    def ranker(self) -> Path:
        """The folder of the sentence encoder that ranks passages."""
        return self.encoder_folder or self.trunk

    @property
    def cache(self) -> Path:
        """Where vectors are kept; beside the runs, so that they share it."""
        return self.out.parent / "cache"

    def encoder(self) -> Encoder:
        """An encoder over the trunk's tokenizer."""
        return Encoder(Tokenizer.from_file(str(self.trunk / "tokenizer.json")), MAX_LENGTH)


def rounded(figures: Figures, prefix: str) -> Figures:
    """The figures with a name prefix, to four places."""
    return {f"{prefix}_{k}": round(v, 4) for k, v in figures.items()}
