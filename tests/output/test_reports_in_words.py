"""What an ingest did and what a library holds, counted in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from digestqa.intake import Taken
from digestqa.library import IngestReport
from digestqa.output.reports import counted, describe_report

REPORT = IngestReport(
    state=4,
    changed=True,
    added=1,
    updated=0,
    removed=0,
    unchanged=0,
    refused=(),
    superseded=0,
    ignored=0,
    passages=1,
    embedded=1,
    unembedded=0,
    elapsed_ms=5.0,
)


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 texts"), (1, "1 text"), (2, "2 texts"), (1204, "1,204 texts"), (-1, "-1 texts")]
)
def test_one_is_told_in_the_singular(count: int, told: str) -> None:
    assert counted(count, "text") == told


@pytest.mark.parametrize(
    ("embedded", "told"), [(0, "0 texts embedded"), (1, "1 text embedded"), (2, "2 texts embedded")]
)
def test_a_report_counts_embedded_texts(embedded: int, told: str) -> None:
    assert describe_report(replace(REPORT, embedded=embedded)) == f"library at state 4: 1 new; {told}"


def test_one_passage_without_a_vector_has_none() -> None:
    def last_line(unembedded: int) -> str:
        return describe_report(replace(REPORT, unembedded=unembedded)).splitlines()[-1]

    assert last_line(1) == "1 passage has no vector yet: run 'digestqa ingest' to embed it"
    assert last_line(2) == "2 passages have no vector yet: run 'digestqa ingest' to embed them"


def test_a_dry_run_takes_up_what_it_would_copy() -> None:
    planned = replace(REPORT, added=0, unchanged=3, embedded=0, dry_run=True)
    taken = [Taken("a.txt", "copied", Path("seeds/a.txt")), Taken("b.txt", "already there", Path("seeds/b.txt"))]
    assert describe_report(planned, taken).splitlines() == [
        "would copy 1 into seeds, 1 already there",
        "would take up: 1 new, 3 unchanged",
    ]
