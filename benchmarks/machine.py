"""What all benchmarks share: the machine in words, the cost of a process, and the tables of docs/performance.md.

A benchmark's table stands on the page between ``<!-- name:begin -->`` and ``<!-- name:end -->``. The benchmark prints
it, and writes it there when it is run with ``--write``; nothing between the two marks is written by hand.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PACKAGES = ("torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "tokenizers", "numpy")
_SAMPLED_EVERY_S = 0.005


@dataclass(frozen=True, slots=True)
class ProcessCost:
    """What one process took from its start to its end.

    Attributes:
        elapsed_s: wall clock.
        processor_s: of all its threads, in user and kernel.
        peak_mb: most resident memory at once (VmHWM on Linux), pages of mapped files among it, in MB of 10⁶ bytes.
        own_mb: most of it that is its own, without pages of files (RssAnon); 0 where the system does not say.
    """

    elapsed_s: float
    processor_s: float
    peak_mb: float
    own_mb: float


def processor() -> str:
    """Return what the processor is called."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def memory_gb() -> float:
    """Return how much memory the machine has, in units of 10⁹ bytes; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (ValueError, OSError, AttributeError):
        return 0.0


def describe() -> str:
    """Return one line on the machine, the versions and what else the machine is doing."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [f"{processor()}, {cores} cores"]
    if memory_gb():
        parts.append(f"{memory_gb():.0f} GB")
    parts.append(f"{platform.system()}, Python {platform.python_version()}")
    parts.append(", ".join(f"{name} {installed}" for name in PACKAGES if (installed := _version(name))))
    parts.append(f"digestqa {_version('digestqa')}{_commit()}")
    told = "; ".join(parts)
    if hasattr(os, "getloadavg"):
        told += f"; load {os.getloadavg()[0]:.1f} before the run"
    return told


def add_write_argument(parser: argparse.ArgumentParser) -> None:
    """Let a benchmark be run with ``--write``."""
    parser.add_argument(
        "--write",
        nargs="?",
        type=Path,
        const=PAGE,
        metavar="PAGE",
        help="put the figures into the page (default: docs/performance.md)",
    )


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; the first column is set left, the others right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def report(name: str, machine: str, text: str, page: Path | None) -> None:
    """Print a benchmark's figures, and put them into the page where one is named.

    Args:
        name: of the benchmark, as its marks have it.
        machine: what ``describe`` returned before the run.
        text: the figures, in Markdown.
        page: to write to, or None.
    """
    told = f"{text}\n\nMachine: {machine}."
    print(told)
    if page is not None:
        write_section(page, name, told)


def section_marks(page: Path, name: str) -> tuple[str, str, str]:
    """Return what stands before, between and after two marks of a page, the marks themselves left out.

    Raises:
        SystemExit: there is no such page, or it has no such marks.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    try:
        # Newlines as they are, on every system.
        whole = page.read_bytes().decode("utf-8")
    except OSError as error:
        raise SystemExit(f"{page} cannot be read: {error.strerror}") from error
    head, found, rest = whole.partition(begin)
    between, closed, tail = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{page} has no {begin} … {end}")
    return head, between, tail


def write_section(page: Path, name: str, text: str) -> None:
    """Put a text between two marks of a page.

    Raises:
        SystemExit: there is no such page, or it has no such marks.
    """
    head, _, tail = section_marks(page, name)
    page.write_bytes(f"{head}<!-- {name}:begin -->\n\n{text}\n\n<!-- {name}:end -->{tail}".encode())


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def run_process(command: Sequence[str], folder: Path | None = None, *, allowed: Sequence[int] = (0,)) -> ProcessCost:
    """Run a process to its end, with nothing shown, and return what it took.

    Args:
        command: program and arguments.
        folder: to run it in.
        allowed: exit codes that are no failure.

    Raises:
        SystemExit: it ended with another code; what it said on standard error is shown.
    """
    peak_mb = own_mb = 0.0
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=errors)
        # A child's own count of its peak begins with its parent's memory; the kernel's for the new program does not.
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            peak_now_mb, own_now_mb = memory_mb(process.pid)
            peak_mb, own_mb = max(peak_mb, peak_now_mb), max(own_mb, own_now_mb)
            time.sleep(_SAMPLED_EVERY_S)
        elapsed_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}\n{said}")
    if not peak_mb:
        peak_mb = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return ProcessCost(elapsed_s, usage.ru_utime + usage.ru_stime, peak_mb, own_mb)


def memory_mb(pid: int | None = None) -> tuple[float, float]:
    """Return a process's (most resident memory so far, own resident memory now), in MB; zeros where nothing tells."""
    try:
        lines = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0.0, 0.0
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    peak_mb, own_mb = (1024 * int(fields.get(name, "0 kB").split()[0]) / 1e6 for name in ("VmHWM", "RssAnon"))
    return peak_mb, own_mb


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    return f" ({done.stdout.strip()})" if done.returncode == 0 else ""
