"""JSON digests: facts and sections as ranges of the raw file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.digests import Digest, canonical_json, parse_digest
from digestqa.errors import NotADigestError

RECORD = """\
{
  "headline": "Tempocept Slows Stiffness",
  "official_title": "Tempocept in Arthrofibrosis",
  "source": "clinicaltrials:NCT09999991",
  "n": 19,
  "ingested": "2026-04-16",
  "digest_model": "gemini-2.5-flash",
  "flags": ["dose mentioned", "safety data present"],
  "reviewer": null,
  "sections": {"Background": "Knees stiffen.", "Results": "Flexion rose by 12\\u00b0.\\n\\nNobody \\"stopped\\"."}
}"""


def parse(text: str, name: str = "study.json") -> Digest:
    digest = parse_digest(text, sha256="", name=name)
    for fact in digest.facts:
        assert text[fact.start : fact.end] == fact.value
    return digest


def bodies(digest: Digest) -> list[tuple[str, str]]:
    return [(section.heading, digest.text[section.start : section.end]) for section in digest.sections]


def test_facts_are_the_characters_between_the_quotes() -> None:
    digest = parse(RECORD)
    assert digest.layout == "json"
    assert (digest.source, digest.registry) == ("NCT09999991", "clinicaltrials")
    assert [(fact.name, fact.value) for fact in digest.facts] == [
        ("headline", "Tempocept Slows Stiffness"),
        ("official_title", "Tempocept in Arthrofibrosis"),
        ("source", "clinicaltrials:NCT09999991"),
        ("n", "19"),
        ("ingested", "2026-04-16"),
        ("digest_model", "gemini-2.5-flash"),
        ("flags", "dose mentioned"),
        ("flags", "safety data present"),
    ]


def test_a_facts_line_is_its_entry_and_a_titles_line_its_text() -> None:
    lines = [RECORD[line.start : line.end] for line in parse(RECORD).lines]
    assert lines[0] == "Tempocept Slows Stiffness"
    assert '"n": 19' in lines
    assert '"ingested": "2026-04-16"' in lines


def test_text_is_the_raw_slice_cut_at_newline_escapes() -> None:
    assert bodies(parse(RECORD)) == [
        ("Background", "Knees stiffen."),
        ("Results", "Flexion rose by 12\\u00b0."),
        ("Results", 'Nobody \\"stopped\\".'),
    ]


def test_an_escaped_backslash_before_an_n_is_no_newline() -> None:
    digest = parse('{"nct": "NCT09999991", "results": "a\\\\nb. \\\\\\nNext."}')
    assert bodies(digest) == [("Results", "a\\\\nb. \\\\"), ("Results", "Next.")]


@pytest.mark.parametrize(
    "sections",
    [
        '"sections": [{"heading": "Results", "text": "They bend."}, {"title": "Safety", "body": ["Fine.", "All."]}]',
        '"sections": [{"Results": "They bend."}, {"text": ["Fine.", "All."], "heading": "Safety"}]',
        '"results": "They bend.", "safety": ["Fine.", "All."]',
        '"Results": "They bend.", "Safety": "Fine.\\r\\nAll."',
    ],
)
def test_sections_may_be_an_object_a_list_or_keys_of_the_top(sections: str) -> None:
    digest = parse(f'{{"headline": "Knees Bend", {sections}}}')
    assert bodies(digest) == [("Results", "They bend."), ("Safety", "Fine."), ("Safety", "All.")]


def test_keys_that_stand_for_headings_are_headings() -> None:
    digest = parse('{"pmid": 77, "why_it_matters": "It helps.", "studyDesign": "Two arms."}')
    assert digest.source == "PMID:77"
    assert bodies(digest) == [("Why It Matters", "It helps."), ("Study Design", "Two arms.")]


def test_a_long_text_under_an_unknown_key_is_a_section_and_a_short_one_is_not() -> None:
    digest = parse(
        '{"results": "They bend.", "editor": "A. Name", "family_voices": "The families said that it went well."}'
    )
    assert [heading for heading, _ in bodies(digest)] == ["Results"]
    longer = parse('{"results": "They bend.", "family_voices": "The families said that all of it went well."}')
    assert [heading for heading, _ in bodies(longer)] == ["Results", "Family Voices"]


def test_a_source_may_be_an_object() -> None:
    digest = parse('{"source": {"registry": "pubmed", "id": "77"}, "results": "They bend."}')
    assert digest.source == "PMID:77"


def test_a_json_digest_without_a_source_takes_its_files_name() -> None:
    assert parse('{"id": 12, "results": "They bend."}', "knees.json").source == "knees"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"results": ', "line 1, column 13"),
        ('{"results": "a", "results": "b"}', "stands twice"),
        ("[1, 2]", "no object"),
        ('"Results"', "no object"),
        ("[" * 100_000 + "]" * 100_000, "deeper"),
        ('{"a":' * 40 + "1" + "}" * 40, "deeper"),
        ('{"name": "package", "version": "1.0"}', "no section"),
        ('{"description": "a package that does one thing and does it well enough"}', "usual headings"),
        ('{"headline": "Knees Bend", "results": 5}', "no section"),
    ],
)
def test_json_that_is_no_digest_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NotADigestError) as caught:
        parse(text)
    assert reason in caught.value.message
    assert "study.json" in caught.value.message
    assert caught.value.hint


def test_numbers_of_any_size_are_only_text() -> None:
    huge = "9" * 100_000
    assert parse(f'{{"n": {huge}, "x": 1e999999, "results": "They bend."}}').value("n") == huge


def test_canonical_json_shows_characters_and_keeps_everything_else() -> None:
    text = '{"b":"\\u03b1 \\ud83d\\ude00\\n","a":[1e400,-0,{},[]],"c":true}'
    assert canonical_json(text) == (
        '{\n  "b": "α 😀\\n",\n  "a": [\n    1e400,\n    -0,\n    {},\n    []\n  ],\n  "c": true\n}\n'
    )


def test_canonical_json_keeps_half_a_surrogate_pair_as_an_escape() -> None:
    written = canonical_json('{"a": "\\ud800 \\u0000 \\u2028"}')
    assert written.encode()
    assert json.loads(written) == {"a": "\ud800 \0 \u2028"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values, st.booleans())
def test_canonical_json_means_the_same_and_is_its_own_canonical_form(value: object, ascii_only: bool) -> None:
    written = canonical_json(json.dumps(value, ensure_ascii=ascii_only))
    assert json.loads(written) == value
    assert canonical_json(written) == written


@given(st.text(), st.text(min_size=1), st.booleans())
def test_every_range_of_a_json_digest_lies_between_quotes(headline: str, body: str, ascii_only: bool) -> None:
    text = json.dumps({"headline": headline, "results": f"x{body}", "n": 5}, ensure_ascii=ascii_only, indent=1)
    digest = parse(text)
    read = " ".join(json.loads(f'"{text[section.start : section.end]}"') for section in digest.sections)
    assert read.split() == f"x{body}".split()


def test_facts_may_stand_in_an_object_of_their_own() -> None:
    text = '{"metadata": {"title": "H", "nct_id": "NCT09999991"}, "sections": {"Results": "It fell."}}'
    digest = parse_digest(text, sha256="", name="x.json")
    assert (digest.source, digest.headline) == ("NCT09999991", "H")


def test_a_whole_source_line_as_a_value_names_the_study() -> None:
    text = '{"title": "H", "source": "clinicaltrials:NCT09999991 · Ingested 2026-04-16", "results": "It fell."}'
    assert parse_digest(text, sha256="", name="x.json").source == "NCT09999991"
