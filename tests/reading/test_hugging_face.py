from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from digestqa.errors import ReaderError
from digestqa.output.jsonform import answer_schema
from digestqa.reading import ReadablePassage, Reader, describe_reader, prepare_reader
from digestqa.reading.calibration import EVIDENCE
from letter_encoder import LetterEncoder
from reading.tiny_question_answering import claim_a_head, save_tiny_model
from shelf import Run, Shelf

DOSE = "Zelanide was given at 20 mg once daily for 90 days."
EVENTS = "Two patients on zelanide had severe dizziness."


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def copied(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "copied"))


def opened(folder: Path | str) -> Reader:
    return prepare_reader(str(folder))(LetterEncoder())


def passage(text: str, start: int = 1000) -> ReadablePassage:
    return ReadablePassage(text, start, ((start, start + len(text)),), "NCT1", "", "Results", 0.1, 0.6)


def calibrate(folder: Path, sha256: str) -> None:
    value = {"reader_sha256": sha256, "weights": dict.fromkeys(EVIDENCE, 0.1), "bias": 0.0, "threshold": 0.25}
    (folder / "calibration.json").write_text(json.dumps(value), encoding="utf-8")


def test_a_models_span_is_marked_and_its_place_is_exact(tiny: Path) -> None:
    reader = opened(tiny)
    best = reader.read("what dose of zelanide was given?", [passage(EVENTS, 3000), passage(DOSE)])[0]
    assert best.passage == 1
    assert DOSE[best.span[0] - 1000 : best.span[1] - 1000] == "20 mg"
    assert best.quote == (1000, 1000 + len(DOSE))
    assert best.confidence >= reader.threshold


def test_the_null_answer_keeps_what_does_not_answer_under_the_threshold(tiny: Path) -> None:
    reader = opened(tiny)
    candidates = reader.read("what dose of zelanide was given?", [passage(EVENTS)])
    assert all(candidate.score < 0 for candidate in candidates)
    assert all(candidate.confidence < reader.threshold for candidate in candidates)


def test_a_passage_longer_than_the_window_is_read_to_its_end(tiny: Path) -> None:
    text = "Patients had severe dizziness. " * 60 + "The dose was 30 mg."
    best = opened(tiny).read("what dose was given? " * 20, [passage(text)])[0]
    assert text[best.span[0] - 1000 : best.span[1] - 1000] == "30 mg"


def test_a_reader_that_nobody_calibrated_says_so(tiny: Path) -> None:
    assert opened(tiny).name == f"{tiny} (uncalibrated)"
    assert describe_reader(str(tiny)) == {"name": f"{tiny} (uncalibrated)", "sha256": opened(tiny).sha256}


def test_a_calibration_beside_the_model_is_used(copied: Path) -> None:
    calibrate(copied, describe_reader(str(copied))["sha256"])
    reader = opened(copied)
    assert (reader.name, reader.threshold) == (str(copied), 0.25)


def test_a_calibration_of_other_weights_is_refused(copied: Path) -> None:
    calibrate(copied, "0" * 64)
    with pytest.raises(ReaderError, match="fitted for another reader"):
        opened(copied)


def test_a_model_that_never_says_no_is_refused_unless_a_confidence_was_fitted_for_it(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path, says_no=False)
    with pytest.raises(ReaderError, match="has no null answer") as caught:
        opened(folder)
    assert "SQuAD 2.0" in caught.value.hint
    calibrate(folder, describe_reader(str(folder))["sha256"])
    assert opened(folder).threshold == 0.25


def test_a_model_whose_pairs_do_not_begin_with_cls_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path, frame="$A [SEP] $B:1 [SEP]:1 [CLS]:1")
    with pytest.raises(ReaderError, match=r"has no null answer: its pairs do not begin with a \[CLS\] token"):
        opened(folder)


def test_pairs_with_two_separators_are_put_together_as_the_tokenizer_does(tmp_path: Path) -> None:
    reader = opened(save_tiny_model(tmp_path, frame="[CLS] $A [SEP] [SEP] $B:1 [SEP]:1"))
    best = reader.read("what dose?", [passage(DOSE)])[0]
    assert DOSE[best.span[0] - 1000 : best.span[1] - 1000] == "20 mg"


def test_a_model_without_span_scores_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path, head=False)
    for ask in (opened, lambda name: describe_reader(str(name))):
        with pytest.raises(ReaderError, match=r"no question-answering model: its config\.json names BertModel"):
            ask(folder)
    claim_a_head(folder)
    with pytest.raises(ReaderError, match=r"lacks trained weights: qa_outputs\.bias, qa_outputs\.weight"):
        opened(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_truncated_file_is_an_error_with_a_hint(copied: Path, name: str) -> None:
    path = copied / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ReaderError) as caught:
        opened(copied)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("missing", "told"), [("model.safetensors", "has no weights"), ("config.json", "neither reader.json nor config")]
)
def test_a_missing_file_is_an_error(copied: Path, missing: str, told: str) -> None:
    (copied / missing).unlink()
    with pytest.raises(ReaderError, match=told):
        opened(copied)


def test_a_name_is_looked_up_in_the_cache_and_nowhere_else(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    for name in ("someone/tiny-squad2", "tiny-squad2", "../tiny", "", "a/b/c"):
        with pytest.raises(ReaderError, match="is not on this machine") as caught:
            opened(name)
        assert "hf download" in caught.value.hint
    model = tmp_path / "models--someone--tiny-squad2"
    shutil.copytree(tiny, model / "snapshots" / "abc123")
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("abc123", encoding="ascii")
    assert opened("someone/tiny-squad2").name == "someone/tiny-squad2 (uncalibrated)"


def test_the_command_line_answers_and_refuses_with_such_a_model(built_shelf: Shelf, run: Run, tiny: Path) -> None:
    import jsonschema

    done = run(built_shelf, "ask", "--json", "what dose of zelanide was given?", "--reader", str(tiny))
    reply: dict[str, Any] = json.loads(done.out)
    jsonschema.validate(reply, answer_schema())
    assert (done.code, reply["answers"][0]["text"]) == (0, "20 mg")
    assert reply["library"]["reader"] == f"{tiny} (uncalibrated)"
    limited = run(built_shelf, "ask", "what dose was given?", "--trial", "PMID:31234567", "--reader", str(tiny))
    assert limited.code == 1


def test_status_names_such_a_model_and_its_hash(
    built_shelf: Shelf, run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGESTQA_READER", str(tiny))
    sha256 = describe_reader(str(tiny))["sha256"]
    assert f"reader      {tiny} (uncalibrated), weights {sha256[:12]}…" in run(built_shelf, "status").out
