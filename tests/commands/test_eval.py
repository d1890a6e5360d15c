from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from digestqa.evaluation.figures import FIGURES
from shelf import Run, Shelf

DOSE = "Zelanide was given at 20 mg once daily for 90 days."
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "dose",
        "question": "what dose of zelanide was given?",
        "type": "number",
        "source": ["NCT90000002"],
        "answers": ["20 mg", "20 mg once daily"],
        "sentence": DOSE,
    },
    {
        "id": "follow",
        "question": "and for how long?",
        "history": ["what dose of zelanide was given?"],
        "type": "followup",
        "source": "NCT90000002",
        "answers": ["90 days"],
        "sentence": DOSE,
    },
    {
        "id": "tremor",
        "question": "by how much did bervamine lower tremor amplitude?",
        "type": "number",
        "source": ["PMID:31234567"],
        "answers": ["0.8 mm"],
    },
    {"id": "cats", "question": "which drug helps migraine in cats?", "answers": [], "kind": "off-topic"},
]


@pytest.fixture
def qa(tmp_path: Path) -> Path:
    path = tmp_path / "qa.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in QUESTIONS), encoding="utf-8")
    return path


def test_figures_are_printed_and_the_same_input_prints_the_same(built_shelf: Shelf, run: Run, qa: Path) -> None:
    first, second = (run(built_shelf, "eval", str(qa)) for _ in range(2))
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("4 questions over 3 digests")
    for name in FIGURES:
        assert f"\n{name} " in first.out
    assert first.out.split("milliseconds")[0] == second.out.split("milliseconds")[0]


def test_the_json_holds_figures_intervals_types_and_a_verdict_for_each_question(
    built_shelf: Shelf, run: Run, qa: Path
) -> None:
    value = json.loads(run(built_shelf, "eval", str(qa), "--json").out)
    assert (value["schema"], value["kind"]) == (1, "digestqa evaluation")
    assert value["questions"]["count"] == 4
    assert len(value["questions"]["sha256"]) == 64
    assert list(value["figures"]) == list(FIGURES)
    assert set(value["by_type"]) == {"number", "followup", "other"}
    assert [verdict["id"] for verdict in value["verdicts"]] == ["dose", "follow", "tremor", "cats"]
    for figure in (*value["figures"].values(), *value["latency"].values()):
        assert set(figure) == {"value", "low", "high", "n"}
    assert value["figures"]["recall@10"]["value"] == 1.0
    assert value["figures"]["verbatim faults"] == {"value": 0.0, "low": None, "high": None, "n": 3}
    assert value["figures"]["right@1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}


def test_an_evaluation_is_not_worse_than_itself(built_shelf: Shelf, run: Run, qa: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "before.json"
    baseline.write_text(run(built_shelf, "eval", str(qa), "--json").out, encoding="utf-8")
    done = run(built_shelf, "eval", str(qa), "--baseline", str(baseline))
    assert (done.code, done.err) == (0, "")
    assert "4 questions in common" in done.out
    assert not json.loads(run(built_shelf, "eval", str(qa), "--json", "--baseline", str(baseline)).out)["baseline"][
        "worse"
    ]


def test_what_is_worse_than_the_baseline_is_named_and_fails(
    built_shelf: Shelf, run: Run, qa: Path, tmp_path: Path
) -> None:
    baseline = tmp_path / "before.json"
    baseline.write_text(run(built_shelf, "eval", str(qa), "--json").out, encoding="utf-8")
    other = [{**row, "answers": ["nothing of the kind"]} if row["answers"] else row for row in QUESTIONS]
    qa.write_text("\n".join(json.dumps(row) for row in other), encoding="utf-8")
    done = run(built_shelf, "eval", str(qa), "--baseline", str(baseline))
    assert done.code == 1
    assert "digestqa: error: right@1 got worse: 1.000 before, 0.000 now" in done.err
    assert "worse" in done.out


def test_questions_that_the_baseline_lacks_are_told(built_shelf: Shelf, run: Run, qa: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "before.json"
    baseline.write_text(run(built_shelf, "eval", str(qa), "--json").out, encoding="utf-8")
    qa.write_text("\n".join(json.dumps({**row, "id": row["id"].upper()} if at == 0 else row)
                            for at, row in enumerate(QUESTIONS)), encoding="utf-8")  # fmt: skip
    done = run(built_shelf, "eval", str(qa), "--baseline", str(baseline))
    assert "compared over the 3 questions in common: 1 are new, 1 are no longer asked" in done.err


def test_a_baseline_that_is_none_is_an_error_before_anything_is_asked(
    built_shelf: Shelf, run: Run, qa: Path, tmp_path: Path
) -> None:
    (tmp_path / "before.json").write_text('{"schema": 1}', encoding="utf-8")
    for name in ("before.json", "nothing.json"):
        done = run(built_shelf, "eval", str(qa), "--baseline", str(tmp_path / name))
        assert (done.code, done.out) == (2, "")
        assert "digestqa: error: the baseline" in done.err
        assert "hint: " in done.err


def test_bad_lines_of_questions_are_an_error(built_shelf: Shelf, run: Run, qa: Path) -> None:
    qa.write_text('{"id": 1, "question": "why?"}\n{"id": 2}\n', encoding="utf-8")
    done = run(built_shelf, "eval", str(qa))
    assert (done.code, done.out) == (2, "")
    assert "line 1: 'answers' is no list" in done.err
    assert "line 2: 'question' is no text" in done.err


@pytest.mark.usefixtures("encoder_at_hand")
def test_the_library_is_built_on_first_use(shelf: Shelf, run: Run, qa: Path) -> None:
    for path in shelf.embeddings.iterdir():
        path.unlink()
    done = run(shelf, "eval", str(qa), "--reader", "sentences")
    assert done.code == 0
    assert "building the library from seeds (3 files) on first use" in done.err
    assert "reader sentence selection" in done.out


def test_a_reader_that_cannot_be_had_is_an_error(built_shelf: Shelf, run: Run, qa: Path) -> None:
    done = run(built_shelf, "eval", str(qa), "--reader", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert "nowhere" in done.err


def test_help_for_eval_imports_nothing_heavy() -> None:
    program = (
        "import sys; from digestqa.cli import main; code = main(['eval', '--help']); "
        "print('LOADED', code, [name for name in ('numpy', 'torch', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("LOADED 0 []\n")
