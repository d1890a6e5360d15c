"""What ``benchmarks/peers.py`` makes of its measurements, and how it speaks with the programs that it measures."""

from __future__ import annotations

import io
import json
import platform
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.peer_environments import Peer, environment
from benchmarks.peer_figures import Measured, figures, losses, paired_ratio, share_right, table
from benchmarks.peer_processes import serving
from benchmarks.peer_programs.side import Setting, serve
from benchmarks.peers import Side, going, in_turn, noted

RIGHT = [[1], [2, 3], []]

ECHO = """
import json, sys
print("{}", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"ids": [len(asked["question"]), len(asked["history"])], "elapsed_ms": 1.5}), flush=True)
"""


def own() -> Measured:
    return Measured(
        "digestqa", [10.0, 20.0], 500.0, [1.0, 2.0], 200.0, [10.0, 30.0, 20.0], 250.0, [[1, 9], [9, 3], [4, 5]]
    )


def peer() -> Measured:
    return Measured(
        "other", [20.0, 60.0], 900.0, [8.0, 10.0], 600.0, [5.0, 10.0, 12.0], 700.0, [[9, 1], [8, 9], [4, 5]]
    )


def side_of(measured: Measured, program: str = "other") -> Side:
    return Side(measured.name, program, "", sys.executable, measured)


def end(said: str) -> None:
    raise SystemExit(said)


def test_a_question_is_found_where_any_of_its_right_passages_is_among_the_first() -> None:
    found = [[1, 9], [9, 3], [4, 5]]
    assert share_right(found, RIGHT, 1) == pytest.approx(1 / 3)
    assert share_right(found, RIGHT, 2) == pytest.approx(2 / 3)


def test_a_ratio_is_the_median_of_the_ratios_of_the_rounds() -> None:
    assert paired_ratio([2.0, 30.0, 4.0], [1.0, 10.0, 4.0]) == 2.0


def test_the_table_gives_each_figure_with_its_ratio_to_the_base() -> None:
    base = own()
    head, rule, first, second = table([base, peer()], base, figures(RIGHT)).split("\n")
    assert head.count("|") == rule.count("|") == first.count("|") == second.count("|")
    cells = [cell.strip() for cell in second.strip("|").split("|")]
    assert cells == [
        "other", "40.0 s (×2.50)", "9.00 s (×6.50)", "10.0 ms (×0.50)", "12.0 ms (×0.40)", "900 MB (×1.80)",
        "600 MB (×3.00)", "700 MB (×2.80)", "0.000", "0.333 (×0.50)",
    ]  # fmt: skip
    assert "×" not in first


def test_a_side_that_failed_is_told_below_the_table_and_not_in_it() -> None:
    base = own()
    failed = Measured("broken", failure="it could not be installed: no such package")
    told = table([base, failed], base, figures(RIGHT))
    assert "| broken" not in told
    assert told.endswith("broken was not measured: it could not be installed: no such package")
    assert losses([failed], base, figures(RIGHT)) == []


def test_a_side_that_returns_no_passages_has_no_share_of_right_ones() -> None:
    whole = replace(own(), name="ask", found=[[], [], []])
    assert table([whole], own(), figures(RIGHT)).split("\n")[2].endswith("|  |  |")


def test_digestqa_is_told_behind_exactly_where_a_peer_is_ahead() -> None:
    told = losses([peer()], own(), figures(RIGHT))
    assert [line.split(":")[0] for line in told] == ["warm, median", "warm, p95"]
    assert "other 10.0 ms, against 20.0 ms" in told[0]


def test_a_better_share_of_right_passages_is_ahead_too() -> None:
    better = replace(peer(), found=[[1], [2], [0]])
    assert any(
        line.startswith("right@1: other 0.667, against 0.333") for line in losses([better], own(), figures(RIGHT))
    )


def test_sides_take_turns_in_beginning() -> None:
    sides = [side_of(Measured(name)) for name in "abc"]
    assert ["".join(side.name for side in in_turn(sides, turn)) for turn in range(4)] == ["abc", "bca", "cab", "abc"]
    assert in_turn([], 3) == []


def test_a_peer_that_fails_is_left_out_and_digestqa_is_not() -> None:
    failing = side_of(Measured("other"))
    with noted(failing, "building its index"):
        end("it ended with 1\nValueError: no room\n")
    assert failing.measured.failure == "building its index failed: ValueError: no room"
    assert going([failing]) == []
    with pytest.raises(SystemExit), noted(side_of(Measured("digestqa"), "digestqa"), "building its index"):
        end("it ended with 1")


def test_a_server_answers_question_after_question(tmp_path: Path) -> None:
    with serving([sys.executable, "-c", ECHO], tmp_path) as server:
        assert server.ask("why?", ()) == ([4, 0], 1.5)
        assert server.ask("and then?", ("why?",)) == ([9, 1], 1.5)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    failing = [sys.executable, "-c", "raise ImportError('no such library')"]
    with pytest.raises(SystemExit, match="no such library"), serving(failing, tmp_path):
        pass


def test_a_server_that_ends_between_questions_is_told(tmp_path: Path) -> None:
    ending = [sys.executable, "-c", "print('{}', flush=True); raise SystemExit(3)"]
    with serving(ending, tmp_path) as server, pytest.raises(SystemExit, match="ended with 3"):
        server.ask("why?", ())


def test_a_program_answers_one_question_a_line_after_it_said_that_it_is_ready() -> None:
    out = io.StringIO()
    asked = io.StringIO(json.dumps({"question": "who?", "history": ["what?"]}) + "\n")
    serve(lambda question, history: [len(question), *map(len, history)], asked, out)
    ready, answer = map(json.loads, out.getvalue().splitlines())
    assert ready == {}
    assert answer["ids"] == [4, 5]
    assert answer["elapsed_ms"] >= 0


def test_passages_are_read_as_they_were_written_whatever_line_ends_they_hold(tmp_path: Path) -> None:
    rows = [{"id": 7, "text": "a\u2028b\nc"}, {"id": 9, "text": "µ"}]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "passages.jsonl").write_text(text, encoding="utf-8")
    assert Setting(tmp_path, tmp_path, 5).passages() == ([7, 9], ["a\u2028b\nc", "µ"])


def test_an_environment_that_is_as_asked_for_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    wanted = {"python": platform.python_version(), "first": ["torch==1"], "packages": ["other"]}
    (tmp_path / "other" / "installed.json").write_text(json.dumps(wanted), encoding="utf-8")
    python = environment(tmp_path, Peer("other", ("other",)), ["torch==1"])
    assert python == tmp_path / "other" / "bin" / "python"
