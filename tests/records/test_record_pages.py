from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestqa.digests import Digest, parse_digest
from digestqa.errors import NotADigestError
from digestqa.reading.claims import claim_of, has_no_results_yet
from digestqa.records import holds_records, iter_records, last_update_of, nct_of, page_of
from digestqa.sentences import split_sentences
from records.record_stand import planned, reported

DAY = date(2026, 11, 22)


def read(record: dict[str, Any]) -> Digest:
    page = page_of(record, DAY)
    return parse_digest(page.text, sha256="", name=page.name)


def sentences(digest: Digest, heading: str | None = None) -> list[str]:
    return [
        digest.text[start:end]
        for section in digest.sections
        if heading in (None, section.heading)
        for start, end in split_sentences(digest.text, section.start, section.end)
    ]


def test_a_record_becomes_a_page_that_reads_back() -> None:
    page = page_of(reported(), DAY)
    assert page.name == "NCT90000021.txt"
    digest = parse_digest(page.text, sha256="", name="x.txt")
    assert digest.layout == "A"
    assert (digest.source, digest.registry) == ("NCT90000021", "clinicaltrials")
    assert digest.headline == "Corvimab for Itching in Cholestasis"
    assert digest.value("official_title") == "A Randomised, Double-blind Study of Corvimab for Cholestatic Pruritus"
    assert digest.value("compound") == "corvimab"
    assert digest.value("evidence_type") == "rct"
    assert digest.value("n") == "98"
    assert digest.value("date") == "2019-03-04"
    assert digest.value("ingested") == "2026-11-22"
    assert digest.value("digest_model") == "registry record"
    headings = [section.heading for section in digest.sections]
    assert headings == ["Background", "Study Design", "Outcomes", "Eligibility", "Results", "Adverse Events"]
    assert {line.kind for line in digest.lines} == {"back", "tag", "headline", "official_title", "source"}


def test_the_same_record_and_day_give_the_same_bytes() -> None:
    assert page_of(reported(), DAY) == page_of(json.loads(json.dumps(reported())), DAY)


def test_the_registrys_markdown_becomes_sentences() -> None:
    assert sentences(read(reported()), "Background") == [
        "Itching keeps people awake.",
        "The study compares: corvimab 300 mg; placebo.",
        "Scores <5 were left out [see protocol].",
    ]


def test_the_design_is_told_with_arms_doses_dates_and_sponsor() -> None:
    told = sentences(read(reported()), "Study Design")
    for sentence in (
        "This is an interventional study in phase 2 and phase 3.",
        "Allocation: randomized; intervention model: parallel assignment; masking: double (participant and "
        "investigator); primary purpose: treatment.",
        "The study enrolled 98 participants.",
        "Overall status: completed.",
        "The study started on 2019-03-04.",
        "Primary completion was in 2020-05.",
        "The sponsor is Example Institute, with Example University as collaborator.",
        "Arm “Corvimab” (experimental): 300 mg under the skin every 4 weeks.",
        "Arm “Corvimab” is given Drug: Corvimab.",
        "Arm “Placebo” (placebo comparator) is given Drug: Placebo.",
        "Intervention Corvimab (drug; also named CRV): A monoclonal antibody.",
    ):
        assert sentence in told


def test_each_criterion_says_whether_it_lets_in_or_keeps_out() -> None:
    assert sentences(read(reported()), "Eligibility")[-4:] == [
        "Inclusion criterion: Age 18 to 70.",
        "Inclusion criterion: Itch score >= 5.",
        "Exclusion criterion: Pregnancy.",
        "Exclusion criterion: History of: stroke; cancer.",
    ]


def test_results_have_groups_units_intervals_and_p_values() -> None:
    told = sentences(read(reported()), "Results")
    for sentence in (
        "Primary outcome, Change in worst itch (time frame: Week 12), least squares mean, points: -3.10 (95% "
        "confidence interval -3.9 to -2.3; n=49) in Corvimab; -1.2 (95% confidence interval -2.0 to NA; n=48) "
        "in Placebo.",
        "Primary outcome, Change in worst itch, Corvimab versus Placebo: Mean Difference (Final Values) -1.9 (95% "
        "confidence interval -2.9 to -0.9), p<0.0001, by ANCOVA.",
        "The record gives no figures for the secondary outcome “Sleep quality” (time frame: Week 12).",
        "Secondary outcome, Responders – Week 4 – Female, Participants: 12 of 49 in Corvimab.",
        "Participant flow, Overall Study, started: 50 participants in Corvimab; 48 participants in Placebo.",
        "Participant flow, Overall Study, left the study (Death): 1 participant in Corvimab.",
        "Baseline, Age, Continuous, mean, years: 51.5 (standard deviation 9.0; n=50) in Corvimab.",
    ):
        assert sentence in told


def test_adverse_events_are_counts_over_those_at_risk() -> None:
    told = sentences(read(reported()), "Adverse Events")
    assert "Deaths from any cause: 1 of 50 participants in Corvimab." in told
    assert "Serious adverse events: 4 of 50 participants in Corvimab; 3 of 48 participants in Placebo." in told
    assert (
        "Serious adverse event, Hepatitis (Hepatobiliary disorders): 2 of 50 participants in Corvimab; "
        "0 of 48 participants in Placebo." in told
    )
    assert "Other adverse event, Headache: 7 participants in Corvimab." in told


