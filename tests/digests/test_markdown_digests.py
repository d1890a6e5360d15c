"""Markdown digests: front matter, marked headings, and text that stays as it is."""

from __future__ import annotations

import pytest

from digestqa.digests import Digest, parse_digest
from digestqa.errors import NotADigestError

PAGE = """\
---
title: "Tempocept: Slower Stiffness"   # as on the site
official_title: Tempocept in Arthrofibrosis
source: clinicaltrials:NCT09999991
compound: tempocept
class: 'growth factor trap'
evidence: case series
n: 19
date: 2024-06
registry: ClinicalTrials
ingested: 2026-04-16
model: gemini-2.5-flash
flags: [dose mentioned, "safety data present"]
keywords:
  - knee
  - scar
reviewer: nobody
---

# Tempocept Slows Stiffness

## Background

Knees stiffen *after* surgery. `TC` traps [a factor](x).

## Results ##

Flexion rose by 12°.

```
# not a heading
```

### Dose and Safety

Nobody stopped.
"""


def parse(text: str, name: str = "study.md") -> Digest:
    digest = parse_digest(text, sha256="", name=name)
    for fact in digest.facts:
        assert text[fact.start : fact.end] == fact.value
    return digest


def bodies(digest: Digest) -> dict[str, str]:
    return {section.heading: digest.text[section.start : section.end] for section in digest.sections}


def test_front_matter_gives_facts_without_quotes_and_comments() -> None:
    digest = parse(PAGE)
    assert digest.layout == "markdown"
    assert (digest.source, digest.registry) == ("NCT09999991", "clinicaltrials")
    assert [(fact.name, fact.value) for fact in digest.facts] == [
        ("headline", "Tempocept: Slower Stiffness"),
        ("official_title", "Tempocept in Arthrofibrosis"),
        ("source", "clinicaltrials:NCT09999991"),
        ("compound", "tempocept"),
        ("class_words", "growth factor trap"),
        ("evidence_type", "case series"),
        ("n", "19"),
        ("date", "2024-06"),
        ("registry", "ClinicalTrials"),
        ("ingested", "2026-04-16"),
        ("digest_model", "gemini-2.5-flash"),
        ("flags", "dose mentioned"),
        ("flags", "safety data present"),
        ("keywords", "knee"),
        ("keywords", "scar"),
        ("headline", "Tempocept Slows Stiffness"),
    ]


def test_each_front_matter_line_is_a_line_and_unknown_keys_are_kept_as_such() -> None:
    digest = parse(PAGE)
    lines = {PAGE[line.start : line.end]: line.kind for line in digest.lines}
    assert lines["ingested: 2026-04-16"] == "source"
    assert lines["n: 19"] == "tag"
    assert lines["keywords:\n  - knee\n  - scar"] == "flags"
    assert lines["reviewer: nobody"] == "other"
    assert lines["Tempocept Slows Stiffness"] == "headline"


def test_sections_of_every_level_are_read_and_their_text_is_literal() -> None:
    assert bodies(parse(PAGE)) == {
        "Background": "Knees stiffen *after* surgery. `TC` traps [a factor](x).",
        "Results": "Flexion rose by 12°.\n\n```\n# not a heading\n```",
        "Dose and Safety": "Nobody stopped.",
    }


def test_markdown_without_front_matter_reads_by_its_headings() -> None:
    text = "# Knees Bend Again\n\nA Registered Title\n\n## Results\n\nThey bend.\n\n"
    digest = parse(text + "*Source: pubmed:123 · Ingested 2026-01*\n")
    assert (digest.source, digest.headline) == ("PMID:123", "Knees Bend Again")
    assert digest.value("official_title") == "A Registered Title"
    assert digest.value("ingested") == "2026-01"
    assert bodies(digest) == {"Results": "They bend."}


def test_underlined_headings_are_headings() -> None:
    digest = parse("Knees Bend Again\n=====\n\nBackground\n---\n\nThey stiffen.\n\nResults\n---\n\nThey bend.\n")
    assert digest.headline == "Knees Bend Again"
    assert bodies(digest) == {"Background": "They stiffen.", "Results": "They bend."}


def test_top_level_headings_that_are_sections_are_sections() -> None:
    digest = parse("---\nheadline: Knees Bend\n---\n# Background\n\nThey stiffen.\n\n# Results\n\nThey bend.\n")
    assert digest.headline == "Knees Bend"
    assert bodies(digest) == {"Background": "They stiffen.", "Results": "They bend."}


def test_named_lines_below_the_headline_are_facts() -> None:
    text = "# Knees Bend\n\n**Official title:** A Trial of Knees\n- NCT: NCT09999991\n\n## Results\n\nThey bend.\n"
    digest = parse(text)
    assert digest.source == "NCT09999991"
    assert digest.value("official_title") == "A Trial of Knees"


