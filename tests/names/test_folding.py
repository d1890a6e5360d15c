from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.names import fold, fold_units, name_key, name_keys


@pytest.mark.parametrize(
    "written",
    [
        ("Tα1", "Ta1", "T-alpha-1", "t alpha 1", "TΑ1", "T\u2011α\u20111"),
        ("5-yr", "5 year", "five-year", "Five Year"),
        ("mg/m²", "mg/m2", "MG / M2"),
        ("10⁹/L", "10 9/l"),
        ("50 µg", "50 μg", "50 mcg"),
        ("tumour", "tumor"),
        ("haematological", "hematological"),
        ("oesophageal", "esophageal"),
        ("randomised", "randomized"),
        ("leukaemia", "leukemia"),
        ("oestrogen", "estrogen"),
        ("diarrhoea", "diarrhea"),
        ("centre", "center"),
        ("labelled", "labeled"),
        ("Phase II", "phase 2", "PHASE ii"),
        ("Phase I/II", "phase 1/2", "phase I-II"),
        ("Stage IIIA", "stage 3a"),
        ("grade III or IV", "Grade 3 or 4"),
        ("HER2", "HER-2", "her 2"),
        ("Ga-68", "Ga68", "ga 68"),
        ("TNF-α", "TNF-alpha", "TNFa", "TNF alpha"),
        ("Crohn’s disease", "Crohn's disease", "crohn disease"),
        ("naïve", "naive", "nai\u0308ve"),
        ("Herceptin™", "herceptin"),
        ("1,234 patients", "1234 patients"),
        ("≥ 55%", "55"),
        ("non‐small–cell lung", "non-small cell lung"),
        ("ﬁbrosis", "fibrosis"),
    ],
    ids=lambda written: written[0],
)
def test_what_is_the_same_in_many_spellings_folds_to_one(written: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in written}) == 1, [fold(spelling) for spelling in written]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("phase IIa", "phase II alpha"),
        ("Ca2", "C-alpha-2"),
        ("IIb", "II beta"),
        ("m", "mu"),
        ("four", "for"),
        ("hour", "hor"),
        ("type of i", "type of 1"),
    ],
)
def test_what_is_different_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_what_was_written_as_one_word_stays_together() -> None:
    assert fold_units("Tα1 in five-year survival (mg/m²)") == ("t alpha 1", "in", "5 year", "survival", "mg m 2")


@pytest.mark.parametrize(
    "names",
    [
        ("CTCs", "CTC", "ctc", "ctcs"),
        ("circulating tumor cells", "Circulating Tumour Cell", "circulating-tumor cells"),
        ("Tα1", "ta1", "T-alpha-1"),
        ("thymosin-alpha-1", "Thymosin α1", "thymosin alpha1", "THYMOSIN ALPHA 1", "thymosin a1"),
        ("antibodies", "antibody"),
    ],
    ids=lambda names: names[0],
)
def test_a_name_has_one_key_in_every_spelling(names: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in names}) == 1


def test_an_abbreviation_that_ends_in_s_is_no_plural() -> None:
    assert name_key("MDS") == "mds"
    assert name_key("MDS") != name_key("MD")
    assert "mds" in name_keys("mds")
    assert "aids" in name_keys("aids")
    assert name_keys("—") == frozenset()


@given(st.text(max_size=60))
def test_folding_any_text_gives_words_of_letters_and_digits(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.isalnum() for word in folded.split())
    assert " ".join(fold_units(text)) == folded


@given(
    st.lists(
        st.sampled_from(["Tα1", "phase", "II", "5-yr", "1.6", "mg/m²", "tumour", "(CTCs)", "≥", "the"]), max_size=8
    )
)
def test_space_and_case_do_not_count(words: list[str]) -> None:
    assert fold(" ".join(words)) == fold("\n\t".join(words)) == fold(fold(" ".join(words)))
