from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.encoders.sentence_transformer import SentenceTransformerEncoder
from digestqa.encoders.tokens import length_sorted_batches, tokenizable


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(1, 1000))
def test_every_text_is_in_one_batch_and_batches_keep_to_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(length_sorted_batches(lengths, budget))

    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        assert (
            len(batch) == 1
            or len(batch) * max(lengths[position] for position in batch) <= budget
            or not any(lengths[position] for position in batch)
        )


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(1, 1000))
def test_longer_texts_come_first(lengths: list[int], budget: int) -> None:
    order = [lengths[position] for batch in length_sorted_batches(lengths, budget) for position in batch]

    assert order == sorted(lengths, reverse=True)


@given(st.text())
def test_text_that_is_text_is_left_as_it_is(text: str) -> None:
    assert tokenizable(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\ud800b", "a\ufffdb"), ("\udfff", "\ufffd"), ("\ud83d\ude00", "😀"), ("\ude00\ud83d", "\ufffd\ufffd")],
)
def test_lone_surrogates_become_replacement_characters(text: str, expected: str) -> None:
    assert tokenizable(text) == expected


def test_a_long_text_is_cut_to_the_models_length(tiny_encoder: SentenceTransformerEncoder) -> None:
    assert tiny_encoder.tokenizer is not None
    arrays = tiny_encoder.tokenizer.single("survival " * 1000)

    assert arrays["input_ids"].shape == (1, tiny_encoder.identity.max_length)
    assert arrays["input_ids"][0, -1] == 3  # the closing [SEP] is kept


def test_shorter_texts_of_a_batch_are_padded_and_masked(tiny_encoder: SentenceTransformerEncoder) -> None:
    assert tiny_encoder.tokenizer is not None
    arrays = tiny_encoder.tokenizer.padded(["abc", "a"])

    assert arrays["attention_mask"].tolist() == [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]
    assert arrays["input_ids"][1, 3:].tolist() == [0, 0]
