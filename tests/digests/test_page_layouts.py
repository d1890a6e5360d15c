"""Plain pages: the three layouts, cut pages, and each fact with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from digestqa.digests import Digest, FactName, parse_digest, read_digest

LAYOUT_A = """\
Back to Tempocept research
tempocept growth factor trap case series n=19 2024-06 ClinicalTrials

Tempocept Slows Stiffness of the Knee in a Small Series

Tempocept in Arthrofibrosis: A

Background

Knees stiffen after surgery. Tempocept (TC) traps a growth factor.

Results

Flexion rose by 12° (95% CI 4–20). > Nobody stopped.

Why It Matters

It may spare a second operation.


tempocept growth factor trap arthrofibrosis dose mentioned safety data present
Source: clinicaltrials:NCT09999991 · Ingested 2026-04-16 · Digest: gemini-2.5-flash"""

LAYOUT_B = """\
Tempocept Slows Stiffness of the Knee
Background
Knees stiffen after surgery.
Results
Flexion rose by 12°.
Why It Matters
It may spare a second operation."""

LAYOUT_C = """\
All research
Knee Brace 2013-11 ClinicalTrials

A Brace Holds the Knee

Brace Versus No Brace

Background

Knees wobble.

Study Design

Forty people wore a brace.

Results

They walked 5% faster.


