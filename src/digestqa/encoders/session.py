"""Sessions of ONNX Runtime, opened alike for every model that answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

_MOST_THREADS = 8


def load_runtime() -> None:
    """Import what opening a model takes.

    Whoever opens models in threads calls this first: modules are imported one after another whatever thread asks, while
    ONNX Runtime opens sessions without holding up the interpreter.
    """
    import onnxruntime  # noqa: F401  # importing it is what is wanted
    import tokenizers  # noqa: F401  # and so here


def open_session(
    graph: bytes | str, threads: int | None = None, *, prepack: bool = True
) -> onnxruntime.InferenceSession:
    """Open a graph on the processor, silently and without telemetry.

    Args:
        graph: the graph itself, or the path of its file.
        threads: for one run's arithmetic; None takes the cores that this process may use.
        prepack: lay the weights out for the processor now, for quicker runs later. Not worth it for a few runs:
            without, weights that are mapped from a file are read where they are needed, and no copy of them is made.

    Raises:
        Exception: the graph is damaged; ONNX Runtime's errors share no public base class.
    """
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads if threads is not None else available_cores()
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if not prepack:
        options.add_session_config_entry("session.disable_prepacking", "1")
    # A waiting thread that spins takes the core from the others; a single question is answered as quickly without.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        enable_fallback=0,  # the fallback is the same provider again, and is announced on standard output
    )


def available_cores() -> int:
    """Count the physical cores that this process may run on, up to as many as one short text can keep busy."""
    if not hasattr(os, "sched_getaffinity"):
        return min(os.cpu_count() or 1, _MOST_THREADS)
    cores: set[str] = set()
    for cpu in sorted(os.sched_getaffinity(0)):
        try:
            siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
            cores.add(siblings.read_text(encoding="ascii"))
        except OSError:
            cores.add(str(cpu))
        if len(cores) >= _MOST_THREADS:
            break
    return max(1, len(cores))