def test_what_is_planned_is_not_told_as_observed() -> None:
    digest = read(planned())
    told = sentences(digest)
    assert has_no_results_yet(told)
    claims = {sentence: claim_of(sentence, no_results_yet=True) for sentence in told}
    assert claims["Primary outcome: Change in worst itch (time frame: Week 12)."] == "expected"
    assert claims["The planned enrolment is 120 participants."] == "expected"
    assert claims["Primary completion is expected in 2027-05."] == "expected"
    assert claims["No results have been posted for this study in the registry."] == "not_available"
    assert digest.value("n") is None


def test_a_withdrawn_study_is_not_told_to_have_started_or_been_completed() -> None:
    record = reported()
    record["protocolSection"]["statusModule"]["overallStatus"] = "WITHDRAWN"
    told = sentences(read(record), "Study Design")
    assert {"Start date: 2019-03-04.", "Primary completion date: 2020-05.", "Completion date: 2020-06-30."} <= set(told)


def test_one_outcome_without_figures_does_not_make_the_others_planned() -> None:
    told = sentences(read(reported()))
    assert not has_no_results_yet(told)
    results = [sentence for sentence in told if sentence.startswith(("Primary outcome, ", "Serious adverse"))]
    assert {claim_of(sentence) for sentence in results} == {"reported"}


@pytest.mark.parametrize("title", ["Results", "Background", "Source: clinicaltrials:NCT00000001", "Aims:"])
def test_a_title_is_never_read_as_another_line(title: str) -> None:
    record = planned()
    record["protocolSection"]["identificationModule"].update(briefTitle=title, officialTitle="Results")
    record["protocolSection"]["descriptionModule"]["briefSummary"] = "Source: clinicaltrials:NCT00000002\n\nResults"
    digest = read(record)
    assert digest.source == "NCT90000022"
    assert title in digest.headline
    assert [section.heading for section in digest.sections][:2] == ["Background", "Study Design"]


@pytest.mark.parametrize(
    "number", [None, "", "NCT1234567", "../../../etc/passwd", 90000021, "NCT90000021\n", "nct9000002１"]
)
def test_a_record_without_a_number_is_refused(number: object) -> None:
    record = reported()
    record["protocolSection"]["identificationModule"]["nctId"] = number
    if number == "NCT90000021\n":
        assert page_of(record, DAY).name == "NCT90000021.txt"
        return
    with pytest.raises(NotADigestError, match="no registry record"):
        page_of(record, DAY)


def test_a_record_with_nothing_but_a_number_is_refused() -> None:
    with pytest.raises(NotADigestError, match="no summary, design, outcomes or results"):
        page_of({"protocolSection": {"identificationModule": {"nctId": "NCT90000021"}}}, DAY)


def test_records_come_alone_in_a_list_or_as_a_page_of_studies() -> None:
    record = reported()
    for value in (record, [record], {"studies": [record], "nextPageToken": "x"}):
        assert holds_records(value)
        assert list(iter_records(value)) == [record]
    assert not holds_records({"title": "x"})
    assert not holds_records([])
    assert not holds_records("protocolSection")


def test_the_number_and_the_last_update_are_found() -> None:
    assert nct_of(reported()) == "NCT90000021"
    assert last_update_of(reported()) == "2021-02-01"
    assert nct_of([]) is None
    assert last_update_of({"protocolSection": None}) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def places(value: object) -> list[tuple[Any, Any]]:
    """Return each container and key under which something stands."""
    found: list[tuple[Any, Any]] = []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        found += [(value, key), *places(inner)]
    return found


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_record_with_anything_anywhere_is_written_and_reads_back_or_is_refused(data: st.DataObject) -> None:
    record = reported() if data.draw(st.booleans()) else planned()
    for _ in range(data.draw(st.integers(1, 6))):
        container, key = data.draw(st.sampled_from(places(record)))
        container[key] = data.draw(json_values | st.sampled_from(LINES))
    try:
        page = page_of(record, DAY)
    except NotADigestError:
        return
    assert page.name == f"{nct_of(record)}.txt"
    page.text.encode("utf-8")
    assert not any(character < " " and character != "\n" for character in page.text)
    digest = parse_digest(page.text, sha256="", name=page.name)
    assert digest.source == nct_of(record)
    written = [section.heading for section in digest.sections]
    assert set(written) <= {"Background", "Study Design", "Outcomes", "Eligibility", "Results", "Adverse Events"}
    assert len(set(written)) == len(written)
    assert all(line.kind not in ("other", "flags", "origin") for line in digest.lines)


LINES = [
    "Results",
    "Source: pubmed:123",
    "Back to X research",
    "x rct n=1 2020-01 PubMed",
    "x dose mentioned",
    "Origin: html sha256:" + "a" * 64,
    "\x1b[31m\u202ered\ud800",
    "Inclusion Criteria:\n* \n\n* :\nResults\n\nResults",
    "a. b. c\n\n\n* x:\n    * y;\n* z",
    "NCT99999999",
    "x" * 700,
    "<b>&lt;</b>",
]
