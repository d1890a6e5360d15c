"""Which lines are section headings, and which only look like one."""

from __future__ import annotations

import pytest

from digestqa.digests import Digest, parse_digest

FOOTER = "\n\nSource: clinicaltrials:NCT09999991"


def headings(text: str) -> list[str]:
    digest: Digest = parse_digest(text, sha256="", name="study.txt")
    return [section.heading for section in digest.sections]


@pytest.mark.parametrize(
    "heading",
    [
        "Safety",
        "Methods",
        "Conclusion",
        "Study Design",
        "Patient Voices",
        "What the Families Said",
        "Dose and Schedule",
        "mTOR in the Clinic",
        "PK/PD Findings",
        "Year 2 Follow-Up (Extension)",
        "Tα1 Levels",
        "Why It Matters",
        "Quality of Life",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["tight", "spaced"])
def test_known_and_unknown_headings_begin_sections(heading: str, gap: str) -> None:
    parts = ["A Headline for the Study", "Background", "Knees stiffen.", heading, "It was safe. Nobody left."]
    assert headings(gap.join(parts) + FOOTER) == ["Background", heading]


@pytest.mark.parametrize(
    "line",
    [
        "It was safe.",
        "Only two people left",
        "- Overall Survival",
        "1. Overall Survival",
        "> Overall Survival",
        "Overall Survival:",
        "Overall Survival,",
        "Overall survival in the arms",
        "A Line That Goes On for Many More Words Than Any Heading Does",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["tight", "spaced"])
def test_lines_that_only_resemble_headings_stay_in_the_text(line: str, gap: str) -> None:
    parts = ["A Headline for the Study", "Results", "Knees stiffened.", line, "Nobody left early."]
    assert headings(gap.join(parts) + FOOTER) == ["Results"]


def test_a_short_title_cased_line_without_a_paragraph_below_is_no_heading() -> None:
    text = "A Headline\n\nResults\n\nKnees bent.\n\nNone Reported\n\nWhy It Matters\n\nIt may help."
    assert headings(text) == ["Results", "Why It Matters"]


def test_a_short_title_cased_line_right_below_a_heading_is_its_text() -> None:
    assert headings("A Headline\n\nResults\n\nPrimary Measure\n\nKnees bent.") == ["Results"]


def test_neither_the_headline_nor_the_official_title_is_a_heading() -> None:
    text = "Back to X research\nx trap rct 2024-01 PubMed\n\nShort Headline\n\nShort Title\n\nBackground\n\nKnees bend."
    digest = parse_digest(text, sha256="", name="study.txt")
    assert [section.heading for section in digest.sections] == ["Background"]
    assert digest.headline == "Short Headline"
    assert digest.value("official_title") == "Short Title"


def test_wrapped_paragraphs_hold_no_headings() -> None:
    text = (
        "A Headline\n\nResults\n\nThe measure was that of the\nResponse Evaluation Criteria in Solid\nTumors. In all\n"
        "Western Ontario\nMcMaster scores fell. Some\nSafety\ndata came later.\n\nWhy It Matters\n\nIt helps."
    )
    assert headings(text) == ["Results", "Why It Matters"]


def test_a_known_heading_is_believed_after_a_paragraph_that_was_cut() -> None:
    assert headings("A Headline\nResults\nKnees bent by 5 and\nWhy It Matters\nIt may help.") == [
        "Results",
        "Why It Matters",
    ]


def test_known_headings_may_have_other_capitals_or_a_colon() -> None:
    assert headings("A Headline\n\nBACKGROUND\n\nKnees bend.\n\nKey findings:\n\nThey bend well.") == [
        "BACKGROUND",
        "Key findings",
    ]


def test_several_paragraphs_belong_to_one_section() -> None:
    text = "A Headline\n\nResults\n\nKnees bent.\n\nAnkles did not.\n\n- hips bent\n- toes bent"
    digest = parse_digest(text, sha256="", name="study.txt")
    (section,) = digest.sections
    assert text[section.start : section.end] == "Knees bent.\n\nAnkles did not.\n\n- hips bent\n- toes bent"


@pytest.mark.parametrize("heading", ["\ufeffBackground", "\u200bBackground\u200b", "Background\u00ad:"])
def test_invisible_characters_around_a_usual_heading_are_no_part_of_it(heading: str) -> None:
    digest = parse_digest(f"Head Line\n\n{heading}\n\nOne.\n\nResults\n\nTwo.", sha256="", name="NCT09999991.txt")
    assert [section.heading for section in digest.sections] == ["Background", "Results"]


@pytest.mark.parametrize("rule", ["----------", "===", "~~~~"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_rule_below_a_usual_heading_belongs_to_the_heading(rule: str, newline: str) -> None:
    text = f"Head Line\n\nBackground\n{rule}\nOne.\n\nResults\n{rule}\n\nTwo.".replace("\n", newline)
    digest = parse_digest(text, sha256="", name="NCT09999991.txt")
    assert [digest.text[part.start : part.end] for part in digest.sections] == ["One.", "Two."]
    assert digest.text[digest.sections[0].heading_start : digest.sections[0].heading_end].endswith(rule)
