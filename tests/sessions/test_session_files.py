from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digestqa.errors import StorageError, UsageError
from digestqa.output.jsonform import answer_schema, reply_value
from digestqa.sessions import LeftOut, SavedTurn, SessionFiles, left_out_words, sessions_folder
from digestqa.settings import Settings
from saved_turns import a_reply, a_turn

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def begin(folder: Path | None) -> SessionFiles:
    return SessionFiles(folder, {"seeds": "seeds"}, now=lambda: NOON)


def lines(path: Path | None) -> list[bytes]:
    assert path is not None
    return path.read_bytes().split(b"\n")


def test_a_session_without_turns_leaves_no_file(tmp_path: Path) -> None:
    begin(tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_the_file_says_what_it_is_and_holds_the_whole_answer_object(tmp_path: Path) -> None:
    log = begin(tmp_path)
    log.append(a_turn("what dose?", "300 mg."))
    header, turn, end = lines(log.location)
    assert end == b""
    assert json.loads(header) == {
        "format": "digestqa session",
        "schema": 1,
        "id": log.id,
        "started_at": "2026-11-22T12:00:00+00:00",
        "library": {"seeds": "seeds", "encoder": "an-encoder", "reader": "a reader", "state": 7},
    }
    value = json.loads(turn)
    assert (value["question"], value["outcome"], value["asked_at"]) == ("what dose?", "answered", log.turns[0].asked_at)
    jsonschema.validate(value["answer"], answer_schema())


def test_only_the_person_may_read_what_was_asked(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows keeps a person's folders from others in its own way")
    log = begin(tmp_path / "kept")
    log.note_question("what dose?")
    log.append(a_turn("what dose?", "300 mg."))
    for path in (tmp_path / "kept", *(tmp_path / "kept").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["[/95% CI]", "\x1b]0;x\x07", "a\u2028b\u0085c\r\nd", "\udcff", "é", "e\u0301", "{}\n{}", "😀\u202e"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=ANY_TEXT, quotes=st.lists(ANY_TEXT.filter(bool), max_size=2), error=ANY_TEXT)
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, question: str, quotes: list[str], error: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    log = begin(folder)
    log.append(a_turn(question, *quotes, nearest=tuple(quotes)))
    log.append(SavedTurn(question, "2026-11-22T12:00:00+00:00", "failed", error=error))
    log.note_question(question)
    kept = list(log.turns)
    log.close()
    again = begin(folder)
    assert again.questions() == ((question,) if question.strip() else ())
    turns = again.resume(log.id)
    assert [(turn.question, turn.outcome, turn.error) for turn in turns] == [
        (turn.question, turn.outcome, turn.error) for turn in kept
    ]
    assert turns[0].reply == kept[0].reply
    again.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 4000), damage=st.binary(max_size=20))
def test_a_file_cut_anywhere_keeps_what_was_whole_and_takes_more(
    tmp_path_factory: pytest.TempPathFactory, cut: int, damage: bytes
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    log = begin(folder)
    for number in range(3):
        log.append(a_turn(f"question {number}", "300 mg."))
    log.close()
    assert log.location is not None
    whole = log.location.read_bytes()
    header_end = whole.index(b"\n") + 1
    cut = min(header_end + cut, len(whole))
    log.location.write_bytes(whole[:cut] + damage.replace(b"\n", b""))
    complete = whole[:cut].count(b"\n") - 1
    again = begin(folder)
    turns = again.resume(log.id)
    assert [turn.question for turn in turns][:complete] == [f"question {number}" for number in range(complete)]
    again.append(a_turn("one more", "300 mg."))
    again.close()
    questions = [turn.question for turn in begin(folder).resume(log.id)]
    assert questions[:complete] == [f"question {number}" for number in range(complete)]
    assert questions[-1] == "one more"


def test_two_programs_at_once_have_a_file_each(tmp_path: Path) -> None:
    one, other = begin(tmp_path), begin(tmp_path)
    assert one.id == other.id
    one.append(a_turn("from the one", "a"))
    other.append(a_turn("from the other", "b"))
    one.append(a_turn("again from the one", "c"))
    assert one.id != other.id
    assert [turn["question"] for turn in map(json.loads, lines(one.location)[1:-1])] == [
        "from the one",
        "again from the one",
    ]


def test_a_session_that_another_program_holds_is_not_resumed(tmp_path: Path) -> None:
    holder = begin(tmp_path)
    holder.append(a_turn("mine", "a"))
    program = (
        "import sys; from pathlib import Path; from digestqa.sessions import SessionFiles\n"
        "from digestqa.errors import UsageError\n"
        "try: SessionFiles(Path(sys.argv[1])).resume(sys.argv[2])\n"
        "except UsageError as error: print(error.message)\n"
        "else: print('resumed')"
    )

    def from_another_program() -> str:
        command = [sys.executable, "-c", program, str(tmp_path), "2026-11-22-1"]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=60).stdout.strip()

    assert from_another_program() == "the session 2026-11-22-1 is open in another program"
    holder.start_new()
    assert from_another_program() == "resumed"


def test_threads_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    log = begin(tmp_path)

    def append_five(number: int) -> None:
        for at in range(5):
            log.append(a_turn(f"{number}-{at}", "a"))

    threads = [threading.Thread(target=append_five, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [json.loads(line)["question"] for line in lines(log.location)[1:-1]]
    assert sorted(written) == sorted(f"{number}-{at}" for number in range(4) for at in range(5))


def test_a_resumed_session_goes_on_in_its_own_file(tmp_path: Path) -> None:
    log = begin(tmp_path)
    log.append(a_turn("first", "a"))
    log.start_new()
    log.append(a_turn("second", "b"))
    log.resume("2026-11-22-1")
    log.append(a_turn("third", "c"))
    log.close()
    assert [turn.question for turn in begin(tmp_path).resume("2026-11-22-1")] == ["first", "third"]
    assert [summary.turns for summary in begin(tmp_path).sessions()] == [1, 2]


def test_resuming_the_present_session_changes_nothing(tmp_path: Path) -> None:
    log = begin(tmp_path)
    log.append(a_turn("first", "a"))
    assert log.resume(log.id) == log.turns
    log.append(a_turn("second", "b"))
    assert len(log.turns) == 2


def test_a_session_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    log = begin(tmp_path)
    log.append(a_turn("first", "a"))
    with pytest.raises(UsageError, match="no session '2026-11-22-9'") as told:
        log.resume("2026-11-22-9")
    assert "2026-11-22-1" in told.value.hint
    with pytest.raises(UsageError, match="no session"):
        log.resume("../2026-11-22-1")


def test_files_of_others_and_of_newer_schemas_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "notes.jsonl").write_text("not ours\n")
    (tmp_path / "list.jsonl").write_text("[1]\n")
    (tmp_path / "deep.jsonl").write_text("[" * 100_000)
    (tmp_path / "newer.jsonl").write_text('{"format": "digestqa session", "schema": 99}\n{"question": "x"}\n')
    log = begin(tmp_path)
    assert log.sessions() == []
    assert log.search("") == []
    with pytest.raises(UsageError):
        log.resume("newer")


def test_files_that_cannot_be_read_are_told_by_name_and_left_as_they_are(tmp_path: Path) -> None:
    held = begin(tmp_path)
    held.append(a_turn("what dose?", "300 mg."))
    held.close()
    whole = held.location
    assert whole is not None
    header, turn, _ = lines(whole)
    damaged = {
        "2026-11-22-2.jsonl": b"",
        "2026-11-22-3.jsonl": header[:40],
        "2026-11-22-4.jsonl": header.replace(b'"schema": 1', b'"schema": 2') + b"\n" + turn + b"\n",
        "2026-11-22-5.jsonl": header + b"\n" + turn[:40] + b"\n" + b"\x00" * 20 + b"\n",
        "2026-11-22-6.jsonl": header + b"\n" + turn[:40] + b"\n" + turn + b"\n",
        "2026-11-22-7.jsonl": header + b"\n",
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "2026-11-22-8.jsonl").mkdir()
    log = begin(tmp_path)
    assert [(summary.id, summary.turns, summary.damaged_lines) for summary in log.sessions()] == [
        ("2026-11-22-6", 1, 1),
        ("2026-11-22-1", 1, 0),
    ]
    *left_out, folder = log.left_out()
    assert (folder.name, bool(folder.reason)) == ("2026-11-22-8.jsonl", True)
    assert [(entry.name, entry.reason) for entry in left_out] == [
        ("2026-11-22-2.jsonl", "it is empty"),
        ("2026-11-22-3.jsonl", "its first line is not that of a session"),
        ("2026-11-22-4.jsonl", "it was written by a newer digestqa (schema 2)"),
        ("2026-11-22-5.jsonl", "none of its questions can be read"),
    ]
    log.append(a_turn("and for how long?", "12 weeks."))
    assert log.id == "2026-11-22-9"
    with pytest.raises(UsageError) as refused:
        log.resume("2026-11-22-3")
    assert "the session 2026-11-22-3 cannot be read: its first line is not that of a session" in refused.value.message
    assert "2026-11-22-3.jsonl" in refused.value.hint
    assert {name: (tmp_path / name).read_bytes() for name in damaged} == damaged


def test_a_whole_folder_and_none_at_all_leave_nothing_out(tmp_path: Path) -> None:
    begin(tmp_path).append(a_turn("what dose?", "300 mg."))
    assert begin(tmp_path).left_out() == []
    assert begin(None).left_out() == []
    assert left_out_words([]) == ""


def test_what_is_left_out_is_told_in_one_sentence() -> None:
    one = [LeftOut("a.jsonl", "it is empty")]
    assert left_out_words(one) == "1 session file cannot be read and is left out: a.jsonl (it is empty)"
    many = [LeftOut(f"{number}.jsonl", "it is empty") for number in range(7)]
    told = left_out_words(many)
    assert told.startswith("7 session files cannot be read and are left out: 0.jsonl (it is empty), 1.jsonl")
    assert told.endswith("4.jsonl (it is empty), and 2 more")


def test_a_full_disk_is_told_and_what_could_not_be_written_comes_with_the_next_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = begin(tmp_path)
    log.append(a_turn("first", "a"))
    real, room = os.write, [10]

    def write(descriptor: int, data: bytes) -> int:
        if room[0] <= 0:
            raise OSError(28, "No space left on device")
        written = real(descriptor, data[: room[0]])
        room[0] -= written
        return written

    monkeypatch.setattr("os.write", write)
    with pytest.raises(StorageError, match="the disk is full"):
        log.append(a_turn("second", "b"))
    assert [json.loads(line)["question"] for line in lines(log.location)[1:-1]] == ["first"]
    room[0] = 10**9
    log.append(a_turn("third", "c"))
    assert [json.loads(line)["question"] for line in lines(log.location)[1:-1]] == ["first", "second", "third"]


def test_a_folder_that_cannot_be_made_is_told_and_the_session_can_still_be_exported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = begin(tmp_path / "file" / "sessions")
    with pytest.raises(StorageError, match="sessions cannot be read or written") as told:
        log.append(a_turn("what dose?", "300 mg."))
    assert "--sessions off" in told.value.hint
    with pytest.raises(StorageError):
        log.note_question("what dose?")
    log.note_question("told once only")
    assert list(log.questions()) == ["what dose?", "told once only"]
    assert "300 mg." in log.export("markdown", tmp_path / "session.md").read_text(encoding="utf-8")


def test_nothing_is_kept_where_the_person_wants_nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    log = SessionFiles.of(Settings(sessions="off"))
    log.note_question("what dose?")
    log.append(a_turn("what dose?", "300 mg."))
    first = log.id
    log.start_new()
    log.append(a_turn("and for how long?", "a year"))
    assert log.location is None
    assert [summary.id for summary in log.sessions()] == [log.id, first]
    assert [found.turn.question for found in log.search("DOSE")] == ["what dose?"]
    assert [turn.question for turn in log.resume(first)] == ["what dose?"]
    assert list(tmp_path.iterdir()) == []


def test_sessions_lie_under_the_systems_folder_for_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        assert sessions_folder(None) == tmp_path / "digestqa" / "sessions"
    assert sessions_folder(str(tmp_path)) == tmp_path
    assert sessions_folder("OFF") is None


def test_the_input_history_spans_sessions_and_drops_repeats(tmp_path: Path) -> None:
    one = begin(tmp_path)
    for question in ("first", "first", "  ", "second\nline"):
        one.note_question(question)
    other = begin(tmp_path)
    other.note_question("second\nline")
    other.note_question("third")
    assert list(begin(tmp_path).questions()) == ["first", "second\nline", "third"]


def test_a_torn_line_of_the_input_history_costs_no_other(tmp_path: Path) -> None:
    begin(tmp_path).note_question("first")
    with (tmp_path / "questions.log").open("ab") as file:
        file.write(b'"half a ques')
    log = begin(tmp_path)
    log.note_question("second")
    log.note_question("third")
    assert list(begin(tmp_path).questions()) == ["first", "third"]


def test_an_answer_object_is_read_as_it_was_written() -> None:
    reply = a_reply("what dose?", "300 mg.", claim="expected", notes=("a note",))
    from digestqa.output.jsonform import reply_from_value

    assert reply_from_value(json.loads(json.dumps(reply_value(reply)))) == reply


@pytest.mark.parametrize("wrong", [{}, {"answers": 3}, {"status": "perhaps"}, {"library": {}}, {"confidence": "high"}])
def test_what_is_no_answer_object_is_refused(wrong: dict[str, object]) -> None:
    from digestqa.output.jsonform import reply_from_value

    value = {**reply_value(a_reply("what dose?", "300 mg.")), **wrong} if wrong else {}
    with pytest.raises((KeyError, TypeError, ValueError)):
        reply_from_value(value)
