from __future__ import annotations

from functools import partial

import pytest
from textual.widgets import Static

from digestqa.tui.pages import DigestPage
from digestqa.tui.widgets.source import SourceText
from shelf import REPORTED
from tui.stage import DOSE, NARROW, PLAN, FakeEngine, answer, citation, reply, staged


@pytest.fixture
def two_studies(engine: FakeEngine) -> FakeEngine:
    engine.replies["q?"] = reply("q?", answer(DOSE), answer(PLAN, claim="expected"))
    return engine


async def test_citation_keys_move_the_source_panel(two_studies: FakeEngine) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.answered("q?")
        assert "[1] of 2 · Study Design · NCT90000002" in stage.words
        await stage.pilot.press("ctrl+g")
        await stage.shown("NCT90000001")
        assert "[2] of 2 · Results · NCT90000001" in stage.words
        await stage.pilot.press("ctrl+g")
        await stage.shown("NCT90000002")
        await stage.pilot.press("tab", "2")
        await stage.shown("NCT90000001")
        await stage.pilot.press("N")
        await stage.shown("NCT90000002")
        await stage.pilot.press("tab", "n")
        await stage.shown("NCT90000001")
        await stage.pilot.press("escape")
        await stage.ask("/cite 1")
        await stage.shown("NCT90000002")
        await stage.ask("/cite 9")
        await stage.until(lambda: "no citation [9]: there are 2 citations" in stage.notices)
        await stage.ask("/cite two")
        await stage.until(lambda: "'two' is no number" in stage.notices)


async def test_a_click_on_an_answer_shows_its_source_and_leaves_the_cursor_in_the_prompt(
    two_studies: FakeEngine,
) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.answered("q?")
        blocks = list(stage.app.query(".answer"))
        await stage.pilot.click(blocks[1])
        await stage.shown("NCT90000001")
        assert stage.app.prompt.has_focus


async def test_a_click_in_a_narrow_window_opens_the_source(two_studies: FakeEngine) -> None:
    async with staged(two_studies, NARROW) as stage:
        await stage.ready()
        await stage.answered("q?")
        await stage.pilot.click(".answer")
        await stage.until(lambda: "[1] of 2 · Study Design" in stage.words)
        await stage.pilot.press("escape")
        await stage.until(lambda: "❯ q?" in stage.text)


@pytest.mark.parametrize("size", [(120, 32), (80, 24)])
async def test_the_quote_is_scrolled_into_view_in_a_long_section_and_marked(
    engine: FakeEngine, size: tuple[int, int]
) -> None:
    before = "Nothing happened on that day ▶ of the study. " * 120
    text = REPORTED.replace("Two patients", before + "Two patients").replace("\n", "\r\n")
    cited = citation(text, "Two patients on zelanide had severe dizziness.", "Two patients")
    engine.pages[cited.source] = text
    engine.replies["q?"] = reply("q?", answer(cited))
    async with staged(engine, size) as stage:
        await stage.ready()
        await stage.answered("q?")
        if size == NARROW:
            await stage.pilot.press("ctrl+t")
        await stage.until(lambda: "▶Two patients on zelanide had severe dizziness.◀" in stage.words)
        assert "\\x0d" not in stage.words
        await stage.pilot.resize_terminal(110, 20)
        await stage.until(lambda: "▶Two patients on zelanide had severe dizziness.◀" in stage.words)


async def test_headings_and_facts_are_shown(two_studies: FakeEngine) -> None:
    async with staged(two_studies, (120, 60)) as stage:
        await stage.ready()
        await stage.answered("q?")
        facts = str(stage.app.query_one("#facts", Static).content).splitlines()
        assert facts == [
            "[1] of 2 · Study Design · NCT90000002",
            "Zelanide Cuts Hospital Returns in Heart Failure",
            "n 120",
            "https://clinicaltrials.gov/study/NCT90000002",
        ]
        assert [str(part.content) for part in stage.app.query("#source-text .heading").results(Static)] == [
            "Background",
            "Study Design",
            "Results",
            "Why It Matters",
        ]


async def test_the_whole_digest_is_in_the_panel_word_for_word(two_studies: FakeEngine) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.answered("q?")
        lines = [str(part.content) for part in stage.app.query_one(SourceText).query(Static)]
        assert "\n".join(lines).replace("▶", "").replace("◀", "") == REPORTED


