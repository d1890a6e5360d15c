from __future__ import annotations

from pathlib import Path

import pytest

from digestqa.evaluation.questions import EvalQuestion
from digestqa.evaluation.rightness import cites, exact_match, holds_answer, right_passages, token_f1
from digestqa.library import Library, ingest
from shelf import REPORTED, Shelf


@pytest.mark.parametrize(
    ("wanted", "source", "path", "right"),
    [
        ("NCT90000002", "NCT90000002", "seeds/a.txt", True),
        ("nct90000002", "NCT90000002", "seeds/a.txt", True),
        ("clinicaltrials:NCT90000002", "NCT90000002", "a.txt", True),
        ("31234567", "PMID:31234567", "a.txt", True),
        ("pubmed: 31234567", "PMID:31234567", "a.txt", True),
        ("page-7", "NCT90000002", "seeds/deep/page-7.md", True),
        ("NCT90000002", "NCT90000001", "seeds/NCT90000001.txt", False),
    ],
)
def test_a_citation_is_right_by_its_study_or_its_file(wanted: str, source: str, path: str, right: bool) -> None:
    assert cites([wanted], source, path) is right
    assert cites(["NCT99999999", wanted], source, path) is right


def test_a_quote_is_right_when_it_holds_an_acceptable_span_however_spaced() -> None:
    assert holds_answer("The dose  was\n20 mg daily.", ["40 mg", "was 20  mg"])
    assert not holds_answer("The dose was 20 mg.", ["20 MG"])


def test_a_padded_quote_is_not_right() -> None:
    assert holds_answer("20 mg " + "x" * 594, ["20 mg"])
    assert not holds_answer("20 mg " + "x" * 595, ["20 mg"])


@pytest.mark.parametrize(
    ("given", "wanted", "f1"),
    [
        ("20 mg", ["20 mg"], 1.0),
        ("The 20-mg dose", ["a 20 mg"], 0.8),  # 20 mg dose against 20 mg: 2 × 2 / (3 + 2)
        ("20 mg daily", ["40 mg", "20 mg once daily"], 6 / 7),
        ("mg mg", ["mg"], 2 / 3),
        ("nothing", ["20 mg"], 0.0),
        ("the", ["20 mg"], 0.0),
    ],
)
def test_f1_is_over_normalised_words_against_the_nearest_span(given: str, wanted: list[str], f1: float) -> None:
    assert token_f1(given, wanted) == pytest.approx(f1)


def test_an_exact_match_looks_past_case_articles_and_punctuation() -> None:
    assert exact_match("the HR 0.46 (95% CI 0.22–0.94)", ["40", "HR 0.46, 95% CI 0.22-0.94"])
    assert not exact_match("HR 0.46", ["HR 0.46 with zelanide"])


def passages_of(shelf: Shelf, question: EvalQuestion) -> list[str]:
    with Library.open(shelf.embeddings, shelf.seeds) as library:
        ids = sorted(right_passages(question, library))
        return [passage.text for passage in library.passages(ids)]


def test_the_right_passage_holds_the_span_in_the_given_sentence(built_shelf: Shelf) -> None:
    question = EvalQuestion(
        id="a",
        question="what dose?",
        answers=("20 mg  once daily", "zelanide"),
        sources=("NCT90000002",),
        sentences=("Zelanide was given at\n20 mg once daily for 90 days.",),
    )
    (text,) = passages_of(built_shelf, question)
    assert "20 mg once daily for 90 days" in text


@pytest.mark.parametrize("wanted", ["31234599", "PMID:31234599", "pubmed: 31234599", "a-page"])
def test_a_study_that_a_citation_may_name_has_its_right_passages_however_it_is_written(
    shelf: Shelf, wanted: str
) -> None:
    page = REPORTED.replace("clinicaltrials:NCT90000002", "pubmed:31234599").replace("20 mg", "25 mg")
    (shelf.seeds / "a-page.txt").write_text(page, encoding="utf-8")
    ingest(shelf.embeddings, shelf.seeds, no_embed=True)
    question = EvalQuestion(id="a", question="what dose?", answers=("25 mg",), sources=(wanted,))
    assert cites([wanted], "PMID:31234599", "seeds/a-page.txt")
    (text,) = passages_of(shelf, question)
    assert "25 mg once daily" in text


@pytest.mark.parametrize("wanted", ["NCT: NCT90000002", "clinicaltrials : NCT90000002", "nct90000002"])
def test_a_registry_before_a_number_is_passed_over(built_shelf: Shelf, wanted: str) -> None:
    question = EvalQuestion(id="a", question="what dose?", answers=("20 mg once daily",), sources=(wanted,))
    assert cites([wanted], "NCT90000002", "seeds/a.txt")
    assert passages_of(built_shelf, question)


def test_without_the_sentence_a_span_anywhere_in_the_study_serves(built_shelf: Shelf) -> None:
    question = EvalQuestion(id="a", question="what?", answers=("heart failure",), sources=("NCT90000002",))
    assert all("heart failure" in text for text in passages_of(built_shelf, question))
    assert passages_of(built_shelf, question)


def test_a_span_that_the_sentence_does_not_hold_leaves_the_sentence(built_shelf: Shelf) -> None:
    sentence = "Nobody died of low potassium."
    question = EvalQuestion(
        id="a", question="deaths?", answers=("heart failure",), sources=("NCT90000002",), sentences=(sentence,)
    )
    texts = passages_of(built_shelf, question)
    assert texts
    assert all(sentence in text for text in texts)


def test_no_passage_is_right_for_what_is_not_said_or_of_another_study(built_shelf: Shelf, tmp_path: Path) -> None:
    assert passages_of(built_shelf, EvalQuestion(id="a", question="what?", sources=("NCT90000002",))) == []
    other = EvalQuestion(id="a", question="what dose?", answers=("20 mg",), sources=("NCT90000001", "NCT1"))
    assert passages_of(built_shelf, other) == []
