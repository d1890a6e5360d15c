from __future__ import annotations

import pytest

from digestqa.reading import ReadablePassage
from digestqa.reading.sentence_reader import FEATURES, SentenceReader, describe_sentences, load_weights
from letter_encoder import LetterEncoder


def passage(text: str, section: str = "Results", start: int = 100, score: float = 0.1) -> ReadablePassage:
    sentences = []
    at = 0
    for part in text.split(". "):
        end = min(at + len(part) + 1, len(text))
        sentences.append((start + at, start + end))
        at = end + 1
    return ReadablePassage(text, start, tuple(sentences), "NCT1", "Zelanide in Heart Failure", section, score, 0.5)


RESULTS = passage("Of 60 patients 11 returned to hospital. Two had severe dizziness. Nobody died.")
FOOTER = passage("Source: clinicaltrials:NCT90000002 · Ingested 2026-01-20 · Digest: example-model-2", "footer", 900)


def test_the_sentence_that_holds_the_questions_words_comes_first() -> None:
    (best, *_) = SentenceReader(LetterEncoder()).read("how many had severe dizziness?", [RESULTS, FOOTER])
    assert RESULTS.text[best.quote[0] - 100 : best.quote[1] - 100] == "Two had severe dizziness."
    assert best.span == best.quote
    assert best.passage == 0


def test_a_fact_of_the_page_is_answered_by_its_line() -> None:
    (best, *_) = SentenceReader(LetterEncoder()).read("when was it ingested?", [RESULTS, FOOTER])
    assert best.passage == 1


def test_confidences_are_probabilities_and_fall_from_best_to_worst() -> None:
    candidates = SentenceReader(LetterEncoder()).read("how many had severe dizziness?", [RESULTS, FOOTER])
    confidences = [candidate.confidence for candidate in candidates]
    assert len(candidates) == 4
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert confidences == sorted(confidences, reverse=True)


def test_a_sentence_of_two_overlapping_passages_is_one_candidate() -> None:
    sentences = describe_sentences(LetterEncoder(), "dizziness?", [RESULTS, RESULTS])
    assert len(sentences) == 3


def test_without_passages_there_is_no_candidate() -> None:
    assert SentenceReader(LetterEncoder()).read("anything?", []) == []


def test_the_packages_weights_name_every_feature() -> None:
    weights = load_weights()
    assert len(weights.sentence) == len(FEATURES)
    assert 0 < weights.threshold < 1
    assert len(weights.sha256) == 64


def test_features_stay_near_the_range_that_they_were_fitted_on() -> None:
    long = passage("word " * 5000)
    for sentence in describe_sentences(LetterEncoder(), "what of the word?", [RESULTS, FOOTER, long]):
        assert all(value == pytest.approx(value) and -1.001 <= value <= 3 for value in sentence.features)
