"""Texts become padded batches of tokens, the same way for building and for asking."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from digestqa.encoders.unpadded import UnpaddedBatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

TokenArrays = dict[str, "NDArray[np.int64]"]
"""By input name, an array of shape (batch, tokens)."""

_ENCODING_FIELD = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
INPUT_NAMES = tuple(_ENCODING_FIELD)
"""The inputs of an encoder that a tokenizer alone can fill."""


class BatchTokenizer:
    """Cuts texts to the encoder's maximum length and groups them by length, so that little is padded.

    Attributes:
        tokenizer: its truncation is this encoder's; it pads nothing.
        inputs: which of ``INPUT_NAMES`` the encoder takes.
    """

    def __init__(self, tokenizer: Tokenizer, inputs: Collection[str], max_length: int) -> None:
        """Take over a tokenizer: its truncation is set to ``max_length`` tokens (0: none), its padding is read."""
        padding = tokenizer.padding or {}
        self._padding = {
            key: padding[key] for key in ("direction", "pad_id", "pad_type_id", "pad_token") if key in padding
        }
        tokenizer.no_padding()
        if max_length:
            tokenizer.enable_truncation(max_length, direction=(tokenizer.truncation or {}).get("direction", "right"))
        else:
            tokenizer.no_truncation()
        self.tokenizer = tokenizer
        self.inputs = tuple(name for name in INPUT_NAMES if name in inputs)

    def batches(self, texts: Sequence[str], token_budget: int) -> Iterator[tuple[list[int], TokenArrays]]:
        """Tokenize all texts and yield (positions in ``texts``, arrays) in batches, longest first."""
        for positions, encodings in self._encoded(texts, token_budget):
            yield positions, self._arrays(encodings)

    def unpadded(self, texts: Sequence[str], token_budget: int) -> Iterator[tuple[list[int], UnpaddedBatch]]:
        """Tokenize all texts and yield (positions in ``texts``, tokens end to end) in batches, longest first."""
        import numpy as np

        for positions, encodings in self._encoded(texts, token_budget):
            ids = [encoding.ids for encoding in encodings]
            together = np.fromiter(chain.from_iterable(ids), np.int64)
            yield positions, UnpaddedBatch(together, tuple(map(len, ids)))

    def _encoded(self, texts: Sequence[str], token_budget: int) -> Iterator[tuple[list[int], list[Encoding]]]:
        encodings = self.tokenizer.encode_batch_fast([tokenizable(text) for text in texts])
        for positions in length_sorted_batches([len(encoding) for encoding in encodings], token_budget):
            yield positions, [encodings[position] for position in positions]

    def single(self, text: str) -> TokenArrays:
        """Tokenize one text into arrays of shape (1, tokens)."""
        return self._arrays([self.tokenizer.encode(tokenizable(text))])

    def of_ids(self, ids: NDArray[np.int64]) -> TokenArrays:
        """Return the arrays, of shape (1, tokens), of one text's token ids; it is of one segment."""
        import numpy as np

        fill = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return {name: fill[name][None] for name in self.inputs}

    def padded(self, texts: Sequence[str]) -> TokenArrays:
        """Tokenize texts into one batch, in their order."""
        return self._arrays(self.tokenizer.encode_batch_fast([tokenizable(text) for text in texts]))

    def serialized(self) -> str:
        """Return a ``tokenizer.json`` that states this truncation and padding."""
        self.tokenizer.enable_padding(**self._padding)
        try:
            return str(self.tokenizer.to_str())
        finally:
            self.tokenizer.no_padding()

    def _arrays(self, encodings: Sequence[Encoding]) -> TokenArrays:
        import numpy as np

        width = max((len(encoding) for encoding in encodings), default=0) or 1
        fill = {"input_ids": self._padding.get("pad_id", 0), "token_type_ids": self._padding.get("pad_type_id", 0)}
        pads_left = self._padding.get("direction") == "left"
        arrays: TokenArrays = {}
        for name in self.inputs:
            array = np.full((len(encodings), width), fill.get(name, 0), np.int64)
            for row, encoding in zip(array, encodings, strict=True):
                values = getattr(encoding, _ENCODING_FIELD[name])
                if values:
                    row[slice(-len(values), None) if pads_left else slice(len(values))] = values
            arrays[name] = array
        return arrays


def length_sorted_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield batches of positions, longest first, each position once.

    A batch's size times its longest length stays within ``budget``, but a batch holds at least one. The longest come
    first, so that the most memory is asked for at the start.
    """
    order = sorted(range(len(lengths)), key=lambda position: -lengths[position])
    start = 0
    while start < len(order):
        size = max(1, budget // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


def tokenizable(text: str) -> str:
    """Return the text with lone surrogates, which no tokenizer takes, replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
