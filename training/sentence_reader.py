"""Fits the fallback reader: ``python -m training.sentence_reader DATA HELDOUT [--out FILE] [--scratch DIR]``.

DATA is a folder with ``digests/`` and ``qa.jsonl``; HELDOUT is the ``heldout.json`` of ``training.run``: the encoder
was not trained on its questions, so their cosines are such as other questions have. The digests are ingested into a
scratch library with the product's own code; for each held question the passages are retrieved as the product does, and
two logistic models are fitted: one that ranks the sentences, one that says whether the best sentence is a right answer.
The second is fitted on questions whose studies the first did not see (five folds by study). The threshold is the lowest
confidence that loses at most ``MOST_LOST`` of the answerable questions of the held folds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from digestqa.reading.sentence_reader import (
    FEATURES,
    QUESTION_FEATURES,
    Sentence,
    describe_sentences,
    question_features,
)
from training.retrieved import asked_questions

FOLDS = 5
MOST_LOST = 0.04
"""Share of the answerable questions that may be lost to abstention: a fallback that answers little serves nobody."""
HARDNESS = 0.02
"""Regularisation is weak: there are thousands of rows and a dozen features."""


@dataclass(frozen=True, slots=True)
class Described:
    """A question with its sentences' features and labels.

    Attributes:
        question: as asked.
        study: the study it is about, or its id where it is about none; folds go by it.
        answerable: whether the digests say.
        sentences: of the passages that were retrieved.
        features: shape (sentences, features).
        right: shape (sentences,), whether a sentence is a right answer.
    """

    question: str
    study: str
    answerable: bool
    sentences: list[Sentence]
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def describe(data: Path, scratch: Path, held: Collection[str]) -> tuple[list[Described], str]:
    """Describe the sentences that every held question retrieves; also returns the encoder's hash."""
    questions, encoder = asked_questions(data, scratch, only=held)
    described = []
    for asked in questions:
        sentences = describe_sentences(encoder, asked.text, asked.passages)
        if sentences:
            right = [asked.is_right(sentence.passage, sentence.quote) for sentence in sentences]
            features = np.array([sentence.features for sentence in sentences])
            described.append(Described(asked.text, asked.study, asked.answerable, sentences, features, np.array(right)))
    return described, encoder.identity.weights_sha256


def fit_ranking(rows: Sequence[Described]) -> LogisticRegression:
    """Fit which sentence is right, over the questions that a retrieved sentence answers."""
    usable = [row for row in rows if row.right.any()]
    features = np.concatenate([row.features for row in usable])
    right = np.concatenate([row.right for row in usable])
    return LogisticRegression(C=1 / HARDNESS, max_iter=2000, class_weight="balanced").fit(features, right)


def best_of(row: Described, model: LogisticRegression) -> tuple[tuple[float, ...], bool]:
    """Return the question features of a row's best sentence, and whether it is right."""
    logits = model.decision_function(row.features)
    order = np.argsort(-logits, kind="stable")
    best = int(order[0])
    margin = float(logits[best] - logits[order[1]]) if len(order) > 1 else 0.0
    return question_features(row.question, row.sentences[best], float(logits[best]), margin), bool(row.right[best])


def main() -> int:
    """Fit, print the held figures, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("heldout", type=Path)
    parser.add_argument("--scratch", type=Path, help="folder of a library over DATA/digests, kept for the next time")
    parser.add_argument("--out", type=Path, default=Path("src/digestqa/reading/sentence_reader.json"))
    arguments = parser.parse_args()
    held = frozenset(json.loads(arguments.heldout.read_text(encoding="utf-8"))["questions"])
    with tempfile.TemporaryDirectory() as temporary:
        rows, encoder_sha256 = describe(arguments.data, arguments.scratch or Path(temporary), held)
    studies = sorted({row.study for row in rows})
    fold_of = {study: place % FOLDS for place, study in enumerate(np.random.default_rng(0).permutation(studies))}
    known, right, answerable = [], [], []
    for fold in range(FOLDS):
        model = fit_ranking([row for row in rows if fold_of[row.study] != fold])
        for row in rows:
            if fold_of[row.study] == fold:
                features, is_right = best_of(row, model)
                known.append(features)
                right.append(is_right)
                answerable.append(row.answerable)
    question_model = LogisticRegression(C=1 / HARDNESS, max_iter=2000).fit(np.array(known), np.array(right))
    confidence = question_model.predict_proba(np.array(known))[:, 1]
    asked = np.array(answerable)
    threshold = float(np.quantile(confidence[asked], MOST_LOST))
    print(f"questions {len(rows)}, right@1 of the answerable {np.mean(np.array(right)[asked]):.3f}")
    print(f"threshold {threshold:.4f}: lost {np.mean(confidence[asked] < threshold):.3f}, "
          f"refused {np.mean(confidence[~asked] < threshold):.3f}")  # fmt: skip
    ranking = fit_ranking(rows)
    value = {
        "encoder_weights_sha256": encoder_sha256,
        "sentence": dict(zip(FEATURES, np.round(ranking.coef_[0], 4).tolist(), strict=True)),
        "sentence_bias": round(float(ranking.intercept_[0]), 4),
        "question": dict(zip(QUESTION_FEATURES, np.round(question_model.coef_[0], 4).tolist(), strict=True)),
        "question_bias": round(float(question_model.intercept_[0]), 4),
        "threshold": round(threshold, 4),
    }
    arguments.out.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
