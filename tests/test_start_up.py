"""Light to start, offline, and well-behaved in odd surroundings: each run is a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from shelf import Shelf, write_digests

LIGHT = [
    "numpy",
    "faiss",
    "onnxruntime",
    "torch",
    "transformers",
    "sentence_transformers",
    "textual",
    "rich",
    "asyncio",
    "httpx",
]
NO_TORCH = ["torch", "transformers", "sentence_transformers", "textual", "rich", "httpx"]

WITH_MODULES = """
import sys
from digestqa.cli import main
code = main(sys.argv[2:])
present = [name for name in sys.argv[1].split(",") if name in sys.modules]
print("PRESENT", present, "CODE", code, file=sys.stderr)
"""

OFFLINE = """
import json, shutil, socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
from digestqa.cli import main
for arguments in json.loads(sys.argv[1]):
    if arguments == ["ingest"]:
        shutil.rmtree("embeddings")
    code = main(arguments)
    for stream in (sys.stdout, sys.stderr):
        print(f"\\nENDED {code}", file=stream, flush=True)
"""


def python(
    shelf: Shelf, program: str, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=shelf.folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["status"],
        ["status", "--json"],
        ["completion", "bash"],
        ["list"],
        ["ask", "--help"],
        ["fetch", "--help"],
    ],
)
def test_light_commands_import_nothing_heavy(built_shelf: Shelf, arguments: list[str]) -> None:
    done = python(built_shelf, WITH_MODULES, ",".join(LIGHT), *arguments)
    assert done.stderr.decode().splitlines()[-1] == "PRESENT [] CODE 0"


def test_ask_on_a_built_library_imports_no_torch(built_shelf: Shelf) -> None:
    done = python(built_shelf, WITH_MODULES, ",".join(NO_TORCH), "ask", "how many returned to hospital on zelanide?")
    assert done.stderr.decode().splitlines()[-1] == "PRESENT [] CODE 0"


def test_an_ingest_without_changes_imports_no_torch(shelf: Shelf) -> None:
    done = python(shelf, WITH_MODULES, ",".join(NO_TORCH), "ingest")
    assert done.stderr.decode().splitlines()[-1] == "PRESENT [] CODE 0"


ALL_OFFLINE = (
    ["ask", "--json", "what dose?"],
    ["ingest"],
    ["ask", "how many returned to hospital on zelanide?"],
    ["status"],
    ["verify"],
    ["list"],
    ["show", "NCT90000002"],
    ["completion", "bash"],
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a command of ``ALL_OFFLINE`` came to: its exit code, and all that the process wrote meanwhile."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def told_offline(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """All commands without a network, one after another in one process, by their arguments.

    The first builds the library on first use, and ``ingest`` builds it anew.
    """
    shelf = Shelf(tmp_path_factory.mktemp("offline"))
    write_digests(shelf.seeds)
    done = python(shelf, OFFLINE, json.dumps(ALL_OFFLINE))
    assert done.returncode == 0, done.stderr.decode()
    ended = re.compile(r"\nENDED (\d+)\n")
    (*outs, _), (*errs, _) = (ended.split(stream.decode()) for stream in (done.stdout, done.stderr))
    parts = zip(ALL_OFFLINE, outs[::2], outs[1::2], errs[::2], strict=True)
    return {" ".join(arguments): Told(int(code), out, err) for arguments, out, code, err in parts}


def test_everything_works_without_a_network(told_offline: dict[str, Told]) -> None:
    _, *others = ALL_OFFLINE
    for arguments in others:
        told = told_offline[" ".join(arguments)]
        assert told.code == 0, told.err


def test_json_parses_when_stderr_is_thrown_away_and_only_json_is_on_stdout(told_offline: dict[str, Told]) -> None:
    told = told_offline["ask --json what dose?"]
    assert json.loads(told.out)["schema"] == 1
    assert "building the library" in told.err


def test_output_survives_a_locale_that_is_not_utf8(built_shelf: Shelf) -> None:
    environment = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}
    question = "how many on zelanide returned to hospital within 90 days?"
    program = "import sys; from digestqa.cli import main; sys.exit(main(sys.argv[1:]))"
    plain = python(built_shelf, program, "ask", question, environment=environment)
    assert plain.returncode == 0, plain.stderr.decode()
    assert b">>" in plain.stdout
    assert b"0.22\\u20130.94" in plain.stdout
    as_json = python(built_shelf, program, "ask", "--json", question, environment=environment)
    assert "0.22–0.94" in json.loads(as_json.stdout)["answers"][0]["quote"]


def test_an_interrupt_exits_with_130(built_shelf: Shelf) -> None:
    program = (
        "import sys, digestqa.commands.list as command\n"
        "def interrupted(*_): raise KeyboardInterrupt\n"
        "command.run = interrupted\n"
        "from digestqa.cli import main\nsys.exit(main(['list']))"
    )
    done = python(built_shelf, program)
    assert (done.returncode, done.stderr) == (130, b"digestqa: error: interrupted\n")


def test_a_crash_never_reads_as_no_answer(built_shelf: Shelf) -> None:
    program = (
        "import sys, digestqa.commands.ask as command\n"
        "def broken(*_): raise RuntimeError('boom')\n"
        "command.run = broken\n"
        "from digestqa.cli import main\nsys.exit(main(['ask', 'what?']))"
    )
    done = python(built_shelf, program)
    assert done.returncode == 2
    assert b"a defect of digestqa: RuntimeError: boom" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_public_names_load_on_first_use() -> None:
    import digestqa

    assert set(digestqa.__all__) <= set(dir(digestqa))
    for name in digestqa.__all__:
        assert getattr(digestqa, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = digestqa.Nonsense


def test_the_seed_of_this_repository_answers_its_first_question() -> None:
    seed = Path(__file__).parent.parent / "seeds" / "NCT06598839.txt"
    text = seed.read_text(encoding="utf-8")
    assert text.count("The primary outcome is to measure the number of circulating tumor cells (CTCs)") == 1


LEAVING = """
import atexit, sys, threading
from digestqa.cli import leave
atexit.register(lambda: print("registered", flush=True))
print("printed")
print("complained", file=sys.stderr)
{more}
leave(7)
"""


@pytest.mark.parametrize(
    "more",
    ["", "threading.Thread(target=lambda: threading.Event().wait(0.2)).start()", "sys.stderr = None"],
    ids=["alone", "beside a thread", "without a stream"],
)
def test_the_program_leaves_with_everything_written_and_done(shelf: Shelf, more: str) -> None:
    done = python(shelf, LEAVING.format(more=more))

    assert (done.returncode, done.stdout) == (7, b"printed\nregistered\n")


def test_a_reader_of_the_output_that_goes_away_is_no_crash(built_shelf: Shelf) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "digestqa", "status"],
        cwd=built_shelf.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()

    assert b"Traceback" not in told
