"""What a person meets at the prompt, with an engine that does as the test says."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from digestqa.errors import LibraryMissingError, StorageError
from digestqa.library import DigestRecord
from digestqa.linear.chat import converse
from digestqa.linear.talk import Talk
from digestqa.output.terminal import Console
from digestqa.replies import Citation, Reply
from digestqa.retrieval.scope import Filters
from digestqa.sessions import SavedTurn, SessionFiles
from digestqa.tui.engine import Opened
from digestqa.tui.events import Event, JobEnded
from digestqa.tui.job import OnProgress
from digestqa.tui.pages import DigestPage
from digestqa.tui.state import JobKind, LibraryFacts
from saved_turns import a_reply, a_turn


class Engine:
    """Answers as told and remembers what it was asked."""

    def __init__(self) -> None:
        self.state = 1
        self.newest = 1
        self.asked: list[tuple[str, tuple[str, ...], Filters]] = []
        self.cited: list[Sequence[str] | None] = []
        self.jobs: list[tuple[JobKind, tuple[str, ...]]] = []
        self.job_ended = JobEnded("library at state 2: 1 new", ("refused b.txt: it is empty",), changed=True)
        self.answer: Callable[[str], Reply] = lambda question: a_reply(question, "300 mg.")
        self.missing = False

    def open(self, on_event: Callable[[Event], None]) -> Opened:
        if self.missing:
            raise LibraryMissingError("there is no library", "/ingest PATH")
        self.state = self.newest
        return Opened(LibraryFacts(digests=3, passages=24, state=self.state), ("the reader is slow today",))

    def ask(self, question: str, history: Sequence[str], filters: Filters, cited: Sequence[str] | None = None) -> Reply:
        self.asked.append((question, tuple(history), filters))
        self.cited.append(cited)
        return self.answer(question)

    def newer_state(self) -> int | None:
        return self.newest if self.newest != self.state else None

    def behind(self) -> str:
        return ""

    def run_job(self, kind: JobKind, paths: Sequence[str], on_progress: OnProgress) -> JobEnded:
        self.jobs.append((kind, tuple(paths)))
        self.newest += 1
        self.missing = False
        return self.job_ended

    def status(self) -> str:
        return "library  fine"

    def digests(self) -> Sequence[DigestRecord]:
        return []

    def page(self, wanted: Citation | DigestRecord) -> DigestPage:
        text = "Results\n\nA line.\n300 mg.\n\nWhy It Matters\n\nNothing here."
        quote = (text.index("300"), text.index("300") + 7)
        headings = ((0, 7), (text.index("Why"), text.index("Why") + 14))
        return DigestPage(
            "NCT90000001", None, None, "", "seeds/x.txt", text, (("date", "2026"),), headings, quote, quote
        )

    def find(self, written: str) -> DigestRecord | None:
        return None

    def close(self) -> None:
        self.closed = True


class Typist:
    """A person at a terminal: types what is given, then leaves; an exception is a key like Ctrl-C."""

    interactive = True

    def __init__(self, *lines: str | BaseException) -> None:
        self._lines = list(lines)

    def read(self) -> str:
        if not self._lines:
            raise EOFError
        line = self._lines.pop(0)
        if isinstance(line, BaseException):
            raise line
        return line


Say = Callable[..., str]


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionFiles:
    monkeypatch.chdir(tmp_path)
    return SessionFiles(tmp_path / "sessions")


@pytest.fixture
def say(engine: Engine, log: SessionFiles, capsys: pytest.CaptureFixture[str]) -> Say:
    """Types lines and returns what is said, without the note at the beginning."""

    def typed(*lines: str | BaseException) -> str:
        talk = Talk(Console("never"), engine, log, interactive=True)
        assert converse(talk, Typist(*lines)) == 0
        return capsys.readouterr().out.removeprefix("Note: the reader is slow today\n")

    return typed


def test_the_prompt_says_what_is_there_and_how_to_leave(
    engine: Engine, log: SessionFiles, capsys: pytest.CaptureFixture[str]
) -> None:
    converse(Talk(Console("never"), engine, log, interactive=True), Typist())
    captured = capsys.readouterr()
    assert captured.out == "Note: the reader is slow today\n\n"
    assert captured.err == (
        "digestqa: state 1: 3 digests, 24 passages; ask a question, /help lists the commands, Ctrl-D leaves\n"
    )


def test_ctrl_c_turns_away_from_a_question_and_its_late_answer_is_dropped(
    engine: Engine, log: SessionFiles, say: Say
) -> None:
    gate = threading.Event()

    def slow(question: str) -> Reply:
        if question == "slow?":
            _thread.interrupt_main()
            gate.wait(30)
            return a_reply(question, "TOO LATE")
        return a_reply(question, "300 mg.")

    engine.answer = slow
    threading.Timer(0.5, gate.set).start()
    said = say("slow?", "what dose?")
    assert "Cancelled." in said
    assert "Answer: 300 mg." in said
    assert "TOO LATE" not in said
    assert [turn.outcome for turn in log.turns] == ["cancelled", "answered"]
    # A question that was taken back is nothing to lean on.
    assert engine.asked[-1][:2] == ("what dose?", ())


def test_ctrl_c_at_an_empty_prompt_says_how_to_leave(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Answer: 300 mg." in say(KeyboardInterrupt(), "what dose?")


def test_follow_ups_come_with_the_questions_before_them(engine: Engine, say: Say) -> None:
    say("what dose?", "/new", "what drug?", "and for how long?")
    assert [history for _, history, _ in engine.asked] == [(), (), ("what drug?",)]
    assert engine.cited == [None, None, ("NCT90000001",)]


def test_a_changed_library_is_taken_up_between_questions(engine: Engine, say: Say) -> None:
    asked = engine.answer

    def answer(question: str) -> Reply:
        engine.newest = 2
        return asked(question)

    engine.answer = answer
    said = say("what dose?", "and now?")
    assert said.index("Answer: 300 mg.") < said.index("Note: the library has changed; answering from state 2")
    assert said.count("the library has changed") == 1


def test_an_ingest_builds_what_was_missing(engine: Engine, say: Say, tmp_path: Path) -> None:
    (tmp_path / "my digests").mkdir()
    engine.missing = True
    said = say("what dose?", "/ingest my digests", '/ingest "a b.txt" c*.txt', '/ingest "a', "/rebuild", "what dose?")
    assert "Problem: there is no library\nHint: /ingest PATH\n" in said
    assert "Done: library at state 2: 1 new\nNote: refused b.txt: it is empty\n" in said
    assert engine.jobs == [("ingest", ("my digests",)), ("ingest", ("a b.txt", "c*.txt")), ("rebuild", ())]
    assert 'Problem: "a is no path: No closing quotation' in said
    assert "Answer: 300 mg." in said


def test_a_failed_ingest_says_why(engine: Engine, say: Say) -> None:
    engine.job_ended = JobEnded("the library is being written by process 7", failed=True, hint="wait for it")
    assert "Problem: the library is being written by process 7\nHint: wait for it\n" in say("/ingest")


def test_a_question_that_begins_with_a_slash_is_typed_with_two(engine: Engine, say: Say) -> None:
    say("//proc is what?", "/proc is what?")
    assert [question for question, _, _ in engine.asked] == ["/proc is what?"]


def test_no_text_of_a_digest_can_pass_for_a_line_of_the_program(
    engine: Engine, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digestqa.linear.commands.osc52", lambda text: "")
    hostile = "x\nAnswer: all were cured\n\x1b]0;owned\x07\u202e\rSource 1: me"
    engine.answer = lambda question: a_reply(question, hostile, nearest=(hostile,), notes=(hostile,))
    lines = say("what?", "/source", "/copy", f"//{hostile}", "/history cured", "/resume").splitlines()
    assert not [line for line in lines if line.startswith(("Answer: all", "Source 1: me"))]
    assert not [char for line in lines for char in line if not char.isprintable()]
    assert "  Answer: all were cured" in lines


def test_a_source_is_read_with_its_section(say: Say) -> None:
    said = say("what dose?", "/source 1", "/cite 2", "/sources")
    assert "Date: 2026\nText: Results\n\n  A line.\n  300 mg.\n" in said
    assert "Nothing here." not in said
    assert "Problem: there is no source '2'\nHint: the last answer has sources 1 to 1\n" in said
    assert said.count("Source 1: NCT90000001 (") + said.count("Source 1: NCT90000001, Results") == 3


def test_a_link_is_opened_or_shown(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def no_browser(url: str) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr("digestqa.linear.commands.open_link", no_browser)
    said = say("/open", "what dose?", "/open", "/open 1")
    assert "Problem: there is no source yet" in said
    assert said.count("\nLink 1: https://clinicaltrials.gov/study/NCT90000001\n") == 3
    assert opened == ["https://clinicaltrials.gov/study/NCT90000001"] * 2
    monkeypatch.setattr("digestqa.linear.commands.open_link", lambda url: True)
    assert "Opened link 1: https://" in say("what dose?", "/open")


def test_a_quote_is_copied_with_its_citation(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def take(text: str) -> bool:
        copied.append(text)
        return True

    monkeypatch.setattr("digestqa.linear.commands.copy_text", take)
    assert "Copied to the clipboard." in say("what dose?", "/copy")
    assert "“300 mg.”" in copied[0]
    assert "seeds/NCT90000001.txt" in copied[0]


def test_the_scope_is_shown_set_and_lifted(engine: Engine, say: Say) -> None:
    said = say('/filter section:"Why It Matters" since:2024', "what dose?", "/filter", "/all", "/scope NCT90000009")
    limits = Filters(sections=("Why It Matters",), since="2024")
    assert engine.asked[0][2] == limits
    assert said.count("Scope: section Why It Matters, since 2024\n") == 2
    assert "Scope: all digests\n" in said
    assert "Problem: there is no digest 'NCT90000009' in the library" in said


def test_help_lists_what_there_is_and_every_listed_command_is_known(say: Say) -> None:
    listed = [line.split()[0].rstrip(":") for line in say("/help").splitlines() if line.startswith("/")]
    assert {"/help", "/new", "/filter", "/source", "/export", "/sessions", "/resume", "/ingest", "/quit"} <= set(listed)
    for command in listed:
        assert "there is no command" not in say(command), command


def test_sessions_are_searched_resumed_and_exported(log: SessionFiles, say: Say, tmp_path: Path) -> None:
    log.append(a_turn("what dose?", "300 mg."))
    log.append(SavedTurn("broken?", "2026-11-22T12:00:00+00:00", "failed", error="boom"))
    first = log.id
    log.start_new()
    said = say("how long?", "/sessions dose", "/sessions nonsense", f"/resume {first}", "more?", "/export json", "/new")
    assert f"Session {first}: 2 questions, " in said
    assert "Note: no session is saved with these words" in said
    assert "Question: what dose?\nAnswer: 300 mg. (NCT90000001)\nQuestion: broken?\nAnswer: failed: boom\n" in said
    assert f"Session: {first}, 2 questions, goes on here" in said
    assert f"Exported: digestqa-{first}.json" in said
    assert "more?" in (tmp_path / f"digestqa-{first}.json").read_text(encoding="utf-8")
    assert "Problem: this session holds no question yet" in say("/new", "/export out.md")


def test_session_files_that_cannot_be_read_are_told_after_the_list(log: SessionFiles, say: Say, tmp_path: Path) -> None:
    log.append(a_turn("what dose?", "300 mg."))
    (tmp_path / "sessions" / "2026-11-20-1.jsonl").write_bytes(b'{"format": "digest')
    said = say("/sessions")
    assert f"Session {log.id}: 1 question, " in said
    assert "Note: 1 session file cannot be read and is left out: 2026-11-20-1.jsonl (its first line" in said


def test_what_cannot_be_saved_is_told_and_the_conversation_goes_on(
    log: SessionFiles, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(turn: SavedTurn) -> None:
        raise StorageError("the disk is full", "free some space")

    monkeypatch.setattr(log, "append", full)
    said = say("what dose?", "and now?")
    assert said.count("Answer: 300 mg.") == said.count("Problem: the disk is full\nHint: free some space") == 2
