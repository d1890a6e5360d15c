"""What the recipe trains on: one question over one passage, and the model input made of the pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from tokenizers import Tokenizer

CLS, SEP, PAD = 101, 102, 0
MAX_QUESTION_TOKENS = 72


@dataclass(frozen=True, slots=True)
class Example:
    """One question over one passage; no answers means that the null answer is right.

    `answers` are character spans [start, end) into `passage`; `prefix` is the context shown before the passage
    ("headline (words) — section: "), never an answer. `group` is the article or study, for splits by whole groups.
    """

    qid: str
    question: str
    passage: str
    answers: tuple[tuple[int, int], ...]
    group: str
    prefix: str = ""
    kind: str = "gold"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """Model input of one window: token ids, where the second segment and the passage begin, and the target spans.

    `ids` has shape (length,); `spans` are inclusive token positions in `ids`, ((0, 0),) for the null answer.
    `offsets` are the character spans of the passage tokens, kept only where predictions are read back. Features of
    one `question` that stand in one step are also compared with each other; -1 stands alone.
    """

    ids: list[int]
    second: int
    passage: int
    spans: tuple[tuple[int, int], ...]
    index: int
    weight: float = 1.0
    offsets: list[tuple[int, int]] = field(default_factory=list)
    question: int = -1


@dataclass(frozen=True, slots=True)
class _Pieces:
    ids: list[int]
    offsets: list[tuple[int, int]]


class Encoder:
    """Turns examples into features with the trunk's own WordPiece tokenizer; each distinct text is cut once."""

    def __init__(self, tokenizer: Tokenizer, max_length: int) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._cache: dict[str, _Pieces] = {}

    def warm(self, texts: Iterable[str]) -> None:
        """Tokenize many texts in one go, on all cores."""
        new = sorted({t for t in texts if t not in self._cache})
        for text, enc in zip(new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True):
            self._cache[text] = _Pieces(enc.ids, enc.offsets)

    def _pieces(self, text: str) -> _Pieces:
        if text not in self._cache:
            self.warm([text])
        return self._cache[text]

    def _head(self, example: Example) -> tuple[list[int], int, int]:
        question = self._pieces(example.question).ids[:MAX_QUESTION_TOKENS]
        head = [CLS, *question, SEP]
        second = len(head)
        if example.prefix:
            # Not kept: it has words of the question in it, so that nearly every pair has its own.
            told = self._tokenizer.encode(example.prefix, add_special_tokens=False).ids
            head += told[: self._max_length // 3]
        return head, second, len(head)

    def train_feature(self, example: Example, index: int, rng: Random, max_passage: int) -> Feature | None:
        """One window of at most `max_passage` passage tokens, placed at random around an answer.

        None when no answer fits, so that a cut answer never becomes a target.
        """
        head, second, start = self._head(example)
        body = self._pieces(example.passage)
        spans = [s for s in (token_span(body.offsets, a) for a in example.answers) if s is not None]
        if example.answers and not spans:
            return None
        size = min(max_passage, self._max_length - len(head) - 1)
        first = 0
        if len(body.ids) > size:
            low, high = 0, len(body.ids) - size
            if spans:
                anchor = rng.choice(spans)
                low, high = max(0, anchor[1] - size + 1), min(high, anchor[0])
                if low > high:
                    return None
            first = rng.randint(low, high)
        inside = [(s - first + start, e - first + start) for s, e in spans if s >= first and e < first + size]
        if spans and not inside:
            return None
        ids = [*head, *body.ids[first : first + size], SEP]
        return Feature(ids, second, start, tuple(dict.fromkeys(inside)) or ((0, 0),), index, example.weight)

    def read_features(self, example: Example, index: int, stride: int) -> list[Feature]:
        """All windows of a passage, overlapping by `stride` tokens, with character offsets for reading spans back."""
        head, second, start = self._head(example)
        body = self._pieces(example.passage)
        size = self._max_length - len(head) - 1
        features: list[Feature] = []
        first = 0
        while True:
            ids = [*head, *body.ids[first : first + size], SEP]
            features.append(Feature(ids, second, start, ((0, 0),), index, 1.0, body.offsets[first : first + size]))
            if first + size >= len(body.ids):
                return features
            first += max(1, size - stride)


def token_span(offsets: Sequence[tuple[int, int]], answer: tuple[int, int]) -> tuple[int, int] | None:
    """Inclusive token positions covering the characters [start, end), or None when they cover no token."""
    first = last = -1
    for i, (a, b) in enumerate(offsets):
        if b > answer[0] and a < answer[1]:
            first = i if first < 0 else first
            last = i
        elif a >= answer[1]:
            break
    return (first, last) if first >= 0 else None
