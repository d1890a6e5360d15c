"""Any Hugging Face question-answering model as a reader, through transformers and torch; slower to start than our own.

A model qualifies that scores tokens as starts and ends, takes the first position as the null answer, and was trained
with one (SQuAD 2.0; Rajpurkar et al. 2018). Nothing is downloaded: a model is a folder, or a name that the Hugging
Face cache already holds. No code that comes with a model is run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digestqa.encoders.models import cached_snapshot
from digestqa.encoders.quiet import first_line, quiet_model_libraries
from digestqa.errors import ReaderError
from digestqa.reading.base import ReadablePassage
from digestqa.reading.calibration import EVIDENCE, Calibration, FittedCalibrations
from digestqa.reading.span_reader import SpanReader, marked_spans
from digestqa.reading.windows import PairFrame, Window, WindowMaker, padded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from digestqa.encoders import QueryEncoder

MAX_LENGTH = 384
"""Tokens of a window at most, as models of SQuAD are trained; shorter where the model takes fewer."""
_SHORTEST = 32
_POSITIONS_LOST = 2
"""RoBERTa's family counts positions from 2, so that the last two it states do not exist."""

UNCALIBRATED = Calibration(
    weights={
        **dict.fromkeys(EVIDENCE, 0.0),
        "margin": 2.5,
        "retrieval_share": 1.0,
        "quote_support": 1.0,
    },
    bias=-3.0,
    threshold=0.5,
)
"""For a model whose confidence nobody has fitted.

It answers only where a span of the best-retrieved passage beats the null answer by about six logits, more where
retrieval or the question's words speak against it; models of SQuAD 2.0 answer from zero on. Its confidence orders
answers and is cautious; it is not the share of them that is right.
"""

_CHOOSE = "choose a question-answering model trained with a null answer, as on SQuAD 2.0, or leave --reader out"
_UNRELATED = (
    ("Which bridge was opened in 1932?", "Blood pressure fell in both arms, and nobody left the study."),
    ("What is the capital of Mongolia?", "Nausea was the most common unwanted effect and passed within a week."),
    ("Who painted the ceiling of the chapel?", "The drug was given once daily for 90 days, with water."),
    ("How many goals were scored in the final?", "The trial was double-blind and ran at hospitals in Europe."),
)
"""Questions over passages that have nothing to do with them: a model with a null answer gives it for one of them."""


@dataclass(frozen=True, slots=True)
class HuggingFaceFiles:
    """A model on this machine.

    Attributes:
        name: as asked for.
        folder: where ``config.json`` and the rest lie.
    """

    name: str
    folder: Path

    def weights(self) -> tuple[Path, ...]:
        """List the weights files, safetensors before pickled ones.

        Raises:
            ReaderError: there are none, or ``config.json`` is broken or that of a model without span scores.
        """
        path = self.folder / "config.json"
        try:
            architectures = json.loads(path.read_text(encoding="utf-8")).get("architectures") or []
        except (OSError, ValueError, AttributeError) as error:
            raise ReaderError(f"the reader's description {path} cannot be read: {error!r}", _CHOOSE) from error
        if not any("ForQuestionAnswering" in str(name) for name in architectures):
            told = ", ".join(map(str, architectures)) or "no architecture"
            raise ReaderError(f"{self.name} is no question-answering model: its config.json names {told}", _CHOOSE)
        found = sorted(self.folder.glob("*.safetensors")) or sorted(self.folder.glob("pytorch_model*.bin"))
        if not found:
            raise ReaderError(f"the reader {self.name} has no weights (*.safetensors) in {self.folder}", _CHOOSE)
        return tuple(found)

    def weights_sha256(self) -> str:
        """Return the hex digest of the weights; of several files, that of their digests in the order of their names.

        Raises:
            ReaderError: as ``weights``, or a file cannot be read.
        """
        digests = []
        for path in self.weights():
            try:
                with path.open("rb") as file:
                    digests.append(hashlib.file_digest(file, "sha256").hexdigest())
            except OSError as error:
                raise ReaderError(f"the reader's file {path} cannot be read: {error.strerror}", _CHOOSE) from error
        return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()

    @property
    def calibrated(self) -> bool:
        """Whether a calibration was fitted for it."""
        return (self.folder / "calibration.json").is_file()

    @property
    def shown_name(self) -> str:
        """What answers and ``status`` call the reader."""
        return self.name if self.calibrated else f"{self.name} (uncalibrated)"


def find_hugging_face_model(name: str) -> HuggingFaceFiles:
    """Find a model by the path of its folder or by its name in the Hugging Face cache.

    Raises:
        ReaderError: there is none of that name on this machine.
    """
    path = Path(name).expanduser()
    if name.strip() and path.is_dir():
        if not (path / "config.json").is_file():
            raise ReaderError(
                f"{name} holds no reader: neither reader.json nor config.json",
                "name a folder with a reader of digestqa or a Hugging Face question-answering model",
            )
        return HuggingFaceFiles(name, path)
    snapshot = None
    if not path.exists() and name.strip() and not name.startswith((".", "~", "/")) and name.count("/") <= 1:
        snapshot = cached_snapshot(name)
    if snapshot is None:
        raise ReaderError(
            f"the reader {name} is not on this machine, and digestqa downloads nothing by itself",
            "give a folder that holds one, 'sentences', or a model's name after 'hf download NAME'",
        )
    return HuggingFaceFiles(name, snapshot)


