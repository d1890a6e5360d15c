"""Digests and their questions, cut into passages by the product's own chunker, with gold answers in place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from digestqa.digests import Digest, read_digest
from digestqa.passages import Passage, split_passages
from digestqa.reading.context import page_terms, reading_context, terms_elsewhere

from .examples import Example
from .questions import Row, question_rows, rows_of

INVENTED = Path(__file__).parent / "invented"
"""Digests of studies that do not exist, with their questions, in the shape of a data folder."""

_GOES_ON_BEFORE = re.compile(r"\w\w\Z|\d[.,]\d\Z")
_GOES_ON_AFTER = re.compile(r"\w\w|\d[.,]\d")


@dataclass(frozen=True, slots=True)
class Place:
    """One passage of one study, as the reader sees it."""

    study: str
    passage: Passage

    @property
    def whole(self) -> str:
        """What retrieval ranks."""
        return self.passage.embedded_text


@dataclass(frozen=True, slots=True)
class Question:
    """One line of qa.jsonl. `resolved` is what the reader is asked: the last earlier question, then this one."""

    qid: str
    resolved: str
    type: str
    kind: str
    sources: tuple[str, ...]
    answers: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def batch(self) -> str:
        """What it was written with: what stands before the number in its id."""
        return self.qid.split("-")[0]


@dataclass(frozen=True, slots=True)
class Gold:
    """A passage that answers: place index and character spans into the passage text."""

    place: int
    spans: tuple[tuple[int, int], ...]


class Corpus:
    """A folder of digests with its questions; where `invented` is given, its digests and questions after those."""

    def __init__(self, folder: Path, invented: Path | None = None) -> None:
        self.digests: dict[str, Digest] = {}
        self.texts: dict[str, str] = {}
        self.places: list[Place] = []
        self.of_study: dict[str, list[int]] = {}
        folders = [folder, *([invented] if invented else [])]
        for path in [path for each in folders for path in sorted((each / "digests").iterdir())]:
            digest = read_digest(path)
            study = path.stem.upper()
            self.digests[study] = digest
            self.texts[study] = digest.text
            for passage in split_passages(digest):
                self.of_study.setdefault(study, []).append(len(self.places))
                self.places.append(Place(study, passage))
        self._terms = {study: page_terms(self.places[i].passage for i in mine) for study, mine in self.of_study.items()}
        self.given = [_question(row) for row in question_rows(folder, own=None)]
        self.questions = [_question(row) for row in question_rows(folder)]
        self.invented = [_question(row) for row in rows_of(invented)] if invented else []

    def example(self, question: str, index: int, spans: tuple[tuple[int, int], ...] = (), qid: str = "") -> Example:
        """Return a question over one passage, as the product gives it to the reader."""
        place = self.places[index]
        passage = place.passage
        elsewhere = terms_elsewhere(question, self._terms[place.study], passage.headline, passage)
        context = reading_context(passage.headline, elsewhere, passage.section)
        return Example(qid, question, passage.text, spans, place.study, f"{context}: ")

    def gold(self, question: Question) -> list[Gold]:
        """Passages that hold an answer inside the gold sentence, one or more per source.

        Where the chunker cut the sentence away from the answer, any passage of the source holding the answer serves.
        """
        found: list[Gold] = []
        for study in question.sources:
            places = self.of_study.get(study, [])
            text = self.texts.get(study, "")
            ranges = [(at, at + len(s)) for s in question.sentences if (at := text.find(s)) >= 0]
            mine = [g for i in places if (g := self._inside(i, question.answers, ranges))]
            found += mine or [g for i in places if (g := self._inside(i, question.answers, [(0, len(text))]))][:1]
        return found

    def _inside(self, index: int, answers: Sequence[str], ranges: Sequence[tuple[int, int]]) -> Gold | None:
        passage = self.places[index].passage
        spans: list[tuple[int, int]] = []
        for low, high in ranges:
            low, high = max(low, passage.start), min(high, passage.end)
            for answer in answers:
                at = find_whole(passage.text, answer, max(0, low - passage.start), max(0, high - passage.start))
                if low < high and at >= 0:
                    spans.append((at, at + len(answer)))
        return Gold(index, tuple(dict.fromkeys(spans))) if spans else None

    def may_answer(self, index: int, question: Question) -> bool:
        """Whether a passage holds an acceptable answer as text, so that it is no safe negative."""
        text = self.places[index].passage.text.lower()
        return any(find_whole(text, answer.lower()) >= 0 for answer in question.answers)


def find_whole(text: str, answer: str, start: int = 0, end: int | None = None) -> int:
    """Return where `answer` stands in `text[start:end]`, not within a longer word or number; -1 where it does not.

    "3" is not found in "3,350", nor in "0.3".
    """
    end = len(text) if end is None else end
    at = text.find(answer, start, end)
    while at >= 0:
        if not (_GOES_ON_BEFORE.search(text, 0, at + 1) or _GOES_ON_AFTER.match(text, at + len(answer) - 1)):
            return at
        at = text.find(answer, at + 1, end)
    return -1


def _question(raw: Row) -> Question:
    def listed(value: Any) -> tuple[str, ...]:
        return () if not value else tuple(value) if isinstance(value, list) else (str(value),)

    history = raw.get("history") or []
    return Question(
        str(raw["id"]),
        " ".join([*history[-1:], raw["question"]]),
        raw["type"],
        raw.get("kind") or "",
        tuple(s.upper() for s in listed(raw.get("source"))),
        tuple(raw["answers"]),
        listed(raw["sentence"]),
    )


def held_studies(corpus: Corpus, seed: int, share: float = 0.1) -> list[str]:
    """A random share of the studies, spread over the batches of the data folder's questions they were written in.

    Our own questions have no say, so that adding some moves no study from one side to the other.
    """
    batches: dict[str, set[str]] = {}
    for question in corpus.given:
        batches.setdefault(question.batch, set()).update(question.sources)
    rng = Random(seed)
    pools = [rng.sample(sorted(s), len(s)) for _, s in sorted(batches.items())]
    wanted = round(share * len(corpus.texts))
    turns = [pool[i] for i in range(max(map(len, pools))) for pool in rng.sample(pools, len(pools)) if i < len(pool)]
    return sorted(dict.fromkeys(turns[:wanted]))


def split_questions(corpus: Corpus, held: Sequence[str], seed: int) -> tuple[list[Question], list[Question]]:
    """(training, held-out) questions: those of a held-out study, and a like share of those of no study, are held."""
    out = set(held)
    rng = Random(seed)
    share = len(out) / len(corpus.texts)
    train: list[Question] = []
    kept: list[Question] = []
    for question in corpus.questions:
        hold = bool(out & set(question.sources)) if question.sources else rng.random() < share
        (kept if hold else train).append(question)
    return train, kept
