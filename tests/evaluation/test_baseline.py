from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from digestqa.errors import UsageError
from digestqa.evaluation.baseline import GUARDED, Comparison, compare, read_baseline
from digestqa.evaluation.figures import FIGURES
from digestqa.evaluation.report import make_report, render_report, report_value
from digestqa.evaluation.verdicts import Verdict
from evaluation.made_verdicts import BY_HAND, EIGHT, judged

MANY = tuple(replace(verdict, id=f"{copy}-{verdict.id}") for copy in range(25) for verdict in EIGHT)


def spoilt(verdicts: tuple[Verdict, ...], count: int) -> tuple[Verdict, ...]:
    """Make the first right answers wrong."""
    right = [verdict.id for verdict in verdicts if verdict.right1][:count]
    worse: dict[str, Any] = {"right1": False, "right3": False, "best_right": False}
    return tuple(replace(verdict, **worse) if verdict.id in right else verdict for verdict in verdicts)


def compared(before: tuple[Verdict, ...], after: tuple[Verdict, ...]) -> Comparison:
    return compare("before.json", before, after)


@lru_cache
def report_of_eight() -> dict[str, Any]:
    return report_value(make_report(judged(*EIGHT)), {"file": "qa.jsonl", "sha256": "0"})


def saved(path: Path, **changed: Any) -> Path:
    path.write_text(json.dumps({**report_of_eight(), **changed}), encoding="utf-8")
    return path


def test_a_report_holds_every_figure_with_its_interval_and_number_of_questions() -> None:
    report = make_report(judged(*EIGHT))
    assert list(report.figures) == list(FIGURES)
    for name, measured in report.figures.items():
        assert measured.value == pytest.approx(BY_HAND[name], abs=1e-6)
        if name != "verbatim faults":
            assert measured.low is not None
            assert measured.high is not None
            assert measured.low <= measured.high
    counted = {name: report.figures[name].n for name in ("handled", "right@1", "refused", "auroc", "ece", "cross")}
    assert counted == {"handled": 8, "right@1": 5, "refused": 3, "auroc": 5, "ece": 5, "cross": 1}
    assert {kind: figures["handled"].value for kind, figures in report.by_type.items()} == {
        "cross": 0.0,
        "number": 0.5,
        "span": 0.5,
        "unanswerable": pytest.approx(2 / 3, abs=1e-6),
    }
    assert "f1" not in report.by_type["unanswerable"]
    assert (report.latency_ms["p50_ms"].value, report.latency_ms["p95_ms"].value) == (50.0, 80.0)


def test_the_report_as_text_has_a_line_for_every_figure_and_type() -> None:
    text = render_report(make_report(judged(*EIGHT)))
    for name in (*FIGURES, "  cross", "  unanswerable", "  p95"):
        assert any(line.startswith(name) for line in text.splitlines()), name
    assert "8 questions over 3 digests (20 passages), reader made" in text


def test_a_report_over_one_question_says_none_where_a_figure_is_over_nothing() -> None:
    report = make_report(judged(EIGHT[7]))
    assert report.figures["right@1"].value is None
    assert "right@1               none" in render_report(report)


def test_a_saved_report_gives_its_verdicts_back(tmp_path: Path) -> None:
    assert read_baseline(saved(tmp_path / "before.json")) == EIGHT


def test_the_same_verdicts_are_not_worse_and_nothing_is_drawn_differently() -> None:
    comparison = compared(MANY, MANY)
    assert comparison.worse == ()
    assert all(change.low == change.high == 0 for name, change in comparison.changes.items() if change.low is not None)
    assert list(comparison.changes) == list(GUARDED)


def test_many_answers_gone_wrong_are_worse_and_the_fallen_figures_are_named() -> None:
    comparison = compared(MANY, spoilt(MANY, 20))
    assert {"handled", "right@1", "right@3"} <= set(comparison.worse)
    assert {"source@1", "refused", "lost", "recall@5", "f1"}.isdisjoint(comparison.worse)
    change = comparison.changes["right@1"]
    assert (change.before, change.after) == (0.4, 0.24)
    assert change.low is not None
    assert change.high is not None
    assert change.low <= change.after - change.before <= change.high < 0


