"""What holds for every page, whatever it holds."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digestqa.digests import Digest, parse_digest
from digestqa.errors import NotADigestError
from digestqa.passages import split_passages

LINES = [
    "Back to Tempocept research",
    "All research",
    "tempocept growth factor trap rct n=19 2024-06 ClinicalTrials",
    "Tempocept 2024-06 PubMed",
    "Tempocept Slows Stiffness of the Knee",
    "Background",
    "Results",
    "Why It Matters",
    "Study Design",
    "Family Voices",
    "Flexion rose (p=0.001, 95% CI 4–20). > Nobody stopped.",
    "Tα1 fe\u0301ll by 5\u00a0%. \U0001f9b5 [bold]x[/bold] \x1b[31mred\x1b[0m",
    "and a line that was cut in the",
    "- a list item",
    ">",
    "tempocept growth factor trap knee dose mentioned safety data present",
    "Source: clinicaltrials:NCT09999991 · Ingested 2026-04-16 · Digest: m",
    "Origin: html sha256:" + "0123456789abcdef" * 4,
    "---",
    "# Knees",
    "## Results",
    "n: 5",
    "",
    " ",
    "\t\u00a0",
    "\ufeff",
    "\u2028\x0c\x85x",
]

pages = st.lists(
    st.tuples(st.sampled_from(LINES) | st.text(max_size=12), st.sampled_from(["\n", "\n\n", "\r\n", "\r", " \n"])),
    max_size=25,
).map(lambda rows: "".join(line + newline for line, newline in rows))


def read(text: str, name: str) -> Digest | None:
    try:
        return parse_digest(text, sha256="", name=name)
    except NotADigestError as error:
        refusal = error
    assert refusal.message.startswith(name)
    assert refusal.hint
    return None


def check(digest: Digest) -> None:
    text = digest.text
    for fact in digest.facts:
        assert fact.value == text[fact.start : fact.end]
        assert fact.value
    ranges = [(line.start, line.end) for line in digest.lines]
    ranges += [(section.start, section.end) for section in digest.sections]
    for start, end in ranges:
        assert text[start:end] == text[start:end].strip()
    assert list(digest.facts) == sorted(digest.facts, key=lambda fact: fact.start)
    assert list(digest.lines) == sorted(digest.lines, key=lambda line: line.start)
    assert list(digest.sections) == sorted(digest.sections, key=lambda section: section.start)


def check_passages(digest: Digest) -> None:
    """Every character of lines and bodies that is not blank lies in a passage; navigation and origin are in none."""
    passages = split_passages(digest)
    inside: set[int] = set()
    for passage in passages:
        assert passage.text == digest.text[passage.start : passage.end]
        for start, end in passage.sentences:
            assert passage.start <= start < end <= passage.end
            inside.update(range(start, end))
    for section in digest.sections:
        for place in range(section.start, section.end):
            # Stray quote marks before a sentence are nobody's words.
            assert place in inside or digest.text[place].isspace() or digest.text[place] == ">"
    for line in digest.lines:
        quoted = line.kind not in ("back", "origin")
        assert all((place in inside) == quoted for place in (line.start, line.end - 1))


def covered(digest: Digest) -> list[int]:
    """Return how many lines, headings and bodies each character lies in."""
    times = [0] * len(digest.text)
    ranges = [(line.start, line.end) for line in digest.lines]
    ranges += [(section.start, section.end) for section in digest.sections]
    ranges += [(section.heading_start, section.heading_end) for section in digest.sections]
    for start, end in ranges:
        for position in range(start, end):
            times[position] += 1
    return times


@given(pages)
@settings(max_examples=300)
@example("Results\nA\n")
@example("Knees\n\nResults\n\nA b.\n\nResults")
def test_every_character_of_a_plain_page_lies_in_exactly_one_part(text: str) -> None:
    digest = read(text, "study.txt")
    if digest is not None:
        check(digest)
        check_passages(digest)
        times = covered(digest)
        assert all(count == 1 or (count == 0 and text[place].isspace()) for place, count in enumerate(times))


@given(pages)
@settings(max_examples=200)
def test_no_character_of_a_markdown_page_lies_in_two_parts_or_is_lost(text: str) -> None:
    digest = read(text, "study.md")
    if digest is not None:
        check(digest)
        check_passages(digest)
        times = covered(digest)
        assert max(times) <= 1
        # Marks of headings, rules, fences and emphasis are nobody's text.
        lost = {text[place] for place, count in enumerate(times) if not count and not text[place].isspace()}
        assert lost <= set("#-=*_.")


@given(st.text(max_size=400), st.sampled_from(["a.txt", "a.md", "a.json", "a"]))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    digest = read(text, name)
    if digest is not None:
        check(digest)


HOSTILE = [
    "Source: ",
    "n=1 ",
    "2024-01 ",
    "dose mentioned ",
    " · ",
    "Ab ",
    "Results\nabc def.\n",
    "---\n",
    "- - ",
    "a: b\n",
]
HOSTILE += ["```\n", "# ", '"', "\\n", ">\n", "\n ", "\r\n", "A. ", "( A. ", ". ", "> ", '."', ".[1,"]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("name", ["study.txt", "study.md"])
def test_hostile_text_costs_no_more_than_its_length(unit: str, name: str) -> None:
    body = unit * (200_000 // len(unit))
    text = f"Back to X research\nx trap rct 2024-01 PubMed\n\n{body}\n\nResults\n\n{body}\n\nSource: NCT09999991"
    start = process_time()
    digest = read(text, name)
    if digest is not None:
        split_passages(digest)
    # About 0.1 s; work that grows with the square of the length would take minutes.
    assert process_time() - start < 10
