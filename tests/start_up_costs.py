"""What starting digestqa takes, counted instead of timed, so that no clock and no busy machine has a say.

``python tests/start_up_costs.py`` counts and shows what differs from ``start_up_costs.json``; with ``--write`` it puts
the new counts there. Whoever makes the start do more on purpose runs it and so puts the price in the change.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from shelf import write_digests

RECORDED = Path(__file__).with_suffix(".json")
COMMANDS: dict[str, tuple[str, ...]] = {
    "--help": ("--help",),
    "status": ("status",),
    "list": ("list",),
    "ask": ("ask", "how many returned to hospital on zelanide?"),
}
COUNTED_IN_VALGRIND = ("--help", "status")
"""Commands without model arithmetic: quick enough to be run there, and the same on every processor."""

COUNTING = """
import itertools, json, sys, sysconfig, threading
before = set(sys.modules)
calls, opened = itertools.count(), set()
foreign = tuple({sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), "<frozen importlib"})
counted = {}

def profile(frame, event, argument):
    if event == "call" or event == "c_call":
        code = frame.f_code
        ours = counted.get(code)
        if ours is None:
            ours = counted[code] = not code.co_filename.startswith(foreign)
        if ours:
            next(calls)

def audit(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and not arguments[0].endswith((".py", ".pyc")):
        opened.add(arguments[0])

sys.addaudithook(audit)
threading.setprofile(profile)
sys.setprofile(profile)
from digestqa.cli import main
code = main(sys.argv[1:])
sys.setprofile(None)
new = set(sys.modules) - before
print(json.dumps({
    "code": code,
    "calls": next(calls),
    "rooms": sum(name.partition(".")[0] == "digestqa" for name in new),
    "files": len(opened),
    "modules": sorted(
        first for first in {name.partition(".")[0] for name in new} if first != "digestqa" and first[0] != "_"
    ),
}), file=sys.stderr)
"""

RUNNING = "import sys; from digestqa.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True)
class StartUpCost:
    """What one command took from the first import to its end.

    Attributes:
        calls: calls that digestqa's functions and the standard library's made or received; those within other
            packages and Python's import machinery are left out, because their versions differ from machine to machine.
        rooms: modules of digestqa that were imported.
        files: files opened in Python, other than modules.
        modules: packages and modules imported, by their first names; private ones of the standard library, which come
            and go with Python's versions, are left out.
    """

    calls: int
    rooms: int
    files: int
    modules: list[str]


def start_up_cost(folder: Path, command: tuple[str, ...], extra: str = "") -> StartUpCost:
    """Count a command in a new process, run in a folder with a built library.

    Args:
        folder: holds seeds/ and embeddings/.
        command: the arguments of digestqa.
        extra: Python to run first, to see what counts.
    """
    program = COUNTING.replace("from digestqa.cli import main", f"{extra}\nfrom digestqa.cli import main")
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    counted = json.loads(done.stderr.splitlines()[-1])
    if counted.pop("code") != 0:
        raise AssertionError(f"digestqa {' '.join(command)} failed: {done.stderr}")
    return StartUpCost(**counted)


def instructions_beside_nothing(folder: Path, command: tuple[str, ...]) -> float:
    """Return a command's instructions under valgrind in units of those of a Python that does nothing.

    Raises:
        FileNotFoundError: there is no valgrind.
    """
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        program = [sys.executable, "-c", RUNNING, *command]
        # Compiled first, as an installed package is.
        subprocess.run(program, cwd=folder, env=environment, capture_output=True, check=True, timeout=100)
        taken, nothing = (
            _instructions(folder, program, environment) for program in (program, [sys.executable, "-c", "pass"])
        )
    return taken / nothing


def _instructions(folder: Path, program: list[str], environment: dict[str, str]) -> int:
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise FileNotFoundError("valgrind")
    done = subprocess.run(
        [valgrind, "--tool=callgrind", f"--callgrind-out-file={os.devnull}", *program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise AssertionError(f"valgrind counted nothing: {done.stderr}")
    return int(found.group(1))


def recorded() -> dict[str, dict[str, object]]:
    """Return the counts that the repository holds, by command."""
    value: dict[str, dict[str, object]] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return value


def main() -> int:
    """Count all commands over a small library, show the differences, and write the counts where asked to."""
    counts: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_digests(folder / "seeds")
        subprocess.run([sys.executable, "-m", "digestqa", "ingest", "--quiet"], cwd=folder, check=True)
        for name, command in COMMANDS.items():
            counts[name] = asdict(start_up_cost(folder, command))
            if name in COUNTED_IN_VALGRIND and shutil.which("valgrind"):
                counts[name]["instructions"] = round(instructions_beside_nothing(folder, command), 2)
    before = recorded() if RECORDED.exists() else {}
    for name, count in counts.items():
        for key, value in count.items():
            if before.get(name, {}).get(key) != value:
                sys.stdout.write(f"{name:8s} {key}: {before.get(name, {}).get(key)} -> {value}\n")
    if "--write" in sys.argv[1:]:
        RECORDED.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
