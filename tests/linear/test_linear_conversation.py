from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shelf import Done, Run, Shelf

GOLDEN = Path(__file__).parent / "conversation.txt"
CONVERSATION = """\
how many patients on zelanide returned to hospital?

/sources
/filter nct 9000 0001
what is the primary outcome of the corvimab study?
/source 1
/all
what was the dose in NCT90000009?
/history worst-itch
/sessions
/exprot
/theme dark
/quit
this is not asked
"""


def converse(monkeypatch: pytest.MonkeyPatch, run: Run, shelf: Shelf, typed: str | bytes, *options: str) -> Done:
    data = typed if isinstance(typed, bytes) else typed.encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    return run(shelf, "chat", "--linear", *options)


def without_figures(text: str) -> str:
    """Confidences, which a newly fitted reader changes, and the session's day are left out."""
    text = re.sub(r"Confidence: [\d.]+, .*", "Confidence: …", text)
    return re.sub(r"\d{4}-\d\d-\d\d-1", "TODAY-1", text)


def test_a_conversation_reads_as_lines_under_their_names(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done = converse(monkeypatch, run, shelf, CONVERSATION, "--sessions", str(tmp_path / "sessions"))
    shown = without_figures(done.out)
    if os.environ.get("UPDATE_GOLDENS"):
        GOLDEN.write_text(shown, encoding="utf-8")
    assert shown == GOLDEN.read_text(encoding="utf-8"), "run the tests once with UPDATE_GOLDENS=1"
    assert done.err == ""
    assert done.code == 2  # two lines were no commands here


def test_a_conversation_without_trouble_ends_with_zero_and_is_saved(
    built_shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = str(tmp_path / "sessions")
    first = converse(monkeypatch, run, built_shelf, "\ufeffwhat dose of zelanide?", "--sessions", folder)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("Question: what dose of zelanide?\nAnswer: ")
    assert "\x1b" not in first.out
    again = converse(monkeypatch, run, built_shelf, "/resume\nand for how long?\n/sessions\n", "--sessions", folder)
    assert again.code == 0
    assert "Understood as: what dose of zelanide? and for how long?" in again.out
    assert re.search(r"Session \d{4}-\d\d-\d\d-1: 2 questions, just now, first: what dose of zelanide\?", again.out)


def test_colour_comes_only_when_asked_for(built_shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "how many patients on zelanide returned to hospital?\n"
    assert "\x1b[1m" in converse(monkeypatch, run, built_shelf, question, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in converse(monkeypatch, run, built_shelf, question).out


def test_a_line_that_is_no_text_stops_no_other(built_shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done = converse(monkeypatch, run, built_shelf, b"what\xff?\nwhat dose of zelanide?\r\n")
    assert done.code == 2
    assert "Problem: line 1 of standard input is not UTF-8 (byte 4)" in done.out
    assert "Question: what dose of zelanide?\nAnswer: " in done.out


def test_without_digests_every_question_says_what_to_do(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds").mkdir()
    done = converse(monkeypatch, run, Shelf(tmp_path), "what dose?\n/status\n")
    assert done.code == 2
    told = "Problem: there are no digests in seeds yet\nHint: /ingest PATH copies digests in"
    assert done.out.count(told) == 2
    assert "Traceback" not in done.out + done.err


def test_a_question_of_a_pipe_that_cannot_be_asked_is_an_error_as_in_a_batch(
    built_shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = converse(monkeypatch, run, built_shelf, "?!\nwhat dose of zelanide?\n")
    assert done.code == 2
    assert "Problem: the question has no letter or digit\nHint: ask in words\n" in done.out
    assert "Answer: " in done.out


def test_it_needs_neither_the_screens_library_nor_the_one_that_embeds(built_shelf: Shelf, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom digestqa.cli import main\ncode = main(['chat', '--linear', '--sessions', sys.argv[1]])\n"
        "print(code, [name for name in ('textual', 'rich', 'asyncio', 'torch') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "sessions")],
        cwd=built_shelf.folder,
        input=b"what dose of zelanide?\n/history\n/new\n/status\n",
        capture_output=True,
        timeout=100,
        check=True,
    )
    assert done.stdout.decode().splitlines()[-1] == "0 []"
