"""Tag line, flags line and Source line: values that hold spaces, read apart."""

from __future__ import annotations

import pytest

from digestqa.digests import Digest, parse_digest
from digestqa.digests.footer import read_source_line
from digestqa.errors import NotADigestError


def with_tag(tag: str, back: str = "Back to X research") -> dict[str, str]:
    text = f"{back}\n{tag}\n\nHeadline of It\n\nBackground\n\nKnees bend."
    digest = parse_digest(text, sha256="", name="study.txt")
    for fact in digest.facts:
        assert text[fact.start : fact.end] == fact.value
    return {fact.name: fact.value for fact in digest.facts if fact.name != "headline"}


def with_footer(footer: str, tag: str = "x trap rct 2024-01 PubMed") -> Digest:
    text = f"Back to X research\n{tag}\n\nHeadline of It\n\nBackground\n\nKnees bend.\n\n\n{footer}"
    digest = parse_digest(text, sha256="", name="study.txt")
    assert [section.heading for section in digest.sections] == ["Background"]
    for fact in digest.facts:
        assert text[fact.start : fact.end] == fact.value
    return digest


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("x-1 immune modulator other 2024-06-30 ClinicalTrials", ("x-1", "immune modulator", "other", None)),
        ("x-1 immune modulator case series 2016-01 ClinicalTrials", ("x-1", "immune modulator", "case series", None)),
        ("x-1 trap meta analysis n=19 2026-04-03 PubMed", ("x-1", "trap", "meta analysis", "19")),
        ("x-1 trap n=7576 2026-04-03 PubMed", ("x-1", "trap", None, "7576")),
        ("x-1 trap systematic review n=1,200 2026 medRxiv", ("x-1", "trap", "systematic review", "1,200")),
        ("x-1 rct 2026-04-03 PubMed", ("x-1", None, "rct", None)),
        ("x-1 trap single arm n=9 2013-02 Some Other Registry", ("x-1", "trap", "single arm", "9")),
        (
            "5-ht3-antagonist antiemetic observational n=185 2015-03 bioRxiv",
            ("5-ht3-antagonist", "antiemetic", "observational", "185"),
        ),
    ],
)
def test_a_tag_line_is_read_from_its_right_end(tag: str, expected: tuple[str | None, ...]) -> None:
    facts = with_tag(tag)
    assert tuple(facts.get(name) for name in ("compound", "class_words", "evidence_type", "n")) == expected
    assert facts["date"] == next(word for word in tag.split() if word[:2] == "20" and word[:4].isdigit())
    assert tag.endswith(facts["registry"])


def test_a_compound_of_several_words_is_known_by_the_line_above() -> None:
    facts = with_tag("bi 764532 anti-DLL3 antibody single arm 2023-05-31 ClinicalTrials", "Back to BI 764532 research")
    assert (facts["compound"], facts["class_words"]) == ("bi 764532", "anti-DLL3 antibody")


def test_a_tag_line_may_lack_its_date() -> None:
    facts = with_tag("x-1 immune modulator rct ClinicalTrials")
    assert facts == {
        "compound": "x-1",
        "class_words": "immune modulator",
        "evidence_type": "rct",
        "registry": "ClinicalTrials",
    }


def test_a_headline_below_the_navigation_line_is_no_tag_line() -> None:
    text = "Back to X research\n\nKnees Bend Again in 2024\n\nBackground\n\nKnees bend."
    assert parse_digest(text, sha256="", name="s.txt").headline == "Knees Bend Again in 2024"


@pytest.mark.parametrize("separator", [" · ", " | ", "·", " • ", "  ·\u00a0", " "])
def test_the_source_line_may_have_other_separators(separator: str) -> None:
    parts = ("Source: clinicaltrials:NCT09999991", "Ingested 2026-04-16", "Digest: gemini-2.5-flash")
    digest = with_footer(separator.join(parts))
    assert digest.source == "NCT09999991"
    assert digest.value("ingested") == "2026-04-16"
    assert digest.value("digest_model") == "gemini-2.5-flash"


@pytest.mark.parametrize(
    ("line", "source", "registry"),
    [
        ("Source: pubmed:12345678 · Ingested 2026-01", "PMID:12345678", "pubmed"),
        ("Source: NCT09999991", "NCT09999991", "clinicaltrials"),
        ("Source: clinicaltrials:nct09999991", "NCT09999991", "clinicaltrials"),
        ("Source: clinicaltrials:NCT099999911", "NCT099999911", "clinicaltrials"),
        ("Source: PMID 123", "PMID:123", "pubmed"),
        ("Source: bioRxiv:10.1101/2020.01.02.123456 · Digest: m", "10.1101/2020.01.02.123456", "biorxiv"),
        ("Source: https://clinicaltrials.gov/study/NCT09999991", "NCT09999991", "clinicaltrials"),
        ("Source: ChiCTR2000029739 · Ingested 2026-01", "ChiCTR2000029739", None),
    ],
)
def test_a_source_line_names_the_study_and_its_registry(line: str, source: str, registry: str | None) -> None:
    digest = with_footer(line)
    assert (digest.source, digest.registry) == (source, registry)


def test_a_sentence_that_begins_with_source_is_text() -> None:
    text = "Headline of It\n\nResults\n\nSource: the families themselves.\n\nSource: clinicaltrials:NCT09999991"
    digest = parse_digest(text, sha256="", name="s.txt")
    assert [line.kind for line in digest.lines] == ["headline", "source"]


