"""What a reply leaves for the question after it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digestqa.replies import Reply
from digestqa.retrieval.scope import Filters
from saved_turns import a_citation, a_reply

BOTH = Filters(sources=("NCT90000001", "NCT90000002"))


def _reply(question: str, *sources: str, filters: Filters | None = None, carried: bool = False) -> Reply:
    """A reply that cites these studies."""
    made = a_reply(question, *(f"{source} says." for source in sources), filters=filters)
    answers = tuple(
        replace(answer, citation=a_citation(answer.quote, source=source))
        for answer, source in zip(made.answers, sources, strict=True)
    )
    return replace(made, answers=answers, carried=carried)


def test_the_cited_studies_are_spoken_of_each_once() -> None:
    assert _reply("what dose?", "NCT90000002", "NCT90000001", "NCT90000002").spoken_of == ("NCT90000002", "NCT90000001")


def test_of_several_that_it_was_about_one_without_an_answer_is_still_spoken_of() -> None:
    assert _reply("compare their doses", "NCT90000002", filters=BOTH).spoken_of == BOTH.sources


def test_a_question_that_chose_among_studies_speaks_of_its_choice() -> None:
    asked = "which of these were randomised?"
    assert _reply(asked, "NCT90000002", filters=BOTH, carried=True).spoken_of == ("NCT90000002",)


@pytest.mark.parametrize(
    ("filters", "carried", "spoken_of"),
    [
        (Filters(), False, None),
        (BOTH, False, None),
        (BOTH, True, BOTH.sources),
        (Filters(sources=("",)), True, None),
    ],
)
def test_an_abstention_leaves_only_what_was_carried_into_it(
    filters: Filters, *, carried: bool, spoken_of: tuple[str, ...] | None
) -> None:
    assert _reply("what dose?", filters=filters, carried=carried).spoken_of == spoken_of