knee-brace device gait
Source: clinicaltrials:NCT09999992 · Ingested 2026-01 · Digest: gpt-5-mini"""


def parse(text: str, name: str = "study.txt") -> Digest:
    return parse_digest(text, sha256="0" * 64, name=name)


def headings(digest: Digest) -> list[str]:
    return [section.heading for section in digest.sections]


def bodies(digest: Digest) -> list[str]:
    return [digest.text[section.start : section.end] for section in digest.sections]


def values(digest: Digest) -> dict[str, str]:
    """Return the first value of each fact."""
    return {fact.name: fact.value for fact in reversed(digest.facts)}


def test_layout_a_gives_every_fact_as_written() -> None:
    digest = parse(LAYOUT_A)
    assert digest.layout == "A"
    assert (digest.source, digest.registry) == ("NCT09999991", "clinicaltrials")
    assert digest.headline == "Tempocept Slows Stiffness of the Knee in a Small Series"
    assert values(digest) == {
        "compound": "tempocept",
        "class_words": "growth factor trap",
        "evidence_type": "case series",
        "n": "19",
        "date": "2024-06",
        "registry": "ClinicalTrials",
        "headline": "Tempocept Slows Stiffness of the Knee in a Small Series",
        "official_title": "Tempocept in Arthrofibrosis: A",
        "keywords": "arthrofibrosis",
        "flags": "dose mentioned safety data present",
        "source": "NCT09999991",
        "ingested": "2026-04-16",
        "digest_model": "gemini-2.5-flash",
    }


def test_layout_a_has_its_lines_and_sections_in_order() -> None:
    digest = parse(LAYOUT_A)
    assert [line.kind for line in digest.lines] == ["back", "tag", "headline", "official_title", "flags", "source"]
    assert headings(digest) == ["Background", "Results", "Why It Matters"]
    assert bodies(digest)[1] == "Flexion rose by 12° (95% CI 4–20). > Nobody stopped."


def test_layout_b_needs_no_blank_lines_and_takes_its_files_name() -> None:
    digest = parse(LAYOUT_B, "knee-notes.txt")
    assert (digest.layout, digest.source, digest.registry) == ("B", "knee-notes", None)
    assert digest.headline == "Tempocept Slows Stiffness of the Knee"
    assert headings(digest) == ["Background", "Results", "Why It Matters"]
    assert bodies(digest)[2] == "It may spare a second operation."


@pytest.mark.parametrize(
    ("name", "source", "registry"),
    [
        ("NCT09999993.txt", "NCT09999993", "clinicaltrials"),
        ("nct09999993.txt", "NCT09999993", "clinicaltrials"),
        ("PMID_123.txt", "PMID:123", "pubmed"),
        ("notes: knee.txt", "notes: knee", None),
        ("NCT0999.txt", "NCT0999", "clinicaltrials"),
    ],
)
def test_a_digest_without_a_source_id_takes_its_files_name(name: str, source: str, registry: str | None) -> None:
    digest = parse(LAYOUT_B, name)
    assert (digest.source, digest.registry) == (source, registry)


def test_a_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "NCT09999993.txt"
    path.write_bytes(b"\xef\xbb\xbf" + LAYOUT_B.replace("\n", "\r\n").encode())
    digest = read_digest(path)
    assert digest.source == "NCT09999993"
    assert digest.text == LAYOUT_B.replace("\n", "\r\n")
    assert bodies(digest) == bodies(parse(LAYOUT_B))


def test_layout_b_with_a_footer_reads_its_compound_from_the_flags_line() -> None:
    digest = parse(LAYOUT_B + "\ntempocept factor trap knee dose mentioned\nSource: pubmed:123 · Ingested 2026-01")
    assert digest.source == "PMID:123"
    assert values(digest)["compound"] == "tempocept"
    assert values(digest)["keywords"] == "factor trap knee"
    assert values(digest)["flags"] == "dose mentioned"
    assert bodies(digest)[-1] == "It may spare a second operation."


def test_layout_c_gives_the_display_name_as_compound_and_keeps_study_design() -> None:
    digest = parse(LAYOUT_C)
    assert digest.layout == "C"
    assert headings(digest) == ["Background", "Study Design", "Results"]
    facts = values(digest)
    assert facts["compound"] == "Knee Brace"
    assert facts["date"] == "2013-11"
    assert "class_words" not in facts
    assert "evidence_type" not in facts
    assert facts["keywords"] == "device gait"


@pytest.mark.parametrize("text", [LAYOUT_A, LAYOUT_C], ids=["A", "C"])
def test_a_page_without_its_navigation_line_is_read_alike(text: str) -> None:
    whole, headless = parse(text), parse(text.split("\n", 1)[1])
    assert headless.layout == whole.layout
    assert values(headless) == values(whole)
    assert headings(headless) == headings(whole)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "  \n", "\t\r\n", "\u00a0\n"])
@pytest.mark.parametrize("text", [LAYOUT_A, LAYOUT_B, LAYOUT_C], ids="ABC")
def test_newlines_and_trailing_blanks_change_nothing_that_is_read(text: str, newline: str) -> None:
    plain, other = parse(text), parse(text.replace("\n", newline))
    assert values(other) == values(plain)
    assert headings(other) == headings(plain)
    assert bodies(other) == bodies(plain)


def test_a_page_cut_in_a_sentence_keeps_the_sentence() -> None:
    digest = parse(LAYOUT_A[: LAYOUT_A.index(" rose by")])
    assert headings(digest) == ["Background", "Results"]
    assert bodies(digest)[1] == "Flexion"
    assert [line.kind for line in digest.lines][-1] == "official_title"


def test_a_page_cut_after_a_heading_keeps_the_heading_with_an_empty_body() -> None:
    digest = parse(LAYOUT_A[: LAYOUT_A.index("Flexion")])
    assert headings(digest) == ["Background", "Results"]
    assert bodies(digest)[1] == ""


def test_a_page_with_background_only_and_a_footer_is_read() -> None:
    start, end = LAYOUT_A.index("Results"), LAYOUT_A.index("tempocept growth factor trap arthro")
    digest = parse(LAYOUT_A[:start] + LAYOUT_A[end:])
    assert headings(digest) == ["Background"]
    assert values(digest)["keywords"] == "arthrofibrosis"


def test_a_missing_official_title_leaves_only_the_headline() -> None:
    digest = parse(LAYOUT_A.replace("Tempocept in Arthrofibrosis: A\n\n", ""))
    assert digest.value("official_title") is None
    assert headings(digest) == ["Background", "Results", "Why It Matters"]


def test_a_title_wrapped_over_two_lines_is_one_title() -> None:
    digest = parse(LAYOUT_A.replace("Tempocept in Arthrofibrosis: A", "Tempocept in\nArthrofibrosis: A Study"))
    assert digest.value("official_title") == "Tempocept in\nArthrofibrosis: A Study"


def test_a_paragraph_before_any_heading_is_a_section_without_a_heading() -> None:
    long = "Knees stiffen after surgery, and nobody knows why. " * 12
    digest = parse(LAYOUT_A.replace("Background\n\nKnees", f"{long}\n\nBackground\n\nKnees"))
    assert headings(digest)[:2] == ["", "Background"]
    assert bodies(digest)[0] == long.strip()


def test_text_after_the_footer_is_kept_as_lines() -> None:
    digest = parse(LAYOUT_A + "\n\nShare this page")
    assert [line.kind for line in digest.lines][-2:] == ["source", "other"]


def test_a_fact_of_the_page_is_found_by_name() -> None:
    digest = parse(LAYOUT_A)
    fact = digest.fact("ingested")
    assert fact is not None
    assert digest.text[fact.start : fact.end] == fact.value == "2026-04-16"
    absent: FactName = "keywords"
    assert parse(LAYOUT_B).fact(absent) is None


@pytest.mark.parametrize(
    "stem",
    ["NCT09999991 (1)", "nct09999991-1a2b3c4d", "NCT09999991-12345678", "digest_NCT09999991_v2", "NCT09999991.copy"],
)
def test_a_copys_name_still_names_the_study(stem: str) -> None:
    digest = parse_digest("Head Line\nBackground\nOne.\nResults\nTwo.", sha256="", name=f"{stem}.txt")
    assert (digest.source, digest.registry) == ("NCT09999991", "clinicaltrials")


def test_a_name_of_two_studies_names_none() -> None:
    name = "NCT09999991 and NCT09999992.txt"
    digest = parse_digest("Head Line\nBackground\nOne.\nResults\nTwo.", sha256="", name=name)
    assert digest.source == "NCT09999991 and NCT09999992"
