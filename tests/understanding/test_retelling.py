"""Conversations told over, with numbers of studies in the place of "the first one"."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa.library import Library, ingest
from digestqa.retrieval import Aliases, Filters
from digestqa.retrieval.naming import StudyNaming
from digestqa.understanding import Understander, Understood
from digestqa.understanding.retelling import Retelling, Told
from shelf import write_digests

ONE, TWO, PAPER = "NCT90000001", "NCT90000002", "PMID:31234567"
LIST = "which studies mention a dose?"
FIGURE = "how many patients were treated?"
COMPARED = "compare NCT90000001 and NCT90000002"
ANSWERED = {LIST: (TWO, ONE), FIGURE: (PAPER, ONE, TWO), COMPARED: (ONE, TWO), "which trials were stopped early?": ()}


@pytest.fixture
def retelling(tmp_path: Path) -> Iterator[Retelling]:
    write_digests(tmp_path / "seeds")
    ingest(tmp_path / "embeddings", tmp_path / "seeds", no_embed=True)

    def cited_by(earlier: Understood) -> tuple[str, ...]:
        return ANSWERED.get(earlier.asked or earlier.text, earlier.about)

    with Library.open(tmp_path / "embeddings", tmp_path / "seeds") as library:
        understander = Understander(library, StudyNaming(library, Aliases(library)))
        yield Retelling(
            lambda question, history: understander.understand(question, history, Filters(), cited_by),
            cited_by,
            cited_by,
        )


def test_a_list_leads_to_overviews_in_the_order_of_its_reply(retelling: Retelling) -> None:
    assert retelling.tell("the first one", [LIST]) == Told(f"tell me about {TWO}", (LIST,), (TWO,))
    assert retelling.tell("and the second?", [LIST, "the first one"]).question == f"tell me about {ONE}"


def test_a_figure_is_asked_of_the_study_that_is_meant(retelling: Retelling) -> None:
    told = retelling.tell("and the last?", [FIGURE])
    assert told.question == f"how many patients were treated in {TWO}?"


def test_of_two_that_were_compared_one_is_told_as_a_whole(retelling: Retelling) -> None:
    assert retelling.tell("the second one", [COMPARED]).question == f"tell me about {TWO}"


def test_earlier_questions_are_told_over_too(retelling: Retelling) -> None:
    told = retelling.tell("and how old were they?", [LIST, "the second one", "thanks"])
    assert told == Told("and how old were they?", (LIST, f"tell me about {ONE}", "thanks"))


def test_what_leant_on_one_study_leans_on_the_other(retelling: Retelling) -> None:
    told = retelling.tell("and the other one?", [LIST, "the first one", "how old were they?"])
    assert told.question == "how old were they?"
    assert told.history[-1] == f"tell me about {ONE}"
    assert told.within == (ONE,)


def test_what_points_at_nothing_is_left_out_of_the_history(retelling: Retelling) -> None:
    told = retelling.tell("the second one", [LIST, "the ninth one"])
    assert told == Told(f"tell me about {ONE}", (LIST,), (ONE,))


def test_a_list_that_found_none_has_no_first_one(retelling: Retelling) -> None:
    assert retelling.tell("the first one", ["which trials were stopped early?"]).missing


def test_the_studies_that_the_asker_knows_count(retelling: Retelling) -> None:
    assert retelling.tell("the first one", [LIST], (ONE, PAPER)).within == (ONE,)
    assert retelling.tell("the first one", [LIST], (ONE, TWO)).within == (TWO,)


def test_the_largest_of_a_list_is_the_one_that_is_spoken_of_after(retelling: Retelling) -> None:
    told = retelling.tell("which one is the largest?", [LIST])
    assert (told.question, set(told.within)) == ("which of them is the largest?", {ONE, TWO})


@pytest.mark.parametrize(
    "question", ["and the hazard ratio?", "what is the primary outcome?", "which trials are recruiting?", "why?"]
)
def test_other_questions_are_told_as_they_are(retelling: Retelling, question: str) -> None:
    assert retelling.tell(question, [LIST, FIGURE]) == Told(question, (LIST, FIGURE))


def test_a_long_conversation_is_told_over_at_once(retelling: Retelling) -> None:
    history = [LIST, *["the first one", "how old were they?", "and the other one?"] * 6]
    began = time.perf_counter()
    told = retelling.tell("and the other one?", history)
    assert told.within
    assert time.perf_counter() - began < 20
