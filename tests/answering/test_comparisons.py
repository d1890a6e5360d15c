"""What a question about several studies asks of each of them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from digestqa import Assistant
from digestqa.answering.choosing import choose
from digestqa.answering.citing import Finding
from digestqa.answering.comparisons import asked_of_one
from digestqa.library.digest_ids import DigestIds
from digestqa.retrieval import Filters
from digestqa.retrieval.naming import DescribingTerm, Description, DigestScores, StudyNaming
from digestqa.understanding import Understood
from shelf import Shelf


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


def _asked(assistant: Assistant, question: str, source: str) -> str:
    described = StudyNaming(assistant.library, assistant.retriever.aliases).describe(question)
    own = next(iter(assistant.library.find_digests(source))).id
    others = {digest.id for digest in assistant.library.digests()} - {own}
    return asked_of_one(question, described, own, others, source)


@pytest.mark.parametrize(
    ("question", "of_corvimab", "of_zelanide"),
    [
        ("dose given: corvimab vs zelanide", "dose given: corvimab", "dose given: vs zelanide"),
        (
            "How does the dose differ between the corvimab and the zelanide trials?",
            "what is the dose in the corvimab?",
            "what is the dose in and the zelanide trials?",
        ),
        (
            "compare NCT90000001 and NCT90000002 on the number of milligrams given",
            "NCT90000001 on the number of milligrams given",
            "NCT90000002 on the number of milligrams given",
        ),
    ],
)
def test_what_names_the_other_study_is_left_out(
    assistant: Assistant, question: str, of_corvimab: str, of_zelanide: str
) -> None:
    assert _asked(assistant, question, "NCT90000001") == of_corvimab
    assert _asked(assistant, question, "NCT90000002") == of_zelanide


def _term(text: str, *studies: int) -> DescribingTerm:
    ids = DigestIds.of(studies)
    return DescribingTerm(text, text, 1.0, ids, ids, DigestIds.of(()), frame=False)


def _described(*terms: DescribingTerm) -> Description:
    return Description(terms, DigestScores(np.empty(0, dtype=np.int64), np.empty(0)), 2)


@pytest.mark.parametrize("words", [("thymosin", "alpha"), ("thymosin alpha 1", "thymosin", "alpha", "alpha 1")])
def test_a_name_of_several_words_is_left_out_once(words: tuple[str, ...]) -> None:
    described = _described(*(_term(word, 1) for word in words), _term("sirolimus", 2))
    asked = asked_of_one("compare thymosin alpha 1 with sirolimus trial", described, 2, [1])
    assert asked.endswith("sirolimus trial")
    assert not {"thymosin", "alpha"} & set(asked.split())


@pytest.mark.parametrize("run", [", ", ",", "-", "- + ", "& ; / + ", "the ", " "])
def test_a_long_run_of_what_joins_costs_little(run: str) -> None:
    question = f"LVEF: corvimab vs zelanide{run * (3900 // len(run))}x"
    described = _described(_term("corvimab", 1), _term("zelanide", 2))
    began = time.perf_counter()
    asked_of_one(question, described, 1, [2])
    assert time.perf_counter() - began < 5


def test_a_question_that_names_no_other_study_is_put_as_it_is(assistant: Assistant) -> None:
    question = "how often was each drug given?"
    assert _asked(assistant, question, "NCT90000001") == question


def test_something_is_left_to_ask(assistant: Assistant) -> None:
    assert _asked(assistant, "zelanide?", "NCT90000001") == "zelanide?"


def test_compared_studies_each_give_their_own_figure(built_shelf: Shelf) -> None:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings) as assistant:
        reply = assistant.ask("dose in mg: the corvimab trial vs the zelanide one")
    by_source = {answer.citation.source: answer.quote for answer in reply.answers}
    assert "300 mg" in by_source["NCT90000001"]
    assert "20 mg once daily" in by_source["NCT90000002"]


@pytest.mark.parametrize(("confidences", "given"), [((0.5, 0.3), 2), ((0.4, 0.3), 2), ((0.5, 0.2), 1), ((0.3, 0.3), 0)])
def test_a_further_study_may_be_less_sure_but_not_all_of_them(
    assistant: Assistant, confidences: tuple[float, ...], given: int
) -> None:
    understood = Understood("corvimab vs zelanide", "corvimab vs zelanide", Filters(), reading="each")
    digests = sorted(assistant.library.digests(), key=lambda digest: digest.source)
    findings = [
        Finding(digest, "Results", (0, 1), (0, 1), confidence)
        for digest, confidence in zip(digests, confidences, strict=False)
    ]
    assert len(choose(findings, understood, 0.5)) == given
