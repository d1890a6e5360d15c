"""Keeps the model libraries' progress bars, log lines and warnings out of a person's terminal."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LOGGERS = ("transformers", "sentence_transformers", "huggingface_hub", "torch.onnx", "onnxscript")


@contextmanager
def quiet_model_libraries() -> Iterator[None]:
    """Silence transformers, sentence-transformers and torch.onnx for a while; errors still raise.

    Their settings are global to the process and are put back at the end.
    """
    from transformers.utils import logging as transformers_logging

    bars: Any = transformers_logging
    bar_was_on = bars.is_progress_bar_enabled()
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if bar_was_on:
            bars.disable_progress_bar()
        for name in levels:
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
            if bar_was_on:
                bars.enable_progress_bar()


def first_line(error: BaseException) -> str:
    """Return what an error of a library says in one line, for a message of ours."""
    said = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
