"""What one side of ``benchmarks.peers`` does in its own process: build an index, answer once, or answer many times.

Standard library only: it runs in every side's own environment. The protocol of ``serve`` is one JSON object a line:
``{"question": ..., "history": [...]}`` in, ``{"ids": [...], "elapsed_ms": ...}`` out, after a first line ``{}``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a side finds its parts.

    Attributes:
        folder: of what all sides share: ``passages.jsonl``, the model, the library.
        index: the side's own folder.
        depth: how many passages are asked for.
        variant: another way to use the same peer; empty for its defaults.
    """

    folder: Path
    index: Path
    depth: int
    variant: str = ""

    @property
    def model(self) -> str:
        """The folder of the sentence-transformers model."""
        return str(self.folder / "model")

    def passages(self) -> tuple[list[int], list[str]]:
        """Return the ids and the texts of all passages."""
        lines = (self.folder / "passages.jsonl").read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line]
        return [row["id"] for row in rows], [row["text"] for row in rows]


Search = Callable[[str, Sequence[str]], list[int]]
"""From a question and the earlier ones of its conversation to the ids of the passages found, best first."""


def run(build: Callable[[Setting], None], open_index: Callable[[Setting], Search]) -> None:
    """Do what the command line says with one side's two functions."""
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("build", "once", "serve"))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--depth", type=int, default=5)
    parser.add_argument("--variant", default="")
    parser.add_argument("--question", default="")
    parsed = parser.parse_args()
    setting = Setting(parsed.folder, parsed.index, parsed.depth, parsed.variant)
    with own_output() as out:
        if parsed.action == "build":
            build(setting)
        elif parsed.action == "once":
            say(out, {"ids": open_index(setting)(parsed.question, ())})
        else:
            serve(open_index(setting), sys.stdin, out)


def serve(search: Search, lines: TextIO, out: TextIO) -> None:
    """Answer one question a line until there are no more."""
    say(out, {})
    for line in lines:
        asked = json.loads(line)
        began = time.perf_counter()
        ids = search(asked["question"], asked["history"])
        say(out, {"ids": ids, "elapsed_ms": (time.perf_counter() - began) * 1000})


def say(out: TextIO, value: dict[str, Any]) -> None:
    """Write one line at once."""
    out.write(json.dumps(value) + "\n")
    out.flush()


@contextmanager
def own_output() -> Iterator[TextIO]:
    """Give the standard output to the protocol alone; what libraries print goes to the standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        yield out
