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
    ],
)
def test_the_facts_of_the_page_are_known_by_their_words(question: str, facts: tuple[str, ...]) -> None:
    assert asked_page_facts(question) == facts


@pytest.mark.parametrize(
    "question",
    ["when did the trial start?", "how many patients took zelanide?", "which dose?", "what other NCT number?"],
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
