from __future__ import annotations

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
