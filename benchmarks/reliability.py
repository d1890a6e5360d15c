"""Tries faults on ``digestqa ingest`` and counts what was lost: kills, a full disk, a folder that cannot be written.

Run:  python benchmarks/reliability.py [--kills 200] [--digests 60] [--costs FILE] [--write docs/reliability.md]

Every fault meets the installed program as a process of its own, over a folder whose files change between the faults:
new ones, new versions, edited, spoilt, mended and removed ones. After each fault the library must open and hold a whole
state; after the repair its tables must equal, row for row, those of a library that was built from the same files
without a fault, and ``verify`` must find nothing. A row that is missing, or one too many, is counted as lost. With
--write, the table is put into the page between the two marks, with the costs that benchmarks/change.py wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.generated import digest_page
from benchmarks.machine import describe, report

from digestqa.errors import LibraryMissingError, StorageError
from digestqa.library import Library, ingest, verify_library

_TESTS = Path(__file__).parents[1] / "tests"
_BAD: tuple[bytes, ...] = (
    b"",
    b" \n",
    b"\x00\x01",
    b"caf\xe9 digest",
    b"only words",
    b"{",
    b"[1, 2]",
    b"\xff\xfea\x00",
)
_INGESTED = re.compile(r"Ingested \d{4}-\d\d-\d\d")
_NAMES = {
    "one file changed": "`ingest`, one file changed",
    "nothing changed, fewer files": "`ingest`, nothing changed",
    "nothing changed": "`ingest`, nothing changed",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What was tried.

    Attributes:
        what: the fault, in words.
        tried: how often.
        struck: how often it met the program at work.
        lost: rows missing or too many afterwards, or states that were not whole.
        elapsed_s: of all tries and repairs.
    """

    what: str
    tried: int
    struck: int
    lost: int
    elapsed_s: float


