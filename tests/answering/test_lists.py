"""How many answers are given: of lists, of studies asked about one by one, and where somebody says how many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digestqa import Assistant
from digestqa.answering.choosing import MAX_ANSWERS, most_answers
from digestqa.answering.citing import Finding
from digestqa.answering.lists import with_further
from digestqa.retrieval import Filters
from digestqa.understanding import Understood
from shelf import Shelf


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (None, [1.0, 0.95, 0.9, 0.8, 0.75, 0.7]),
        (5, [1.0, 0.95, 0.9, 0.8, 0.75]),
        (3, [1.0, 0.95, 0.8]),
        (2, [1.0, 0.8]),
        (1, [1.0, 0.8]),
    ],
)
def test_a_further_sentence_takes_no_studys_place(assistant: Assistant, most: int | None, told: list[float]) -> None:
    first, second = sorted(assistant.library.digests(), key=lambda digest: digest.source)[:2]
    findings = [Finding(first, "Results", (at, at + 1), (at, at + 1), 1.0 - at / 20) for at in range(4)]
    findings += [Finding(second, "Results", (at, at + 1), (at, at + 1), 0.8 - at / 20) for at in range(4)]
    chosen = [findings[0], findings[4]]
    assert [item.confidence for item in with_further(chosen, findings, most)] == pytest.approx(told)


@pytest.mark.parametrize("top", [1, 2, 3])
@pytest.mark.parametrize(
    "question", ["what were the side effects of zelanide?", "what are the results of corvimab?", "list the outcomes"]
)
def test_no_more_answers_are_given_than_were_asked_for(built_shelf: Shelf, question: str, top: int) -> None:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings) as assistant:
        assert len(assistant.ask(question, top=top).answers) <= top


def test_each_of_many_studies_that_were_named_may_answer() -> None:
    eight = Filters(sources=tuple(f"NCT9000000{number}" for number in range(8)))
    assert most_answers(Understood("dose?", "dose?", eight, reading="each")) == 8
    assert most_answers(Understood("dose?", "dose?", eight)) == MAX_ANSWERS
    assert most_answers(Understood("dose?", "dose?", Filters(), reading="each")) == MAX_ANSWERS
