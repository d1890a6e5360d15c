from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from digestqa.retrieval import Filters
from digestqa.tui.commands import COMMANDS, completions, is_command, read_command
from digestqa.tui.doing import Doing
from digestqa.tui.keys import all_bindings, help_lines
from digestqa.tui.scope import chips, in_words, read_filters
from digestqa.tui.wording import confidence_words
from tui.stage import DOSE, NARROW, FakeEngine, answer, golden, reply, staged

HERE = Path(__file__).parent


def test_every_command_of_the_table_can_be_done() -> None:
    for command in COMMANDS:
        assert callable(getattr(Doing, f"do_{command.name}"))


def test_every_key_has_a_name_of_its_own_in_the_settings() -> None:
    names = [binding.id for _, bindings in all_bindings() for binding in bindings if binding.id]
    assert len(names) == len(set(names))
    assert {command.name for command in COMMANDS if command.key} <= set(names)


def test_the_help_lists_every_key_and_every_command() -> None:
    lines = help_lines({"copy": "f8"})
    named = {name: key for key, _, name in lines if name}
    assert set(named) == {binding.id for _, bindings in all_bindings() for binding in bindings if binding.id}
    assert named["copy"] == "f8"
    assert named["prompt.newline"] == "ctrl+j or shift+enter or alt+enter"
    told = {key.split()[0] for key, _, _ in lines}
    assert {f"/{command.name}" for command in COMMANDS} <= told


@pytest.mark.parametrize(
    ("line", "name", "argument"),
    [
        ("/cite 2", "cite", "2"),
        ("/CITE   2 ", "cite", "2"),
        ("/scope NCT1", "filter", "NCT1"),
        ("/exit", "quit", ""),
        ("/ingest a b.txt", "ingest", "a b.txt"),
        ("exit", "quit", ""),
        ("Quit ", "quit", ""),
        ("help", "help", ""),
    ],
)
def test_a_command_is_read(line: str, name: str, argument: str) -> None:
    entered = read_command(line)
    assert entered.command is not None
    assert (entered.command.name, entered.argument) == (name, argument)


@pytest.mark.parametrize(("line", "nearest"), [("/expor", "export"), ("/xyzzy", ""), ("/", "")])
def test_an_unknown_command_names_the_nearest(line: str, nearest: str) -> None:
    entered = read_command(line)
    assert entered.command is None
    assert entered.nearest == nearest


def test_two_slashes_begin_a_question() -> None:
    assert is_command("/help")
    assert not is_command("//help")
    assert not is_command("what / why")


def test_what_other_programs_obey_without_a_slash_is_obeyed_when_it_stands_alone() -> None:
    assert is_command("quit")
    assert not is_command("quit smoking")
    assert not is_command("who helped")
    assert completions("help") == completions("quit") == ()


def test_completions_begin_with_what_is_typed_and_end_with_its_name() -> None:
    assert [command.name for command in completions("/so")] == ["source"]
    assert len(completions("/")) == len(COMMANDS)
    assert completions("/cite 2") == completions("//") == completions("so") == ()