def test_many_answers_come_right_are_not_worse() -> None:
    assert compared(spoilt(MANY, 20), MANY).worse == ()


def test_a_fall_that_may_be_luck_is_not_called_worse() -> None:
    """Two right answers gone wrong: a fall of 0.02 in right@1, but one resample in eight holds neither."""
    comparison = compared(MANY, spoilt(MANY, 2))
    assert comparison.changes["right@1"].after < comparison.changes["right@1"].before - 0.01
    assert "right@1" not in comparison.worse


def test_a_fall_within_the_margin_is_not_called_worse_however_sure() -> None:
    lower = tuple(replace(verdict, f1=verdict.f1 * 0.98) for verdict in MANY)
    comparison = compared(MANY, lower)
    change = comparison.changes["f1"]
    assert change.high is not None
    assert change.high < 0
    assert "f1" not in comparison.worse


def test_more_of_what_should_be_less_is_worse() -> None:
    abstaining = tuple(
        replace(verdict, answered=False, right1=False, right3=False) if verdict.right1 else verdict for verdict in MANY
    )
    assert "lost" in compared(MANY, abstaining).worse
    assert "lost" not in compared(abstaining, MANY).worse


def test_one_fault_of_a_quote_is_worse() -> None:
    assert compared(MANY, (replace(MANY[0], faults=1), *MANY[1:])).worse == ("verbatim faults",)


def test_only_questions_in_common_are_compared() -> None:
    comparison = compared(MANY, (*MANY[8:], replace(EIGHT[4], id="new")))
    assert (comparison.questions, comparison.only_here, comparison.only_there) == (192, 1, 8)


def test_a_baseline_of_other_questions_is_an_error() -> None:
    with pytest.raises(UsageError, match="no question in common"):
        compared(EIGHT, (replace(EIGHT[0], id="other"),))
    with pytest.raises(UsageError, match="question '1' is not the one of the baseline"):
        compared(EIGHT, (replace(EIGHT[0], answerable=False),))


def test_the_comparison_is_shown_with_what_got_worse() -> None:
    after = spoilt(MANY, 20)
    text = render_report(make_report(judged(*after)), compared(MANY, after))
    assert "against before.json: 200 questions in common" in text
    (line,) = [line for line in text.splitlines() if line.startswith("  right@1 ") and "->" in line]
    assert "0.400 -> 0.240   -0.160" in line
    assert line.endswith("worse")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"kind": "something"}, "is no evaluation"),
        ({"schema": 2}, "has schema 2; this version reads 1"),
        ({"verdicts": []}, "holds no verdicts"),
        ({"verdicts": None}, "holds no verdicts"),
        ({"verdicts": [1]}, "verdict 1 is no object"),
        ({"verdicts": [{"id": "a"}]}, "verdict 1 has no 'type'"),
    ],
)
def test_a_file_that_is_no_baseline_is_an_error(tmp_path: Path, changed: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what) as caught:
        read_baseline(saved(tmp_path / "before.json", **changed))
    assert "digestqa eval" in caught.value.hint


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("confidence", "high"),
        ("confidence", float("nan")),
        ("answered", 1),
        ("given", True),
        ("id", 7),
        ("ranks", 3),
        ("ranks", [0]),
        ("ranks", ["1"]),
        ("cross", "half"),
    ],
)
def test_a_verdict_that_is_none_is_named(tmp_path: Path, field: str, value: Any) -> None:
    path = saved(tmp_path / "before.json")
    report = json.loads(path.read_text(encoding="utf-8"))
    report["verdicts"][2][field] = value
    path.write_text(json.dumps(report), encoding="utf-8")
    with pytest.raises(UsageError, match=f"verdict 3: '{field}' is no"):
        read_baseline(path)


@pytest.mark.parametrize(("content", "what"), [(b"{", "is no JSON"), (b"\xff\xfe", "is no JSON"), (b"[]", "no eval")])
def test_a_file_that_is_no_json_object_is_an_error(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "before.json").write_bytes(content)
    with pytest.raises(UsageError, match=what):
        read_baseline(tmp_path / "before.json")


def test_a_missing_baseline_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_baseline(tmp_path / "nothing.json")
