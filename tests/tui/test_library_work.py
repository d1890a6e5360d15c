from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from digestqa.retrieval import Filters
from digestqa.settings import Settings
from digestqa.tui.engine import LibraryEngine, NoDigestsError, Opened
from digestqa.tui.events import Event, JobEnded, JobStarted
from digestqa.tui.job import RunningJob, run_job
from shelf import REPORTED, Shelf, write_digests
from tui.stage import DOSE, FACTS, FakeEngine, answer, reply, staged

READMITTED = "how many on zelanide returned to hospital within 90 days?"


async def test_questions_go_on_while_an_ingest_runs_and_its_end_takes_the_new_state_up(engine: FakeEngine) -> None:
    engine.may_end_job.clear()
    engine.replies["what dose?"] = reply("what dose?", answer(DOSE))
    engine.opened = [Opened(FACTS), Opened(FACTS.__class__(digests=4, passages=12, state=2))]
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("/ingest 'my digests'/*.txt")
        await stage.until(lambda: "ingest: embedding ━━━───" in stage.words)
        assert "3 of 12" in stage.words
        assert engine.jobs == [("ingest", ("my digests/*.txt",))]
        await stage.answered("what dose?")
        await stage.ask("/rebuild")
        await stage.until(lambda: "ingest is running already" in stage.notices)
        engine.may_end_job.set()
        await stage.until(lambda: "seeds · 4 digests · 12 passages" in stage.words)
        assert "library at state 2: 1 new" in stage.notices


async def test_a_failed_job_is_told(engine: FakeEngine) -> None:
    engine.job_ends = JobEnded("another process is writing", failed=True, hint="wait")
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("/rebuild")
        await stage.until(lambda: "another process is writing\nwait" in stage.notices)
        await stage.ask("/ingest 'open quote")
        await stage.until(lambda: "is no path" in stage.notices)


async def test_a_change_on_disk_is_noticed_and_one_key_takes_it_up(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        engine.newer = 2
        stage.app.look_for_change()
        await stage.until(lambda: "the library on disk has changed · f5 takes it up" in stage.words)
        await stage.pilot.press("f5")
        await stage.until(lambda: "has changed" not in stage.words)


async def test_seeds_that_wait_to_be_taken_up_are_told(engine: FakeEngine) -> None:
    engine.lags = "2 new, 1 changed"
    async with staged(engine) as stage:
        await stage.until(lambda: "not in step with the seeds: 2 new, 1 changed\n/ingest" in stage.notices)


async def test_the_status_is_shown(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("/status")
        await stage.until(lambda: "embeddings, state 1" in stage.words)
        await stage.pilot.press("escape")
        await stage.until(lambda: "embeddings, state 1" not in stage.words)


# With the real library and models


def engine_over(shelf: Shelf) -> LibraryEngine:
    return LibraryEngine(Settings(shelf.seeds, shelf.embeddings))


async def test_a_real_question_is_answered_with_its_place_and_a_new_digest_is_taken_up(
    shelf: Shelf, tmp_path: Path
) -> None:
    new = REPORTED.replace("NCT90000002", "NCT90000003").replace("elanide", "olanide").replace("11 of 60", "9 of 60")
    (tmp_path / "new.txt").write_text(new, encoding="utf-8")
    async with staged(engine_over(shelf)) as stage:
        await stage.ready()
        await stage.answered(READMITTED)
        page = stage.app.source.page
        assert page is not None
        assert page.quote is not None
        assert "11 of 60 patients" in page.text[slice(*page.quote)]
        assert "n 120" in stage.words
        assert stage.app.engine.behind() == ""
        await stage.ask(f"/ingest {tmp_path / 'new.txt'}")
        await stage.until(lambda: stage.app.conversation.job is not None)
        await stage.until(lambda: "seeds · 4 digests" in stage.words, patience_s=90.0)
        await stage.ask("/status")
        await stage.until(lambda: "in step" in stage.words)


def test_a_first_library_is_built_in_a_process_of_its_own(tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", {"NCT90000002.txt": REPORTED})
    engine = LibraryEngine(Settings(tmp_path / "seeds", tmp_path / "embeddings"))
    events: list[Event] = []
    opened = engine.open(events.append)
    assert (opened.facts.digests, opened.facts.state) == (1, 1)
    assert events[0] == JobStarted("build")
    assert isinstance(events[-1], JobEnded)
    assert engine.newer_state() is None
    record = engine.find("nct90000002")
    assert record is not None
    page = engine.page(record)
    assert (page.text, page.quote, page.notice) == (REPORTED, None, "")
    cited = engine.ask(READMITTED, (), Filters()).answers[0].citation
    shown = engine.page(cited)
    assert shown.quote is not None
    assert shown.text[slice(*shown.quote)] == cited.quote
    gone = engine.page(DOSE)
    assert "has changed or left the library" in gone.notice
    assert gone.quote is not None
    assert gone.text[slice(*gone.quote)] == DOSE.quote


def test_empty_seeds_are_told_apart_from_a_library_that_fails(tmp_path: Path) -> None:
    engine = LibraryEngine(Settings(tmp_path / "seeds", tmp_path / "embeddings"))
    with pytest.raises(NoDigestsError, match="no digests in"):
        engine.open(lambda event: None)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "note.txt").write_text("no digest at all")
    with pytest.raises(NoDigestsError, match=r"no digests in|is a digest"):
        engine.open(lambda event: None)


def test_a_job_names_what_was_refused_and_what_failed(shelf: Shelf, tmp_path: Path) -> None:
    settings = Settings(shelf.seeds, shelf.embeddings)
    ended = run_job("ingest", [str(tmp_path / "absent.txt")], settings, lambda *_: None, RunningJob())
    assert not ended.failed
    assert not ended.changed
    assert "refused" in ended.problems[0]
    shutil.rmtree(shelf.seeds)
    shelf.seeds.write_text("a file in the way")
    ended = run_job("ingest", [], settings, lambda *_: None, RunningJob())
    assert ended.failed
    assert ended.summary