def test_filters_are_read_added_and_dropped_one_by_one() -> None:
    read = read_filters(
        'NCT1 section:"Study Design" compound:tα1 since:2024-05', read_filters("off", Filters(), str), str
    )
    assert (read.sources, read.sections, read.compounds, read.since) == (
        ("NCT1",),
        ("Study Design",),
        ("tα1",),
        "2024-05",
    )
    assert in_words(read) == "NCT1, section Study Design, tα1, since 2024-05"
    for chip in chips(read):
        read = chip.without if chip.text == in_words(read) else read
    assert read_filters("NCT1", read, str) == read
    for _ in range(4):
        read = chips(read)[0].without
    assert read.empty


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.95, "confidence 0.95, very likely right"),
        (0.7, "confidence 0.70, likely right"),
        (0.5, "confidence 0.50, more likely right than wrong"),
        (0.35, "confidence 0.35, uncertain"),
    ],
)
def test_confidence_is_said_in_words_and_number(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


async def test_the_slash_menu_completes_and_an_unknown_command_is_not_asked(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        await stage.pilot.press("slash")
        await stage.until(lambda: "/copy [answer|quote|turn|session]" in stage.text)
        await stage.pilot.press(*"ex", "tab")
        await stage.until(lambda: stage.app.prompt.text == "/export ")
        await stage.pilot.press("escape")
        stage.app.prompt.put("/filtre NCT1")
        await stage.pilot.press("enter")
        await stage.until(lambda: "there is no command /filtre\ndid you mean /filter?" in stage.notices)
        assert stage.app.prompt.text == "/filtre NCT1"
        stage.app.prompt.put("//what is it?")
        await stage.pilot.press("enter")
        await stage.until(lambda: engine.asked)
        assert engine.asked[0][0] == "/what is it?"


async def test_the_menu_moves_round_and_enter_does_what_needs_nothing_more(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        await stage.pilot.press("slash", "up")
        await stage.until(lambda: "/quit" in stage.text)
        await stage.pilot.press("down", "down", "down", "tab")
        await stage.until(lambda: stage.app.prompt.text == "/cite ")
        await stage.pilot.press("escape")
        stage.app.prompt.put("/hel")
        await stage.pilot.press("enter")
        await stage.until(lambda: "Keys and commands" in stage.text)


async def test_the_help_panel_shows_every_key(engine: FakeEngine) -> None:
    async with staged(engine, NARROW, keys={"copy": "f8"}) as stage:
        await stage.ready()
        await stage.pilot.press("f1")
        await stage.until(lambda: "Keys and commands" in stage.text)
        golden("narrow_help", stage.rows, HERE)
        shown = str(stage.app.screen.query_one("#page-text", Static).content)
        for key, what, _ in help_lines({"copy": "f8"}):
            assert key in shown
            assert what in shown
        await stage.pilot.press("ctrl+l", "escape")
        await stage.until(lambda: "Keys and commands" not in stage.text)
        assert not stage.app.digests_shown


async def test_keys_can_be_changed_and_a_wrong_name_is_told(engine: FakeEngine) -> None:
    engine.replies["q?"] = reply("q?", answer(DOSE))
    async with staged(engine, keys={"copy": "f8", "prompt.send": "f9", "nonsense": "f7"}) as stage:
        await stage.ready()
        await stage.until(lambda: "no such key in the settings: nonsense" in stage.notices)
        await stage.type("q?")
        await stage.pilot.press("f9")
        await stage.until(lambda: "20 mg once daily" in stage.words)
        await stage.pilot.press("f8")
        await stage.until(lambda: stage.copied)


async def test_the_palette_offers_the_same_commands(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        names = [entry.title.split()[0] for entry in stage.app.get_system_commands(stage.app.screen)]
        assert names == [command.name for command in COMMANDS]
        stage.app.action_command("cite")
        assert stage.app.prompt.text == "/cite "
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.pilot.press("escape")


async def test_themes_are_set_by_name(engine: FakeEngine) -> None:
    async with staged(engine, theme="textual-light") as stage:
        await stage.ready()
        assert stage.app.theme == "textual-light"
        await stage.ask("/theme nord")
        await stage.until(lambda: stage.app.theme == "nord")
        await stage.ask("/theme nonsense")
        await stage.until(lambda: "there is no theme 'nonsense'" in stage.notices)
    async with staged(engine, theme="nonsense") as stage:
        await stage.until(lambda: "no such theme: nonsense" in stage.notices)


async def test_words_are_found_in_the_session(engine: FakeEngine) -> None:
    engine.replies["q?"] = reply("q?", answer(DOSE))
    async with staged(engine) as stage:
        await stage.ready()
        for question in ("q?", "a?", "q?"):
            await stage.answered(question)
        await stage.pilot.press("ctrl+f", *"20 MG")
        await stage.until(lambda: "2 of 2" in stage.words)
        await stage.pilot.press("enter")
        await stage.until(lambda: "1 of 2" in stage.words)
        assert len(stage.app.query(".turn.-found")) == 1
        await stage.pilot.press("x")
        await stage.until(lambda: "nothing found" in stage.words)
        await stage.pilot.press("escape")
        assert stage.app.prompt.has_focus
        assert len(stage.app.query(".turn.-found")) == 0


async def test_quitting_ends_the_program(engine: FakeEngine) -> None:
    engine.may_answer.clear()
    async with staged(engine) as stage:
        await stage.ready()
        await stage.ask("q?")
        await stage.until(lambda: engine.asked)
        await stage.pilot.press("ctrl+q")
        await stage.until(lambda: stage.app.return_code == 0)
    assert engine.closed


async def test_ctrl_c_with_nothing_selected_says_how_to_leave(engine: FakeEngine) -> None:
    async with staged(engine, keys={"quit": "f9"}) as stage:
        await stage.ready()
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: "f9 or /quit leaves" in stage.notices)
        assert stage.app.is_running


async def test_in_a_narrow_window_the_menu_still_says_what_a_command_does(engine: FakeEngine) -> None:
    async with staged(engine, size=(40, 16)) as stage:
        await stage.ready()
        await stage.type("/")
        await stage.until(lambda: "/next  the next citation of the" in stage.text)


async def test_a_pasted_path_that_is_none_neither_ends_the_program_nor_covers_the_screen(engine: FakeEngine) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        for line in ("/ingest ~nobody-of-that-name/x", f"/ingest {'a' * 5000}", "/ingest ''"):
            await stage.ask(line)
        await stage.until(lambda: "a path is empty" in stage.notices)
        assert "there is no such home" in stage.notices
        assert "the name is too long" in stage.notices
        stage.app.tell("a" * 5000)
        assert all(len(str(notice.message)) <= 600 for notice in stage.app._notifications)
        assert not engine.jobs


async def test_a_defect_in_a_command_becomes_a_notice_and_the_talk_goes_on(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(engine) as stage:
        await stage.ready()
        monkeypatch.setattr("digestqa.tui.doing.view.help_lines", lambda keys: [][0])
        await stage.pilot.press("f1")
        await stage.until(lambda: "a defect of digestqa: IndexError" in stage.notices)
        await stage.answered("what dose?")
