from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from digestqa.errors import StorageError
from digestqa.sessions import SavedTurn, SessionFiles
from tui.stage import DOSE, FakeEngine, answer, reply, staged


async def test_up_and_down_go_through_the_history_and_keep_the_draft(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        for question in ("first?", "second?"):
            await stage.answered(question)
        await stage.type("dra")
        await stage.pilot.press("up")
        await stage.until(lambda: stage.app.prompt.text == "second?")
        await stage.pilot.press("up", "up", "up")
        await stage.until(lambda: stage.app.prompt.text == "first?")
        await stage.pilot.press("down", "down", "down")
        await stage.until(lambda: stage.app.prompt.text == "dra")


async def test_up_and_down_move_in_a_question_of_several_lines(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        await stage.answered("first?")
        await stage.pilot.press("a", "ctrl+j", "b", "up", "x")
        await stage.until(lambda: stage.app.prompt.text == "ax\nb")
        await stage.pilot.press("up")
        await stage.until(lambda: stage.app.prompt.text == "first?")
        await stage.pilot.press("down")
        await stage.until(lambda: stage.app.prompt.text == "ax\nb")
        assert len(engine.asked) == 1


async def test_the_list_of_sessions_tells_of_files_that_it_leaves_out(engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "2026-11-20-1.jsonl").write_bytes(b'{"format": "digest')
    (tmp_path / "2026-11-20-2.jsonl").write_bytes(b"")
    async with staged(engine, sessions=SessionFiles(tmp_path)) as stage:
        await stage.ready()
        await stage.ask("/sessions")
        await stage.until(lambda: "2 session files cannot be read and are left out" in stage.notices)
        assert "2026-11-20-1.jsonl (its first line is not that of a session)" in stage.notices
        assert "2026-11-20-2.jsonl (it is empty)" in stage.notices


async def test_a_session_is_kept_searched_resumed_and_exported(engine: FakeEngine, tmp_path: Path) -> None:
    engine.replies["what dose?"] = reply("what dose?", answer(DOSE))
    folder = tmp_path / "sessions"
    sessions = SessionFiles(folder)
    async with staged(engine, sessions=sessions) as stage:
        await stage.ready()
        await stage.answered("what dose?")
        await stage.ask("/export talk.md")
        await stage.until(lambda: "written to" in stage.notices)
        assert "20 mg once daily" in (tmp_path / "talk.md").read_text(encoding="utf-8")
        await stage.ask("/export talk.json")
        await stage.until(lambda: (tmp_path / "talk.json").exists())
        assert json.loads((tmp_path / "talk.json").read_text(encoding="utf-8"))
        sessions.close()
    sessions = SessionFiles(folder)
    async with staged(engine, sessions=sessions) as stage:
        await stage.ready()
        await stage.until(lambda: stage.app.prompt._history)
        await stage.pilot.press("up")
        await stage.until(lambda: stage.app.prompt.text)
        stage.app.prompt.put("")
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: "Questions of all sessions" in stage.text and "what dose?" in stage.text)
        await stage.pilot.press(*"zzz")
        await stage.until(lambda: "nothing found" in stage.text)
        await stage.pilot.press("enter", *["backspace"] * 3, *"dose")
        await stage.until(lambda: "what dose?" in stage.text)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.prompt.text == "what dose?")
        stage.app.prompt.put("")
        await stage.ask("/sessions dose")
        await stage.until(lambda: "Enter resumes the session" in stage.text and "1 question" in stage.text)
        await stage.pilot.press("enter")
        await stage.shown("NCT90000002")
        assert "▶20 mg once daily◀" in stage.words
        await stage.answered("and for how long?")
        assert engine.asked[-1][1] == ("what dose?",)
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: stage.app.conversation.turns == ())
        await stage.until(lambda: "Ask about the digests in plain words" in stage.words)
        sessions.close()


async def test_a_session_that_cannot_be_written_is_told_and_the_talk_goes_on(engine: FakeEngine) -> None:
    class Full(SessionFiles):
        def append(self, turn: Any) -> None:
            raise StorageError("the disk is full", "make room")

    async with staged(engine, sessions=Full(None)) as stage:
        await stage.ready()
        await stage.answered("what dose?")
        assert "the disk is full\nmake room" in stage.notices
        await stage.answered("why?")


async def test_pasted_text_loses_what_steers_a_terminal(engine: FakeEngine) -> None:
    from textual import events

    async with staged(engine) as stage:
        await stage.ready()
        stage.app.prompt.post_message(events.Paste("what\x1b[31m dose?\r\nand\x00 why?"))
        await stage.until(lambda: stage.app.prompt.text == "what[31m dose?\nand why?")


async def test_the_header_names_the_session_that_a_turn_was_saved_in(engine: FakeEngine, tmp_path: Path) -> None:
    sessions, other = SessionFiles(tmp_path), SessionFiles(tmp_path)
    async with staged(engine, sessions=sessions) as stage:
        await stage.ready()
        taken = sessions.id
        other.append(SavedTurn("asked beside", "2026-11-22T12:00:00+00:00", "cancelled"))
        assert other.id == taken
        assert f"session {taken}" in stage.text
        await stage.answered("what dose?")
        assert sessions.id != taken
        await stage.until(lambda: f"session {sessions.id}" in stage.text)
    other.close()


async def test_a_long_name_of_the_seeds_keeps_its_distance_from_the_session(engine: FakeEngine) -> None:
    async with staged(engine, size=(40, 12)) as stage:
        stage.app.seeds = "/a/long/path/to/the/seeds"
        await stage.ready()
        await stage.until(lambda: " session 2026" in stage.rows[0])