@pytest.mark.parametrize(
    ("flags", "keywords", "markers"),
    [
        (
            "x trap knee pain dose mentioned protocol relevant safety data present",
            "knee pain",
            "dose mentioned protocol relevant safety data present",
        ),
        ("x trap knee pain", "knee pain", None),
        ("x trap dose mentioned", None, "dose mentioned"),
        ("x knee protocol relevant", "knee", "protocol relevant"),
        ("X trap HER2", "HER2", None),
    ],
)
def test_a_flags_line_has_keywords_between_class_and_markers(
    flags: str, keywords: str | None, markers: str | None
) -> None:
    digest = with_footer(f"{flags}\nSource: clinicaltrials:NCT09999991")
    assert [line.kind for line in digest.lines][-2:] == ["flags", "source"]
    assert digest.value("keywords") == keywords
    assert digest.value("flags") == markers


def test_a_flags_line_is_known_without_a_source_line_by_its_markers() -> None:
    digest = with_footer("x trap knee dose mentioned")
    assert digest.lines[-1].kind == "flags"


def test_a_class_of_which_the_flags_line_repeats_the_beginning_is_left_out_of_the_keywords() -> None:
    digest = with_footer("x local block steroid\nSource: NCT09999991", tag="x local block nerve rct 2024-01 PubMed")
    assert digest.value("keywords") == "steroid"


def test_the_end_of_a_cut_paragraph_above_the_source_line_is_no_flags_line() -> None:
    text = "Headline of It\nResults\nKnees bent.\nAnkles bent by 5 and the\nSource: clinicaltrials:NCT09999991"
    digest = parse_digest(text, sha256="", name="s.txt")
    assert [line.kind for line in digest.lines] == ["headline", "source"]


def test_two_different_source_lines_are_refused_with_both_and_their_places() -> None:
    with pytest.raises(NotADigestError) as caught:
        with_footer("Source: clinicaltrials:NCT09999991\nSource: clinicaltrials:NCT09999992")
    message = caught.value.message
    assert "line 11 has 'Source: clinicaltrials:NCT09999991'" in message
    assert "line 12 has 'Source: clinicaltrials:NCT09999992'" in message
    assert caught.value.hint


def test_one_study_with_two_ingest_dates_is_refused() -> None:
    with pytest.raises(NotADigestError, match="two different sources"):
        with_footer("Source: NCT09999991 · Ingested 2026-01\nSource: NCT09999991 · Ingested 2026-02")


def test_a_repeated_source_line_is_no_harm() -> None:
    line = "Source: clinicaltrials:NCT09999991 · Ingested 2026-01"
    digest = with_footer(f"x trap knee dose mentioned\n{line}\n{line}")
    assert [line.kind for line in digest.lines][-3:] == ["flags", "source", "source"]
    assert [fact.name for fact in digest.facts].count("source") == 1


@pytest.mark.parametrize("separator", [" - ", " – ", " — ", " -- ", ", ", "; ", " Â· "])
def test_the_id_and_the_date_end_before_their_separator(separator: str) -> None:
    line = separator.join(["Source: clinicaltrials:NCT09999991", "Ingested 2026-04-16", "Digest: gemini-2.5-flash"])
    found = read_source_line(line, 0)
    assert found is not None
    assert (found.source, found.registry) == ("NCT09999991", "clinicaltrials")
    values = {fact.name: fact.value for fact in found.facts}
    assert values == {
        "registry": "clinicaltrials",
        "source": "NCT09999991",
        "ingested": "2026-04-16",
        "digest_model": "gemini-2.5-flash",
    }
    assert all(line[fact.start : fact.end] == fact.value for fact in found.facts)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("[NCT09999991](https://clinicaltrials.gov/study/NCT09999991)", "NCT09999991"),
        ("clinicaltrials:[NCT09999991](https://clinicaltrials.gov/study/NCT09999991)", "NCT09999991"),
        ("[the record](https://clinicaltrials.gov/study/NCT09999991)", "the record"),
        ("ClinicalTrials.gov NCT09999991", "NCT09999991"),
        ("ClinicalTrials.gov identifier: NCT09999991", "NCT09999991"),
        ("NCT09999991 (ClinicalTrials.gov)", "NCT09999991"),
        ("<https://clinicaltrials.gov/study/NCT09999991>", "NCT09999991"),
    ],
)
@pytest.mark.parametrize("ending", ["", " · Ingested 2026-04-16"])
def test_an_id_is_found_among_other_words_of_the_source_line(written: str, value: str, ending: str) -> None:
    line = f"Source: {written}{ending}"
    found = read_source_line(line, 0)
    assert found is not None
    assert (found.source, found.registry) == ("NCT09999991", "clinicaltrials")
    fact = next(fact for fact in found.facts if fact.name == "source")
    assert line[fact.start : fact.end] == fact.value == value


def test_spaces_that_do_not_break_part_the_lines_of_a_page_as_others_do() -> None:
    plain = (
        "Back to Tempocept research\ntempocept growth factor trap rct n=19 2024-06-30 ClinicalTrials\n\nHead Line\n\n"
        "Background\n\nOne.\n\ntempocept growth factor trap knee dose mentioned\n"
        "Source: clinicaltrials:NCT09999991 · Ingested 2026-04-16 · Digest: m"
    )
    digest = parse_digest(plain.replace(" ", "\u00a0"), sha256="", name="x.txt")
    found = {fact.name: fact.value.replace("\u00a0", " ") for fact in digest.facts}
    assert found == {fact.name: fact.value for fact in parse_digest(plain, sha256="", name="x.txt").facts}


@pytest.mark.parametrize("line", ["p<0.001 in both arms", "mTOR fell by 12%"])
def test_a_short_line_that_is_all_of_the_last_section_is_no_flags_line(line: str) -> None:
    text = f"Head Line\n\nBackground\n\nOne.\n\nResults\n\n{line}\n\nSource: clinicaltrials:NCT09999991"
    digest = parse_digest(text, sha256="", name="x.txt")
    assert digest.text[digest.sections[-1].start : digest.sections[-1].end] == line
