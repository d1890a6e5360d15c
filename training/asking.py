"""Asking the reader over retrieved passages, judged as the project's scorer judges: for decisions during training."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from digestqa.evaluation.rightness import exact_match, holds_answer, token_f1

from .corpus import Corpus, Question
from .examples import Encoder, Example
from .model import Reader
from .paths import Paths
from .predict import Prediction, auroc, predict, torch_logits
from .ranking import rank_places

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Read:
    """One passage read for one question."""

    question: int
    place: int
    retrieval: float


class Asked:
    """Questions of a corpus with the passages that simulated retrieval brings for each."""

    def __init__(
        self,
        corpus: Corpus,
        questions: Sequence[Question],
        trunk: Path,
        cache: Path,
        depth: int = 8,
        studies: set[str] | None = None,
    ) -> None:
        """The `depth` best places for each question; only places of `studies` where given."""
        self.corpus = corpus
        self.questions = list(questions)
        scores = rank_places([q.resolved for q in self.questions], corpus.places, trunk, cache)
        if studies is not None:
            scores[:, [i for i, p in enumerate(corpus.places) if p.study not in studies]] = 0.0
        self.reads = [
            Read(row, int(i), float(scores[row, i]))
            for row in range(len(self.questions))
            for i in np.argsort(-scores[row], kind="stable")[:depth]
            if scores[row, i] > 0
        ]

    def examples(self) -> list[Example]:
        """What the reader is given, one example a read."""
        made = []
        for read in self.reads:
            question = self.questions[read.question]
            made.append(self.corpus.example(question.resolved, read.place, qid=question.qid))
        return made

    def found(self) -> float:
        """Share of the answerable questions for which a passage with a gold answer was retrieved."""
        places: dict[int, set[int]] = {}
        for read in self.reads:
            places.setdefault(read.question, set()).add(read.place)
        hits = [
            any(g.place in places.get(row, set()) for g in self.corpus.gold(q))
            for row, q in enumerate(self.questions)
            if q.answers
        ]
        return float(np.mean(hits))


@dataclass(slots=True)
class Verdict:
    """The best candidate of one question, judged."""

    question: Question
    score: float = -1e9
    span: str = ""
    quote: str = ""
    study: str = ""
    right: bool = False
    f1: float = 0.0
    em: float = 0.0
    scores: list[float] = field(default_factory=list)


def judge(
    asked: Asked, predictions: Sequence[Prediction], weight: float = 0.0, answerable: float = 0.0
) -> list[Verdict]:
    """The best candidate of each question by margin + `weight` x retrieval + `answerable` x the answerable logit."""
    verdicts = [Verdict(q) for q in asked.questions]
    for read, p in zip(asked.reads, predictions, strict=True):
        v = verdicts[read.question]
        score = p.margin + weight * read.retrieval * 30 + answerable * p.answerable
        v.scores.append(score)
        if score <= v.score:
            continue
        place = asked.corpus.places[read.place]
        v.score, v.study = score, place.study
        v.span = place.passage.text[p.start : p.end]
        v.quote = quote_around(asked.corpus.texts[place.study], place.passage.sentences, place.passage.start, p)
    for v in verdicts:
        source = v.study in v.question.sources
        v.right = source and holds_answer(v.quote, v.question.answers)
        if source and v.question.answers:
            v.f1 = token_f1(v.span, v.question.answers)
            v.em = float(exact_match(v.span, v.question.answers))
    return verdicts


def quote_around(text: str, sentences: Sequence[tuple[int, int]], start: int, p: Prediction) -> str:
    """The sentences that the span touches."""
    low, high = start + p.start, start + p.end
    touched = [(a, b) for a, b in sentences if a < high and b > low] or [(low, high)]
    return text[min(a for a, _ in touched) : max(b for _, b in touched)]


def figures(verdicts: Sequence[Verdict]) -> Figures:
    """right@1, source@1, F1 and EM over the answerable; AUROC right against unanswerable, and near-miss alone."""
    yes = [v for v in verdicts if v.question.answers]
    no = [v.score for v in verdicts if not v.question.answers]
    near = [v.score for v in verdicts if v.question.kind == "near-miss"]
    right = [v.score for v in yes if v.right]

    def mean(of: Callable[[Verdict], float]) -> float:
        return float(np.mean([of(v) for v in yes]))

    return {
        "n": float(len(verdicts)),
        "right": mean(lambda v: v.right),
        "source": mean(lambda v: v.study in v.question.sources),
        "f1": mean(lambda v: v.f1),
        "em": mean(lambda v: v.em),
        "auroc": auroc(right, no),
        "auroc_near": auroc(right, near),
        "auroc_all": auroc([v.score for v in yes], no),
        "handled": handled(verdicts),
    }


def handled(verdicts: Sequence[Verdict]) -> float:
    """Share of questions rightly answered or rightly refused at the best single threshold: an upper figure."""
    cuts = sorted({v.score for v in verdicts})
    at = [
        sum((v.right and v.score >= cut) if v.question.answers else v.score < cut for v in verdicts)
        for cut in cuts[:: max(1, len(cuts) // 200)]
    ]
    return max(at) / len(verdicts)


def by_type(verdicts: Sequence[Verdict]) -> Figures:
    """right@1 of the answerable by type of question."""
    types = sorted({v.question.type for v in verdicts if v.question.answers})
    return {t: float(np.mean([v.right for v in verdicts if v.question.type == t])) for t in types}


def asked_figures(asked: Asked, encoder: Encoder, reader: Reader, weight: float = 1.0) -> Figures:
    """`figures` of a reader, with a fixed weight of the retrieval score."""
    return figures(judge(asked, predict(asked.examples(), encoder, torch_logits(reader)), weight))


def asked_over(paths: Paths, name: str, depth: int = 8) -> Asked:
    """The questions of set `name`: a folder of the data, or "held" for the held-out part of the training digests."""
    if name != "held":
        corpus = Corpus(paths.data / name)
        return Asked(corpus, corpus.questions, paths.ranker, paths.cache, depth)
    corpus = Corpus(paths.data / "digests-train")
    split = json.loads((paths.out / "heldout.json").read_text(encoding="utf-8"))
    wanted = set(split["questions"])
    kept = [q for q in corpus.questions if q.qid in wanted]
    return Asked(corpus, kept, paths.ranker, paths.cache, depth)
