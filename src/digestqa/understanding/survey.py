"""What a question over the library looks for in every digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digestqa.understanding.extremes import Extreme
from digestqa.understanding.ranges import Bounds

SurveyKind = Literal[
    "flag",
    "digest_model",
    "evidence_type",
    "recruiting",
    "not_recruiting",
    "no_longer_recruiting",
    "stopped",
    "no_results",
    "subject",
    "tested",
    "within_bounds",
    "extreme",
    "phase",
    "studies",
    "compounds",
]


@dataclass(frozen=True, slots=True)
class Survey:
    """What is looked for in every digest.

    Attributes:
        kind: where and how it is looked for.
        wanted: a regular expression for what stands on the page, the subject in words, or for what reason a study was
            stopped; empty where the kind says it.
        told: how the count is told: "n of m digests …".
        things: what else the question names, as a condition or a compound; only studies that are called so are meant.
        joined: whether these are several things side by side, each of some study: "(imiquimod, dasatinib)".
        bounds: between what a day or a number of the page must lie; None for the other kinds.
        extreme: which greatest or least day or number of the pages; None for the other kinds.
    """

    kind: SurveyKind
    wanted: str
    told: str
    things: tuple[str, ...] = ()
    joined: bool = False
    bounds: Bounds | None = None
    extreme: Extreme | None = None
