from __future__ import annotations

import pytest

from digestqa.digests import parse_digest
from digestqa.understanding.page_facts import asked_page_facts, find_page_fact
from shelf import PLANNED, REPORTED

DIGEST = parse_digest(REPORTED, sha256="0" * 64, name="NCT90000002.txt")


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("when was the zelanide digest ingested?", ("ingested",)),
        ("which model wrote the zelanide page?", ("digest_model",)),
        ("evidence type of the zelanide digest", ("evidence_type",)),
        ("what n does the tag line give for zelanide?", ("n",)),
        ("evidence type and n of the zelanide page?", ("evidence_type", "n")),
        ("what date is on the tag line of the zelanide page?", ("date",)),
        ("official title of the zelanide trial?", ("official_title",)),
        ("headline of the zelanide digest?", ("headline",)),
        ("NCT number of the zelanide study?", ("source",)),
        ("is the zelanide digest flagged?", ("flags",)),
        ("is it flagged?", ("flags",)),
        ("is zelanide flagged as protocol relevant?", ("flags",)),
        ("what flags does zelanide have?", ("flags",)),
        ("when was zelanide ingested?", ("ingested",)),
        ("zelanide digest: when ingested?", ("ingested",)),
        ("ingestion date of zelanide?", ("ingested",)),
        ("date the ZELA-1 page was taken in", ("ingested",)),
        ("which day was the zelanide digest imported?", ("ingested",)),
        ("which AI summarised the zelanide trial?", ("digest_model",)),
        ("by which model was it written?", ("digest_model",)),
        ("which model digested NCT90000002?", ("digest_model",)),
        ("registry no. of zelanide?", ("source",)),
        ("NCT no of zelanide?", ("source",)),
        ("what n does the zelanide entry list?", ("n",)),
        ("header date of the zelanide study?", ("date",)),
    ],
)
def test_the_facts_of_the_page_are_known_by_their_words(question: str, facts: tuple[str, ...]) -> None:
    assert asked_page_facts(question) == facts


@pytest.mark.parametrize(
    "question",
    [
        "when did the trial start?",
        "how many patients took zelanide?",
        "which dose?",
        "what other NCT number?",
        "how long after ingestion of the capsule was the peak reached?",
        "when was the capsule ingested?",
        "how many days after ingesting the tablet did it rise?",
        "does the digest say how much alcohol was ingested?",
        "which AI was given with fulvestrant?",
        "what AI tool read the mammograms?",
        "which AI summarised the radiology reports?",
        "which model did the authors fit?",
        "which model produced the best prediction?",
        "what did the digest say about deaths?",
        "were any liver signals flagged by the DSMB?",
        "were any red flags seen?",
        "12-month survival from study entry?",
        "which month after study entry was worst?",
        "does the record give the date of enrolment?",
        "in the study no patient died?",
        "was there evidence of benefit in the open-label phase?",
        "what was the headline result?",
    ],
)
def test_a_question_about_the_study_asks_for_no_fact_of_the_page(question: str) -> None:
    assert asked_page_facts(question) == ()


@pytest.mark.parametrize(
    ("names", "span"),
    [
        (("n",), "n=120"),
        (("evidence_type", "n"), "rct n=120"),
        (("ingested",), "2026-01-20"),
        (("digest_model",), "example-model-2"),
        (("source",), "NCT90000002"),
    ],
)
def test_a_fact_is_found_where_it_stands(names: tuple[str, ...], span: str) -> None:
    place = find_page_fact(names, DIGEST.facts, DIGEST.text)  # type: ignore[arg-type]  # names from the table above
    assert place is not None
    assert DIGEST.text[place.start : place.end] == span


def test_what_the_page_lacks_is_not_found() -> None:
    planned = parse_digest(PLANNED, sha256="0" * 64, name="NCT90000001.txt")
    assert find_page_fact(("n",), planned.facts, planned.text) is None
