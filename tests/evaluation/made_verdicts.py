"""Eight verdicts whose figures are worked out by hand in the tests."""

from __future__ import annotations

from typing import Any

from digestqa.evaluation.verdicts import Judged, Verdict
from digestqa.replies import LibraryState

RIGHT: dict[str, Any] = {"right1": True, "right3": True, "best_right": True, "source1": True, "right_passages": 1}

EIGHT = (
    Verdict("1", "number", "", True, True, 0.95, **RIGHT, f1=1.0, em=True, given=1, cited_right=1, ranks=(1,)),
    Verdict(
        "2", "number", "", True, True, 0.85, right3=True, source1=True, f1=0.5, given=2, cited_right=1,
        right_passages=1, ranks=(3,),
    ),
    Verdict("3", "span", "", True, True, 0.65, **RIGHT, f1=0.8, given=1, cited_right=1, ranks=(2,)),
    Verdict("4", "span", "", True, False, 0.25, best_right=True, right_passages=1),
    Verdict("5", "cross", "", True, True, 0.55, cross=0.5, given=1, right_passages=1, ranks=(6,)),
    Verdict("6", "unanswerable", "near-miss", False, True, 0.7, given=1),
    Verdict("7", "unanswerable", "near-miss", False, False, 0.2),
    Verdict("8", "unanswerable", "off-topic", False, False, 0.05),
)  # fmt: skip
"""From surest to least sure: right, wrong, (6) unanswerable, right, wrong, right though withheld, and two refused."""

BY_HAND = {
    "recall@1": 1 / 5,
    "recall@3": 3 / 5,
    "recall@5": 3 / 5,
    "recall@10": 4 / 5,
    "mrr": (1 + 1 / 3 + 1 / 2 + 0 + 1 / 6) / 5,
    "ndcg@10": (1 + 0.5 + 0.630930 + 0 + 0.356207) / 5,  # one over log2 of 2, 4, 3 and 7
    "handled": 4 / 8,
    "right@1": 2 / 5,
    "right@3": 3 / 5,
    "source@1": 3 / 5,
    "f1": (1 + 0.5 + 0.8) / 5,
    "em": 1 / 5,
    "refused": 2 / 3,
    "refused near-miss": 1 / 2,
    "refused off-topic": 1.0,
    "lost": 1 / 5,
    "cross": 0.5,
    "citation precision": 3 / 5,
    "auroc": 5 / 6,  # of six pairs only 0.65 against 0.70 is the wrong way round
    "ece": (0.05 + 0.85 + 0.35 + 0.55 + 0.70) / 5,  # each answer alone in its bin
    "brier": (0.05**2 + 0.85**2 + 0.35**2 + 0.75**2 + 0.55**2 + 0.7**2 + 0.2**2 + 0.05**2) / 8,
    "aurc": (0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5 + 3 / 6 + 4 / 7 + 5 / 8) / 8,
    "risk@0.5": 2 / 4,
    "risk@0.7": 3 / 5.6,  # between 3 wrong of 5 and 3 of 6
    "risk@0.8": 3.4 / 6.4,  # between 3 wrong of 6 and 4 of 7
    "risk@0.9": 4.2 / 7.2,
    "verbatim faults": 0.0,
}


def judged(*verdicts: Verdict) -> list[Judged]:
    library = LibraryState(digests=3, passages=20, encoder="letters", reader="made", state=1)
    return [Judged(verdict, 10.0 * (at + 1), library) for at, verdict in enumerate(verdicts)]
