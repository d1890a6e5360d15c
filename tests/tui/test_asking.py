from __future__ import annotations

import pytest
from textual.widgets import Static

from digestqa.errors import LibraryMismatchError, QuestionError
from digestqa.replies import Citation
from digestqa.retrieval import Filters
from digestqa.tui.engine import NoDigestsError, Opened
from digestqa.tui.widgets.turn import TurnView
from shelf import REPORTED
from tui.stage import DOSE, FACTS, NARROW, PLAN, RETURNS, FakeEngine, answer, citation, reply, staged


async def test_a_question_is_queued_while_the_models_load(engine: FakeEngine) -> None:
    engine.may_open.clear()
    engine.replies["what dose?"] = reply("what dose?", answer(DOSE))
    async with staged(engine) as stage:
        await stage.ask("what dose?")
        await stage.until(lambda: "1 waiting for the library · esc takes it back" in stage.words)
        assert engine.asked == []
        engine.may_open.set()
        await stage.until(lambda: "20 mg once daily" in stage.words)


async def test_escape_takes_a_question_back_and_its_late_answer_is_dropped(engine: FakeEngine) -> None:
    engine.may_answer.clear()
    engine.replies["what dose?"] = reply("what dose?", answer(DOSE))
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("what dose?")
        await stage.until(lambda: engine.asked)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.prompt.text == "what dose?")
        engine.may_answer.set()
        stage.app.prompt.put("who was in the trial?")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(engine.asked) == 2 and stage.app.conversation.turns[-1].reply)
        assert "20 mg once daily" not in stage.words
        assert "taken back; no answer was given" in stage.words
        assert engine.asked[1][1] == ()


async def test_a_second_question_waits_and_both_turns_say_where_they_stand(engine: FakeEngine) -> None:
    engine.may_answer.clear()
    engine.replies["what dose?"] = reply("what dose?", answer(DOSE))
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("what dose?")
        await stage.ask("for how long?")
        await stage.until(lambda: ", 1 waiting · esc takes it back" in stage.words)
        assert [turn.state for turn in stage.app.conversation.turns] == ["searching", "queued"]
        engine.may_answer.set()
        await stage.until(lambda: [turn.state for turn in stage.app.conversation.turns] == ["answered", "abstained"])
        assert engine.asked[1][:2] == ("for how long?", ("what dose?",))


async def test_nothing_typed_is_lost_however_fast_enter_follows(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        await stage.pilot.press(*"dose", "enter", *"why", "enter")
        await stage.until(lambda: len(engine.asked) == 2)
        assert [asked[0] for asked in engine.asked] == ["dose", "why"]


async def test_an_error_is_told_with_its_hint_and_the_question_comes_back(engine: FakeEngine) -> None:
    engine.replies["???"] = QuestionError("the question has no letter [b]", "ask in [/words]")
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("???")
        await stage.until(lambda: stage.app.prompt.text == "???")
        assert "the question has no letter [b]\nask in [/words]" in stage.notices
        assert "failed: the question has no letter [b] (ask in [/words])" in stage.words


async def test_a_defect_is_told_and_does_not_end_the_program(engine: FakeEngine) -> None:
    engine.replies["a?"] = ZeroDivisionError("oh [/no]")
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("a?")
        await stage.until(lambda: "a defect of digestqa: ZeroDivisionError: oh [/no]" in stage.notices)
        await stage.answered("b?")


async def test_a_follow_up_shows_what_it_was_understood_as(engine: FakeEngine) -> None:
    meant = "what dose was given? and for how long?"
    engine.replies["and for how long?"] = reply(
        "and for how long?", answer(DOSE), resolved_question=meant, carried=True
    )
    async with staged(engine) as stage:
        await stage.ready()
        await stage.answered("what dose was given?")
        await stage.answered("and for how long?")
        assert f"understood as: {meant}" in stage.words


async def test_without_digests_it_says_what_to_do_and_asks_nothing(engine: FakeEngine) -> None:
    engine.opened = [NoDigestsError("there are no digests in seeds yet", "/ingest PATH copies digests in")]
    async with staged(engine) as stage:
        await stage.until(lambda: stage.app.conversation.engine == "missing")
        assert "there are no digests in seeds yet · /ingest PATH copies digests in" in stage.words
        await stage.ask("what dose?")
        await stage.until(lambda: stage.app.prompt.text == "what dose?")
        assert engine.asked == []


async def test_a_library_that_cannot_be_used_is_mended_from_inside(engine: FakeEngine) -> None:
    engine.opened = [LibraryMismatchError("built in another way", "run 'digestqa rebuild'"), Opened(FACTS)]
    async with staged(engine) as stage:
        await stage.until(lambda: "built in another way" in stage.words)
        await stage.ask("/rebuild")
        await stage.ready()
        assert engine.jobs == [("rebuild", ())]
        await stage.answered("what dose?")


async def test_with_more_studies_than_fit_the_later_ones_are_a_line_each_and_open(engine: FakeEngine) -> None:
    cited = [
        citation(REPORTED, DOSE.quote, "20 mg once daily", source=f"NCT9000010{n}", title=f"Trial {n}")
        for n in range(5)
    ]
    engine.replies["what doses?"] = reply("what doses?", *(answer(entry) for entry in cited))
    async with staged(engine, (120, 50)) as stage:
        await stage.ready()
        await stage.answered("what doses?")
        assert stage.words.count("▶20 mg once daily◀") == 2
        assert "▸ NCT90000104 · Trial 4 [5] “20 mg once daily” 0.93" in stage.words
        await stage.pilot.press("tab", "E")
        await stage.until(lambda: stage.words.count("▶20 mg once daily◀") == 5)
        await stage.pilot.click(".group", offset=(3, 0))
        await stage.until(lambda: stage.words.count("▶20 mg once daily◀") == 4)


async def test_an_answer_keeps_its_top_in_view_and_page_up_scrolls_while_typing(engine: FakeEngine) -> None:
    engine.replies["what doses?"] = reply("what doses?", *(answer(DOSE) for _ in range(9)))
    async with staged(engine, NARROW) as stage:
        await stage.ready()
        await stage.answered("first?")
        await stage.answered("what doses?")
        await stage.until(lambda: stage.rows[1].strip() == "❯ what doses?")
        await stage.pilot.press("pageup")
        await stage.until(lambda: "❯ first?" in stage.text)
        await stage.pilot.press("pagedown", "pagedown")
        await stage.until(lambda: "[9]" in stage.text)
        assert stage.app.prompt.has_focus


async def test_an_answer_never_pulls_away_whoever_reads_above(engine: FakeEngine) -> None:
    engine.replies["what doses?"] = reply("what doses?", *(answer(DOSE) for _ in range(9)))
    async with staged(engine, NARROW) as stage:
        await stage.ready()
        await stage.answered("what doses?")
        await stage.answered("what doses?")
        engine.may_answer.clear()
        await stage.ask("last?")
        await stage.until(lambda: "❯ last?" in stage.text)
        stage.app.transcript.scroll_home(animate=False)
        await stage.pilot.pause()
        engine.may_answer.set()
        await stage.until(lambda: "an answer has come below" in stage.notices)
        assert stage.app.transcript.scroll_y == 0
        await stage.pilot.press("alt+down")


async def test_the_scope_is_a_chip_that_can_be_set_and_removed(engine: FakeEngine) -> None:
    only = Filters(sources=("NCT90000002",), sections=("Study Design",))
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask('/filter nct90000002 section:"Study Design"')
        await stage.until(lambda: "NCT90000002 ×" in stage.words)
        assert "section Study Design ×" in stage.words
        await stage.answered("what dose?")
        assert engine.asked[-1][2] == only
        await stage.pilot.press("backspace")
        await stage.until(lambda: "section Study Design ×" not in stage.words)
        await stage.pilot.click(".chip")
        await stage.until(lambda: "scope:" not in stage.words)
        await stage.answered("what dose?")
        assert engine.asked[-1][2] == Filters()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("NCT1", "there is no digest 'NCT1' in the library"),
        ("colour:red", "'colour:red' is no filter"),
        ("since:May", "'May' is no date"),
    ],
)
async def test_a_wrong_limit_is_named_and_limits_nothing(engine: FakeEngine, typed: str, told: str) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask(f"/filter {typed}")
        await stage.until(lambda: told in stage.notices)
        assert stage.app.conversation.filters.empty


