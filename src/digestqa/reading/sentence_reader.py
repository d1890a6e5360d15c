"""The fallback reader: picks the sentence, by similarity of vectors and words, and says how sure it is.

It needs no model of its own beside the query encoder. Two logistic models, fitted on questions over digests
that no reader was trained on (``training/sentence_reader.py``), weigh a sentence's features and then the best sentences
of a question; their weights lie in ``sentence_reader.json`` beside this module, with the encoder that they were
fitted with.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from digestqa.reading.base import Candidate, Range, ReadablePassage
from digestqa.reading.cues import ASKS_NUMBER, ASKS_PAGE_FACT, GIVES_NUMBER, stem, stems
from digestqa.retrieval.terms import content_words, words

if TYPE_CHECKING:
    from digestqa.encoders import QueryEncoder

FEATURES = (
    "cosine",
    "passage_cosine",
    "word_share",
    "context_share",
    "passage_share",
    "unmatched_share",
    "retrieval_share",
    "number_asked_and_given",
    "number_asked_not_given",
    "page_fact_asked_in_header",
    "page_fact_asked_in_footer",
    "header_unasked",
    "footer_unasked",
    "log_words",
)
"""What is known of a sentence, each about 0 to 1."""

QUESTION_FEATURES = ("best_logit", "margin", "best_cosine", "best_word_share", "question_words")
"""What is known of a question's best sentence."""

_MAX_SENTENCE_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what is known of it.

    Attributes:
        passage: index into the passages that were read.
        quote: its range in the digest's text.
        features: values in the order of :data:`FEATURES`.
    """

    passage: int
    quote: Range
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """Two fitted logistic models; weights in the order of the features' names."""

    sentence: tuple[float, ...]
    sentence_bias: float
    question: tuple[float, ...]
    question_bias: float
    threshold: float
    sha256: str


def load_weights() -> SentenceWeights:
    """Read the fitted weights that come with the package."""
    raw = resources.files("digestqa.reading").joinpath("sentence_reader.json").read_bytes()
    value = json.loads(raw)
    return SentenceWeights(
        sentence=tuple(value["sentence"][name] for name in FEATURES),
        sentence_bias=value["sentence_bias"],
        question=tuple(value["question"][name] for name in QUESTION_FEATURES),
        question_bias=value["question_bias"],
        threshold=value["threshold"],
        sha256=hashlib.sha256(raw).hexdigest(),
    )


class SentenceReader:
    """Answers with whole sentences."""

    name = "sentence selection"

    def __init__(self, encoder: QueryEncoder, weights: SentenceWeights | None = None) -> None:
        self._encoder = encoder
        self._weights = weights or load_weights()

    @property
    def sha256(self) -> str:
        """Hex digest of the fitted weights."""
        return self._weights.sha256

    @property
    def threshold(self) -> float:
        """Confidence under which the digests are said not to answer."""
        return self._weights.threshold

    def read(self, question: str, passages: Sequence[ReadablePassage]) -> list[Candidate]:
        """Return every sentence as a candidate, best first."""
        sentences = describe_sentences(self._encoder, question, passages)
        if not sentences:
            return []
        weights = self._weights
        logits = [weights.sentence_bias + _dot(weights.sentence, sentence.features) for sentence in sentences]
        order = sorted(range(len(sentences)), key=lambda at: (-logits[at], at))
        candidates = []
        for position, at in enumerate(order):
            below = logits[order[position + 1]] if position + 1 < len(order) else logits[at]
            # A runner-up is never surer than the best: it lies under it by the difference of the two.
            margin = logits[at] - below if position == 0 else logits[at] - logits[order[0]]
            known = question_features(question, sentences[at], logits[at], margin)
            logit = weights.question_bias + _dot(weights.question, known)
            quote = sentences[at].quote
            candidates.append(Candidate(sentences[at].passage, quote, quote, logits[at], _sigmoid(logit)))
        return candidates


def describe_sentences(encoder: QueryEncoder, question: str, passages: Sequence[ReadablePassage]) -> list[Sentence]:
    """Return the sentences of the passages, each once, with their features."""
    places: dict[tuple[str, int, int], tuple[int, str]] = {}
    for index, passage in enumerate(passages):
        for start, end in passage.sentences:
            text = passage.text[start - passage.start : end - passage.start]
            # The same place can stand in two overlapping passages; the better-ranked passage keeps it.
            places.setdefault((passage.headline + text, start, end), (index, text))
    if not places:
        return []
    texts = [text[:_MAX_SENTENCE_CHARS] for _, text in places.values()]
    query = encoder.encode_query(question)
    cosines = (encoder.encode_passages(texts) @ query).tolist()
    terms = content_words(question) or words(question)
    asked = [stem(term) for term in terms]
    passage_stems = [stems(passage.text) for passage in passages]
    context_stems = [stems(f"{passage.headline} {passage.section}") for passage in passages]
    rarity = _rarity(asked, passage_stems, context_stems)
    best_score = max(passage.retrieval_score for passage in passages) or 1.0
    asks_number = bool(ASKS_NUMBER.search(question))
    asks_page = bool(ASKS_PAGE_FACT.search(question))
    described = []
    for ((_, start, end), (index, text)), cosine in zip(places.items(), cosines, strict=True):
        passage = passages[index]
        own = stems(text)
        around = own | context_stems[index]
        in_own = _share(asked, own, rarity)
        in_context = _share(asked, around, rarity)
        in_passage = _share(asked, around | passage_stems[index], rarity)
        gives_number = bool(GIVES_NUMBER.search(text))
        header, footer = passage.section == "header", passage.section == "footer"
        features = (
            cosine,
            passage.cosine,
            in_own,
            in_context - in_own,
            in_passage - in_context,
            1.0 - in_passage,
            passage.retrieval_score / best_score,
            float(asks_number and gives_number),
            float(asks_number and not gives_number),
            float(asks_page and header),
            float(asks_page and footer),
            float(header and not asks_page),
            float(footer and not asks_page),
            math.log1p(len(text.split())) / 4,
        )
        described.append(Sentence(index, (start, end), features))
    return described


def question_features(question: str, best: Sentence, logit: float, margin: float) -> tuple[float, ...]:
    """Return what decides whether a sentence answers at all, in the order of :data:`QUESTION_FEATURES`."""
    by_name = dict(zip(FEATURES, best.features, strict=True))
    return (logit, margin, by_name["cosine"], by_name["word_share"], math.log1p(len(content_words(question))) / 3)


def _rarity(asked: Sequence[str], *groups: Sequence[frozenset[str]]) -> dict[str, float]:
    """Weigh a word by how few of the passages at hand hold it (inverse document frequency over the pool)."""
    documents = [text | context for text, context in zip(*groups, strict=True)]
    return {
        stem: math.log((1 + len(documents)) / (1 + sum(stem in document for document in documents))) + 0.3
        for stem in asked
    }


def _share(asked: Sequence[str], present: frozenset[str], rarity: dict[str, float]) -> float:
    total = sum(rarity[stem] for stem in asked)
    return sum(rarity[stem] for stem in asked if stem in present) / total if total else 0.0


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