@dataclass(slots=True)
class Shelf:
    """A seeds folder, an embeddings folder, and chance."""

    root: Path
    chance: random.Random

    @property
    def seeds(self) -> Path:
        """The digests' folder."""
        return self.root / "seeds"

    @property
    def embeddings(self) -> Path:
        """The library's folder."""
        return self.root / "embeddings"

    def fill(self, digests: int) -> None:
        """Write pages, and a bad file for every eighth."""
        self.seeds.mkdir(parents=True)
        for number in range(digests):
            (self.seeds / f"{number:04d}.txt").write_text(digest_page(number), encoding="utf-8")
            if number % 8 == 0:
                (self.seeds / f"bad-{number:04d}.txt").write_bytes(_BAD[number // 8 % len(_BAD)])

    def change(self, deeds: int) -> None:
        """Do so many random things to the files."""
        for _ in range(deeds):
            files = sorted(self.seeds.iterdir())
            file = self.chance.choice(files)
            deed = self.chance.choice(("new", "version", "version", "edit", "spoil", "mend", "remove", "rename"))
            number = self.chance.randrange(10_000)
            if deed == "new":
                (self.seeds / f"{number:04d}.txt").write_text(digest_page(number), encoding="utf-8")
            elif deed in ("version", "edit", "mend"):
                study = self.chance.randrange(200)
                day = f"Ingested 2026-1{self.chance.randrange(3)}-{self.chance.randrange(10, 29)}"
                text = _INGESTED.sub(day, digest_page(study))
                text = text.replace("Background\n\n", f"Background\n\nNoted under {number}. ", 1)
                target = self.seeds / f"{study:04d}-{number:04d}.txt" if deed == "version" else file
                target.write_text(text, encoding="utf-8")
            elif deed == "spoil":
                file.write_bytes(self.chance.choice(_BAD))
            elif deed == "remove" and len(files) > 30:
                file.unlink()
            elif deed == "rename":
                file.rename(self.seeds / f"moved-{number:04d}{file.suffix}")

    def command(self) -> list[str]:
        """Return the command that is put to the test."""
        options = ["--seeds", str(self.seeds), "--embeddings", str(self.embeddings), "--no-embed", "--quiet"]
        return [sys.executable, "-m", "digestqa", "ingest", *options]

    def start(self) -> subprocess.Popen[bytes]:
        """Start an ingest."""
        return subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def ingest(self) -> int:
        """Run an ingest to its end; return its exit code."""
        return subprocess.run(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def whole(self) -> bool:
        """Tell whether the library opens and holds a whole state, or there is none yet."""
        try:
            with Library.open(self.embeddings, self.seeds) as library:
                found = library.passage_ids()
                return len(library.passages(found.tolist())) == library.counts.passages
        except LibraryMissingError:
            return True
        except StorageError as error:
            return "the disk is full" in error.message  # said plainly; what lies there is compared when there is room

    def lost(self) -> int:
        """Return by how many rows the library differs from one that was built from its files without a fault."""
        from library.library_stand import library_rows

        with tempfile.TemporaryDirectory() as other:
            ingest(Path(other) / "embeddings", self.seeds, no_embed=True)
            mine, wanted = library_rows(self.embeddings), library_rows(Path(other) / "embeddings")
        different = sum(len(set(mine[name]) ^ set(wanted[name])) for name in mine)
        return different + len(verify_library(self.embeddings, self.seeds))


def killed(shelf: Shelf, kills: int) -> Fault:
    """Kill an ingest at random moments, with changes to the files in between."""
    began = time.perf_counter()
    shelf.change(5)
    start = time.perf_counter()
    shelf.ingest()
    usual_s = time.perf_counter() - start
    tried = struck = lost = 0
    while struck < kills and tried < 5 * kills:
        tried += 1
        shelf.change(shelf.chance.randrange(1, 12))
        process = shelf.start()
        start = time.perf_counter()
        try:
            process.communicate(timeout=shelf.chance.uniform(0.1, 1.0) * usual_s)
            usual_s = time.perf_counter() - start  # what else the machine does may have changed
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        struck += process.returncode < 0
        lost += not shelf.whole()
        if tried % 20 == 0 or struck == kills:
            shelf.ingest()
            lost += shelf.lost()
    return Fault("killed (`kill -9`) at random moments, files changing in between", tried, struck, lost, _since(began))


def interrupted(shelf: Shelf, times: int) -> Fault:
    """Kill the first ingest of a folder again and again, and let it go on each time."""
    began = time.perf_counter()
    struck = lost = 0
    shutil.rmtree(shelf.embeddings, ignore_errors=True)
    for number in range(times):
        process = shelf.start()
        time.sleep(0.15 + 0.03 * number)
        process.kill()
        process.communicate()
        struck += process.returncode < 0
        lost += not shelf.whole()
    shelf.ingest()
    lost += shelf.lost()
    return Fault("the first ingest killed again and again, and gone on with", times, struck, lost, _since(began))


def full_disk(shelf: Shelf, sizes_kb: tuple[int, ...]) -> Fault | None:
    """Let the library's disk be too small, then make room; None where no file system can be mounted."""
    began = time.perf_counter()
    struck = lost = 0
    for size_kb in sizes_kb:
        shutil.rmtree(shelf.embeddings, ignore_errors=True)
        shelf.embeddings.mkdir()
        with mounted(shelf.embeddings, f"size={size_kb}k") as there:
            if not there:
                return None
            for library_there in (False, True):
                if library_there:  # which must go on answering
                    remount(shelf.embeddings, f"size={_used_kb(shelf.embeddings) + size_kb // 16}k")
                    shelf.change(40)
                process = shelf.start()
                _, told = process.communicate()
                struck += process.returncode == 2 and b"full" in told
                lost += not shelf.whole()
                remount(shelf.embeddings, "size=1g")
                shelf.ingest()
                lost += shelf.lost()
    return Fault("the disk full (a small file system), then room made", 2 * len(sizes_kb), struck, lost, _since(began))


def unwritable(shelf: Shelf, times: int) -> Fault | None:
    """Make the library's folder read-only, then writable again; None where no file system can be mounted."""
    began = time.perf_counter()
    struck = lost = 0
    shutil.rmtree(shelf.embeddings, ignore_errors=True)
    shelf.embeddings.mkdir()
    with mounted(shelf.embeddings, "size=1g") as there:
        if not there:
            return None
        shelf.ingest()
        for _ in range(times):
            shelf.change(10)
            remount(shelf.embeddings, "ro")
            process = shelf.start()
            _, told = process.communicate()
            struck += process.returncode == 2 and b"cannot be" in told
            lost += not shelf.whole()
            remount(shelf.embeddings, "rw")
            shelf.ingest()
            lost += shelf.lost()
    return Fault("the library's folder read-only, then writable again", times, struck, lost, _since(began))


def bad_files(shelf: Shelf) -> Fault:
    """Count which good files a bad one stops."""
    began = time.perf_counter()
    shutil.rmtree(shelf.embeddings, ignore_errors=True)
    report = ingest(shelf.embeddings, shelf.seeds, no_embed=True)
    good = sum(1 for _ in shelf.seeds.iterdir()) - len(report.refused)
    lost = good - report.added + shelf.lost()
    tried = len(report.refused)
    return Fault("bad files among the good: each listed with its reason", tried, tried, lost, _since(began))


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[bool]:
    """Mount a file system in memory; yield whether that may be done here."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Change a mounted file system's size or whether it can be written."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def table(faults: list[Fault], costs: dict[str, dict[str, Any]]) -> str:
    """Return the figures as Markdown."""
    lines = ["| fault | tried | met it at work | seconds | lost |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {fault.what} | {fault.tried} | {fault.struck} | {fault.elapsed_s:.0f} | {fault.lost or 'nothing'} |"
        for fault in faults
    ]
    if costs:
        lines += ["", "| | files | seconds | of processor | peak memory |", "| --- | ---: | ---: | ---: | ---: |"]
        lines += [
            f"| {_NAMES[name]} | {cost['files']:,} | {cost['elapsed_s']:.2f} | {cost['processor_s']:.2f} | "
            f"{cost['peak_mb']:.0f} MB |"
            for name, cost in costs.items()
        ]
    return "\n".join(lines)


def _used_kb(folder: Path) -> int:
    usage = os.statvfs(folder)
    return (usage.f_blocks - usage.f_bfree) * usage.f_frsize // 1024


def _since(began: float) -> float:
    return time.perf_counter() - began


def main() -> None:
    """Try all faults and print, or write, what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--digests", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--costs", type=Path, help="what benchmarks/change.py --json wrote")
    parser.add_argument("--write", type=Path, help="the page to put the figures into")
    parsed = parser.parse_args()
    machine = describe()
    sys.path.insert(0, str(_TESTS))
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), random.Random(parsed.seed))
        shelf.fill(parsed.digests)
        faults = [
            bad_files(shelf),
            interrupted(shelf, 12),
            killed(shelf, parsed.kills),
            full_disk(shelf, (64, 160, 320)),
            unwritable(shelf, 5),
        ]
    costs = json.loads(parsed.costs.read_text(encoding="utf-8")) if parsed.costs else {}
    report("reliability", machine, table([fault for fault in faults if fault is not None], costs), parsed.write)
    if any(fault is not None and fault.lost for fault in faults):
        raise SystemExit("something was lost")


if __name__ == "__main__":
    main()
