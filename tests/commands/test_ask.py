from __future__ import annotations

import errno
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from digestqa.output.jsonform import answer_schema
from digestqa.output.terminal import Console
from shelf import Run, Shelf


def one(output: str) -> dict[str, Any]:
    value = json.loads(output)
    jsonschema.validate(value, answer_schema())
    assert isinstance(value, dict)
    return value


def assert_verbatim(folder: Path, reply: dict[str, Any]) -> None:
    for answer in reply["answers"]:
        cited = answer["citation"]
        text = (folder / cited["path"]).read_bytes().decode("utf-8-sig")
        assert text[cited["start"] : cited["end"]] == answer["quote"]
        assert text[cited["span_start"] : cited["span_end"]] == answer["text"]


def test_an_answer_is_quoted_labelled_and_cited(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "ask", "what is the primary outcome of the corvimab study?")
    assert done.code == 0
    assert done.err == ""
    quote, claim, blank, source, url, *_ = done.out.splitlines()
    plain = quote.replace("▶", "").replace("◀", "")
    assert plain.startswith("The primary outcome is the change in the worst-itch score from baseline to week 12")
    assert quote.count("▶") == quote.count("◀") == 1
    assert claim == "expected: an aim, a plan or an expectation, not a finding"
    assert blank == ""
    assert source == "[1] NCT90000001 · Results · Corvimab Put to the Test Against Itching in Cholestasis"
    assert url.strip() == "https://clinicaltrials.gov/study/NCT90000001"
    assert "example-model-1, not from the registry record" in done.out


def test_the_answer_object_follows_the_schema_and_every_quote_is_verbatim(built_shelf: Shelf, run: Run) -> None:
    for question in (
        "how many patients on zelanide returned to hospital?",
        "what was the most common side effect of bervamine?",
        "when was NCT90000002 ingested?",
        "which drug helps migraine in cats?",
    ):
        reply = one(run(built_shelf, "ask", "--json", question).out)
        assert reply["schema"] == 1
        assert reply["question"] == question
        assert_verbatim(built_shelf.folder, reply)


def test_a_study_named_in_the_question_is_the_only_one_asked(built_shelf: Shelf, run: Run) -> None:
    for named in ("nct 9000 0002", "NCT90000002", "nct90000002"):
        reply = one(run(built_shelf, "ask", "--json", f"how many patients returned to hospital in {named}?").out)
        assert reply["scope"]["sources"] == ["NCT90000002"]
        answers = reply["answers"]
        assert {answer["citation"]["source"] for answer in answers} == {"NCT90000002"}
        assert "11 of 60" in answers[0]["quote"]


def test_a_paper_is_found_by_its_pubmed_id(built_shelf: Shelf, run: Run) -> None:
    reply = one(run(built_shelf, "ask", "--json", "tremor amplitude in pmid 31234567?").out)
    answers = reply["answers"]
    assert answers[0]["citation"]["source"] == "PMID:31234567"
    assert answers[0]["citation"]["url"] == "https://pubmed.ncbi.nlm.nih.gov/31234567/"


def test_a_study_that_is_not_there_is_said_to_be_missing_and_no_other_answers(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "ask", "what was the dose in NCT90000009?")
    assert done.code == 1
    assert "NCT90000009 is not in the library; the nearest ids are NCT90000002, NCT90000001" in done.out
    assert "The digests do not say." in done.out
    assert "[1]" not in done.out


def test_filters_limit_what_is_asked(built_shelf: Shelf, run: Run) -> None:
    for option, value, source in (
        ("--trial", "nct90000002", "NCT90000002"),
        ("--compound", "bervamine", "PMID:31234567"),
        ("--since", "2026", "PMID:31234567"),
    ):
        reply = one(run(built_shelf, "ask", "--json", "what is the background?", option, value).out)
        answers = reply["answers"] or [{"citation": entry} for entry in reply["nearest"]]
        assert {answer["citation"]["source"] for answer in answers} == {source}