def test_prose_below_the_headline_is_a_section_without_a_heading() -> None:
    digest = parse("# Knees Bend\n\nForty people took part. All bent.\n\n## Results\n\nThey bend.\n")
    assert bodies(digest) == {"": "Forty people took part. All bent.", "Results": "They bend."}
    assert digest.value("official_title") is None


def test_title_is_the_official_title_where_a_headline_stands_beside_it() -> None:
    digest = parse("---\ntitle: A Trial of Knees\nheadline: Knees Bend\npmid: 77\n---\n## Results\n\nThey bend.\n")
    assert (digest.headline, digest.value("official_title")) == ("Knees Bend", "A Trial of Knees")
    assert digest.source == "PMID:77"


def test_a_folded_value_is_one_fact_over_its_lines() -> None:
    digest = parse("---\nheadline: >\n  Knees\n  Bend\nnct: NCT09999991\n---\n## Results\n\nThey bend.\n")
    assert digest.headline == "Knees\n  Bend"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_newlines_change_nothing_that_is_read(newline: str) -> None:
    plain, other = parse(PAGE), parse(PAGE.replace("\n", newline))
    assert [(fact.name, fact.value) for fact in other.facts] == [(fact.name, fact.value) for fact in plain.facts]
    assert list(bodies(other)) == list(bodies(plain))


def test_a_plain_page_with_a_markdown_name_is_read_as_a_plain_page() -> None:
    digest = parse("Knees Bend Again\nResults\nThey bend.")
    assert digest.layout == "B"


def test_front_matter_and_a_source_line_that_disagree_are_refused() -> None:
    with pytest.raises(NotADigestError, match=r"line 4 has 'clinicaltrials:NCT09999991'.*line \d+ has 'Source: NCT09"):
        parse(PAGE + "\nSource: NCT09999992\n")


def test_a_trial_and_its_paper_in_the_front_matter_are_no_contradiction() -> None:
    digest = parse("---\nnct: NCT09999991\npmid: 77\n---\n## Results\n\nThey bend.\n")
    assert digest.source == "NCT09999991"


def test_markdown_that_is_no_digest_is_refused() -> None:
    with pytest.raises(NotADigestError):
        parse("# My Tool\n\n## Installation\n\nRun the installer.\n", "README.md")


BOLD = """\
Back to Tempocept research
tempocept growth factor trap rct n=19 2024-06 ClinicalTrials

Tempocept Slows Stiffness

**Background**

Knees stiffen.

**Results:**

Flexion **rose**.

**Family Voices**

They were glad.

**Source:** clinicaltrials:NCT09999991 · Ingested 2026-04-16 · Digest: m
"""


@pytest.mark.parametrize("mark", ["**", "__"])
def test_headings_that_are_only_set_in_bold_are_headings(mark: str) -> None:
    digest = parse_digest(BOLD.replace("**", mark), sha256="", name="x.md")
    assert [section.heading for section in digest.sections] == ["Background", "Results", "Family Voices"]
    assert digest.text[digest.sections[1].start : digest.sections[1].end] == f"Flexion {mark}rose{mark}."
    assert (digest.source, digest.value("ingested"), digest.value("digest_model")) == ("NCT09999991", "2026-04-16", "m")
    assert digest.headline == "Tempocept Slows Stiffness"


def test_bold_lines_below_marked_headings_are_text() -> None:
    digest = parse_digest("# H\n\n## Results\n\n**Safety**\n\nNobody left.\n", sha256="", name="NCT09999991.md")
    assert [section.heading for section in digest.sections] == ["Results"]


def test_emphasis_numbers_and_colons_are_no_part_of_a_usual_heading() -> None:
    text = "# **Headline**\n\n## **Background**\n\nOne.\n\n## 2. Results:\n\nTwo.\n\n## 3. Family Voices\n\nThree.\n"
    digest = parse_digest(text, sha256="", name="NCT09999991.md")
    assert digest.headline == "Headline"
    assert [section.heading for section in digest.sections] == ["Background", "Results", "3. Family Voices"]


def test_a_lone_highest_heading_is_the_headline_whatever_its_level() -> None:
    digest = parse_digest("## H\n\n### Background\n\nOne.\n\n### Results\n\nTwo.\n", sha256="", name="NCT09999991.md")
    assert digest.headline == "H"
    assert [section.heading for section in digest.sections] == ["Background", "Results"]


@pytest.mark.parametrize(
    "source",
    ["nct: 09999991", "nct_id: 9999991", "source:\n  registry: clinicaltrials\n  id: NCT09999991"],
)
def test_front_matter_may_give_the_id_as_a_number_or_a_mapping(source: str) -> None:
    digest = parse_digest(f"---\n{source}\n---\n# H\n\n## Results\n\nTwo.\n", sha256="", name="x.md")
    assert (digest.source, digest.registry) == ("NCT09999991", "clinicaltrials")
