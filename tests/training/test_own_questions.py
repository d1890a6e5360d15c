from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.questions import OWN, question_rows, take_in

PAGE = """All research
Drug 2020 ClinicalTrials

A Headline

An Official Title

Results

The µ-dose of 5 mg was given to 12 people. Pain fell by 30% – a third.

Source: clinicaltrials:NCT00000001 · Ingested 2026-01-02 · Digest: model"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "NCT00000001.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "qa.jsonl").write_text(json.dumps({"id": "given-1", "question": "?", "answers": []}) + "\n")
    return tmp_path


def written(folder: Path, **row: object) -> Path:
    asked = {"id": "own-1", "question": "dose?", "type": "number", "source": ["NCT00000001"], "history": []} | row
    path = folder / "written.jsonl"
    path.write_text(json.dumps(asked) + "\n", encoding="utf-8")
    return path


def test_a_written_question_comes_back_with_its_text_and_keeps_none_of_it(folder: Path) -> None:
    sentence = "The µ-dose of 5 mg was given to 12 people."
    own = folder / "own"
    assert take_in(folder, written(folder, answers=["5 mg"], sentence=sentence), own / "a.jsonl") == 1
    assert "5 mg" not in (own / "a.jsonl").read_text(encoding="utf-8")
    given, row = question_rows(folder, own)
    assert given["id"] == "given-1"
    assert (row["answers"], row["sentence"], row["type"]) == (["5 mg"], [sentence], "number")


def test_a_question_over_a_digest_that_has_changed_is_left_out(folder: Path) -> None:
    own = folder / "own"
    near_miss = written(folder, type="unanswerable", kind="near-miss", answers=[], sentence="")
    take_in(folder, near_miss, own / "a.jsonl")
    assert len(question_rows(folder, own)) == 2
    page = folder / "digests" / "NCT00000001.txt"
    page.write_text(PAGE.replace("12 people", "13 people"), encoding="utf-8")
    assert len(question_rows(folder, own)) == 1


def test_an_answer_that_is_not_in_its_sentence_is_not_taken_in(folder: Path) -> None:
    wrong = written(folder, answers=["30%"], sentence="The µ-dose of 5 mg was given to 12 people.")
    assert take_in(folder, wrong, folder / "own" / "a.jsonl") == 0


def test_the_project_s_own_questions_hold_places_and_no_text_of_a_digest() -> None:
    rows = [json.loads(line) for path in OWN.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 2000
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert all(isinstance(start, int) and start < end for _, start, end in row["answers"] + row["sentence"])
        assert bool(row["answers"]) == (row["type"] != "unanswerable")
