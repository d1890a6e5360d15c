"""Writes libraries of made-up digests: ``python benchmarks/generated.py --passages 1000000 OUT``.

In OUT come ``seeds/``, with one file a study in folders of 500, ``questions.jsonl``, questions about some of the
studies with the number of the right one, and ``library.json``, which says what was written. The number of passages is
counted with digestqa's own chunker and comes out at most one digest's above what was asked for. The same arguments
give the same bytes on every machine, however many processes write. Nothing is fetched, and no text is taken from
anywhere: see benchmarks/study_words.py.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.study_pages import GENERATOR, page, study
from benchmarks.study_questions import questions_about

from digestqa.digests import parse_digest
from digestqa.passages import split_passages

FILES_PER_FOLDER = 500
QUESTIONS = 300


@dataclass(frozen=True, slots=True)
class Written:
    """A library that was written.

    Attributes:
        generator: number of the generator's rules.
        seed: what its studies were drawn with.
        digests: how many files.
        passages: how many passages the chunker makes of them.
        bytes_of_text: size of all files together.
        questions: how many questions.
    """

    generator: int
    seed: int
    digests: int
    passages: int
    bytes_of_text: int
    questions: int


def digest_page(number: int) -> str:
    """Return one page in layout A; the same number always gives the same page."""
    return page(study(number, layout="A"))


def write_shelf(seeds: Path, digests: int) -> None:
    """Write that many pages in layout A into one folder."""
    seeds.mkdir(parents=True, exist_ok=True)
    for number in range(digests):
        made = study(number, layout="A")
        (seeds / made.file_name).write_text(page(made), encoding="utf-8", newline="")


def write_library(out: Path, passages: int, *, seed: int = 0, processes: int | None = None) -> Written:
    """Write files until they hold so many passages.

    Args:
        out: folder that gets ``seeds/``, ``questions.jsonl`` and ``library.json``; must hold no seeds yet.
        passages: how many there shall be at least.
        seed: another one gives other studies.
        processes: that write at the same time; None takes one a core.
    """
    seeds = out / "seeds"
    seeds.mkdir(parents=True)
    digests, counted, size = 0, 0, 0
    for block, counts in _written_blocks(seeds, seed, passages, processes or os.cpu_count() or 1):
        for place, (in_digest, in_bytes) in enumerate(counts):
            if counted >= passages:
                made = study(block * FILES_PER_FOLDER + place, seed)
                (_folder(seeds, block) / made.file_name).unlink()
                continue
            digests, counted, size = digests + 1, counted + in_digest, size + in_bytes
        if not any(_folder(seeds, block).iterdir()):
            _folder(seeds, block).rmdir()
    questions = _write_questions(out / "questions.jsonl", digests, seed)
    written = Written(GENERATOR, seed, digests, counted, size, questions)
    (out / "library.json").write_text(json.dumps(asdict(written), indent=2) + "\n", encoding="utf-8")
    return written


def _written_blocks(
    seeds: Path, seed: int, passages: int, processes: int
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Write folder after folder; yield each one's number and (passages, bytes) of its digests."""
    first, counted = 0, 0
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        while counted < passages:
            # As many folders at a time as are surely needed, so that few are written for nothing.
            average = counted / first if first else 4 * FILES_PER_FOLDER
            wanted = min(64, max(1, int((passages - counted) / (1.3 * average))))
            blocks = [(str(seeds), block, seed) for block in range(first, first + wanted)]
            for block, counts in zip(range(first, first + wanted), pool.imap(_write_block, blocks), strict=True):
                counted += sum(count for count, _ in counts)
                yield block, counts
            first += wanted


def _write_block(task: tuple[str, int, int]) -> list[tuple[int, int]]:
    seeds, block, seed = task
    folder = _folder(Path(seeds), block)
    folder.mkdir()
    counts: list[tuple[int, int]] = []
    for number in range(block * FILES_PER_FOLDER, (block + 1) * FILES_PER_FOLDER):
        made = study(number, seed)
        text = page(made)
        data = text.encode()
        (folder / made.file_name).write_bytes(data)
        counts.append((len(split_passages(parse_digest(text, sha256="", name=made.file_name))), len(data)))
    return counts


def _folder(seeds: Path, block: int) -> Path:
    return seeds / f"{block:05d}"


def _write_questions(path: Path, digests: int, seed: int) -> int:
    """Write questions about studies spread evenly over the library, in turn of each kind."""
    lines: list[str] = []
    asked_about = min(digests, QUESTIONS)
    for place in range(asked_about):
        made = study(place * digests // asked_about, seed)
        asked = questions_about(made) if made.source.startswith("NCT") else []
        if asked:
            lines.append(json.dumps(asked[place % len(asked)], ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return len(lines)


def main() -> int:
    """Write a library and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, help="that write at the same time (default: one a core)")
    arguments = parser.parse_args()
    if (arguments.out / "seeds").exists():
        parser.error(f"{arguments.out / 'seeds'} is there already")
    began = time.perf_counter()
    written = write_library(arguments.out, arguments.passages, seed=arguments.seed, processes=arguments.processes)
    print(
        f"{written.passages:,} passages in {written.digests:,} digests, {written.bytes_of_text / 1e6:,.1f} MB of text, "
        f"{written.questions} questions, {time.perf_counter() - began:.1f} s"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
