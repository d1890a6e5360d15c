from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Footer

from digestqa.tui.widgets.prompt import Prompt
from shelf import REPORTED
from tui.stage import DOSE, NARROW, PLAN, RETURNS, FakeEngine, answer, golden, reply, staged

HERE = Path(__file__).parent
QUESTION = "how many on zelanide returned to hospital?"


@pytest.fixture
def answering(engine: FakeEngine) -> FakeEngine:
    engine.replies[QUESTION] = reply(QUESTION, answer(RETURNS))
    engine.replies["what is the primary outcome?"] = reply(
        "what is the primary outcome?", answer(PLAN, 0.71, "expected"), answer(DOSE, 0.55)
    )
    engine.replies["who paid for it?"] = reply("who paid for it?", nearest=[DOSE, PLAN])
    return engine


async def test_the_first_paint_has_the_prompt_focused_before_the_engine_is_ready(engine: FakeEngine) -> None:
    engine.may_open.clear()
    async with staged(engine) as stage:
        await stage.pilot.pause()
        assert isinstance(stage.app.focused, Prompt)
        assert stage.app.conversation.engine == "loading"
        await stage.type("what")
        assert "❯ what" in stage.text
        assert "loading the models; you can type and send already" in stage.text


async def test_the_wide_layout_shows_the_source_beside_the_answer(answering: FakeEngine) -> None:
    async with staged(answering) as stage:
        await stage.ready()
        await stage.answered(QUESTION)
        golden("wide_answer", stage.rows, HERE)
        quote = stage.app.source.page
        assert quote is not None
        assert quote.quote is not None
        assert REPORTED[slice(*quote.quote)] == RETURNS.quote


async def test_the_narrow_layout_hides_the_source_and_ctrl_t_swaps_it(answering: FakeEngine) -> None:
    async with staged(answering, NARROW) as stage:
        await stage.ready()
        await stage.answered(QUESTION)
        golden("narrow_answer", stage.rows, HERE)
        await stage.pilot.press("ctrl+t")
        await stage.pilot.pause()
        golden("narrow_source", stage.rows, HERE)
        await stage.pilot.resize_terminal(120, 24)
        await stage.until(lambda: "❯ how many on zelanide" in stage.words and "▶Within 90 days" in stage.words)


async def test_the_footer_fits_eighty_columns(engine: FakeEngine) -> None:
    async with staged(engine, NARROW) as stage:
        await stage.ready()
        footer = stage.app.query_one(Footer)
        await stage.until(lambda: "Help" in stage.rows[-1])
        assert footer.max_scroll_x == 0
        assert "^y Copy" in stage.rows[-1]


async def test_several_studies_are_grouped_and_expected_is_said_in_words(answering: FakeEngine) -> None:
    async with staged(answering) as stage:
        await stage.ready()
        await stage.answered("what is the primary outcome?")
        golden("wide_groups", stage.rows, HERE)
        assert "expected: an aim, a plan or an expectation, not a finding" in stage.words
        assert "confidence 0.71, likely right" in stage.words


async def test_an_abstention_is_labelled_and_offers_the_nearest_passages(answering: FakeEngine) -> None:
    async with staged(answering) as stage:
        await stage.ready()
        await stage.answered("who paid for it?")
        golden("wide_abstention", stage.rows, HERE)
        assert "◇ The digests do not say." in stage.words
        assert "They are no answer" in stage.words
        assert "nearest passage, no answer, [1] of 2" in stage.words


async def test_without_colour_marks_and_words_still_tell(
    answering: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged(answering) as stage:
        await stage.ready()
        await stage.answered(QUESTION)
        golden("no_color", stage.rows, HERE)
        assert "▶11 of 60 patients (18.3%)◀" in stage.words
        assert "answered · 1 quote" in stage.words
        rows = stage.app.screen._compositor.render_strips()
        reversed_text = "".join(part.text for row in rows for part in row if part.style and part.style.reverse)
        assert "11 of 60 patients" in reversed_text
