"""Conversations told over, with numbers of studies in the place of "the first one"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from digestqa.library import Library, ingest
from digestqa.retrieval import Aliases, Filters
from digestqa.retrieval.naming import StudyNaming
from digestqa.understanding import Understander, Understood
from digestqa.understanding.retelling import Retelling, Told
from shelf import write_digests

ONE, TWO, PAPER = "NCT90000001", "NCT90000002", "PMID:31234567"
UNNUMBERED = "ISRCTN12345678"
LIST = "which studies mention a dose?"
FIGURE = "how many patients were treated?"
COMPARED = "compare NCT90000001 and NCT90000002"
ALL = "which studies are there?"
OTHERS = "which studies are reviews?"
ANSWERED = {
    LIST: (TWO, ONE),
    FIGURE: (PAPER, ONE, TWO),
    COMPARED: (ONE, TWO),
    ALL: (ONE, TWO, PAPER),
    OTHERS: (ONE, UNNUMBERED),
    "which trials were stopped early?": (),
}


@dataclass
class Conversation:
    """One question after others.

    Attributes:
        understander: understands them.
        understood: how many were asked to be understood.
        answered: how many were asked to be answered.
    """

    understander: Understander
    understood: int = 0
    answered: int = 0

    def tell(self, question: str, history: Sequence[str], cited: Sequence[str] | None = None) -> Told:
        return Retelling(self._understand, self._cited_by, self._cited_by).tell(question, history, cited)

    def _understand(self, question: str, history: Sequence[str]) -> Understood:
        self.understood += 1
        return self.understander._told_over(question, history, Filters(), self._cited_by)

    def _cited_by(self, earlier: Understood) -> tuple[str, ...]:
        self.answered += 1
        return ANSWERED.get(earlier.asked or earlier.text, earlier.about)


@pytest.fixture
def retelling(tmp_path: Path) -> Iterator[Conversation]:
    write_digests(tmp_path / "seeds")
    ingest(tmp_path / "embeddings", tmp_path / "seeds", no_embed=True)

    with Library.open(tmp_path / "embeddings", tmp_path / "seeds") as library:
        yield Conversation(Understander(library, StudyNaming(library, Aliases(library))))


def test_a_list_leads_to_overviews_in_the_order_of_its_reply(retelling: Conversation) -> None:
    assert retelling.tell("the first one", [LIST]) == Told(f"tell me about {TWO}", (LIST,), (TWO,))
    assert retelling.tell("and the second?", [LIST, "the first one"]).question == f"tell me about {ONE}"


def test_a_figure_is_asked_of_the_study_that_is_meant(retelling: Conversation) -> None:
    told = retelling.tell("and the last?", [FIGURE])
    assert told.question == f"how many patients were treated in {TWO}?"


def test_of_two_that_were_compared_one_is_told_as_a_whole(retelling: Conversation) -> None:
    assert retelling.tell("the second one", [COMPARED]).question == f"tell me about {TWO}"


def test_earlier_questions_are_told_over_too(retelling: Conversation) -> None:
    told = retelling.tell("and how old were they?", [LIST, "the second one", "thanks"])
    assert told == Told("and how old were they?", (LIST, f"tell me about {ONE}", "thanks"))


def test_what_leant_on_one_study_leans_on_the_other(retelling: Conversation) -> None:
    told = retelling.tell("and the other one?", [LIST, "the first one", "how old were they?"])
    assert told.question == "how old were they?"
    assert told.history[-1] == f"tell me about {ONE}"
    assert told.within == (ONE,)


def test_what_points_at_nothing_is_left_out_of_the_history(retelling: Conversation) -> None:
    told = retelling.tell("the second one", [LIST, "the ninth one"])
    assert told == Told(f"tell me about {ONE}", (LIST,), (ONE,))


def test_a_list_that_found_none_has_no_first_one(retelling: Conversation) -> None:
    assert retelling.tell("the first one", ["which trials were stopped early?"]).missing


def test_the_studies_that_the_asker_knows_count(retelling: Conversation) -> None:
    assert retelling.tell("the first one", [LIST], (ONE, PAPER)).within == (ONE,)
    assert retelling.tell("the first one", [LIST], (ONE, TWO)).within == (TWO,)


def test_the_largest_of_a_list_is_the_one_that_is_spoken_of_after(retelling: Conversation) -> None:
    told = retelling.tell("which one is the largest?", [LIST])
    assert (told.question, set(told.within)) == ("which of them is the largest?", {ONE, TWO})


@pytest.mark.parametrize(
    "question", ["and the hazard ratio?", "what is the primary outcome?", "which trials are recruiting?", "why?"]
)
def test_other_questions_are_told_as_they_are(retelling: Conversation, question: str) -> None:
    assert retelling.tell(question, [LIST, FIGURE]) == Told(question, (LIST, FIGURE))


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("how many responded in the zelanide group?", "and the other one?"),
        ("what was the response rate in the placebo arm?", "and the other?"),
        ("what doses were tested?", "and the first one?"),
        ("what are the two primary endpoints?", "and the first?"),
        ("which cohorts had toxicity in NCT90000001?", "and in the first one?"),
        ("what doses were given in all cohorts of NCT90000001?", "and in the first one?"),
    ],
)
def test_another_group_or_dose_is_no_other_study_unless_it_says_so(
    retelling: Conversation, asked: str, question: str
) -> None:
    history = (LIST, f"tell me about {ONE}", asked)
    assert retelling.tell(question, [LIST, "the second one", asked]) == Told(question, history)
    assert retelling.tell("and in the first study?", [LIST, "the second one", asked]).within == (TWO,)


def test_after_a_question_over_several_studies_the_first_one_is_a_study(retelling: Conversation) -> None:
    asked = f"what doses were given in {ONE} and {TWO}?"
    assert retelling.tell("and the first one?", [asked]).within == (ONE,)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("compare the first one and the third one", f"compare {ONE} and {PAPER}"),
        ("was the first trial larger than the second one?", f"was {ONE} larger than {TWO}?"),
        ("the first and the last one", f"tell me about {ONE} and {PAPER}"),
    ],
)
def test_of_several_that_are_pointed_at_none_is_left_out(retelling: Conversation, question: str, told: str) -> None:
    assert retelling.tell(question, [ALL]).question == told


def test_several_other_studies_are_all_that_were_not_spoken_of(retelling: Conversation) -> None:
    for question in ("what was the death rate in the other studies?", "other studies?", "and the other two?"):
        assert retelling.tell(question, [ALL, "the first one"]).within == (TWO, PAPER)


@pytest.mark.parametrize(
    "question", ["What did the previous studies show?", "how many rolled over from the first study?"]
)
def test_a_programme_of_studies_is_not_the_list(retelling: Conversation, question: str) -> None:
    assert retelling.tell(question, [ALL, "the second one"]) == Told(question, (ALL, f"tell me about {TWO}"))


@pytest.mark.parametrize(
    "counting", ["how many pages has the questionnaire in NCT90000001?", "how many cohorts were there?"]
)
def test_pages_and_cohorts_of_one_study_are_no_list(retelling: Conversation, counting: str) -> None:
    assert "tell me about" not in retelling.tell("and in the first one?", [LIST, "the second one", counting]).question


@pytest.mark.parametrize("before", [(), (LIST, "the second one")])
def test_the_latest_of_other_things_is_no_list(retelling: Conversation, before: tuple[str, ...]) -> None:
    history = [*before, f"when was the outcome measured in {ONE}?", "the latest?"]
    told = retelling.tell("and the first one?", history)
    assert (told.question, told.within) == ("and the first one?", ())
    if before:
        assert retelling.tell("and the first study?", history).within == (TWO,)


def test_of_a_study_without_a_number_is_said_how_it_can_be_asked(retelling: Conversation) -> None:
    missing = retelling.tell("the second one", [OTHERS]).missing
    assert f"--trial {UNNUMBERED}" in missing
    assert "cannot be known" not in missing
    assert retelling.tell("the first one", [OTHERS]).within == (ONE,)


def test_in_a_long_conversation_each_question_is_understood_once(retelling: Conversation) -> None:
    history = [LIST, *["the first one", "how old were they?", "and the other one?"] * 6]
    assert retelling.tell("and the other one?", history).within
    # A question that is told over for another study has that study's before it.
    assert retelling.understood <= 2 * len(history)
    assert retelling.answered <= 2 * len(history)
