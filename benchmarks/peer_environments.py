"""The virtual environments of ``benchmarks/peers.py``: one a peer, kept for the next run."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_VERSIONS = "import importlib.metadata, sys; print(*map(importlib.metadata.version, sys.argv[1:]))"
_MARK = "installed.json"


class InstallationError(Exception):
    """A peer cannot be installed; the message says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer as it is installed.

    Attributes:
        name: of its environment's folder, and of its program after ``with_``.
        packages: what is installed.
        told: what comes with them and has a version worth stating.
        uses: the ways to use it: what the table calls each, and its program's variant.
    """

    name: str
    packages: tuple[str, ...]
    told: tuple[str, ...] = ()
    uses: tuple[tuple[str, str], ...] = ()


def environment(cache: Path, peer: Peer, first: Sequence[str]) -> Path:
    """Return the interpreter of a peer's environment, which is made where it is not there as asked for.

    Args:
        cache: holds the environments.
        peer: what is installed.
        first: arguments of a ``pip install`` that comes before the peer's own; empty for none.

    Raises:
        InstallationError: it could not be made.
    """
    folder = cache.resolve() / peer.name
    python = folder / "bin" / "python"
    wanted = {"python": platform.python_version(), "first": list(first), "packages": list(peer.packages)}
    if (folder / _MARK).is_file() and json.loads((folder / _MARK).read_text(encoding="utf-8")) == wanted:
        return python
    print(f"installing {peer.name} in {folder}", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    for packages in filter(None, (first, peer.packages)):
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
    (folder / _MARK).write_text(json.dumps(wanted), encoding="utf-8")
    return python


def versions(python: str, packages: Sequence[str]) -> str:
    """Return the packages with the versions that an environment has."""
    done = subprocess.run([python, "-c", _VERSIONS, *packages], capture_output=True, text=True, check=True)
    return ", ".join(f"{name} {number}" for name, number in zip(packages, done.stdout.split(), strict=True))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in told if line.startswith("ERROR")]  # pip may end with a hint
        raise InstallationError((errors or told or [f"{command[0]} ended with {done.returncode}"])[-1])
