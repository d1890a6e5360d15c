"""From a span's evidence to a confidence that means what it says.

The confidence of a candidate is the probability that its sentence rightly answers the question: a weighted sum of the
evidence named in :data:`EVIDENCE`, through the logistic function. ``training/calibrate.py`` fits the weights to rank a
question's candidates and the scale to be right as often as it says, on studies that the reader was not trained on. It
does not depend on how many answers are asked for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digestqa.errors import ReaderError
from digestqa.reading.base import ReadablePassage
from digestqa.reading.contrasts import tells_of_another
from digestqa.reading.cues import (
    ASKS_NUMBER,
    ASKS_PAGE_FACT,
    ASKS_REASON,
    GIVES_NUMBER,
    GIVES_REASON,
    qualifiers,
    share_of_terms,
    stems,
)
from digestqa.reading.windows import Span, quote_around
from digestqa.retrieval.terms import content_words, words

EVIDENCE = (
    "margin",
    "margin_squared",
    "answerable",
    "cosine",
    "quote_cosine",
    "retrieval_share",
    "study_share",
    "quote_support",
    "word_support",
    "context_support",
    "log_span_chars",
    "log_question_words",
    "page_fact_asked_in_line",
    "header",
    "footer",
    "number_asked_not_given",
    "reason_asked_not_given",
    "qualifier_missing",
    "tells_of_another",
)
"""What is known of a candidate."""

_ORDER = 1e-9


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic model.

    Attributes:
        weights: by name of evidence.
        bias: the intercept, in logits.
        threshold: confidence under which the digests are said not to answer.
        curve: constant, slope and bend of the parabola through which the weighted sum becomes a logit.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    curve: tuple[float, float, float] = (0.0, 1.0, 0.0)

    def confidence(self, known: Mapping[str, float]) -> float:
        """Return the probability that a candidate with this evidence is right."""
        return confidence_of(self.bias + sum(self.weights[name] * known[name] for name in EVIDENCE), self.curve)


def confidence_of(total: float, curve: tuple[float, float, float]) -> float:
    """Return the probability that a weighted sum of evidence stands for, through a `Calibration`'s curve.

    It never falls where the sum grows: beyond the parabola's top, at most a billionth is added, for order.
    """
    constant, slope, bend = curve
    top = math.inf if bend >= 0 else -slope / (2 * bend)
    within = min(total, top)
    logit = constant + slope * within + bend * within * within
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))) + _ORDER * math.tanh(max(0.0, total - within))


@dataclass(frozen=True, slots=True)
class FittedCalibrations:
    """What lies in ``calibration.json``: a reader's calibration for one encoder, and one for all others.

    Attributes:
        fitted: with the encoder that it was fitted with.
        encoder_sha256: of that encoder's weights; None where it holds for every encoder.
        with_others: without the cosines, which mean something else with each encoder.
    """

    fitted: Calibration
    encoder_sha256: str | None
    with_others: Calibration

    @staticmethod
    def of_all(calibration: Calibration) -> FittedCalibrations:
        """Return one calibration for every encoder."""
        return FittedCalibrations(calibration, None, calibration)

    def beside(self, encoder_sha256: str) -> Calibration:
        """Return the calibration to use beside an encoder."""
        return self.fitted if self.encoder_sha256 in {None, encoder_sha256} else self.with_others

    @staticmethod
    def load(path: Path, reader_sha256: str) -> FittedCalibrations:
        """Read a calibration.

        Raises:
            ReaderError: it cannot be read, or was fitted for another reader.
        """
        hint = "reinstall digestqa, or fit it anew with training/calibrate.py"
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            fitted = _read(value)
            encoder = value.get("encoder_weights_sha256")
            calibrations = FittedCalibrations(fitted, encoder, _read(value["with_others"]) if encoder else fitted)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReaderError(f"the calibration {path} cannot be read: {error!r}", hint) from error
        if value.get("reader_sha256") != reader_sha256:
            raise ReaderError(f"the calibration {path} was fitted for another reader", hint)
        return calibrations


def _read(value: Mapping[str, Any]) -> Calibration:
    weights = {name: float(value["weights"][name]) for name in EVIDENCE}
    constant, slope, bend = (float(part) for part in value.get("curve", (0.0, 1.0, 0.0)))
    return Calibration(weights, float(value["bias"]), float(value["threshold"]), (constant, slope, bend))


def evidence(
    question: str, passages: Sequence[ReadablePassage], spans: Sequence[Span], quote_cosines: Sequence[float]
) -> list[dict[str, float]]:
    """Return what is known of each span, by the names in :data:`EVIDENCE`.

    Args:
        question: as it was read.
        passages: all that were retrieved, also those without a span here.
        spans: the candidates.
        quote_cosines: of the question's vector and that of each candidate's quote.
    """
    terms = content_words(question) or words(question)
    best_score = max((passage.retrieval_score for passage in passages), default=0.0) or 1.0
    all_scores = sum(passage.retrieval_score for passage in passages) or 1.0
    study_scores: dict[str, float] = {}
    for passage in passages:
        study_scores[passage.study] = study_scores.get(passage.study, 0.0) + passage.retrieval_score
    asks_page = bool(ASKS_PAGE_FACT.search(question))
    asks_number, asks_reason = bool(ASKS_NUMBER.search(question)), bool(ASKS_REASON.search(question))
    asked_qualifiers = qualifiers(question)
    described = []
    for span, quote_cosine in zip(spans, quote_cosines, strict=True):
        passage = passages[span.passage]
        quote = quote_text(passage, span)
        own = stems(passage.text)
        in_text = share_of_terms(terms, own)
        in_both = share_of_terms(terms, own | stems(f"{passage.headline} {passage.section}"))
        described.append(
            {
                "margin": span.margin / 10,
                "margin_squared": (span.margin / 10) * abs(span.margin / 10),
                "answerable": span.answerable / 10,
                "cosine": passage.cosine,
                "quote_cosine": quote_cosine,
                "retrieval_share": passage.retrieval_score / best_score,
                "study_share": study_scores[passage.study] / all_scores,
                "quote_support": share_of_terms(terms, stems(quote)),
                "word_support": in_text,
                "context_support": in_both - in_text,
                "log_span_chars": math.log1p(span.end - span.start) / 5,
                "log_question_words": math.log1p(len(terms)) / 3,
                "page_fact_asked_in_line": float(asks_page and passage.section in ("header", "footer")),
                "header": float(passage.section == "header"),
                "footer": float(passage.section == "footer"),
                "number_asked_not_given": float(
                    asks_number and not GIVES_NUMBER.search(passage.text, span.start, span.end)
                ),
                "reason_asked_not_given": float(asks_reason and not GIVES_REASON.search(quote)),
                "qualifier_missing": float(bool(asked_qualifiers) and asked_qualifiers.isdisjoint(qualifiers(quote))),
                "tells_of_another": float(tells_of_another(question, quote)),
            }
        )
    return described


def quote_text(passage: ReadablePassage, span: Span) -> str:
    """Return the words of the sentence around a span."""
    start, end = quote_around(passage, span)
    return passage.text[start - passage.start : end - passage.start]
