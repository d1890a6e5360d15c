"""Fits a reader's calibration: ``python -m training.calibrate DATA READER [--scratch DIR]``.

DATA is a folder with ``digests/`` and ``qa.jsonl``; READER holds ``reader.onnx``, ``tokenizer.json``, ``reader.json``
and ``heldout.json`` (the questions that the reader was not trained on), or is a Hugging Face question-answering model,
which was trained on none of them; ``calibration.json`` is written beside them.
The passages are those that the product itself retrieves. A linear model over the evidence of each question's strongest
spans is fitted to rank them; its score of each question's best span is then turned into a probability on studies left
out of the fit (Platt, 1999, with a parabola over the logit, since the strongest are right less often than a straight
line has it), so that the confidence means what it says for the span that is shown. The threshold is the confidence that
a share of ``LOST`` of the answerable questions does not reach: who asks what the digests say should be told.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from sklearn.linear_model import LogisticRegression

from digestqa.reading import prepare_reader
from digestqa.reading.calibration import EVIDENCE, Calibration, confidence_of
from digestqa.reading.span_reader import SpanReader
from digestqa.reading.windows import quote_around
from training.retrieved import AskedQuestion, asked_questions

FOLDS = 7
LOST = 0.03
PENALTY = 1e-2
FLAGS = ("number_asked_not_given", "reason_asked_not_given", "qualifier_missing", "tells_of_another")
"""Evidence that an answer does not fit: beside its part in the ranking it lowers what the best span is trusted with."""
_FLAG_PLACES = [EVIDENCE.index(name) for name in FLAGS]


@dataclass(frozen=True, slots=True)
class Judged:
    """A held question's strongest spans.

    Attributes:
        study: folds go by it.
        answerable: whether the digests say.
        evidence: shape (spans, pieces of evidence).
        right: shape (spans,).
        whole: whether it is all of a question, not one side of a comparison: what lowers the trust in a best span is
            learnt from these, ranking from all.
        natural: whether it is whole and of the kind and share that people ask: what a confidence means and where to
            abstain are learnt from these alone.
    """

    study: str
    answerable: bool
    evidence: NDArray[np.float64]
    right: NDArray[np.bool_]
    whole: bool = True
    natural: bool = True


def judge(asked: AskedQuestion, reader: SpanReader) -> Judged | None:
    """Read a question's passages and judge the strongest spans; None where there are none."""
    spans = reader.spans(asked.text, asked.passages)
    if not spans:
        return None
    known = reader.evidence(asked.text, asked.passages, spans)
    right = [asked.is_right(span.passage, quote_around(asked.passages[span.passage], span)) for span in spans]
    return Judged(
        asked.study,
        asked.answerable,
        np.array([[piece[name] for name in EVIDENCE] for piece in known]),
        np.array(right),
        whole=asked.alone,
        natural=asked.alone and not asked.hard,
    )


def fit_ranking(rows: Sequence[Judged]) -> NDArray[np.float64]:
    """Fit weights, shape (pieces of evidence,), under which a right span outscores its question's other spans.

    The loss is that of a softmax over the spans of one question, summed over its right ones (ListNet with a 0/1 target;
    Cao et al. 2007), with an L2 penalty. Judging each span alone instead ranks worse: what is strong evidence in one
    question is weak in another.
    """
    usable = [row for row in rows if row.right.any()]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for row in usable:
            scores = row.evidence @ weights
            right = scores[row.right]
            total += float(logsumexp(scores) - logsumexp(right)) / len(usable)
            drawn = softmax(scores) @ row.evidence - softmax(right) @ row.evidence[row.right]
            gradient = gradient + drawn / len(usable)
        return total, gradient

    return np.asarray(minimize(loss, np.zeros(len(EVIDENCE)), jac=True, method="L-BFGS-B").x)


