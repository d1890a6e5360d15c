"""Precision and recall of the claim labels on sentences written for this, by hand, in words of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digestqa.reading.claims import claim_of

LABELLED = [json.loads(line) for line in (Path(__file__).parent / "claims.jsonl").read_text("utf-8").splitlines()]
LABELS = ("reported", "expected", "not_available")
LEAST = 0.95


def test_the_labelled_set_is_large_and_varied() -> None:
    assert len(LABELLED) >= 250
    assert len({row["sentence"] for row in LABELLED}) >= 240
    assert all(sum(row["label"] == label for row in LABELLED) >= 70 for label in LABELS)


@pytest.mark.parametrize("label", LABELS)
def test_each_label_is_precise_and_complete(label: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = [claim_of(row["sentence"], no_results_yet=row["no_results"]) for row in LABELLED]
    right = sum(claim == label == row["label"] for claim, row in zip(given, LABELLED, strict=True))
    precision = right / sum(claim == label for claim in given)
    recall = right / sum(row["label"] == label for row in LABELLED)
    with capsys.disabled():
        print(f"\n{label}: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201  # the figures are to be read
    wrong = [
        f"{claim}: {row['sentence']}"
        for claim, row in zip(given, LABELLED, strict=True)
        if label in (claim, row["label"]) and claim != row["label"]
    ]
    assert precision >= LEAST, wrong
    assert recall >= LEAST, wrong
