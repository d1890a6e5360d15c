"""What the terminal UI costs a person: ``python benchmarks/interface.py [--digests 200] [--runs 5] [--write]``.

Starts ``digestqa`` in a pseudo-terminal of 120x32 and watches what it draws. Prints medians over new processes: time to
the first paint with a prompt; the delay with which keys are echoed while the library and models load, when all is
still, and while an ingest of new digests runs; and the time from Enter to the answer, for a question to warm models.
Linux and macOS.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.generated import digest_page, write_shelf
from benchmarks.machine import add_write_argument, describe, markdown_table, quantile, report

QUESTION = "how many people on the drug reached the primary outcome in heart failure?"
SIZE = (32, 120)
PATIENCE_S = 120.0
KEY_EVERY_S = 0.05
NEW = 20
"""Digests taken up in the ingest."""
LETTERS = [chr(code) for code in (*range(0x3B1, 0x3C9), *range(0x430, 0x450), *range(0x561, 0x587))]
"""Each is typed once a line, so that its echo cannot be mistaken."""


_STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, folder: Path) -> None:
        self.began = time.perf_counter()
        self.pid, self.descriptor = pty.fork()
        if not self.pid:
            os.chdir(folder)
            environment = {**os.environ, "TERM": "xterm-256color", "DIGESTQA_SESSIONS": "off"}
            os.execve(sys.executable, [sys.executable, "-m", "digestqa"], environment)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        self._letters: Iterator[str] = iter(())
        self.drawn = ""

    def write(self, text: str) -> None:
        """Type."""
        os.write(self.descriptor, text.encode())

    def until(self, wanted: str) -> float:
        """Read until something is drawn; return when, on ``time.perf_counter``."""
        ends = time.perf_counter() + PATIENCE_S
        while wanted not in self.drawn:
            if time.perf_counter() > ends:
                raise SystemExit(f"never drawn: {wanted!r}\n{self.drawn[-2000:]}")
            self._read(0.05)
        return time.perf_counter()

    def _read(self, timeout_s: float) -> None:
        ready, _, _ = select.select([self.descriptor], [], [], timeout_s)
        if ready:
            # What lies over a line cuts it into pieces: its words are found once styles and moves are taken out.
            self.drawn += _STYLES.sub("", os.read(self.descriptor, 65_536).decode("utf-8", "replace"))

    def settle(self) -> None:
        """Read until nothing is drawn any more, and forget it."""
        while select.select([self.descriptor], [], [], 0.4)[0]:
            self._read(0.0)
        self.drawn = ""

    def echo_ms(self) -> float:
        """Type a letter and return how long it takes to be drawn."""
        letter = next(self._letters)
        began = time.perf_counter()
        self.write(letter)
        return (self.until(letter) - began) * 1000

    def echoes_until(self, wanted: str) -> list[float]:
        """Type letters until something is drawn."""
        echoes: list[float] = []
        self._letters = iter(LETTERS)
        while wanted not in self.drawn:
            if len(echoes) % len(LETTERS) == len(LETTERS) - 1:
                self.write("\x15")  # ctrl+u deletes what is typed
                self._read(0.3)
                self.drawn = self.drawn if wanted in self.drawn else ""
                self._letters = iter(LETTERS)
            echoes.append(self.echo_ms())
            self._read(KEY_EVERY_S)
        return echoes

    def clear_line(self) -> None:
        """Delete what is typed, and forget what was drawn."""
        self.write("\x15")  # ctrl+u
        self.settle()
        self._letters = iter(LETTERS)

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)


def one_run(folder: Path, new: Path) -> dict[str, list[float]]:
    """Start the program, type, ask and ingest."""
    terminal = Terminal(folder)
    try:
        first_paint = terminal.until("Ask about the digests, or") - terminal.began
        loading = terminal.echoes_until(" passages")
        time.sleep(0.5)
        terminal.clear_line()
        still = [terminal.echo_ms() for _ in range(20)]
        terminal.clear_line()
        answers = []
        for _ in range(4):
            terminal.write(QUESTION)
            terminal.settle()
            began = time.perf_counter()
            terminal.write("\r")
            terminal.until("ready")  # in the line above the prompt, once nothing is searched any more
            answers.append((time.perf_counter() - began) * 1000)
        terminal.write(f"/ingest {new}\r")
        terminal.drawn = ""
        ingesting = terminal.echoes_until("library at state")
    finally:
        terminal.close()
    return {
        "first paint, ms": [first_paint * 1000],
        "warm answer, ms": answers[1:],
        "key echo while loading, ms": loading,
        "key echo when all is still, ms": still,
        "key echo during an ingest, ms": ingesting,
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digests", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    add_write_argument(parser)
    arguments = parser.parse_args()
    machine = describe()
    gathered: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_shelf(folder / "seeds", arguments.digests)
        subprocess.run([sys.executable, "-m", "digestqa", "ingest", "--quiet"], cwd=folder, check=True)
        for run in range(arguments.runs + 1):
            new = folder / f"new-{run}"
            new.mkdir()
            for number in range(10_000 + run * NEW, 10_000 + (run + 1) * NEW):
                (new / f"NCT{number:08d}.txt").write_text(digest_page(number), encoding="utf-8", newline="")
            for name, values in one_run(folder, new).items():
                if run:  # the first warms the file cache
                    gathered.setdefault(name, []).extend(values)
    head = ["", "median", "95 % within", "most", "measured"]
    rows = [
        [
            name,
            f"{statistics.median(values):.0f}",
            f"{quantile(values, 0.95):.0f}",
            f"{max(values):.0f}",
            f"{len(values)}",
        ]
        for name, values in gathered.items()
    ]
    told = f"{markdown_table(head, rows)}\n\n{arguments.digests} digests, {arguments.runs} new processes."
    report("interface", machine, told, arguments.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
