"""Sentence boundaries: what ends a sentence in such texts, and what only looks like it."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestqa.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


# Each `|` stands where one sentence ends and the next begins.
CASES = [
    # numbers
    "The odds fell (p=0.001). | The next arm did not.",
    "It fell, p = .03 and n = 5. | The rest stayed.",
    "The hazard ratio was 0.73 (95% CI 0.51-0.75). | Twelve died.",
    "It rose by 2.5 mg/kg/day. | 12 patients left.",
    "Seen in 40 of 63 (63.5%). | 44 of 48 had both.",
    "It fell in grade 1. | Grade 2 rose.",
    "The change was −0.025. | Women lost bone.",
    # abbreviations
    "Drug vs. placebo was tested. | It failed.",
    "Some (e.g. nausea, i.e. feeling sick) left. | Others stayed.",
    "Approx. 5 in 10 left, ca. 3 died. | Dr. Smith and Ms. Jones wrote it.",
    "See No. 5 and Fig. 2 (vol. 3, p. 7). | It began on Jan. 7 and ended in Dec. 2010.",
    "The answer was no. | The trial went on.",
    "Smith et al. (2010) found it. | As did Jones et al. | The others did not.",
    "It was read by J. A. Smith and B. Jones. | They agreed.",
    "The U.S. Food and Drug Administration agreed. | It was sold in the U.S. | The drug worked.",
    "Given b.i.d. for a week. | Given i.v. | The dose rose.",
    "At 9 a.m. | The dose was taken at 5 p.m. daily.",
    "Acme Inc. Boston ran it. | Acme Inc. | The trial ended.",
    "A Ph.D. student counted. | St. Mary hospital helped.",
    "The interval was over 60 ms. | Events will be listed.",
    # single letters that are names of kinds
    "They had hepatitis B. | Patients were treated in arms A, B and C. | Median survival rose.",
    "It was given to group A. | Group B had none.",
    "They took vitamin C. | It helped.",
    # numbers and letters of things
    "The study (No. NCT01234567) ran. | Protocol No. ABC-1 ruled it.",
    "See Fig. S1, Suppl. Table 1 and Ref. B12. | It ended.",
    "It was p = 0. 03 in both. | The rest were at 5. | Others had none.",
    "The endpoints were: 1. Overall survival; 2. Relapse; and 3. Death. | Five died.",
    "The aims were: i. To see; ii. To test. | They were met.",
    "A. The first aim. | B. The second aim. | It ended.",
    "Deaths: 1. | Relapses: 5. | Patients did well.",
    # units with a stop of their own
    "Given for 4 wk. (28 days) and 6 mo. [IQR 3-9] at home. | It helped.",
    "It rose by 3 kg. | (This was expected.) | The rest fell by 2 kg. | Women gained.",
    # beginnings
    "It was given weekly. | nab-Paclitaxel was given daily. | mTOR fell. | p53 rose.",
    "It was given weekly. | bevacizumab was not.",
    "It fell. | α1 rose. | β2 did not.",
    "It fell ... but not in all. | It rose… | The end.",
    "Did it work? | It did! | Yes.",
    "“It works.” | He was sure. | ‘Never!’ | She was not.",
    "“Does it work?” he asked. | It did.",
    "(It was small. | It was early.) | The next one was not.",
    "It fell (see Table 2. Figure 3 shows more) in both. | The rest rose.",
    "It ended.[12] | The next began.¹² | A third followed. [3]",
    "It ended.) | [The next] began.",
    'He said \\"It works.\\" | She agreed.',
    # no boundary
    "First; second; third.",
    "Doses: 5 mg, 10 mg, and so on",
    "It was 5.5.5 of them",
    "The site is clinicaltrials.gov and no other",
    "A. B. and C. were there",
    # wide stops
    "これは文です。|次の文です。",
]


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_ends_them(case: str) -> None:
    expected = [part.strip() for part in case.split("|")]
    assert sentences(case.replace("|", "")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell. > The next rose.", ["It fell.", "The next rose."]),
        ("It fell.\n> The next rose.\n>\n> More rose.", ["It fell.", "The next rose.", "More rose."]),
        ("It fell after > the dose. It rose.", ["It fell after > the dose.", "It rose."]),
        ("> It fell.", ["It fell."]),
        ("It fell. > 5 cm was too large.", ["It fell.", "> 5 cm was too large."]),
        ("The rest was >250 pounds.", ["The rest was >250 pounds."]),
        (">", [">"]),
    ],
)
def test_a_stray_quote_mark_between_sentences_belongs_to_neither(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_blank_lines_and_list_items_begin_sentences_and_line_ends_do_not(newline: str) -> None:
    text = "A wrapped\nsentence ends. Another\none\n\nno stop here\n \t\nnext"
    text += "\n- first item\n- second. More\n1. third\n(a) fourth"
    assert [part.replace(newline, "\n") for part in sentences(text.replace("\n", newline))] == [
        "A wrapped\nsentence ends.",
        "Another\none",
        "no stop here",
        "next",
        "- first item",
        "- second.",
        "More",
        "1. third",
        "(a) fourth",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "wrapped",
    [
        "It was seen in patients (n =\n12) and others.",
        "Events of grade 3 or\n4.",
        "It was tested in phase\n1.",
        "Groups 1, 2,\n3. ",
        "It was given with A\n+ B for a week.",
        "The effect\n– as measured – was small.",
        "The range was 5\n- 10 mg.",
        "The arm\n(a) was small.",
    ],
)
def test_a_wrapped_line_that_begins_like_a_list_item_does_not_cut_its_sentence(wrapped: str, newline: str) -> None:
    text = f"It began.\n{wrapped}\nThe rest was\nsmall.".replace("\n", newline)
    assert [part.replace(newline, "\n") for part in sentences(text)] == [
        "It began.",
        wrapped.strip(),
        "The rest was\nsmall.",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "parts",
    [
        ["Inclusion", "- age over\n18", "- ECOG 0\nor 1", "- other"],
        ["Criteria:", "1. Age 18.", "No\nupper limit", "2. Weight 50\nkg", "3. Other"],
        ["One line", "• first", "• second"],
        ["Arms", "(a) drug", "(b) placebo"],
        ["1. first", "2. second"],
    ],
)
def test_list_items_are_told_by_the_items_around_them(parts: list[str], newline: str) -> None:
    text = "\n".join(parts).replace("\n", newline)
    assert [part.replace(newline, "\n") for part in sentences(text)] == parts


def test_only_the_given_range_is_looked_at() -> None:
    text = "One. Two. Three. Four."
    assert [text[start:end] for start, end in split_sentences(text, 5, 15)] == ["Two.", "Three"]


@pytest.mark.parametrize("text", ["", " ", "\n\u00a0\t\r\n"])
def test_blank_text_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


PIECES = [
    *(
        "It fell. ",
        "vs. ",
        "e.g. ",
        "p=0.001 ",
        "(95% CI 0.51-0.75) ",
        "Dr. ",
        "A. ",
        "et al. ",
        "5. ",
        "No. ",
        "… ",
        "! ",
    ),
    *("\n", "\r\n", "\r", "\n\n", " > ", ">", "- item", "\n1. ", "“Quoted.” ", "(x. Y) ", ".[1] ", "nab-Paclitaxel "),
    *("\u00a0", "\t", "α1 ", "e\u0301", "\U0001f9b5", "[b]x[/b]", "\x1b[31m", "\u2028", "\x85", "\ufeff", "。", "The "),
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30).map("".join)


@given(texts, st.integers(0, 5), st.integers(0, 5))
@settings(max_examples=400)
def test_sentences_are_trimmed_ordered_and_cover_all_but_blanks_and_stray_marks(
    text: str, skip: int, drop: int
) -> None:
    start, end = min(skip, len(text)), max(min(skip, len(text)), len(text) - drop)
    found = split_sentences(text, start, end)
    position = start
    for first, last in found:
        assert position <= first < last <= end
        assert text[first:last] == text[first:last].strip()
        assert not text[position:first].strip(" \t\r\n>" + "".join(c for c in text if c.isspace()))
        position = last
    assert not [c for c in text[position:end] if not c.isspace() and c != ">"]
    assert bool(found) == bool(text[start:end].strip())


@pytest.mark.parametrize(
    "unit",
    ["A. ", "( A. ", "(A. b. )", "x (a. B. C) ", ". ", " .", "> ", ">", "\n", "\n- ", '."', ".[1,", "1. ", "e.g. "],
)
def test_splitting_costs_no_more_than_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = process_time()
        split_sentences(text, 0, len(text))
        return process_time() - start

    # Work that grows with the square of the length would cost 64 times as much.
    assert min(seconds(80_000), seconds(80_000)) < 30 * max(seconds(10_000), 0.002)
