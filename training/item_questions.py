"""How people ask for the standard items of a study: eligibility, arms, outcomes, harms, design and the rest.

``items/wordings.json`` holds the wordings of each item. ``{}`` is what the study is called; a wording without it is
followed by "in", "of" or "for" and that. Where the study is not named, ``{}`` becomes "the study".
"""

from __future__ import annotations

import json
from pathlib import Path

_WORDINGS: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "items" / "wordings.json").read_text(encoding="utf-8")
)

ASKED: dict[str, tuple[str, ...]] = {name: tuple(wordings["asked"]) for name, wordings in _WORDINGS.items()}
"""Wordings that training asks with."""

HELD_OUT: dict[str, tuple[str, ...]] = {name: tuple(wordings["held"]) for name, wordings in _WORDINGS.items()}
"""Wordings that only measure, so that figures tell of words that no reader was trained on."""

RELATED: dict[str, tuple[str, ...]] = {
    "inclusion": (
        "age",
        "exclusion",
        "prior_treatment",
        "sex",
        "condition",
    ),
    "exclusion": (
        "inclusion",
        "prior_treatment",
    ),
    "intervention": (
        "dose",
        "arms",
        "comparator",
        "aim",
        "what_it_is",
        "route",
    ),
    "comparator": (
        "arms",
        "intervention",
    ),
    "dose": (
        "intervention",
        "treatment_duration",
        "route",
    ),
    "sample_size": (
        "arms",
        "main_result",
        "adverse_events",
    ),
    "arms": (
        "intervention",
        "comparator",
        "sample_size",
    ),
    "primary_outcome": (
        "main_result",
        "aim",
        "measurement",
        "timing",
    ),
    "secondary_outcomes": (
        "primary_outcome",
        "main_result",
        "secondary_results",
    ),
    "main_result": (
        "conclusion",
        "adverse_events",
        "significance",
        "secondary_results",
    ),
    "adverse_events": ("serious_adverse_events",),
    "treatment_duration": (
        "dose",
        "follow_up",
    ),
    "follow_up": (
        "treatment_duration",
        "primary_outcome",
        "timing",
    ),
    "allocation": (
        "arms",
        "blinding",
    ),
    "dates": ("status",),
    "status": ("dates",),
    "limitations": ("conclusion",),
    "aim": (
        "conclusion",
        "intervention",
        "primary_outcome",
    ),
    "conclusion": (
        "limitations",
        "main_result",
        "aim",
    ),
    "mechanism": (
        "aim",
        "what_it_is",
    ),
    "age": ("inclusion",),
    "dropouts": (
        "deaths",
        "sample_size",
        "adverse_events",
    ),
    "deaths": (
        "adverse_events",
        "serious_adverse_events",
        "main_result",
        "secondary_results",
    ),
    "serious_adverse_events": (
        "adverse_events",
        "deaths",
    ),
    "significance": (
        "main_result",
        "secondary_results",
    ),
    "secondary_results": (
        "main_result",
        "adverse_events",
        "subgroups",
    ),
    "prior_treatment": (
        "inclusion",
        "exclusion",
    ),
    "timing": (
        "follow_up",
        "measurement",
        "primary_outcome",
    ),
    "measurement": (
        "primary_outcome",
        "timing",
    ),
    "subgroups": (
        "main_result",
        "secondary_results",
    ),
    "sex": (
        "inclusion",
        "condition",
    ),
    "condition": (
        "inclusion",
        "aim",
        "sex",
    ),
    "what_it_is": (
        "mechanism",
        "intervention",
    ),
    "route": (
        "dose",
        "intervention",
    ),
}
"""Items whose words may half answer for another: a passage that states one is no example of lacking the other."""
