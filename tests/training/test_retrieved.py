from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from shelf import Shelf
from training.retrieved import AskedQuestion, asked_questions

QUESTIONS = [
    {"id": "dose", "question": "what dose of zelanide was given?", "source": "NCT90000002", "answers": ["20 mg"]},
    {
        "id": "follow",
        "question": "and for how long?",
        "history": ["what dose of zelanide was given?"],
        "source": ["NCT90000002"],
        "answers": ["90 days"],
    },
    {"id": "gone", "question": "what dose was given in NCT90000009?", "answers": []},
    {"id": "cats", "question": "which drug helps migraine in cats?", "answers": []},
]


@pytest.fixture
def data(built_shelf: Shelf, tmp_path: Path) -> Path:
    shutil.copytree(built_shelf.seeds, tmp_path / "digests")
    shutil.copytree(built_shelf.embeddings, tmp_path / "scratch")
    (tmp_path / "qa.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return tmp_path


def asked(data: Path, only: set[str] | None = None) -> dict[str, AskedQuestion]:
    questions, _ = asked_questions(data, data / "scratch", only)
    return {item.question.id: item for item in questions}


def test_questions_come_with_the_passages_that_the_product_reads(data: Path) -> None:
    by_id = asked(data)
    assert set(by_id) == {"dose", "follow", "cats"}, "of a study that is not there nothing is read"
    dose = by_id["dose"]
    assert (dose.study, dose.answerable, by_id["cats"].answerable) == ("NCT90000002", True, False)
    assert by_id["cats"].study == "cats"
    assert len(dose.passages) == len(dose.retrieved)
    assert "zelanide" in by_id["follow"].text


def test_a_quote_is_right_by_its_study_and_its_words(data: Path) -> None:
    dose = asked(data, {"dose"})["dose"]
    right = {
        dose.retrieved[at].passage.text[start - passage.start : end - passage.start]
        for at, passage in enumerate(dose.passages)
        for start, end in passage.sentences
        if dose.is_right(at, (start, end))
    }
    assert right == {"Zelanide was given at 20 mg once daily for 90 days."}


def test_only_the_questions_that_are_wanted_are_asked(data: Path) -> None:
    assert set(asked(data, {"cats"})) == {"cats"}
