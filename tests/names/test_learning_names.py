from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.digests import parse_digest
from digestqa.names import NamePair, name_key, names_of

PAGE = """Back to {name} research
{slug} immune modulator rct 2024-06-30 ClinicalTrials

{headline}

A Trial of {name} in Sepsis

Background

{background}

Results

{results}


{slug} immune modulator sepsis dose mentioned
Source: clinicaltrials:NCT00000001 · Ingested 2026-04-16 · Digest: gemini-2.5-flash"""


def learnt(
    background: str = "",
    results: str = "Nothing is known.",
    *,
    name: str = "Thymosin Alpha 1",
    slug: str = "thymosin-alpha-1",
    headline: str = "A Study Reports",
) -> tuple[NamePair, ...]:
    text = PAGE.format(name=name, slug=slug, headline=headline, background=background or "x", results=results)
    digest = parse_digest(text, sha256="0" * 64, name="NCT00000001.txt")
    pairs = names_of(digest)
    for pair in pairs:
        assert pair.short in text[pair.start : pair.end]
        assert pair.kind != "abbreviation" or pair.long in text[pair.start : pair.end]
    return pairs


def abbreviations(text: str) -> list[tuple[str, str]]:
    return [(pair.short, pair.long) for pair in learnt(text) if pair.kind == "abbreviation"]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("We counted circulating tumor cells (CTCs) weekly.", ("CTCs", "circulating tumor cells")),
        ("CTCs (circulating tumor cells) were counted.", ("CTCs", "circulating tumor cells")),
        ("The hazard ratio [HR] was 0.7.", ("HR", "hazard ratio")),
        ("Thymosin alpha 1 (Tα1) was given.", ("Tα1", "Thymosin alpha 1")),
        ("They measured tumor necrosis factor alpha (TNF-α).", ("TNF-α", "tumor necrosis factor alpha")),
        ("γ-aminobutyric acid (GABA) rose.", ("GABA", "γ-aminobutyric acid")),
        ("Strongly oestrogen receptor (ER) positive disease.", ("ER", "oestrogen receptor")),
        ("In relapsed multiple myeloma (MM) it failed.", ("MM", "multiple myeloma")),
        ("The Patient Health Questionnaire (PHQ-9) was used.", ("PHQ-9", "Patient Health Questionnaire")),
        ("It was 0.9 (95% confidence interval [CI], 0.5 to 1.2).", ("CI", "confidence interval")),
        ("It was 0.9 (95% confidence interval (CI) 0.5 to 1.2).", ("CI", "confidence interval")),
        ("Median progression-free survival (PFS; months) rose.", ("PFS", "progression-free survival")),
        (
            "A human epidermal growth factor receptor 2 (HER2) test.",
            ("HER2", "human epidermal growth factor receptor 2"),
        ),
    ],
)
def test_an_abbreviation_is_learnt_with_its_long_form(text: str, pair: tuple[str, str]) -> None:
    assert abbreviations(text) == [pair]


@pytest.mark.parametrize(
    "text",
    [
        "Events were seen in 5 patients (31.6%).",
        "The rate was lower (p < 0.001).",
        "Given by mouth twice daily (BID).",
        "Half received the drug at random (arm A).",
        "Cells were infused (part B) later.",
        "They took doxorubicin and cyclophosphamide (AC).",
        "Some had grade 3 events (III).",
        "Whether NT1 or type 2 (NT2) was found.",
        "A note (see Table 2) follows.",
        "Deaths were rare. Surgery (DR) was not.",
        "( ) [] (( )",
    ],
)
def test_brackets_that_define_nothing_teach_nothing(text: str) -> None:
    assert abbreviations(text) == []


def test_a_long_form_does_not_reach_over_a_sentences_end() -> None:
    assert abbreviations("They saw circulating cells. Tumor cells (CTC) died.") == []


def test_a_compound_has_all_the_spellings_of_its_page() -> None:
    pairs = learnt("Thymosin α1 and thymosin alpha1 are thymosin-alpha-1.", headline="Thymosin Alpha-1 Is Tried")
    spellings = {pair.short for pair in pairs if pair.kind == "compound"}
    assert {"thymosin-alpha-1", "Thymosin Alpha 1", "Thymosin α1", "thymosin alpha1", "Thymosin Alpha-1"} <= spellings
    assert {pair.long for pair in pairs} == {"thymosin-alpha-1"}
    assert {name_key(spelling) for spelling in spellings} == {name_key("thymosin-alpha-1")}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Thymosin alpha 1 (thymalfasin) was given.", "thymalfasin"),
        ("Thymosin alpha-1, also known as thymalfasin, was given.", "thymalfasin"),
        ("Thymosin alpha-1, sold as Zadaxin, was given.", "Zadaxin"),
        ("Thymosin α1 (Zadaxin, SciClone) was given.", "Zadaxin"),
        ("Zadaxin (thymosin alpha 1) was given.", "Zadaxin"),
        ("Thymosin alpha 1 (SM-1234) was given.", "SM-1234"),
        ("Thymosin alpha 1 (SM-1234, also known as BI 853520) was given.", "BI 853520"),
    ],
)
def test_another_name_beside_the_compound_is_learnt(text: str, name: str) -> None:
    pairs = [pair for pair in learnt(text) if pair.kind == "synonym"]
    assert (name, "thymosin-alpha-1") in [(pair.short, pair.long) for pair in pairs]
    assert "SciClone" not in [pair.short for pair in pairs]


@pytest.mark.parametrize(
    "text",
    [
        "Thymosin alpha 1 (weekly) was given.",
        "Thymosin alpha 1 (1.6 mg twice weekly) was given.",
        "Thymosin alpha 1 (66 patients) and placebo (64 patients).",
        "Thymosin alpha 1 (Arm A) was given.",
        "1-Methyl-Tryptophan (Thymosin alpha 1) was given.",
    ],
)
def test_other_words_beside_the_compound_are_no_names(text: str) -> None:
    assert [pair.short for pair in learnt(text) if pair.kind == "synonym"] == []


def test_a_pair_is_learnt_once_with_the_place_of_its_first_mention() -> None:
    pairs = [
        pair
        for pair in learnt("Overall survival (OS) is known.", "Overall survival (OS) rose.")
        if pair.kind == "abbreviation"
    ]
    assert [(pair.short, pair.where) for pair in pairs] == [("OS", "Background")]


def test_a_page_without_a_compound_teaches_its_abbreviations_only() -> None:
    text = "A Headline About Something\n\nBackground\nOverall survival (OS) is known.\nResults\nNothing was found.\n"
    pairs = names_of(parse_digest(text, sha256="0" * 64, name="a.txt"))
    assert [(pair.short, pair.kind) for pair in pairs] == [("OS", "abbreviation")]


@given(st.text(alphabet="aAbCDeé α1()[],.;\n\r-\u2011\U0001f48a", max_size=200))
def test_any_text_can_be_learnt_from(text: str) -> None:
    learnt(f"x {text} y")
