"""The trained reader: an ONNX model that marks the answer span in each passage, or none.

The model reads question and passage together and scores every token as the span's start and end; position 0 is the
null answer (Devlin et al., "BERT", 2019; Rajpurkar et al., "Know What You Don't Know", 2018). Candidates of all
passages are compared by span minus null, so that reading more passages changes no candidate's evidence. A logistic
calibration turns the evidence into a confidence.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from digestqa.encoders.session import open_session
from digestqa.errors import ReaderError
from digestqa.reading.base import Candidate, ReadablePassage
from digestqa.reading.calibration import Calibration, FittedCalibrations, evidence, quote_text
from digestqa.reading.reader_files import REINSTALL, ReaderFiles
from digestqa.reading.windows import Span, Window, WindowMaker, best_spans, padded, quote_around, trim

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from digestqa.encoders import QueryEncoder

STRONGEST = 8
"""Spans of a question that are weighed further; the rest have no chance of being the answer."""
_MAX_QUOTE_CHARS = 2000
_QUOTES_KEPT = 2000
"""Vectors of sentences that are kept: 3 MB."""
_BATCH_ROWS = 1
"""Rows that are read together. Read alone, a row wastes nothing on padding, and int8 scales, which are taken over a
whole batch, do not depend on which other passages are read."""


class SpanModel(Protocol):
    """Scores tokens as starts and ends of answers."""

    def logits(self, rows: Sequence[Window]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return start and end logits, shape (rows, tokens of the longest), and answerable logits, shape (rows,).

        Position 0 is the null answer.
        """


class OnnxSpanModel:
    """A span model as an ONNX graph in ONNX Runtime."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session
        self._inputs = {item.name for item in session.get_inputs()}
        self._outputs = [item.name for item in session.get_outputs()]

    def logits(self, rows: Sequence[Window]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Run the graph; a graph without an answerable logit gives zeros for it."""
        import numpy as np

        feed = {name: array for name, array in padded(rows).items() if name in self._inputs}
        by_name = dict(zip(self._outputs, self._session.run(self._outputs, feed), strict=True))
        answerable = by_name.get("answerable_logit")
        if answerable is None:
            answerable = np.zeros(len(rows), dtype=np.float32)
        return by_name["start_logits"], by_name["end_logits"], answerable


class SpanReader:
    """Answers with spans that a trained model marks."""

    def __init__(
        self,
        model: SpanModel,
        maker: WindowMaker,
        calibration: Calibration,
        encoder: QueryEncoder,
        name: str,
        sha256: str,
    ) -> None:
        self._encoder = encoder
        self._model = model
        self._maker = maker
        self._calibration = calibration
        self._quotes = _QuoteVectors(encoder)
        self.name = name
        self.sha256 = sha256

    @property
    def threshold(self) -> float:
        """Confidence under which the digests are said not to answer."""
        return self._calibration.threshold

    def read(self, question: str, passages: Sequence[ReadablePassage]) -> list[Candidate]:
        """Return the best spans of every passage, best first."""
        spans = self.spans(question, passages)
        known_of = self.evidence(question, passages, spans)
        candidates = [
            Candidate(
                passage=span.passage,
                span=(passages[span.passage].start + span.start, passages[span.passage].start + span.end),
                quote=quote_around(passages[span.passage], span),
                score=span.margin,
                confidence=self._calibration.confidence(known),
            )
            for span, known in zip(spans, known_of, strict=True)
        ]
        return sorted(candidates, key=lambda candidate: (-candidate.confidence, candidate.passage, candidate.span))

    def spans(self, question: str, passages: Sequence[ReadablePassage]) -> list[Span]:
        """Return the strongest spans of all passages with the model's own scores."""
        return marked_spans(self._model, self._maker, question, passages)[:STRONGEST]

    def evidence(
        self, question: str, passages: Sequence[ReadablePassage], spans: Sequence[Span]
    ) -> list[dict[str, float]]:
        """Return what is known of each span beside the model's scores."""
        if not spans:
            return []
        quotes = [quote_text(passages[span.passage], span)[:_MAX_QUOTE_CHARS] for span in spans]
        vectors = self._quotes.vectors(quotes)
        cosines = (vectors @ self._encoder.encode_query(question)).tolist()
        return evidence(question, passages, spans, cosines)


