"""Versions of a study's digest at the command line: which one answers, and which are told."""

from __future__ import annotations

import json

import pytest

from shelf import PAPER, Run, Shelf

QUESTION = "by how much did bervamine lower tremor amplitude?"


@pytest.fixture
def versions(shelf: Shelf, run: Run) -> Shelf:
    """The shelf with a second version of one study, a month younger than the first."""
    newer = PAPER.replace("by 0.8 mm", "by 0.9 mm").replace("2026-04-11", "2026-05-11")
    (shelf.seeds / "second.txt").write_text(newer, encoding="utf-8")
    assert run(shelf, "ingest").code == 0
    return shelf


def test_as_of_a_day_the_version_of_that_day_answers(versions: Shelf, run: Run) -> None:
    for day, words in (("2026-04-11", "0.8 mm"), ("2026-04", "0.8 mm"), ("2026-05-11", "0.9 mm"), ("2027", "0.9 mm")):
        done = run(versions, "ask", QUESTION, "--as-of", day)
        assert done.code == 0, done.err
        assert words in done.words
    assert "0.9 mm" in run(versions, "ask", QUESTION).words


def test_as_of_a_day_no_study_answers_that_came_later(versions: Shelf, run: Run) -> None:
    done = run(versions, "ask", "tremor amplitude in PMID 31234567?", "--as-of", "2026-02-10")
    assert done.code == 1
    assert "PMID:31234567 is not in the library" in done.out
    assert "mm" not in done.words.replace("PMID", "")


def test_a_day_before_the_first_digest_and_what_is_no_day_are_errors(versions: Shelf, run: Run) -> None:
    early = run(versions, "ask", QUESTION, "--as-of", "2020")
    assert (early.code, early.out) == (2, "")
    assert "2026-01-20" in early.err
    wrong = run(versions, "ask", QUESTION, "--as-of", "last week")
    assert (wrong.code, wrong.out) == (2, "")
    assert "YYYY-MM-DD" in wrong.err


def test_a_list_marks_superseded_versions_and_leaves_them_out_where_asked(versions: Shelf, run: Run) -> None:
    marked = "(superseded, ingested 2026-04-11)"
    assert marked in run(versions, "list").out
    assert run(versions, "list", "--all").out == run(versions, "list").out
    current = run(versions, "list", "--current").out
    assert "second.txt" in current
    assert "PMID_31234567.txt" not in current
    then = json.loads(run(versions, "list", "--as-of", "2026-04-30", "--json").out)
    assert [(entry["path"], entry["current"]) for entry in then if entry["source"] == "PMID:31234567"] == [
        ("PMID_31234567.txt", True)
    ]


def test_show_prints_the_current_version_and_names_the_others(versions: Shelf, run: Run) -> None:
    current = run(versions, "show", "PMID 31234567")
    assert "0.9 mm" in current.out
    assert "another version: seeds/PMID_31234567.txt (superseded, ingested 2026-04-11)" in current.err
    old = run(versions, "show", "PMID_31234567.txt")
    assert "0.8 mm" in old.out
    assert "another version: seeds/second.txt (current, ingested 2026-05-11)" in old.err
