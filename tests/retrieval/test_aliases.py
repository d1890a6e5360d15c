from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestqa.library import Library
from digestqa.names import name_key
from digestqa.retrieval import Aliases, Filters, Retriever
from digestqa.retrieval.aliases import spelled_out
from digestqa.retrieval.terms import search_terms
from library.library_stand import Place, StandInEncoder, page


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("aliases"))
    place.write(
        "NCT00000001.txt",
        page(1, results="Thymosin alpha 1 (Tα1) cut circulating tumor cells (CTCs) in 12 of 30 patients."),
    )
    place.write(
        "NCT00000002.txt",
        page(2, results="Thymosin alpha-1, also known as thymalfasin, was safe. Progressive disease (PD) was rare."),
    )
    place.write(
        "NCT00000003.txt",
        page(
            3,
            compound="semaglutide",
            results="The pharmacodynamics (PD) of semaglutide, sold as Ozempic, were studied by mouth. "
            "Acute lymphoblastic leukaemia (ALL) was no reason for refusal.",
        ),
    )
    place.ingest()
    return place


@pytest.fixture
def library(place: Place) -> Iterator[Library]:
    with place.open() as library:
        yield library


def named(aliases: Aliases, question: str) -> list[str]:
    return [mention.text for mention in aliases.mentions(question)]


@pytest.mark.parametrize("name", ["thymalfasin", "Ta1", "Tα1", "Thymosin α1", "thymosin-alpha-1"])
def test_every_name_of_a_compound_leads_to_the_others_and_to_its_studies(library: Library, name: str) -> None:
    aliases = Aliases(library)
    keys = {name_key(other) for other in aliases.of(name)} | {name_key(name)}
    assert keys == {"ta1", "thymosina1", "thymalfasin"}
    studies = {digest.id for digest in library.digests() if digest.compound == "thymosin-alpha-1"}
    assert aliases.compound_digests(name) == studies
    (mention,) = aliases.mentions(f"what did {name} do?")
    assert mention.text == name
    assert mention.studies == frozenset(studies)


def test_names_are_found_in_a_question_the_longest_first_and_none_twice(library: Library) -> None:
    aliases = Aliases(library)
    question = "Did Ta1 lower circulating tumour cells, or the CTC-count of ozempic?"
    mentions = aliases.mentions(question)
    assert [mention.text for mention in mentions] == ["Ta1", "circulating tumour cells", "CTC", "ozempic"]
    assert all(question[mention.start : mention.end] == mention.text for mention in mentions)
    assert [mention.long_form for mention in mentions] == ["Thymosin alpha 1", "", "circulating tumor cells", ""]


def test_an_english_word_is_an_abbreviation_in_capitals_only(library: Library) -> None:
    aliases = Aliases(library)
    assert named(aliases, "list all of them") == []
    assert named(aliases, "All-cause mortality?") == []
    assert named(aliases, "was ALL excluded?") == ["ALL"]


def test_an_ambiguous_abbreviation_has_all_its_meanings_but_is_not_spelled_out(library: Library) -> None:
    aliases = Aliases(library)
    (mention,) = aliases.mentions("PD?")
    assert (set(mention.aliases), mention.long_form) == ({"Progressive disease", "pharmacodynamics"}, "")
    assert spelled_out("PD?", [mention]) == "PD?"


def test_a_question_is_spelled_out_once(library: Library) -> None:
    aliases = Aliases(library)
    question = "CTCs after thymalfasin?"
    assert spelled_out(question, aliases.mentions(question)) == "CTCs (circulating tumor cells) after thymalfasin?"
    question = "Were circulating tumour cells (CTCs) fewer?"
    assert spelled_out(question, aliases.mentions(question)) == question


def test_a_name_and_its_other_names_are_one_search_term(library: Library) -> None:
    aliases = Aliases(library)
    question = "did CTCs fall in NCT00000001?"
    assert search_terms(question, aliases.mentions(question)) == [("CTCs", "circulating tumor cells"), "fall"]
    question = "circulating tumour cells at day 8"
    assert search_terms(question, aliases.mentions(question)) == [
        "circulating",
        "tumour",
        "cells",
        "day",
        "8",
        ("circulating tumour cells", "CTCs"),
    ]


def test_the_users_own_names_join_those_of_the_digests(library: Library) -> None:
    aliases = Aliases(library, {"Zadaxin": ["thymalfasin"], "shrinkage": ["tumour response", "regression"]})
    assert {"thymalfasin", "Tα1"} <= set(aliases.of("zadaxin"))
    assert aliases.compound_digests("Zadaxin") == aliases.compound_digests("thymosin-alpha-1") != frozenset()
    (mention,) = aliases.mentions("any regression?")
    assert mention.aliases == ("shrinkage", "tumour response")
    assert aliases.of("nothing known") == ()


def test_a_search_by_another_name_finds_the_passage(library: Library) -> None:
    retriever = Retriever(library, StandInEncoder(), {"Zadaxin": ["thymalfasin"]})
    found = retriever.retrieve("how many circulating tumor cells?", Filters(compounds=("zadaxin",)), 20)
    assert {item.passage.digest.path for item in found} == {"NCT00000001.txt", "NCT00000002.txt"}
    assert retriever.retrieve("anything", Filters(compounds=("placebo",)), 5) == []
    words = [item.passage.text for item in retriever.retrieve("CTC?", Filters(), 3)]
    assert any("circulating tumor cells" in text for text in words)
    assert spelled_out("CTC?", retriever.aliases.mentions("CTC?")) == "CTC (circulating tumor cells)?"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_question_can_be_looked_through(place: Place, question: str) -> None:
    with place.open() as library:
        aliases = Aliases(library, {"a b": ["\ud800", "c"]})
        mentions = aliases.mentions(question)
        library.search_text(search_terms(question, mentions), 3)
        spelled_out(question, mentions)


def test_a_question_of_many_words_is_looked_through_in_time(library: Library) -> None:
    question = " ".join(f"word{number}" for number in range(600)) + " CTCs"
    assert named(Aliases(library), question) == ["CTCs"]
