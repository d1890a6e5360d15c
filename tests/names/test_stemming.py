from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.library.schema import FTS_TOKENIZER
from digestqa.names import fold
from digestqa.names.occurrences import Occurrences, stems
from digestqa.names.stemming import stem

ENDINGS = (
    "s sses ies ss ed eed ing ated bling izing tting lling sional ational enci anci izer logi bli alli entli eli ousli "
    "ization ation ator alism iveness fulness ousness aliti iviti biliti icate ative alize iciti ical ful ness al ance "
    "ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize e y ll"
).split()


def stems_of_the_index(words: list[str]) -> list[list[str]]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(word, tokenize='{FTS_TOKENIZER}')")
    connection.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", enumerate(words))
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(words, instance)")
    found: list[list[str]] = [[] for _ in words]
    for term, row in connection.execute("SELECT term, doc FROM terms ORDER BY doc, offset"):
        found[row].append(term)
    connection.close()
    return found


@given(st.lists(st.text("abcdeiklmnoprstuvy", min_size=1, max_size=7), min_size=1, max_size=6), st.data())
def test_a_stem_is_the_one_of_the_full_text_index(beginnings: list[str], data: st.DataObject) -> None:
    words = [beginning + data.draw(st.sampled_from(["", *ENDINGS])) for beginning in beginnings]
    assert [[stem(word)] for word in words] == stems_of_the_index(words)


@pytest.mark.parametrize("word", ["byyeed", "yyed", "ayying", "sayye"])
def test_a_y_is_a_vowel_behind_a_consonant_alone(word: str) -> None:
    assert [stem(word)] == stems_of_the_index([word])[0]


@pytest.mark.parametrize("word", ["ab", "as", "x" * 61 + "ing", "x" * 62 + "ing", "ä" * 33 + "s", "1990s", "naïveties"])
def test_very_short_and_very_long_words_stay_as_the_index_has_them(word: str) -> None:
    (folded,) = fold(word).split() if len(fold(word).split()) == 1 else [word]
    assert [stem(folded)] == stems_of_the_index([folded])[0]


@given(st.lists(st.sampled_from("pain Pains PAIN her2 HER2-positive overall survival survivals, (survival)".split())))
def test_words_and_phrases_are_counted_as_in_the_folded_text(words: list[str]) -> None:
    text = " ".join(words)
    names = [("pain",), ("surviv",), ("overal", "surviv"), ("her", "2"), ("2", "posit")]
    parts = stems(text)
    expected = [
        sum(parts[at : at + len(name)] == name for at in range(len(parts)))  # both are tuples
        for name in names
    ]
    assert Occurrences(names).of(text) == expected


def test_a_rank_is_counted_however_its_number_is_written() -> None:
    occurrences = Occurrences([("phase", "2")])
    assert [occurrences.of(text) for text in ("a phase II trial", "Phase 2", "phase III", "II phase")] == [
        [1],
        [1],
        [0],
        [0],
    ]