class _QuoteVectors:
    """The vectors of sentences, the latest kept: a conversation stays with a few studies, whose sentences come back."""

    def __init__(self, encoder: QueryEncoder) -> None:
        self._encoder = encoder
        self._kept: dict[str, NDArray[np.float32]] = {}
        self._lock = threading.Lock()

    def vectors(self, quotes: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of shape (len(quotes), dimension); at least one quote."""
        import numpy as np

        with self._lock:
            known = {quote: self._kept[quote] for quote in quotes if quote in self._kept}
        new = [quote for quote in dict.fromkeys(quotes) if quote not in known]
        if new:
            known.update(zip(new, self._encoder.encode_passages(new), strict=True))
        with self._lock:
            # What was asked for last goes to the end, and so is forgotten last.
            for quote in known:
                self._kept.pop(quote, None)
            self._kept.update(known)
            for quote in list(self._kept)[: max(0, len(self._kept) - _QUOTES_KEPT)]:
                del self._kept[quote]
        return np.stack([known[quote] for quote in quotes])


def marked_spans(
    model: SpanModel, maker: WindowMaker, question: str, passages: Sequence[ReadablePassage]
) -> list[Span]:
    """Return all spans that a model marks, trimmed, none overlapping another of its passage, strongest first."""
    windows = maker.windows(question, passages)
    order = sorted(range(len(windows)), key=lambda at: len(windows[at].input_ids))
    found: list[Span] = []
    for first in range(0, len(order), _BATCH_ROWS):
        rows = [windows[at] for at in order[first : first + _BATCH_ROWS]]
        starts, ends, answerable = model.logits(rows)
        for row, window in enumerate(rows):
            found += best_spans(window, starts[row], ends[row], float(answerable[row]))
    trimmed = (trim(span, passages[span.passage].text) for span in found)
    return fold_windows([span for span in trimmed if span.start < span.end])


def fold_windows(spans: Sequence[Span]) -> list[Span]:
    """Keep, of overlapping spans that two windows of one passage found, the one with the larger margin."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.margin):
        if not any(
            other.passage == span.passage and other.start < span.end and span.start < other.end for other in kept
        ):
            kept.append(span)
    return kept


def load_span_reader(
    folder: Path, encoder: QueryEncoder, *, threads: int | None = None, calibration: Calibration | None = None
) -> SpanReader:
    """Load a reader and give it the library's encoder; arguments and errors are those of ``prepare_span_reader``."""
    return prepare_span_reader(folder, threads=threads, calibration=calibration)(encoder)


def prepare_span_reader(
    folder: Path, *, threads: int | None = None, calibration: Calibration | None = None
) -> Callable[[QueryEncoder], SpanReader]:
    """Load a reader from its folder through onnxruntime and tokenizers alone.

    Args:
        folder: holds the reader's files.
        threads: of onnxruntime; by default one for each core that the process may use.
        calibration: instead of the folder's own, while one is being fitted.

    Returns:
        What makes the reader, once the library's encoder (which compares question and quote) is there.

    Raises:
        ReaderError: a file is missing, truncated, of another hash or of a newer format.
    """
    files = ReaderFiles(folder)
    described = files.describe()
    graph = files.checked("reader.onnx", described.onnx_sha256)
    tokenizer_json = files.checked("tokenizer.json", described.tokenizer_sha256)
    if calibration is not None:
        calibrations = FittedCalibrations.of_all(calibration)
    else:
        calibrations = FittedCalibrations.load(folder / "calibration.json", described.onnx_sha256)

    from tokenizers import Tokenizer

    try:
        model = OnnxSpanModel(open_session(graph, threads))
        tokenizer = Tokenizer.from_str(tokenizer_json.decode("utf-8"))
    except Exception as error:  # onnxruntime and tokenizers raise their own kinds, without a common root
        raise ReaderError(f"the reader in {folder} cannot be loaded: {error}", REINSTALL) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    maker = WindowMaker(tokenizer, described.max_length, described.stride)

    def beside(encoder: QueryEncoder) -> SpanReader:
        calibration = calibrations.beside(encoder.identity.weights_sha256)
        return SpanReader(model, maker, calibration, encoder, described.name, described.onnx_sha256)

    return beside
