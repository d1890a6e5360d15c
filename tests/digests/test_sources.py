"""Study ids: one written form for the many that people use."""

from __future__ import annotations

import pytest

from digestqa.digests import find_source_ids, normalize_source, source_registry, source_url


@pytest.mark.parametrize(
    "written",
    [
        "NCT06598839",
        "nct06598839",
        " NCT 06598839 ",
        "NCT 0659 8839",
        "NCT-06598839",
        "NCT:06598839",
        "NCT_06598839",
        "clinicaltrials:NCT06598839",
        "ClinicalTrials.gov: NCT06598839",
        "https://clinicaltrials.gov/study/NCT06598839",
        "https://www.clinicaltrials.gov/ct2/show/nct06598839?term=x",
    ],
)
def test_every_way_to_write_an_nct_number_gives_one_id(written: str) -> None:
    assert normalize_source(written) == "NCT06598839"
    assert source_registry(written) == "clinicaltrials"
    assert source_url(written) == "https://clinicaltrials.gov/study/NCT06598839"


@pytest.mark.parametrize(
    "written",
    [
        "PMID:123",
        "PMID 123",
        "pmid123",
        "PMID_123",
        "pubmed:123",
        "PubMed: 123",
        "https://pubmed.ncbi.nlm.nih.gov/123/",
    ],
)
def test_every_way_to_write_a_pubmed_id_gives_one_id(written: str) -> None:
    assert normalize_source(written) == "PMID:123"
    assert source_registry(written) == "pubmed"
    assert source_url(written) == "https://pubmed.ncbi.nlm.nih.gov/123/"


@pytest.mark.parametrize("written", ["NCT0659883", "NCT065988390", "clinicaltrials:NCT065988390"])
def test_an_nct_number_of_another_length_is_kept_as_written_and_has_no_page(written: str) -> None:
    assert normalize_source(written) == written.removeprefix("clinicaltrials:")
    assert source_registry(written) == "clinicaltrials"
    assert source_url(written) is None


def test_other_registries_keep_their_id_without_the_prefix() -> None:
    assert normalize_source("bioRxiv:10.1101/2020.01.02") == "10.1101/2020.01.02"
    assert source_registry("bioRxiv:10.1101/2020.01.02") == "biorxiv"
    assert source_url("bioRxiv:10.1101/2020.01.02") is None


@pytest.mark.parametrize("written", ["my-notes", "trial of 2020", "", "123", "NCTs and others", "pubmed"])
def test_what_is_no_id_comes_back_as_it_is_with_no_registry(written: str) -> None:
    assert normalize_source(written) == written
    assert source_registry(written) is None
    assert source_url(written) is None


@pytest.mark.parametrize(
    ("question", "mentions"),
    [
        ("what did nct06598839 find?", [("NCT06598839", "nct06598839")]),
        ("n in NCT 06598839", [("NCT06598839", "NCT 06598839")]),
        ("NCT-06598839's dose, 5 mg", [("NCT06598839", "NCT-06598839")]),
        ("NCT 06598839 5 mg", [("NCT06598839", "NCT 06598839")]),
        ("compare NCT01234567 and pmid 77", [("NCT01234567", "NCT01234567"), ("PMID:77", "pmid 77")]),
        ("PubMed ID: 12345678?", [("PMID:12345678", "PubMed ID: 12345678")]),
        ("PMID:5, clinicaltrials:NCT01234567", [("PMID:5", "PMID:5"), ("NCT01234567", "NCT01234567")]),
    ],
)
def test_ids_in_a_question_are_found_with_their_places(question: str, mentions: list[tuple[str, str]]) -> None:
    found = find_source_ids(question)
    assert [(mention.source, question[mention.start : mention.end]) for mention in found] == mentions


@pytest.mark.parametrize(
    "question", ["", "NCT065988391", "NCT0659883", "xNCT06598839", "pubmed 2020", "function 12345678"]
)
def test_what_only_resembles_an_id_is_not_found(question: str) -> None:
    assert find_source_ids(question) == ()
