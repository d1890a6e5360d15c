"""What follows an overview of which nobody said of which study it shall be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa.library import Library, ingest
from digestqa.retrieval import Aliases, Filters
from digestqa.retrieval.naming import StudyNaming
from digestqa.understanding import Understander, Understood
from digestqa.understanding.overviews import WHICH_STUDY
from shelf import write_digests

LIST = "which studies mention a dose?"
CITED = ("NCT90000002", "NCT90000001")
ASKED_BY_ITSELF = "how many patients were treated?"


@pytest.fixture
def understander(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Understander]:
    """Understands questions over a library in which two studies are many."""
    monkeypatch.setattr("digestqa.understanding.understood.FEW_STUDIES", 2)
    monkeypatch.setattr("digestqa.understanding.understood.MOST_STUDIES_TOLD", 1)
    write_digests(tmp_path / "seeds")
    ingest(tmp_path / "embeddings", tmp_path / "seeds", no_embed=True)
    with Library.open(tmp_path / "embeddings", tmp_path / "seeds") as library:
        yield Understander(library, StudyNaming(library, Aliases(library)))


def cited_by(earlier: Understood) -> tuple[str, ...]:
    return CITED if earlier.text == LIST else earlier.about


def understood(understander: Understander, question: str, *history: str) -> Understood:
    return understander.understand(question, history, Filters(), cited_by)


def test_an_overview_of_no_study_is_refused_as_unclear(understander: Understander) -> None:
    for history in ([], [LIST]):
        refused = understood(understander, "summary?", *history)
        assert (refused.refused, refused.notes) == ("unclear", (WHICH_STUDY,))


def test_a_study_that_is_not_there_is_refused_as_such_and_so_is_what_is_asked_of_it_further(
    understander: Understander,
) -> None:
    named = understood(understander, "what was the dose in NCT90000009?")
    further = understood(understander, "and the primary outcome?", "what was the dose in NCT90000009?")
    assert (named.refused, further.refused) == ("not_there", "not_there")
    assert further.notes == named.notes != ()


def test_what_points_at_nothing_is_refused_as_unclear(understander: Understander) -> None:
    assert understood(understander, "the second one").refused == "unclear"


def test_after_a_refused_overview_the_studies_of_the_list_are_spoken_of(understander: Understander) -> None:
    question = "which of them were stopped early?"
    asked = understood(understander, question, LIST, "summary?")
    assert set(asked.about) == set(CITED)
    assert asked == understood(understander, question, LIST)


@pytest.mark.parametrize("history", [["summary?"], ["hello", "summary?"], ["summary?", "tldr", "overview"]])
def test_after_a_refused_overview_a_question_stands_as_it_would_without_it(
    understander: Understander, history: list[str]
) -> None:
    asked = understood(understander, ASKED_BY_ITSELF, *history)
    assert (asked.refused, asked.notes, asked.text) == (None, (), ASKED_BY_ITSELF)


@pytest.mark.parametrize("question", ["the first one", "which one is the largest?", "and rcts?", "summary?"])
def test_after_a_refused_overview_a_follow_up_is_what_it_would_be_without_it(
    understander: Understander, question: str
) -> None:
    assert understood(understander, question, LIST, "summary?", "tldr") == understood(understander, question, LIST)


def test_an_overview_that_was_told_is_leant_on(understander: Understander) -> None:
    asked = understood(understander, "and how old were they?", "what was the dose in NCT90000002?", "summary?")
    assert asked.about == ("NCT90000002",)