async def test_the_link_is_opened_or_shown_and_copied_where_no_browser_is(two_studies: FakeEngine) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.answered("q?")
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: stage.links == ["https://clinicaltrials.gov/study/NCT90000002"])
        await stage.ask("/open 2")
        await stage.until(lambda: len(stage.links) == 2)
        assert stage.links[1].endswith("NCT90000001")
    async with staged(two_studies, opener=lambda url: False) as stage:
        await stage.ready()
        await stage.answered("q?")
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "https://clinicaltrials.gov/study/NCT90000002\nno browser" in stage.notices)
        assert stage.app.clipboard == "https://clinicaltrials.gov/study/NCT90000002"


async def test_ctrl_y_copies_the_answer_with_its_citation_while_the_prompt_has_the_cursor(
    two_studies: FakeEngine,
) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.pilot.press("ctrl+y")
        await stage.until(lambda: "there is no answer to copy yet" in stage.notices)
        await stage.answered("q?")
        await stage.pilot.press("ctrl+y")
        await stage.until(lambda: len(stage.copied) == 1)
        copied = stage.copied[0]
        assert copied.startswith(f"“{DOSE.quote}”\nNCT90000002 · Study Design · Zelanide Cuts Hospital Returns")
        assert f"seeds/NCT90000002.txt, characters {DOSE.start}-{DOSE.end}" in copied
        assert stage.app.clipboard == copied
        for what, holds in (("quote", DOSE.quote), ("turn", "[2] NCT90000001"), ("session", "Question: q?")):
            await stage.ask(f"/copy {what}")
            await stage.until(partial(lambda wanted: wanted in stage.copied[-1], holds))
        await stage.ask("/copy everything")
        await stage.until(lambda: "'everything' cannot be copied" in stage.notices)


async def test_without_a_system_clipboard_the_terminals_own_is_named(two_studies: FakeEngine) -> None:
    async with staged(two_studies, clipboard=lambda text: False) as stage:
        await stage.ready()
        await stage.answered("q?")
        await stage.pilot.press("ctrl+y")
        await stage.until(lambda: "by way of the terminal (OSC 52)" in stage.notices)


async def test_the_list_of_digests_is_filtered_opened_and_asked_about(two_studies: FakeEngine) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: "3 of 3 digests" in stage.words)
        await stage.shown("NCT90000001")
        await stage.pilot.press("down")
        await stage.shown("NCT90000002")
        await stage.pilot.press(*"tremor")
        await stage.until(lambda: "1 of 3 digests" in stage.words)
        await stage.shown("PMID:31234567")
        await stage.pilot.press("f2")
        await stage.until(lambda: "PMID:31234567 ×" in stage.words)
        assert stage.app.prompt.has_focus
        assert not stage.app.digests_shown
        await stage.pilot.press("f4")
        await stage.until(lambda: "scope:" not in stage.words)
        await stage.ask("/digests nothing-like-it")
        await stage.until(lambda: "0 of 3 digests" in stage.words)
        await stage.pilot.press("enter", "f2", "down", "escape")
        assert not stage.app.digests_shown


async def test_the_list_opens_the_source_in_a_narrow_window(two_studies: FakeEngine) -> None:
    async with staged(two_studies, NARROW) as stage:
        await stage.ready()
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: "3 of 3 digests" in stage.words)
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: "Study Design" in stage.words)
        assert "3 of 3 digests" not in stage.words


async def test_asking_about_the_study_that_is_shown(two_studies: FakeEngine) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.pilot.press("f2")
        await stage.until(lambda: "no study is shown in the source panel" in stage.notices)
        await stage.answered("q?")
        await stage.pilot.press("f2")
        await stage.until(lambda: "NCT90000002 ×" in stage.words)
        await stage.ask("/about nct90000001")
        await stage.until(lambda: "NCT90000001 ×" in stage.words)
        await stage.ask("/about NCT0")
        await stage.until(lambda: "there is no digest 'NCT0'" in stage.notices)


async def test_a_quote_that_has_left_the_library_is_shown_alone(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(wanted: object) -> DigestPage:
        return DigestPage("NCT9", None, None, "", "seeds/x.txt", PLAN.quote, quote=(0, 20), notice="it has changed")

    engine.replies["q?"] = reply("q?", answer(PLAN))
    monkeypatch.setattr(engine, "page", gone)
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("q?")
        await stage.shown("NCT9")
        assert "NCT9 (no study id)" in stage.words
        assert "note: it has changed" in stage.words


async def test_letters_typed_in_the_answers_go_to_the_prompt(two_studies: FakeEngine) -> None:
    async with staged(two_studies) as stage:
        await stage.ready()
        await stage.answered("q?")
        await stage.pilot.press("tab", "w", "h", "y")
        await stage.until(lambda: stage.app.prompt.text == "why")