def test_filters_that_contradict_each_other_find_nothing_and_say_so(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "ask", "what was the dose in NCT90000001?", "--trial", "NCT90000002")
    assert done.code == 1
    assert "names NCT90000001, but the search is limited to NCT90000002" in done.out


def test_a_file_that_changed_since_is_left_out_rather_than_misquoted(shelf: Shelf, run: Run) -> None:
    path = shelf.seeds / "NCT90000002.txt"
    path.write_text("A word before. " + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = run(shelf, "ask", "how many patients on zelanide returned to hospital?", "--trial", "NCT90000002")
    assert done.code == 1
    assert "seeds/NCT90000002.txt has changed or gone since it was taken up" in done.out


@pytest.mark.usefixtures("encoder_at_hand")
def test_the_library_is_built_on_first_use_with_one_line_of_notice(shelf: Shelf, run: Run) -> None:
    for path in shelf.embeddings.iterdir():
        path.unlink()
    done = run(shelf, "ask", "what is the primary outcome of the corvimab study?")
    assert done.code == 0
    assert done.err == "digestqa: building the library from seeds (3 files) on first use; this takes a moment\n"


def test_without_digests_the_person_is_told_what_to_do(tmp_path: Path, run: Run) -> None:
    (tmp_path / "seeds").mkdir()
    done = run(Shelf(tmp_path), "ask", "anything?")
    assert (done.code, done.out) == (2, "")
    assert "there are no digests in seeds" in done.err
    assert "digestqa ingest PATH" in done.err


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("", "the question is empty"),
        ("   ", "the question is empty"),
        ("?!… —", "no letter or digit"),
        ("x" * 100_000, "the question has 100,000 characters"),
    ],
)
def test_what_is_no_question_is_refused(built_shelf: Shelf, run: Run, question: str, what: str) -> None:
    done = run(built_shelf, "ask", question)
    assert (done.code, done.out) == (2, "")
    assert what in done.err


def test_the_question_may_come_from_standard_input(
    built_shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"what dose of zelanide?\n")))
    assert one(run(built_shelf, "ask", "--json", "-").out)["question"] == "what dose of zelanide?"


def test_a_batch_answers_in_order_and_keeps_ids(built_shelf: Shelf, run: Run, tmp_path: Path) -> None:
    batch = tmp_path / "questions.ndjson"
    batch.write_text(
        '{"id": "a", "question": "what dose of zelanide?"}\n\n'
        '{"id": 7, "question": "and for how long?", "history": ["what dose of zelanide?"]}\n'
        '{"question": "weather on Mars?"}\n'
    )
    done = run(built_shelf, "ask", "--batch", str(batch))
    assert done.code == 0
    replies = [one(line) for line in done.out.splitlines()]
    assert [reply["id"] for reply in replies] == ["a", 7, None]
    assert replies[1]["resolved_question"] == "what dose of zelanide? and for how long?"
    assert replies[1]["scope"]["carried"] is True


def test_a_bad_line_of_a_batch_is_named_and_stops_no_other(built_shelf: Shelf, run: Run, tmp_path: Path) -> None:
    batch = tmp_path / "questions.ndjson"
    batch.write_bytes(
        b'{"id": 1, "question": ""}\n{nonsense\n\xff\n[1]\n{"id": 5, "question": "what dose of zelanide?"}\n'
    )
    done = run(built_shelf, "ask", "--batch", str(batch))
    assert done.code == 2
    assert [one(line)["id"] for line in done.out.splitlines()] == [5]
    for number in (1, 2, 3, 4):
        assert f"line {number}: " in done.err


