from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from digestqa import Assistant
from digestqa.errors import QuestionError
from digestqa.library import ingest
from digestqa.reading import Candidate, ReadablePassage
from digestqa.retrieval import Filters
from shelf import PAPER, REPORTED, Shelf, write_digests


class ScriptedReader:
    """A stand-in reader: every passage's first sentence, sure by the passage's section."""

    name = "scripted"
    sha256 = "0" * 64

    def __init__(self, confidence: dict[str, float], threshold: float = 0.5) -> None:
        self._confidence = confidence
        self.threshold = threshold
        self.read_sections: list[str] = []

    def read(self, question: str, passages: Sequence[ReadablePassage]) -> list[Candidate]:
        self.read_sections = [passage.section for passage in passages]
        return [
            Candidate(at, passage.sentences[0], passage.sentences[0], 0.0, self._confidence.get(passage.section, 0.0))
            for at, passage in enumerate(passages)
        ]


@pytest.fixture
def assistant(built_shelf: Shelf) -> Iterator[Assistant]:
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as opened:
        yield opened


def test_each_study_answers_once_and_the_surest_comes_first(assistant: Assistant) -> None:
    assistant.reader = ScriptedReader({"Results": 0.9, "Background": 0.7, "Why It Matters": 0.6})
    reply = assistant.ask("what did the studies find about heart failure, tremor and itching?")
    sources = [answer.citation.source for answer in reply.answers]
    assert len(sources) == len(set(sources)) == 3
    assert [answer.confidence for answer in reply.answers] == sorted(
        (a.confidence for a in reply.answers), reverse=True
    )
    assert reply.confidence == reply.answers[0].confidence


def test_under_the_threshold_nothing_is_answered_and_the_best_confidence_is_kept(assistant: Assistant) -> None:
    assistant.reader = ScriptedReader({"Results": 0.49})
    reply = assistant.ask("what did zelanide do?")
    assert (reply.status, reply.answers, reply.confidence) == ("abstained", (), 0.49)
    assert 1 <= len(reply.nearest) <= 3
    assert len({(near.path, near.start) for near in reply.nearest}) == len(reply.nearest)


@pytest.mark.parametrize(
    ("question", "sure", "status"),
    [
        ("asdf qwer", 0.55, "abstained"),
        ("asdf qwer", 0.75, "answered"),
        ("Qwertitis?", 0.55, "abstained"),
        ("Qwertitis?", 0.75, "answered"),
        ("asdf tremor", 0.55, "answered"),
    ],
)
def test_what_shares_no_word_with_any_digest_is_answered_only_where_the_reader_is_sure(
    assistant: Assistant, question: str, sure: float, status: str
) -> None:
    assistant.reader = ScriptedReader({"Results": sure})
    assert assistant.ask(question).status == status


def test_a_fact_of_the_page_is_told_where_no_digest_has_the_word_for_it(tmp_path: Path) -> None:
    one = Shelf(tmp_path)
    write_digests(one.seeds, {"NCT90000002.txt": REPORTED})
    ingest(one.embeddings, one.seeds)
    with Assistant.open(one.seeds, one.embeddings, reader="sentences") as assistant:
        assistant.reader = ScriptedReader({"Results": 0.55})
        assert assistant.ask("keywords?").status == "answered"


def test_top_keeps_the_surest(assistant: Assistant) -> None:
    assistant.reader = ScriptedReader({"Results": 0.9, "Background": 0.7})
    assert len(assistant.ask("what did the studies find?", top=1).answers) == 1


def test_sections_limit_what_the_reader_gets(assistant: Assistant) -> None:
    reader = ScriptedReader({})
    assistant.reader = reader
    assistant.ask("what did zelanide do?", filters=Filters(sections=("study design",)))
    assert set(reader.read_sections) == {"Study Design"}


def test_the_cited_study_is_that_of_the_digest_that_was_quoted(shelf: Shelf) -> None:
    """Two digests with the same sentences and different ids: each quote cites its own file."""
    (shelf.seeds / "twin.txt").write_text(PAPER.replace("31234567", "39999999"), encoding="utf-8")
    ingest(shelf.embeddings, shelf.seeds)
    with Assistant.open(shelf.seeds, shelf.embeddings, reader="sentences") as assistant:
        assistant.reader = ScriptedReader({"Results": 0.9})
        reply = assistant.ask(
            "by how much did bervamine lower tremor amplitude?", filters=Filters(sections=("Results",))
        )
    by_source = {answer.citation.source: answer for answer in reply.answers}
    assert {"PMID:31234567", "PMID:39999999"} <= set(by_source)
    for source, answer in by_source.items():
        text = (shelf.folder / answer.citation.path).read_text(encoding="utf-8")
        assert text[answer.citation.start : answer.citation.end] == answer.quote
        assert source.removeprefix("PMID:") in text


@pytest.mark.parametrize("question", ["", " \n", "?!", "x" * 4001])
def test_what_is_no_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError):
        assistant.ask(question)


def test_hostile_questions_are_only_words(assistant: Assistant) -> None:
    for question in (
        '" OR 1=1 --',
        "'; DROP TABLE passages; --",
        "NEAR(a b)",
        "a* AND (",
        "\x1b[31m red \x00 ?",
        "𝔘𝔫𝔦",
    ):
        assert assistant.ask(question).status in ("answered", "abstained")


def test_the_quote_is_that_of_the_study_that_has_no_results_and_is_labelled(assistant: Assistant) -> None:
    reply = assistant.ask("what is the primary outcome of the corvimab study?")
    assert reply.answers[0].claim == "expected"
