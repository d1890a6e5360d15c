from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shelf import Shelf

HINT = "hint: use 'digestqa ask \"QUESTION\"', or 'digestqa chat --linear'"


@pytest.mark.parametrize("arguments", [[], ["chat"], ["--seeds", "elsewhere"]])
def test_without_a_terminal_it_ends_with_2_and_a_hint(tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "digestqa", *arguments],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("digestqa: error: the terminal UI needs a terminal")
    assert HINT in done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is made with pty")
def test_in_a_terminal_it_paints_takes_a_key_and_quits_while_the_models_load(shelf: Shelf) -> None:
    import pty

    process, terminal = pty.fork()
    if not process:
        os.chdir(shelf.folder)
        environment = {**os.environ, "TERM": "xterm-256color", "DIGESTQA_SESSIONS": "off"}
        os.execve(sys.executable, [sys.executable, "-m", "digestqa"], environment)
    drawn = ""
    done, status = 0, 0

    def until(wanted: str) -> None:
        nonlocal drawn
        ends = time.monotonic() + 60
        while wanted not in drawn:
            assert time.monotonic() < ends, f"never drawn: {wanted!r} in {drawn!r}"
            if select.select([terminal], [], [], 0.1)[0]:
                drawn += os.read(terminal, 65_536).decode("utf-8", "replace")

    try:
        until("Ask about the digests")
        os.write(terminal, "Ω".encode())
        until("Ω")
        os.write(terminal, b"\x11")  # ctrl+q
        ends = time.monotonic() + 60
        while not done and time.monotonic() < ends:
            if select.select([terminal], [], [], 0.05)[0]:
                with contextlib.suppress(OSError):  # the other end is gone
                    os.read(terminal, 65_536)
            done, status = os.waitpid(process, os.WNOHANG)
        assert (done, status) == (process, 0)
    finally:
        if not done:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        os.close(terminal)
