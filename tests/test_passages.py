"""Passages: by section, in whole sentences, with their places and their context."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestqa.digests import Digest, parse_digest
from digestqa.passages import CHUNKER, Passage, passage_context, split_passages

PAGE = """\
Back to Tempocept research
tempocept growth factor trap rct n=19 2024-06 ClinicalTrials

Tempocept Slows Stiffness

Tempocept in Arthrofibrosis. A Trial.

Background

{background}

Results

{results}


tempocept growth factor trap knee dose mentioned
Source: clinicaltrials:NCT09999991 · Ingested 2026-04-16 · Digest: m"""


def page(background: str = "Knees stiffen.", results: str = "They bent.") -> Digest:
    text = PAGE.format(background=background, results=results)
    return parse_digest(text, sha256="", name="study.txt")


def sentence(words: int, mark: str = "word") -> str:
    return " ".join([mark.capitalize(), *[mark] * (words - 1)]) + "."


def words(passage: Passage) -> int:
    return sum(word != ">" for word in passage.text.split())


def of_section(digest: Digest, section: str) -> list[Passage]:
    return [passage for passage in split_passages(digest) if passage.section == section]


def test_a_page_gives_its_lines_and_sections_in_order() -> None:
    passages = split_passages(page())
    assert [(passage.section, passage.text) for passage in passages] == [
        ("header", "tempocept growth factor trap rct n=19 2024-06 ClinicalTrials"),
        ("header", "Tempocept Slows Stiffness"),
        ("header", "Tempocept in Arthrofibrosis. A Trial."),
        ("Background", "Knees stiffen."),
        ("Results", "They bent."),
        ("footer", "tempocept growth factor trap knee dose mentioned"),
        ("footer", "Source: clinicaltrials:NCT09999991 · Ingested 2026-04-16 · Digest: m"),
    ]
    assert [passage.ordinal for passage in passages] == list(range(7))


def test_a_header_line_is_one_sentence_whatever_it_holds() -> None:
    title = split_passages(page())[2]
    assert title.sentences == ((title.start, title.end),)


def test_the_context_is_embedded_and_not_in_the_range() -> None:
    (passage,) = of_section(page(), "Results")
    assert passage.context == "Tempocept Slows Stiffness — Results"
    assert passage.embedded_text == "Tempocept Slows Stiffness — Results: They bent."
    assert passage.text == "They bent."


def test_the_context_needs_neither_headline_nor_section() -> None:
    assert passage_context("", "Results") == "Results"
    assert passage_context("Headline", "") == "Headline"


def test_a_section_within_the_limit_is_one_passage() -> None:
    text = " ".join(sentence(20) for _ in range(6))
    assert len(of_section(page(results=text), "Results")) == 1


def test_a_longer_section_is_cut_between_sentences_with_one_of_overlap() -> None:
    text = " ".join(sentence(20, f"w{number}") for number in range(9))
    first, second = of_section(page(results=text), "Results")
    assert first.sentences[-1] == second.sentences[0]
    assert words(first) <= CHUNKER.max_words
    assert words(second) <= CHUNKER.max_words


def test_parts_of_a_section_are_balanced() -> None:
    text = " ".join(sentence(10, f"w{number}") for number in range(13))
    first, second = of_section(page(results=text), "Results")
    assert abs(words(first) - words(second)) <= 10


def test_a_sentence_over_the_limit_stands_alone() -> None:
    text = " ".join([sentence(30), sentence(150, "long"), sentence(30, "after")])
    assert [words(passage) for passage in of_section(page(results=text), "Results")] == [30, 150, 30]


def test_an_endless_sentence_is_cut_at_clauses() -> None:
    text = ", ".join(["one two three four five six seven eight nine"] * 60) + "."
    passages = of_section(page(results=f"One {text}"), "Results")
    assert all(words(passage) <= CHUNKER.max_words for passage in passages)
    assert all(passage.text.endswith((",", ".")) for passage in passages)
    assert " ".join(passage.text for passage in passages) == f"One {text}"


def test_a_word_without_end_is_cut_where_it_must_be() -> None:
    passages = of_section(page(results="x" * 10_000), "Results")
    assert "".join(passage.text for passage in passages) == "x" * 10_000
    assert max(len(passage.text) for passage in passages) <= CHUNKER.longest_sentence_characters


def test_an_overlap_is_dropped_where_it_would_not_fit() -> None:
    text = " ".join([sentence(70, "a"), sentence(70, "b"), sentence(70, "c")])
    assert [words(passage) for passage in of_section(page(results=text), "Results")] == [70, 70, 70]


def test_a_section_cut_after_its_heading_has_no_passage() -> None:
    digest = parse_digest("Knees Bend\n\nBackground\n\nThey stiffen.\n\nResults", sha256="", name="s.txt")
    assert [passage.section for passage in split_passages(digest)] == ["header", "Background"]


def test_text_without_a_heading_has_an_empty_section_name() -> None:
    digest = parse_digest("# Knees Bend\n\nAll bent. None broke.\n\n## Results\n\nFine.\n", sha256="", name="s.md")
    assert [passage.section for passage in split_passages(digest)] == ["header", "", "Results"]


def test_front_matter_lines_are_header_passages() -> None:
    text = "---\nheadline: Knees Bend\nnct: NCT09999991\ningested: 2026-01\n---\n## Results\n\nFine.\n"
    passages = split_passages(parse_digest(text, sha256="", name="s.md"))
    assert [(passage.section, passage.text) for passage in passages] == [
        ("header", "Knees Bend"),
        ("header", "nct: NCT09999991"),
        ("header", "ingested: 2026-01"),
        ("Results", "Fine."),
    ]


def test_no_passage_of_a_json_digest_holds_a_newline_escape() -> None:
    text = json.dumps({"headline": "Knees Bend", "n": 5, "results": "Fine.\n\nAll of them.\nMore."})
    passages = split_passages(parse_digest(text, sha256="", name="s.json"))
    assert [(passage.section, passage.text) for passage in passages] == [
        ("header", "Knees Bend"),
        ("header", '"n": 5'),
        ("Results", "Fine."),
        ("Results", "All of them."),
        ("Results", "More."),
    ]


def test_the_chunkers_parameters_are_plain_numbers_with_a_version() -> None:
    parameters = CHUNKER.as_dict()
    assert parameters["version"] >= 1
    assert parameters["max_words"] == 120
    assert parameters["overlap_sentences"] == 1
    assert json.loads(json.dumps(parameters)) == parameters


# The rules' version is part of a library's identity: whoever changes a cut here must raise it.
GOLDEN = (
    "It fell (p=0.001, 95% CI 0.51-0.75) vs. 5. > Dr. No saw hepatitis B. mTOR rose, e.g. in 5.\n- Item one\n\nThe end"
)


def test_this_version_of_the_rules_cuts_as_it_always_did() -> None:
    (passage,) = of_section(page(results=GOLDEN), "Results")
    assert CHUNKER.version == 2
    assert [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences] == [
        "It fell (p=0.001, 95% CI 0.51-0.75) vs. 5.",
        "Dr. No saw hepatitis B.",
        "mTOR rose, e.g. in 5.",
        "- Item one",
        "The end",
    ]


bodies = st.lists(
    st.integers(1, 200).map(sentence)
    | st.sampled_from(["\n", "\n\n", "\r\n", " > ", "Tα1 fe\u0301ll by 5\u00a0%. ", "\U0001f9b5. ", "[bold]x[/bold] "])
    | st.sampled_from(["\x1b[31mred\x1b[0m. ", "\t", "vs. ", "- item\n", ","]),
    max_size=30,
).map(" ".join)


@given(bodies, bodies, st.booleans())
@settings(max_examples=100, deadline=None)
def test_every_passage_is_a_slice_of_whole_sentences_of_one_section(background: str, results: str, crlf: bool) -> None:
    text = PAGE.format(background=f"x {background}", results=f"x {results}")
    if crlf:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    digest = parse_digest(text, sha256="", name="study.txt")
    passages = split_passages(digest)
    in_passages: set[int] = set()
    for passage in passages:
        assert passage.text == digest.text[passage.start : passage.end]
        assert passage.sentences[0][0] == passage.start
        assert passage.sentences[-1][1] == passage.end
        assert words(passage) <= CHUNKER.max_words or len(passage.sentences) == 1
        in_passages.update(range(passage.start, passage.end))
        if passage.section not in ("header", "footer"):
            assert any(
                passage.section == section.heading and section.start <= passage.start and passage.end <= section.end
                for section in digest.sections
            )
    for section in digest.sections:
        missing = {digest.text[place] for place in range(section.start, section.end) if place not in in_passages}
        assert all(character.isspace() or character == ">" for character in missing)


@pytest.mark.parametrize("count", [2, 3, 7, 20, 61])
def test_no_part_of_a_section_is_a_tiny_tail(count: int) -> None:
    text = " ".join(sentence(25, f"w{number}") for number in range(count))
    sizes = [words(passage) for passage in of_section(page(results=text), "Results")]
    assert max(sizes) - min(sizes) <= 50
    assert min(sizes) >= 50
