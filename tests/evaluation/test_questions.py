from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from digestqa.errors import UsageError
from digestqa.evaluation.questions import read_questions

FULL: dict[str, Any] = {
    "id": "a1",
    "question": "what dose?",
    "type": "number",
    "source": ["NCT90000002"],
    "answers": ["20 mg"],
    "sentence": "The dose was 20 mg.",
    "section": "Results",
    "history": ["what is zelanide?"],
}


def written(path: Path, *lines: Any) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def test_a_question_is_read_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path / "qa.jsonl", FULL))
    assert (question.id, question.question, question.type, question.kind) == ("a1", "what dose?", "number", "")
    assert (question.sources, question.answers) == (("NCT90000002",), ("20 mg",))
    assert (question.sentences, question.history) == (("The dose was 20 mg.",), ("what is zelanide?",))
    assert question.answerable


def test_what_may_be_left_out_is_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "qa.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": 7, "question": "why?", "answers": []}\r\n\r\n  \n')
    (question,) = read_questions(path)
    assert (question.id, question.type, question.sources, question.answerable) == ("7", "other", (), False)


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path / "qa.jsonl", {**FULL, "question": "what\u2028dose?"}))
    assert question.question == "what\u2028dose?"


def test_one_source_or_sentence_may_stand_without_a_list(tmp_path: Path) -> None:
    row = {**FULL, "source": "NCT90000002", "sentence": ["One.", "Two."], "kind": None}
    (question,) = read_questions(written(tmp_path / "qa.jsonl", row))
    assert (question.sources, question.sentences) == (("NCT90000002",), ("One.", "Two."))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{nonsense", "no JSON"),
        ("[1]", "no JSON object"),
        ("[" * 100_000, "no JSON"),
        ({**FULL, "id": None}, "'id' is no text or whole number"),
        ({**FULL, "id": True}, "'id' is no text or whole number"),
        ({**FULL, "question": 3}, "'question' is no text"),
        ({**FULL, "question": " ?! "}, "the question has no letter or digit"),
        ({**FULL, "question": "x" * 5000}, "the question has 5,000 characters"),
        ({**FULL, "answers": "20 mg"}, "'answers' is no list"),
        ({**FULL, "answers": [20]}, "'answers' is no text or list of texts"),
        ({**FULL, "answers": [" "]}, "an answer is empty"),
        ({**FULL, "source": []}, "there are answers but no 'source'"),
        ({**FULL, "history": [None]}, "'history' is no text or list of texts"),
        ({**FULL, "type": ["number"]}, "'type' is no text"),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: Any, what: str) -> None:
    path = written(tmp_path / "qa.jsonl", FULL, line)
    with pytest.raises(UsageError) as caught:
        read_questions(path)
    assert caught.value.message.startswith(f"{path}, line 2: {what}")
    assert "each line is" in caught.value.hint


def test_every_bad_line_is_named_up_to_a_few(tmp_path: Path) -> None:
    path = written(tmp_path / "qa.jsonl", *["{"] * 3, FULL, *["[]"] * 4)
    with pytest.raises(UsageError, match=r"line 1: .*line 2: .*line 3: .*line 5: .*line 6: .*; and 2 more"):
        read_questions(path)


def test_an_id_that_comes_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 3: the id 'a1' is that of line 1 too"):
        read_questions(written(tmp_path / "qa.jsonl", FULL, "", {**FULL, "question": "another?"}))


@pytest.mark.parametrize(("content", "what"), [(b"", "holds no question"), (b"\n \n", "no question"), (b"\xff", "UTF")])
def test_a_file_without_questions_is_an_error(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "qa.jsonl").write_bytes(content)
    with pytest.raises(UsageError, match=what):
        read_questions(tmp_path / "qa.jsonl")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_questions(tmp_path / "nothing.jsonl")
