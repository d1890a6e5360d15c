"""Question and passage as token windows for a span reader, and the best spans back as characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digestqa.encoders.tokens import tokenizable
from digestqa.errors import ReaderError
from digestqa.reading.base import Range, ReadablePassage
from digestqa.reading.context import reading_context

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MAX_QUESTION_TOKENS = 96
MAX_CONTEXT_TOKENS = 128
MAX_SPAN_TOKENS = 48
SPANS_PER_WINDOW = 3
_STOPS = frozenset(".,;:")


@dataclass(frozen=True, slots=True)
class PairFrame:
    """The special tokens around a pair of texts; ``[CLS] question [SEP] passage [SEP]`` in the BERT family.

    Attributes:
        before: those before the question; the first is the null answer's position.
        between: those between question and passage.
        after: those after the passage.
    """

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One row of a reader's batch: [CLS] question [SEP] headline (words) — section: passage [SEP].

    Attributes:
        passage: index into the passages that are read.
        input_ids: the tokens.
        question_tokens: tokens of the first segment with its special tokens (token type 0).
        first: position of the first passage token; no span may begin before it.
        offsets: character range of each passage token, relative to the passage's text.
    """

    passage: int
    input_ids: tuple[int, ...]
    question_tokens: int
    first: int
    offsets: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A scored span of one passage.

    Attributes:
        passage: index into the passages that were read.
        start: first character, relative to the passage's text.
        end: one past the last.
        margin: span logits minus the null answer's (position 0), in logits.
        answerable: the reader's logit that the passage answers at all.
    """

    passage: int
    start: int
    end: int
    margin: float
    answerable: float


class WindowMaker:
    """Cuts pairs of question and passage into windows that fit the model."""

    def __init__(self, tokenizer: Tokenizer, max_length: int, stride: int, frame: PairFrame | None = None) -> None:
        """Take a tokenizer without truncation or padding.

        Args:
            tokenizer: of the reader.
            max_length: tokens of a window at most.
            stride: passage tokens that two windows of one passage share.
            frame: the special tokens; None takes BERT's.

        Raises:
            ReaderError: no frame is given, and the tokenizer has not BERT's special tokens.
        """
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._stride = stride
        self._frame = frame or _bert_frame(tokenizer)
        # Question and context may never take the room that the passage needs, however short the windows are.
        self._question_room = min(MAX_QUESTION_TOKENS, max_length // 4)
        self._context_room = min(MAX_CONTEXT_TOKENS, max_length // 3)

    def windows(self, question: str, passages: Sequence[ReadablePassage]) -> list[Window]:
        """Return the windows of all passages; a passage without tokens has none."""
        frame = self._frame
        asked = self._tokenizer.encode(tokenizable(question), add_special_tokens=False).ids[: self._question_room]
        head = [*frame.before, *asked, *frame.between]
        made = []
        for index, passage in enumerate(passages):
            before = head + self._context_ids(passage)
            encoded = self._tokenizer.encode(passage.text, add_special_tokens=False)
            room = self._max_length - len(before) - len(frame.after)
            step = max(1, room - self._stride)
            for first in range(0, max(1, len(encoded.ids)), step):
                ids = encoded.ids[first : first + room]
                if not ids:
                    break
                made.append(
                    Window(
                        passage=index,
                        input_ids=(*before, *ids, *frame.after),
                        question_tokens=len(frame.before) + len(asked) + 1,
                        first=len(before),
                        offsets=tuple(encoded.offsets[first : first + room]),
                    )
                )
                if first + room >= len(encoded.ids):
                    break
        return made

    def _context_ids(self, passage: ReadablePassage) -> list[int]:
        # Where there is no room for all, words of the question give way to the section.
        for told in range(len(passage.elsewhere), -1, -1):
            context = f"{reading_context(passage.headline, passage.elsewhere[:told], passage.section)}:"
            ids = self._tokenizer.encode(context, add_special_tokens=False).ids
            if len(ids) <= self._context_room:
                break
        return ids[: self._context_room]


def _bert_frame(tokenizer: Tokenizer) -> PairFrame:
    separator = _special(tokenizer, "[SEP]")
    return PairFrame((_special(tokenizer, "[CLS]"),), (separator,), (separator,))


def _special(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ReaderError(f"the reader's tokenizer has no {token} token", "choose a reader of the BERT family")
    return number


def padded(rows: Sequence[Window], pad_id: int = 0) -> dict[str, NDArray[np.int64]]:
    """Return rows as a model's inputs, each of shape (rows, tokens of the longest)."""
    import numpy as np

    longest = max(len(row.input_ids) for row in rows)
    ids = np.full((len(rows), longest), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    types = np.zeros_like(ids)
    for at, row in enumerate(rows):
        size = len(row.input_ids)
        ids[at, :size] = row.input_ids
        mask[at, :size] = 1
        types[at, row.question_tokens : size] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def best_spans(window: Window, start: NDArray[np.float32], end: NDArray[np.float32], answerable: float) -> list[Span]:
    """Return a window's best spans that do not overlap, best first.

    Args:
        window: the row.
        start: start logits of the row, shape (tokens,) or longer by padding.
        end: end logits, likewise.
        answerable: the row's answerable logit.
    """
    import numpy as np

    size = len(window.offsets)
    null = float(start[0] + end[0])
    starts = start[window.first : window.first + size]
    ends = end[window.first : window.first + size]
    total = starts[:, None] + ends[None, :]
    allowed = np.triu(np.ones((size, size), dtype=bool)) & ~np.triu(np.ones((size, size), dtype=bool), MAX_SPAN_TOKENS)
    total = np.where(allowed, total, -np.inf)
    spans = []
    for _ in range(SPANS_PER_WINDOW):
        first, last = divmod(int(total.argmax()), size)
        score = float(total[first, last])
        if score == float("-inf"):
            break
        spans.append(Span(window.passage, window.offsets[first][0], window.offsets[last][1], score - null, answerable))
        # What overlaps a better span says the same thing less well.
        total[: last + 1, first:] = -np.inf
    return spans


def trim(span: Span, text: str) -> Span:
    """Cut blanks and the stops of sentences off both ends of a span; empty where nothing else is in it."""
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or text[start] in _STOPS):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _STOPS):
        end -= 1
    return replace(span, start=start, end=end)


def quote_around(passage: ReadablePassage, span: Span) -> Range:
    """Return the sentence that holds the span, or from the first to the last sentence that it touches."""
    start, end = passage.start + span.start, passage.start + span.end
    touched = [sentence for sentence in passage.sentences if sentence[0] < end and start < sentence[1]]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])
