from __future__ import annotations

import json
from pathlib import Path

import pytest

from digestqa.cli import COMMANDS
from digestqa.encoders import identity_of
from shelf import PLANNED, Run, Shelf


def test_list_names_every_digest_with_its_file(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "list")
    assert done.code == 0
    assert done.out.splitlines() == [
        "NCT90000001  2025-03-14  other  Corvimab Put to the Test Against Itching in Cholestasis  NCT90000001.txt",
        "NCT90000002  2019-07  rct  Zelanide Cuts Hospital Returns in Heart Failure  NCT90000002.txt",
        "PMID:31234567  2026-04-03  meta analysis  Nine Trials of Bervamine for Tremor, Taken Together  "
        "PMID_31234567.txt",
    ]


def test_list_as_json_holds_what_a_program_needs(built_shelf: Shelf, run: Run) -> None:
    first = json.loads(run(built_shelf, "list", "--json").out)[0]
    assert first["source"] == "NCT90000001"
    assert first["url"] == "https://clinicaltrials.gov/study/NCT90000001"
    assert first["current"] is True


def test_show_prints_the_digest_literally_and_escapes_what_steers_a_terminal(shelf: Shelf, run: Run) -> None:
    hostile = PLANNED.replace("few drugs help", "few [b]drugs[/b] *help* \x1b]0;x\x07").replace(
        "NCT90000001", "NCT90000005"
    )
    (shelf.seeds / "hostile.txt").write_text(hostile, encoding="utf-8")
    run(shelf, "ingest", "--no-embed")
    done = run(shelf, "show", "nct90000005")
    assert done.code == 0
    assert done.out == hostile.replace("\x1b]0;x\x07", "\\x1b]0;x\\x07") + "\n"


def test_show_of_an_unknown_study_names_the_nearest(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "show", "NCT90000003")
    assert (done.code, done.out) == (2, "")
    assert "there is no digest 'NCT90000003'" in done.err
    assert "NCT90000001" in done.err


def test_status_says_models_counts_and_step(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "status")
    assert done.code == 0
    assert "3 searched, 0 superseded" in done.out
    assert f"digestqa/all-MiniLM-L6-v2-digests, weights {identity_of().weights_sha256[:12]}…" in done.out
    assert "seeds, in step" in done.out


def test_status_notices_new_changed_and_missing_files(shelf: Shelf, run: Run) -> None:
    (shelf.seeds / "NCT90000001.txt").unlink()
    (shelf.seeds / "new.txt").write_text(PLANNED.replace("NCT90000001", "NCT90000007"), encoding="utf-8")
    path = shelf.seeds / "NCT90000002.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("dizziness", "vertigo"), encoding="utf-8")
    value = json.loads(run(shelf, "status", "--json").out)
    assert (value["new"], value["changed"], value["missing"]) == (["new.txt"], ["NCT90000002.txt"], ["NCT90000001.txt"])
    assert value["in_step"] is False
    assert "not in step (1 new, 1 changed, 1 missing): run 'digestqa ingest'" in run(shelf, "status").out


def test_verify_finds_a_sound_library_sound(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "verify")
    assert (done.code, done.out) == (0, "the library is sound\n")


def test_verify_of_a_saved_answer_fails_after_one_byte_changed(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(run(shelf, "ask", "--json", "what dose of zelanide was given?").out, encoding="utf-8")
    done = run(shelf, "verify", str(saved))
    assert done.code == 0
    assert "word for word" in done.out
    path = shelf.seeds / "NCT90000002.txt"
    path.write_bytes(path.read_bytes().replace(b"ward", b"Ward"))
    done = run(shelf, "verify", str(saved))
    assert done.code == 1
    assert "seeds/NCT90000002.txt: the file has changed since" in done.err


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"quote": "something else"}, "the quote is not what stands at its place"),
        ({"text": "something else"}, "the answer is not what stands at its place"),
    ],
)
def test_verify_finds_a_forged_quote(
    built_shelf: Shelf, run: Run, tmp_path: Path, change: dict[str, str], what: str
) -> None:
    reply = json.loads(run(built_shelf, "ask", "--json", "what dose of zelanide was given?").out)
    reply["answers"][0].update(change)
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(reply), encoding="utf-8")
    done = run(built_shelf, "verify", str(saved))
    assert done.code == 1
    assert what in done.err


def test_verify_refuses_what_is_no_answer(built_shelf: Shelf, run: Run, tmp_path: Path) -> None:
    for content in (b"", b"[]", b"{}", b"\xff", b"{nonsense"):
        saved = tmp_path / "answer.json"
        saved.write_bytes(content)
        done = run(built_shelf, "verify", str(saved))
        assert (done.code, done.out) == (2, "")
        assert "digestqa ask --json" in done.err
        assert "Error" not in done.err  # no name of Python's


def test_every_command_has_help(built_shelf: Shelf, run: Run) -> None:
    for command in COMMANDS:
        done = run(built_shelf, command, "--help")
        assert done.code == 0
        assert done.out.startswith(f"usage: digestqa {command}")


def test_no_command_away_from_a_terminal_is_an_error_that_names_what_to_use(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf)
    assert (done.code, done.out) == (2, "")
    assert "needs a terminal" in done.err
    assert "digestqa ask" in done.err


def test_version(built_shelf: Shelf, run: Run) -> None:
    done = run(built_shelf, "--version")
    assert (done.code, done.out) == (0, "digestqa 0.1.0\n")


def test_a_missing_library_is_an_error_that_says_what_to_run(tmp_path: Path, run: Run) -> None:
    (tmp_path / "seeds").mkdir()
    for command in ("status", "verify"):
        done = run(Shelf(tmp_path), command)
        assert (done.code, done.out) == (2, "")
        assert "there is no library in embeddings" in done.err
        assert "digestqa ingest" in done.err
