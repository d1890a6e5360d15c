"""The public question sets, brought to one form, without doubles and without the held-out articles."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from .examples import Example

SETS = (
    "squad2-dev",
    "squad1-dev",
    "squad1-train-44-articles",
    "squad2-train-first10",
    "squadshifts-new-wiki",
    "squadshifts-amazon",
    "squadshifts-reddit",
)


def read_set(folder: Path, name: str) -> list[Example]:
    """One set in SQuAD form; answers whose text is not at their offset are dropped."""
    with gzip.open(folder / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        articles: list[dict[str, Any]] = json.load(file)["data"]
    found: list[Example] = []
    for number, article in enumerate(articles):
        title = str(article.get("title") or f"{name}-{number}")
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            for qa in paragraph["qas"]:
                spans = _spans(context, qa.get("answers") or [])
                if not spans and not qa.get("is_impossible", False):
                    continue
                found.append(Example(str(qa["id"]), qa["question"].strip(), context, spans, title, kind=name))
    return found


def _spans(context: str, answers: Sequence[dict[str, Any]]) -> tuple[tuple[int, int], ...]:
    counts: Counter[tuple[int, int]] = Counter()
    for answer in answers:
        start, text = int(answer["answer_start"]), str(answer["text"])
        if text.strip() and context[start : start + len(text)] == text:
            counts[(start, start + len(text))] += 1
    return tuple(span for span, _ in counts.most_common(3))


def load_public(folder: Path, seed: int, held_articles: int = 4) -> tuple[list[Example], list[Example]]:
    """(training, held-out) examples. The held-out ones are whole SQuAD 2.0 development articles.

    An article held out leaves every other set too, by title and by paragraph: SQuAD 1.1 and 2.0 share theirs.
    """
    sets = {name: read_set(folder, name) for name in SETS if (folder / f"{name}.json.gz").exists()}
    titles = sorted({e.group for e in sets["squad2-dev"]})
    held_titles = set(Random(seed).sample(titles, held_articles))
    held = [e for e in sets["squad2-dev"] if e.group in held_titles]
    held_passages = {_key(e.passage) for e in held}
    seen: set[str] = set()
    train: list[Example] = []
    for name in sets:
        for example in sets[name]:
            if example.qid in seen or example.group in held_titles or _key(example.passage) in held_passages:
                continue
            seen.add(example.qid)
            train.append(example)
    return train, held


def _key(text: str) -> str:
    return " ".join(text.lower().split())[:80]


class Swapper:
    """Makes null examples: a question over a passage that looks like its own but does not hold its answer."""

    def __init__(self, examples: Sequence[Example], keep: int = 12) -> None:
        """Rank, for every question, the other passages by tf-idf similarity and remember the best `keep`."""
        self._examples = examples
        self._passages = sorted({e.passage for e in examples})
        vectorizer = TfidfVectorizer(sublinear_tf=True, max_df=0.2, stop_words="english", dtype=np.float32)
        passages = vectorizer.fit_transform(self._passages).T.tocsr()
        questions = vectorizer.transform([e.question for e in examples])
        self._near: list[np.ndarray[Any, np.dtype[np.int32]]] = []
        for first in range(0, len(examples), 512):
            scores = (questions[first : first + 512] @ passages).toarray()
            best = np.argpartition(-scores, keep, axis=1)[:, :keep]
            self._near.extend(best.astype(np.int32))

    def swap(self, index: int, rng: Random) -> Example:
        """Example `index` over a similar passage; unchanged when none without its answer is near."""
        example = self._examples[index]
        answers = {example.passage[a:b].lower() for a, b in example.answers}
        order = [int(i) for i in self._near[index]]
        rng.shuffle(order)
        for i in order:
            passage = self._passages[i]
            if passage != example.passage and not any(a in passage.lower() for a in answers):
                return replace(example, passage=passage, answers=(), kind="swap")
        return example