def test_a_batch_that_cannot_be_opened_is_named(built_shelf: Shelf, run: Run, tmp_path: Path) -> None:
    done = run(built_shelf, "ask", "--batch", str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert f"{tmp_path} cannot be read" in done.err


def test_what_fails_while_a_batch_is_answered_is_not_laid_to_its_file(
    built_shelf: Shelf, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = tmp_path / "questions.ndjson"
    batch.write_text('{"question": "what dose of zelanide?"}\n')

    def full(console: Console, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Console, "result", full)
    done = run(built_shelf, "ask", "--batch", str(batch))
    assert done.code == 2
    assert "No space left" in done.err
    assert "cannot be read" not in done.err


def test_colour_marks_the_span_in_bold_and_plain_output_holds_no_escape(built_shelf: Shelf, run: Run) -> None:
    question = "how many patients on zelanide returned to hospital?"
    bold = run(built_shelf, "--color", "always", "ask", question).out
    assert "\x1b[1m" in bold
    assert "▶" not in bold
    plain = run(built_shelf, "ask", question).out
    assert "\x1b" not in plain
    assert "▶" in plain


def test_top_limits_the_answers(built_shelf: Shelf, run: Run) -> None:
    reply = one(run(built_shelf, "ask", "--json", "--top", "1", "what is this about?").out)
    assert len(reply["answers"]) <= 1
    assert run(built_shelf, "ask", "--top", "0", "what is this about?").code == 2


def test_a_wrong_command_line_says_so_in_the_programs_own_form(built_shelf: Shelf, run: Run) -> None:
    for arguments in (
        ["ask"],
        ["ask", "q", "--batch", "x"],
        ["ask", "q", "--since", "soon"],
        ["nonsense"],
        ["ask", "--nope"],
    ):
        done = run(built_shelf, *arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("digestqa: error: ")
        assert "hint: " in done.err


def test_a_question_without_quotes_is_told_how_to_write_it(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "ask", "what", "was", "the", "dose?")
    assert (done.code, done.out) == (2, "")
    assert 'hint: put the question in quotes: digestqa ask "what was the dose?"' in done.err


def test_an_unknown_option_names_the_help_of_its_command(built_shelf: Shelf, run: Run) -> None:
    assert "hint: 'digestqa ask --help'" in run(built_shelf, "ask", "q", "--nope").err
    assert "hint: 'digestqa --help'" in run(built_shelf, "--nope").err


@pytest.mark.parametrize(
    "arguments",
    [
        *(("ask", "what was the dose?", option, "") for option in ("--trial", "--section", "--compound", "--since")),
        *(("ask", "what was the dose?", option, " ") for option in ("--as-of", "--reader")),
        ("ask", "--batch", ""),
        ("ask", "what was the dose?", "--seeds", ""),
        ("--embeddings", "", "list"),
        ("list", "--as-of", ""),
        ("ingest", ""),
        ("ingest", "--model", ""),
        ("rebuild", "--model", ""),
        ("verify", ""),
        ("chat", "--sessions", ""),
    ],
)
def test_an_option_without_a_value_is_an_error_and_never_no_answer(
    built_shelf: Shelf, run: Run, arguments: tuple[str, ...]
) -> None:
    done = run(built_shelf, *arguments)
    assert (done.code, done.out) == (2, "")
    assert "is blank; give a value, or leave it out" in done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_batch_whose_answers_cannot_be_written_stops_with_a_plain_error(
    built_shelf: Shelf, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = tmp_path / "questions.ndjson"
    batch.write_text('{"question": "what was the dose of zelanide?"}\n' * 3, encoding="utf-8")
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        done = run(built_shelf, "ask", "--batch", str(batch))
    assert done.code == 2
    assert done.err == (
        "digestqa: error: standard output cannot be written: No space left on device\n"
        "hint: free some space, or send the output elsewhere\n"
    )


def test_a_name_too_long_for_a_file_is_told_in_short(built_shelf: Shelf, run: Run) -> None:
    for arguments in (
        ["ingest", "a" * 5000],
        ["--embeddings", "a" * 5000, "list"],
        ["ask", "q", "--reader", "a" * 5000],
    ):
        done = run(built_shelf, *arguments)
        assert (done.code, done.out) == (2, "")
        assert "is too long for the name of a file" in done.err
        assert len(done.err) < 300
