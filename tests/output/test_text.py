"""What a person sees, letter for letter."""

from __future__ import annotations

from dataclasses import replace

from digestqa.output.text import render_reply
from digestqa.replies import Answer, Citation, LibraryState, Reply
from digestqa.retrieval import Filters

QUOTE = "The primary outcome is pain at week 12, expecting a fall."
CITATION = Citation(
    source="NCT90000001",
    registry="clinicaltrials",
    url="https://clinicaltrials.gov/study/NCT90000001",
    title="Corvimab Put to the Test",
    section="Results",
    path="seeds/NCT90000001.txt",
    sha256="0" * 64,
    start=100,
    end=100 + len(QUOTE),
    span_start=123,
    span_end=138,
    quote=QUOTE,
    ingested="2026-02-03",
    digest_model="example-model-1",
)
ANSWER = Answer("pain at week 12", QUOTE, 0.8765, "expected", CITATION)
REPLY = Reply(
    question="what is the primary outcome?",
    resolved_question="what is the primary outcome?",
    filters=Filters(),
    carried=False,
    status="answered",
    confidence=0.8765,
    answers=(ANSWER,),
    nearest=(),
    notes=(),
    library=LibraryState(1, 9, "encoder", "reader", 1),
    elapsed_ms=12.34,
)


def test_an_answer_on_a_stream_without_colour() -> None:
    assert render_reply(REPLY) == (
        "The primary outcome is ▶pain at week 12◀, expecting a fall.\n"
        "expected: an aim, a plan or an expectation, not a finding\n"
        "\n"
        "[1] NCT90000001 · Results · Corvimab Put to the Test\n"
        "    https://clinicaltrials.gov/study/NCT90000001\n"
        "    confidence 0.88 · quoted from a summary written by example-model-1, not from the registry record"
    )


def test_an_answer_in_colour_marks_the_span_in_bold() -> None:
    first = render_reply(REPLY, color=True).splitlines()[0]
    assert first == "The primary outcome is \x1b[1mpain at week 12\x1b[22m, expecting a fall."


def test_marks_are_plain_letters_where_the_stream_has_no_others() -> None:
    assert ">>pain at week 12<<" in render_reply(REPLY, unicode=False)


def test_two_answers_are_numbered_and_apart() -> None:
    second = replace(ANSWER, claim="reported", citation=replace(CITATION, source="NCT90000002"))
    text = render_reply(replace(REPLY, answers=(ANSWER, second)))
    assert "\n\nThe primary outcome is ▶pain at week 12◀, expecting a fall.\n\n[2] NCT90000002 · Results" in text


def test_a_digest_without_a_study_says_so_and_shows_its_file() -> None:
    nameless = replace(CITATION, source="notes", registry=None, url=None, digest_model=None, path="seeds/notes.txt")
    lines = render_reply(replace(REPLY, answers=(replace(ANSWER, citation=nameless),))).splitlines()
    assert lines[3] == "[1] notes (no study id; named by its file) · Results · Corvimab Put to the Test"
    assert lines[4] == "    seeds/notes.txt"
    assert lines[5].endswith("a summary written by an unnamed model, not from the registry record")


def test_a_quote_of_a_fetched_record_is_nobody_s_summary() -> None:
    record = replace(CITATION, digest_model="registry record")
    text = render_reply(replace(REPLY, answers=(replace(ANSWER, citation=record),)))
    assert text.splitlines()[5].endswith("· quoted from the registry record, as it was fetched")
    assert "summary" not in text


def test_a_refusal_shows_the_nearest_passages_as_no_answer() -> None:
    refusal = replace(REPLY, status="abstained", answers=(), nearest=(CITATION,), notes=("NCT1 is not in the library",))
    assert render_reply(refusal) == (
        "NCT1 is not in the library\n"
        "\n"
        "The digests do not say.\n"
        "\n"
        "Nearest passages (no answer):\n"
        "\n"
        "  “The primary outcome is pain at week 12, expecting a fall.”\n"
        "[1] NCT90000001 · Results · Corvimab Put to the Test\n"
        "    https://clinicaltrials.gov/study/NCT90000001"
    )


def test_what_was_understood_is_shown_for_a_follow_up() -> None:
    text = render_reply(replace(REPLY, question="and?", resolved_question="what is the primary outcome? and?"))
    assert text.startswith("understood as: what is the primary outcome? and?\n\n")


def test_nothing_in_a_digest_steers_the_terminal() -> None:
    hostile = QUOTE.replace("fall", "\x1b]0;x\x07[/b]")
    answer = replace(ANSWER, quote=hostile, citation=replace(CITATION, quote=hostile, title="a\u202eb\rc"))
    text = render_reply(replace(REPLY, answers=(answer,)))
    assert "expecting a \\x1b]0;x\\x07[/b]." in text
    assert "a\\u202eb\\x0dc" in text
