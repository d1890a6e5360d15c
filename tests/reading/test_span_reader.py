from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from digestqa.encoders import OnProgress, identity_of
from digestqa.errors import ReaderError
from digestqa.reading import ReadablePassage, packaged_reader
from digestqa.reading.calibration import FittedCalibrations
from digestqa.reading.reader_files import ReaderFiles
from digestqa.reading.span_reader import SpanReader, load_span_reader
from letter_encoder import LetterEncoder
from shelf import Run, Shelf


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return load_span_reader(packaged_reader(), LetterEncoder())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_reader(), tmp_path / "reader"))


def passage(text: str, section: str = "Results", start: int = 1000) -> ReadablePassage:
    return ReadablePassage(
        text, start, ((start, start + len(text)),), "NCT1", "Zelanide in Heart Failure", section, 0.1, 0.6
    )


DOSE = passage("Zelanide was given at 20 mg once daily for 90 days.")
EVENTS = passage("Two patients on zelanide had severe dizziness.", start=3000)


def test_the_span_that_answers_is_marked_and_its_place_is_exact(reader: SpanReader) -> None:
    best = reader.read("what dose of zelanide was given?", [EVENTS, DOSE])[0]
    assert best.passage == 1
    assert "20 mg" in DOSE.text[best.span[0] - 1000 : best.span[1] - 1000]
    assert best.quote == (1000, 1000 + len(DOSE.text))
    assert 0 <= best.confidence <= 1


def test_a_question_that_nothing_answers_is_less_sure(reader: SpanReader) -> None:
    answered = reader.read("what dose of zelanide was given?", [DOSE, EVENTS])[0].confidence
    unanswered = reader.read("which surgeon repaired the mitral valve in Oslo?", [DOSE, EVENTS])[0].confidence
    assert unanswered < answered


def test_reading_more_passages_changes_no_spans_evidence(reader: SpanReader) -> None:
    question = "what dose of zelanide was given?"
    alone = {(span.start, span.end): span.margin for span in reader.spans(question, [DOSE])}
    together = {
        (span.start, span.end): span.margin for span in reader.spans(question, [DOSE, EVENTS]) if span.passage == 0
    }
    # Dynamic quantisation scales a whole batch, so that the logits move a little with its other rows.
    assert alone.keys() & together.keys()
    assert all(abs(alone[place] - together[place]) < 1.5 for place in alone.keys() & together.keys())


def test_spans_lie_inside_one_passage_however_long_it_is(reader: SpanReader) -> None:
    long = passage(" ".join(f"Arm {number} got {number} mg of zelanide." for number in range(300)))
    for candidate in reader.read("what did arm 250 get?", [long]):
        assert 1000 <= candidate.quote[0] <= candidate.span[0] < candidate.span[1] <= candidate.quote[1]
        assert candidate.quote[1] <= 1000 + len(long.text)


class CountingEncoder(LetterEncoder):
    """Tells which texts it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode_passages(self, texts: Sequence[str], on_progress: OnProgress | None = None) -> NDArray[np.float32]:
        self.texts += texts
        return super().encode_passages(texts, on_progress)


def test_a_sentence_that_comes_back_is_not_encoded_again_and_counts_the_same() -> None:
    encoder = CountingEncoder()
    reader = load_span_reader(packaged_reader(), encoder)
    first = reader.read("what dose of zelanide was given?", [DOSE, EVENTS])
    assert sorted(encoder.texts) == sorted([DOSE.text, EVENTS.text])
    assert reader.read("what dose of zelanide was given?", [DOSE, EVENTS]) == first
    assert len(encoder.texts) == 2


def test_a_question_with_half_a_character_is_read(reader: SpanReader) -> None:
    assert reader.read("what dose of \ud835 zelanide was given?", [DOSE])


def test_without_passages_there_is_no_candidate(reader: SpanReader) -> None:
    assert reader.read("what dose?", []) == []


def test_a_question_longer_than_the_window_is_read_as_far_as_it_fits(reader: SpanReader) -> None:
    assert reader.read("what dose of zelanide was given? " * 100, [DOSE])


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json", "reader.json", "calibration.json"])
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ReaderError, match=name.replace(".", r"\.")) as caught:
        load_span_reader(copied, LetterEncoder())
    assert caught.value.hint


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json"])
def test_a_truncated_file_is_named(copied: Path, name: str) -> None:
    path = copied / name
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ReaderError, match="is not the file that"):
        load_span_reader(copied, LetterEncoder())


def test_a_calibration_of_another_reader_is_refused(copied: Path) -> None:
    path = copied / "calibration.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**value, "reader_sha256": "0" * 64}), encoding="utf-8")
    with pytest.raises(ReaderError, match="fitted for another reader"):
        load_span_reader(copied, LetterEncoder())


def test_beside_another_encoder_than_it_was_fitted_with_the_cosines_do_not_count(copied: Path) -> None:
    path = copied / "calibration.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    calibrations = FittedCalibrations.load(path, value["reader_sha256"])

    assert calibrations.beside(identity_of().weights_sha256) == calibrations.fitted
    other = calibrations.beside(LetterEncoder().identity.weights_sha256)
    assert other == calibrations.with_others
    assert other.weights["cosine"] == other.weights["quote_cosine"] == 0
    assert load_span_reader(copied, LetterEncoder()).threshold == other.threshold


def test_a_newer_format_is_refused(copied: Path) -> None:
    path = copied / "reader.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**value, "format": 99}), encoding="utf-8")
    with pytest.raises(ReaderError, match="format 99"):
        load_span_reader(copied, LetterEncoder())


def test_the_model_is_small() -> None:
    assert (packaged_reader() / "reader.onnx").stat().st_size <= 40e6


def test_a_reader_that_was_asked_for_and_cannot_be_had_is_an_error(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "ask", "what dose of zelanide?", "--reader", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert "nowhere" in done.err


def test_a_broken_package_reader_is_told_and_sentences_answer(
    built_shelf: Shelf, run: Run, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied / "reader.onnx").write_bytes(b"broken")
    monkeypatch.setattr("digestqa.reading.packaged_reader", lambda: copied)
    done = run(built_shelf, "ask", "how many patients on zelanide returned to hospital?")
    assert done.code == 0
    assert "answering with whole sentences instead" in done.err


def test_status_names_the_reader_and_its_hash(built_shelf: Shelf, run: Run) -> None:
    described = ReaderFiles(packaged_reader()).describe()
    assert f"reader      {described.name}, weights {described.onnx_sha256[:12]}…" in run(built_shelf, "status").out