class TorchSpanModel:
    """A span model of transformers in torch."""

    def __init__(self, model: Any, inputs: frozenset[str], pad_id: int) -> None:
        """Take a loaded model.

        Args:
            model: gives an output with ``start_logits`` and ``end_logits``.
            inputs: names of the inputs that it takes.
            pad_id: the token that fills short rows.
        """
        self._model = model
        self._inputs = inputs
        self._pad_id = pad_id

    def logits(self, rows: Sequence[Window]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Run the model; it has no answerable logit, so zeros stand for it."""
        import numpy as np
        import torch

        arrays = padded(rows, self._pad_id)
        with torch.inference_mode():
            out = self._model(
                **{name: torch.from_numpy(array) for name, array in arrays.items() if name in self._inputs}
            )
        return out.start_logits.numpy(), out.end_logits.numpy(), np.zeros(len(rows), dtype=np.float32)


def prepare_hugging_face_reader(
    files: HuggingFaceFiles, *, calibration: Calibration | None = None
) -> Callable[[QueryEncoder], SpanReader]:
    """Load a model and make sure that it can say no.

    Args:
        files: where it lies.
        calibration: instead of the folder's own, while one is being fitted.

    Returns:
        What makes the reader, once the library's encoder (which compares question and quote) is there.

    Raises:
        ReaderError: a file is missing or broken, the model does not mark spans, or it has no null answer.
    """
    sha256 = files.weights_sha256()
    if calibration is None and files.calibrated:
        calibrations = FittedCalibrations.load(files.folder / "calibration.json", sha256)
    else:
        calibrations = FittedCalibrations.of_all(calibration or UNCALIBRATED)
    model, maker = _load(files)
    _check_null_answer(files, model, maker, needed=calibrations.fitted is UNCALIBRATED)

    def beside(encoder: QueryEncoder) -> SpanReader:
        fitted = calibrations.beside(encoder.identity.weights_sha256)
        return SpanReader(model, maker, fitted, encoder, files.shown_name, sha256)

    return beside


def _load(files: HuggingFaceFiles) -> tuple[TorchSpanModel, WindowMaker]:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    offline = {"local_files_only": True, "trust_remote_code": False}
    try:
        with quiet_model_libraries():
            tokenizer: Any = AutoTokenizer.from_pretrained(files.folder, **offline)
            loaded: Any = AutoModelForQuestionAnswering.from_pretrained(
                files.folder, dtype=torch.float32, output_loading_info=True, **offline
            )
    except Exception as error:  # transformers, safetensors and torch raise many kinds, without a common root
        raise ReaderError(f"the reader {files.name} cannot be loaded: {first_line(error)}", _CHOOSE) from error
    model, told = loaded
    if told["missing_keys"]:
        missing = ", ".join(sorted(told["missing_keys"])[:3])
        raise ReaderError(f"the reader {files.name} lacks trained weights: {missing}", _CHOOSE)
    if not getattr(tokenizer, "is_fast", False):
        raise ReaderError(f"the tokenizer of {files.name} cannot tell where its tokens stand in the text", _CHOOSE)
    frame = _frame(files, tokenizer)
    positions = getattr(model.config, "max_position_embeddings", None) or MAX_LENGTH + _POSITIONS_LOST
    max_length = min(MAX_LENGTH, int(tokenizer.model_max_length), int(positions) - _POSITIONS_LOST)
    if max_length < _SHORTEST:
        raise ReaderError(f"the reader {files.name} takes only {max_length} tokens at a time", _CHOOSE)
    backend: Tokenizer = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    inputs = frozenset(tokenizer.model_input_names)
    span_model = TorchSpanModel(model.eval(), inputs, tokenizer.pad_token_id or 0)
    # A third of the window, as SQuAD's 128 of 384.
    return span_model, WindowMaker(backend, max_length, max_length // 3, frame)


def _frame(files: HuggingFaceFiles, tokenizer: Any) -> PairFrame:
    """Read the special tokens off a pair that the tokenizer puts together itself."""
    encoded = tokenizer("drug", "dose")
    ids, sides = encoded["input_ids"], encoded.sequence_ids(0)
    if 0 not in sides or 1 not in sides:
        raise ReaderError(f"the tokenizer of {files.name} takes no pair of texts", _CHOOSE)
    question_end = len(sides) - sides[::-1].index(0)
    passage_end = len(sides) - sides[::-1].index(1)
    before, after = ids[: sides.index(0)], ids[passage_end:]
    if not before or before[0] != tokenizer.cls_token_id or sides.index(1) < question_end:
        raise ReaderError(
            f"the reader {files.name} has no null answer: its pairs do not begin with a [CLS] token", _CHOOSE
        )
    return PairFrame(tuple(before), tuple(ids[question_end : sides.index(1)]), tuple(after))


def _check_null_answer(files: HuggingFaceFiles, model: TorchSpanModel, maker: WindowMaker, *, needed: bool) -> None:
    """Read questions over passages that cannot answer them.

    Whether a model was trained with a null answer stands nowhere in its files. One that was not never learnt to score
    position 0 above a span, so it marks something in each of these pairs.
    """
    import numpy as np

    margins: list[float] = []
    for question, text in _UNRELATED:
        passage = ReadablePassage(text, 0, ((0, len(text)),), "", "", "", 0.0, 0.0)
        try:
            margins += [span.margin for span in marked_spans(model, maker, question, [passage])[:1]]
        except Exception as error:  # torch raises bare kinds
            raise ReaderError(f"the reader {files.name} does not mark spans: {first_line(error)}", _CHOOSE) from error
    if not margins or not np.isfinite(margins).all():
        raise ReaderError(f"the reader {files.name} gives scores that are not numbers", _CHOOSE)
    if needed and min(margins) > 0:
        raise ReaderError(
            f"the reader {files.name} has no null answer: it marks an answer where there is none",
            f"{_CHOOSE}; training/calibrate.py can fit a confidence for this one",
        )