def chosen(rows: Sequence[Judged], weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return each row's best span under the weights: its score and `FLAGS`, and whether it is right."""
    best = [int(np.argmax(row.evidence @ weights)) for row in rows]
    known = [
        [float(row.evidence[at] @ weights), *row.evidence[at][_FLAG_PLACES]] for row, at in zip(rows, best, strict=True)
    ]
    return np.array(known), np.array([bool(row.right[at]) for row, at in zip(rows, best, strict=True)])


def without_cosines(row: Judged) -> Judged:
    """Return a row whose cosines are unknown, as beside another encoder."""
    known = np.array(["cosine" not in name for name in EVIDENCE])
    return replace(row, evidence=row.evidence * known)


def fit(rows: Sequence[Judged]) -> dict[str, Any]:
    """Fit weights, bias and threshold, and print the figures of the left-out folds."""
    studies = sorted({row.study for row in rows})
    fold_of = {study: place % FOLDS for place, study in enumerate(np.random.default_rng(0).permutation(studies))}
    known, right = [], []
    held: list[Judged] = []
    for fold in range(FOLDS):
        inside = [row for row in rows if row.whole and fold_of[row.study] == fold]
        fold_weights = fit_ranking([row for row in rows if fold_of[row.study] != fold])
        fold_known, fold_right = chosen(inside, fold_weights)
        known.append(fold_known)
        right.append(fold_right)
        held += inside
    scale = LogisticRegression().fit(np.concatenate(known), np.concatenate(right))
    natural = np.array([row.natural for row in held])
    held_right = np.concatenate(right)[natural]
    held_answerable = np.array([row.answerable for row in held])[natural]
    total = scale.decision_function(np.concatenate(known)[natural])
    bent = LogisticRegression(C=100.0).fit(np.stack([total, total**2], axis=1), held_right)
    curve = (float(bent.intercept_[0]), float(bent.coef_[0, 0]), float(bent.coef_[0, 1]))
    confidence = np.array([confidence_of(one, curve) for one in total])
    threshold = float(np.quantile(confidence[held_answerable], LOST))
    given = confidence >= threshold
    print(f"held groups of passages {len(rows)}, whole natural questions {len(given)}, of {len(studies)} studies")
    print(f"right@1 {np.mean(held_right[held_answerable]):.3f} before abstaining, threshold {threshold:.3f}")
    print(f"lost {np.mean(~given[held_answerable]):.3f}, refused {np.mean(~given[~held_answerable]):.3f}, "
          f"handled {np.mean(np.where(held_answerable, given & held_right, ~given)):.3f}")  # fmt: skip
    weights = scale.coef_[0, 0] * fit_ranking(rows)
    weights[_FLAG_PLACES] += scale.coef_[0, 1:]
    return {
        "weights": {name: round(float(weight), 5) for name, weight in zip(EVIDENCE, weights, strict=True)},
        "bias": round(float(scale.intercept_[0]), 5),
        "curve": [round(part, 5) for part in curve],
        "threshold": round(threshold, 4),
    }


def main() -> int:
    """Fit, print the figures of the left-out folds, write the calibration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("reader", type=Path)
    parser.add_argument("--scratch", type=Path, help="folder of a library over DATA/digests, kept for the next time")
    arguments = parser.parse_args()
    heldout = arguments.reader / "heldout.json"
    split = json.loads(heldout.read_text(encoding="utf-8")) if heldout.is_file() else None
    if split is None and (arguments.reader / "reader.json").is_file():
        sys.exit(f"{heldout} is missing: the questions that the reader was not trained on must be known")
    unfitted = Calibration(dict.fromkeys(EVIDENCE, 0.0), 0.0, 0.0)
    with tempfile.TemporaryDirectory() as temporary:
        only, items_of = (None, ()) if split is None else (set(split["questions"]), split["studies"])
        scratch = arguments.scratch or Path(temporary)
        questions, encoder = asked_questions(arguments.data, scratch, only, items_of)
        reader = prepare_reader(str(arguments.reader), calibration=unfitted)(encoder)
        assert isinstance(reader, SpanReader)
        rows = [row for asked in questions if (row := judge(asked, reader)) is not None]
    print(f"with {encoder.identity.name}:")
    beside = fit(rows)
    print("with other encoders, without the cosines:")
    value = {
        "reader_sha256": reader.sha256,
        "encoder_weights_sha256": encoder.identity.weights_sha256,
        **beside,
        "with_others": fit([without_cosines(row) for row in rows]),
    }
    path = arguments.reader / "calibration.json"
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(beside["weights"]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