HOSTILE = (
    "Rate [/95% CI] of [b]bold[/b] A*B and C*D \x1b]0;x\x07 with \u202edesrever\u202c [red]text[/] and "
    "`code` <b>x</b> {y} \x00 end."
)


def hostile_digest(sentence: str) -> tuple[str, Citation]:
    text = REPORTED.replace("Nobody died of low potassium.", sentence)
    return text, citation(text, sentence, sentence[5:40], title=sentence, section=sentence, source=f"[b]{sentence}")


@pytest.mark.parametrize("sentence", [HOSTILE, "x" * 10_000, "word [/] " * 1_200, "a\tb\u00ad\u200dc \ud800 [link=x]z"])
async def test_text_is_shown_literally_and_crashes_nothing(engine: FakeEngine, sentence: str) -> None:
    text, cited = hostile_digest(sentence)
    question = sentence[:200].replace("\ud800", "")
    engine.pages[cited.source] = text
    engine.replies[question] = reply(
        question, answer(cited), answer(PLAN), resolved_question=sentence, notes=(sentence,), carried=True
    )
    engine.records[0] = engine.records[0].__class__(
        **{name: getattr(engine.records[0], name) for name in engine.records[0].__slots__} | {"headline": sentence}
    )
    async with staged(engine) as stage:
        await stage.ready()
        stage.app.prompt.insert(question)
        await stage.answered("")
        raw = "".join(str(part.content) for part in stage.app.query_one(TurnView).query(Static))
        assert not any(char in raw for char in "\x1b\x07\x00\u202e\ud800")
        if sentence == HOSTILE:
            assert "Rate [/95% CI] of [b]bold[/b] A*B and C*D \\x1b]0;x\\x07 with \\u202edesrever" in stage.words
        await stage.ask("/digests")
        await stage.until(lambda: stage.app.digests_shown)
        await stage.pilot.press("escape", "ctrl+y")
        await stage.until(lambda: stage.copied)
        assert cited.quote.replace("\ud800", "?") in stage.copied[0]


async def test_one_study_is_not_grouped(engine: FakeEngine) -> None:
    engine.replies["q?"] = reply("q?", answer(RETURNS), answer(DOSE))
    async with staged(engine) as stage:
        await stage.ready()
        await stage.answered("q?")
        assert "▾" not in stage.words
        assert "[2] NCT90000002 · Study Design" in stage.words
