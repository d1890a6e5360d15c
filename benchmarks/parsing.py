"""Digests parsed and cut into passages in a second, on one core.

    python benchmarks/parsing.py [--digests 2000] [--write] [FOLDER]

Pages are generated, or read from FOLDER. Times are CPU time of the process, best of five rounds, so that other work
on the machine counts little; a fixed pure-Python loop is timed beside them, so that figures of different machines can
be compared as ratios.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.generated import digest_page
from benchmarks.machine import add_write_argument, describe, markdown_table, report

from digestqa.digests import parse_digest
from digestqa.passages import split_passages

ROUNDS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="folder of .txt digests")
    parser.add_argument("--digests", type=int, default=2000, help="pages to generate (default: 2000)")
    add_write_argument(parser)
    given = parser.parse_args()
    machine = describe()
    if given.folder:
        pages = {path.name: path.read_text(encoding="utf-8") for path in sorted(given.folder.glob("*.txt"))}
    else:
        pages = {f"NCT{number:08d}.txt": digest_page(number) for number in range(given.digests)}

    def read_all() -> None:
        for name, text in pages.items():
            split_passages(parse_digest(text, sha256="", name=name))

    seconds, loop_seconds = best(read_all), best(loop)
    characters = sum(map(len, pages.values()))
    rows = [
        ["digests", f"{len(pages):,}"],
        ["characters in each", f"{characters // len(pages):,}"],
        ["digests a second", f"{len(pages) / seconds:,.0f}"],
        ["million characters a second", f"{characters / seconds / 1e6:.1f}"],
        ["digests in the time of the fixed loop", f"{len(pages) / seconds * loop_seconds:,.0f}"],
        ["the fixed loop, s", f"{loop_seconds:.3f}"],
    ]
    report("parsing", machine, markdown_table(["parsed and cut, on one core", ""], rows), given.write)


def loop() -> None:
    """Count to a million in pure Python: the yardstick."""
    total = 0
    for number in range(1_000_000):
        total += number & 7


def best(work: Callable[[], None]) -> float:
    """Return the least CPU seconds that some work took."""
    found = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        found = min(found, time.process_time() - begun)
    return found


if __name__ == "__main__":
    main()
