"""The processes of ``benchmarks/peers.py`` that answer question after question."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.machine import memory_mb


class Server:
    """A side's program in action ``serve``; see ``peer_programs/side.py`` for what the two say to each other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, question: str, history: Sequence[str]) -> tuple[list[int], float]:
        """Return the ids of the passages found, best first, and the milliseconds that it took by its own clock.

        Raises:
            SystemExit: it ended instead.
        """
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it ended: reading says so
            self._process.stdin.write(json.dumps({"question": question, "history": list(history)}).encode() + b"\n")
            self._process.stdin.flush()
        answer = self.line()
        return answer["ids"], answer["elapsed_ms"]

    def line(self) -> Any:
        """Return what it says next.

        Raises:
            SystemExit: it ended instead.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"it ended with {self._process.wait()}")
        return json.loads(line)

    def peak_mb(self) -> float:
        """Return its most resident memory so far, in MB of 10⁶ bytes."""
        return memory_mb(self._process.pid)[0]


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[Server]:
    """Start a server in a folder and wait until it is ready; whatever happens, it has ended afterwards.

    Raises:
        SystemExit: it ended before it was ready; what it said on standard error is told.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
        try:
            server = Server(process)
            try:
                server.line()
            except SystemExit as error:
                said.seek(0)
                raise SystemExit(f"{error}\n{said.read().decode('utf-8', 'replace')}") from None
            yield server
        finally:
            process.kill()
            process.communicate()
