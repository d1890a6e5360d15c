from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.errors import StorageError
from digestqa.output.terminal import Console, use_color, visible


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
        ("a\u202eb", "a\\u202eb"),
        ("\r\x00\x7f\x9b", "\\x0d\\x00\\x7f\\x9b"),
        ("\u2028\ufeff", "\\u2028\\ufeff"),
        ("Tα1 5 µg/mL · 95% CI 0.51–0.75 [/b]", "Tα1 5 µg/mL · 95% CI 0.51–0.75 [/b]"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("\ud800", "\\ud800"),
    ],
)
def test_control_characters_are_shown_and_everything_else_is_left_alone(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_no_character_that_steers_a_terminal_survives(text: str) -> None:
    shown = visible(text)
    assert not any((ord(char) < 32 and char not in "\n\t") or 127 <= ord(char) < 160 for char in shown)
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("choice", "environment", "tty", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour_is_decided_per_stream(choice: str, environment: dict[str, str], tty: bool, expected: bool) -> None:
    stream = Tty() if tty else io.StringIO()
    assert use_color(stream, choice, environment) is expected  # type: ignore[arg-type]  # parametrised Literal


def test_a_closed_pipe_is_no_error() -> None:
    program = (
        "import sys; from digestqa.output.terminal import Console; console = Console()\n"
        "for at in range(100000): console.result('x' * 80)\n"
        "print('after', console.closed, file=sys.stderr)"
    )
    done = subprocess.run(
        f'{sys.executable} -c "{program}" | head -n 1',
        shell=True,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "x" * 80 + "\n"
    assert done.stderr == "after True\n"


def test_quiet_silences_notes_but_not_errors(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(quiet=True)
    console.note("building")
    console.error("no library", "run 'digestqa ingest'")
    assert capsys.readouterr().err == "digestqa: error: no library\nhint: run 'digestqa ingest'\n"


def test_an_error_shows_control_characters_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    Console().error("file \x1b[31m.txt")
    assert capsys.readouterr().err == "digestqa: error: file \\x1b[31m.txt\n"


def program(*arguments: str, shell: str = "", timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
    """Run the program as a shell starts it; ``shell`` redirects its streams."""
    command = f'"{sys.executable}" -m digestqa {" ".join(arguments)} {shell}'
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        command, shell=True, capture_output=True, text=True, timeout=timeout_s, check=False, env=environment
    )


full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")


@full_disk
@pytest.mark.parametrize("arguments", [("completion", "bash"), ("--help",), ("--version",), ("ask", "--help")])
def test_output_that_cannot_be_written_is_told_plainly_and_is_an_error(arguments: tuple[str, ...]) -> None:
    done = program(*arguments, shell=">/dev/full")
    assert done.stderr == (
        "digestqa: error: standard output cannot be written: No space left on device\n"
        "hint: free some space, or send the output elsewhere\n"
    )
    assert done.returncode == 2


@full_disk
def test_nothing_more_is_written_once_output_could_not_be(capfd: pytest.CaptureFixture[str]) -> None:
    console = Console()
    with open("/dev/full", "w", encoding="utf-8") as full:
        console._out = full
        with pytest.raises(StorageError):
            console.result("one")
        console.result("two")
        console.finish()


@full_disk
def test_an_error_that_cannot_be_told_keeps_its_exit_code() -> None:
    assert program("list", "--as-of", "nonsense", shell="2>/dev/full").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes the streams")
@pytest.mark.parametrize("shell", [">&-", "<&- >&-"])
def test_closed_standard_output_is_an_error_and_never_reads_as_no_answer(shell: str) -> None:
    done = program("completion", "bash", shell=shell)
    assert done.stderr.splitlines()[0] == "digestqa: error: standard output cannot be written: Bad file descriptor"
    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes the streams")
def test_closed_standard_input_is_empty_and_closed_error_output_takes_everything() -> None:
    done = program("ask", "-", shell="<&-")
    assert done.stderr.splitlines()[0] == "digestqa: error: the question is empty"
    assert done.returncode == 2
    assert program("ask", "-", shell="<&- >&- 2>&-").returncode == 2
    assert program("completion", "bash", shell="2>&-").returncode == 0
