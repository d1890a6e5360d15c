"""Stage 2 examples: every question over the passage that answers it and over passages that only look as if."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from .corpus import Corpus, Gold, Question
from .examples import Encoder, Feature
from .mining import Mined
from .ranking import Scores

PASSAGE_TOKENS = 260
TYPO_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Negatives:
    """How many passages without an answer stand beside each question, by where they come from."""

    same_study: int = 2
    other_study: int = 2
    near_miss: int = 3
    off_topic: int = 2
    pool: int = 12
    """Other studies' passages are drawn from this many best-ranked ones, the best ranks most often."""


class DomainSet:
    """Training questions of a digest corpus with their gold passages and their ranked negatives."""

    def __init__(
        self,
        corpus: Corpus,
        questions: Sequence[Question],
        scores: Scores,
        studies: set[str],
        mined: Mined | None = None,
    ) -> None:
        """`scores` (questions, places) are retrieval's; only places of `studies` are used.

        Where a reader's margins are given (`mining`), they rank the places of a near-miss question's study.
        """
        self._corpus = corpus
        self._mined = mined or {}
        self._asked = [(q, corpus.gold(q)) for q in questions]
        self.lost = sum(bool(q.answers) and not g for q, g in self._asked)
        allowed = np.array([p.study in studies for p in corpus.places])
        self._ranked = [
            [int(i) for i in np.argsort(-row, kind="stable") if allowed[i]][:400] for row in np.asarray(scores)
        ]
        self._same = [self._same_study(row) for row in range(len(self._asked))]
        self._other = [self._other_studies(row) for row in range(len(self._asked))]

    def texts(self) -> list[str]:
        """The texts that features are made of again and again."""
        return [q.resolved for q, _ in self._asked] + [place.passage.text for place in self._corpus.places]

    def _same_study(self, row: int) -> list[int]:
        question, gold = self._asked[row]
        mine = {i for s in question.sources for i in self._corpus.of_study.get(s, [])}
        mine -= {g.place for g in gold}
        rank = {p: r for r, p in enumerate(self._ranked[row])}
        safe = [i for i in mine if not question.answers or not self._corpus.may_answer(i, question)]
        margins = self._mined.get(question.qid)
        if margins is not None:
            return sorted(safe, key=lambda i: -margins.get(i, -1e9))
        return sorted(safe, key=lambda i: rank.get(i, len(rank) + i))

    def _other_studies(self, row: int) -> list[int]:
        question, _ = self._asked[row]
        mine = {i for s in question.sources for i in self._corpus.of_study.get(s, [])}
        return [i for i in self._ranked[row] if i not in mine]

    def groups(self, rng: Random, encoder: Encoder, negatives: Negatives, taken: Sequence[bool]) -> list[list[Feature]]:
        """One group of features a question that is `taken`: gold passages first, then freshly drawn negatives."""
        made: list[list[Feature]] = []
        for row, (question, gold) in enumerate(self._asked):
            if not taken[row] or (question.answers and not gold):
                continue
            chosen: list[Gold] = rng.sample(gold, min(len(gold), 3))
            chosen += [Gold(i, ()) for i in self._draw(row, rng, negatives)]
            asked = mistyped(question.resolved, rng) if rng.random() < TYPO_SHARE else question.resolved
            made.append(group_over(self._corpus, asked, chosen, row, rng, encoder))
        return made

    def _draw(self, row: int, rng: Random, negatives: Negatives) -> list[int]:
        question, _ = self._asked[row]
        same, other = self._same[row], self._other[row][: negatives.pool]
        if question.answers:
            return drawn(same, negatives.same_study, rng) + drawn(other, negatives.other_study, rng)
        if question.sources:
            return drawn(same, negatives.near_miss, rng) + drawn(other, 1, rng)
        return drawn(other, negatives.off_topic, rng)


def group_over(
    corpus: Corpus, question: str, picked: Sequence[Gold], number: int, rng: Random, encoder: Encoder
) -> list[Feature]:
    """One question over the picked passages, as features of the question `number`; those that fit."""
    features = []
    for gold in picked:
        example = corpus.example(question, gold.place, gold.spans)
        feature = encoder.train_feature(example, number, rng, PASSAGE_TOKENS)
        if feature is not None:
            features.append(replace(feature, question=number))
    return features


def drawn(ranked: Sequence[int], count: int, rng: Random) -> list[int]:
    """`count` of `ranked` without replacement; the chance falls with the rank as 1 / (rank + 2)."""
    keys = [(rng.random() ** (r + 2.0), i) for r, i in enumerate(ranked)]
    return [i for _, i in sorted(keys, reverse=True)[:count]]


def mistyped(question: str, rng: Random) -> str:
    """The question with one longer word mistyped: two letters swapped, or one left out."""
    words = question.split(" ")
    long = [i for i, w in enumerate(words) if len(w) > 4 and w.isalpha()]
    if long:
        i = rng.choice(long)
        word, at = words[i], rng.randrange(1, len(words[i]) - 2)
        swap = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[i] = swap if rng.random() < 0.5 else word[:at] + word[at + 1 :]
    return " ".join(words)
