from __future__ import annotations

import io
import json
from pathlib import Path
from typing import NoReturn

import pytest

from shelf import PAPER, PLANNED, REPORTED, Run, Shelf, write_digests


def test_given_digests_are_copied_and_taken_up(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    write_digests(tmp_path / "given", {"a.txt": REPORTED.replace("NCT90000002", "NCT90000012")})
    done = run(shelf, "ingest", str(tmp_path / "given"), "--no-embed")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "copied 1 into seeds, 0 already there"
    assert "1 new, 3 unchanged" in done.out
    assert (shelf.seeds / "NCT90000012.txt").is_file()


def test_without_changes_there_is_nothing_to_do(shelf: Shelf, run: Run) -> None:
    done = run(shelf, "ingest")
    assert (done.code, done.out, done.err) == (0, "nothing to do: 3 unchanged\n", "")


def test_refused_files_are_listed_with_reason_and_hint_and_exit_with_1(shelf: Shelf, run: Run) -> None:
    (shelf.seeds / "empty.txt").write_bytes(b"")
    (shelf.seeds / "binary.txt").write_bytes(b"\x00")
    done = run(shelf, "ingest")
    assert done.code == 1
    assert "warning: refused seeds/empty.txt: " in done.err
    assert "hint: " in done.err
    assert "2 refused" in done.out
    status = run(shelf, "status").out
    assert "refused     seeds/empty.txt: " in status


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in shelf.seeds.iterdir()}
    (tmp_path / "new.txt").write_text(PLANNED.replace("NCT90000001", "NCT90000021"), encoding="utf-8")
    done = run(shelf, "ingest", "--dry-run", str(tmp_path / "new.txt"))
    assert done.code == 0
    assert done.out.startswith("would copy 1 into seeds")
    assert {path.name: path.stat().st_mtime_ns for path in shelf.seeds.iterdir()} == before


@pytest.fixture
def empty(tmp_path: Path) -> Shelf:
    """The folder of somebody who has just begun: nothing in it."""
    shelf = Shelf(tmp_path / "begun")
    shelf.folder.mkdir()
    return shelf


def test_a_dry_run_in_an_empty_folder_says_what_would_be_taken_up_and_makes_no_folder(
    empty: Shelf, run: Run, tmp_path: Path
) -> None:
    write_digests(tmp_path / "given")
    (tmp_path / "given" / "bad.txt").write_text("no digest", encoding="utf-8")
    done = run(empty, "ingest", "--dry-run", str(tmp_path / "given"))
    assert done.code == 1
    assert done.out == "would copy 3 into seeds, 0 already there\nwould take up: 3 new\n"
    assert "warning: refused " in done.err
    assert "does not exist" not in done.err
    assert json.loads(run(empty, "ingest", "--dry-run", "--json", str(tmp_path / "given")).out)["dry_run"] is True
    assert list(empty.folder.iterdir()) == []


def test_a_dry_run_counts_what_would_be_copied_with_what_is_there(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(PLANNED.replace("NCT90000001", "NCT90000021"), encoding="utf-8")
    done = run(shelf, "ingest", "--dry-run", str(tmp_path / "new.txt"))
    assert done.out == "would copy 1 into seeds, 0 already there\nwould take up: 1 new, 3 unchanged\n"


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_a_refused_file_in_an_empty_folder_is_told_alone(
    empty: Shelf, run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "bad.txt").write_text("no digest", encoding="utf-8")
    done = run(empty, "ingest", str(tmp_path / "bad.txt"), *arguments)
    assert done.code == 1
    assert done.err.count("warning: ") == 1
    assert "error: " not in done.err
    assert list(empty.folder.iterdir()) == []


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_without_a_path_a_missing_seeds_folder_is_an_error(empty: Shelf, run: Run, arguments: tuple[str, ...]) -> None:
    done = run(empty, "ingest", *arguments)
    assert done.code == 2
    assert "the seeds folder seeds does not exist" in done.err


def test_a_refused_file_takes_nothing_from_a_library_whose_seeds_folder_is_away(
    shelf: Shelf, run: Run, tmp_path: Path
) -> None:
    shelf.seeds.rename(tmp_path / "away")
    (tmp_path / "bad.txt").write_text("no digest", encoding="utf-8")
    done = run(shelf, "ingest", str(tmp_path / "bad.txt"))
    assert done.code == 2
    assert "the seeds folder seeds does not exist" in done.err
    (tmp_path / "away").rename(shelf.seeds)
    assert run(shelf, "ingest").out.startswith("nothing to do: 3 unchanged")


@pytest.mark.parametrize("command", ["ingest", "rebuild"])
def test_ctrl_c_says_that_what_was_done_is_kept(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"digestqa.library.{command}", interrupted)
    done = run(shelf, command)
    assert done.code == 130
    assert f"what was done is kept, and the next 'digestqa {command}' goes on from there" in done.err


def test_the_report_as_json_counts_everything(shelf: Shelf, run: Run) -> None:
    (shelf.seeds / "PMID_31234567.txt").unlink()
    (shelf.seeds / "bad.json").write_text("{", encoding="utf-8")
    value = json.loads(run(shelf, "ingest", "--json").out)
    assert (value["schema"], value["removed"], value["unchanged"], len(value["refused"])) == (1, 1, 2, 1)
    assert value["refused"][0]["path"] == "bad.json"


def test_a_removed_digest_no_longer_answers(shelf: Shelf, run: Run) -> None:
    (shelf.seeds / "PMID_31234567.txt").unlink()
    run(shelf, "ingest")
    done = run(shelf, "ask", "tremor amplitude in PMID 31234567?")
    assert done.code == 1
    assert "PMID:31234567 is not in the library" in done.out


def test_an_edited_digest_answers_with_its_new_words(shelf: Shelf, run: Run) -> None:
    path = shelf.seeds / "NCT90000002.txt"
    path.write_text(
        path.read_text(encoding="utf-8").replace("11 of 60 patients", "13 of 61 patients"), encoding="utf-8"
    )
    assert run(shelf, "ingest").code == 0
    done = run(shelf, "ask", "how many patients on zelanide returned to hospital?")
    assert "13 of 61 patients" in done.words
    assert "11 of 60" not in done.words


def test_of_two_digests_of_a_study_the_newer_ingest_date_answers(shelf: Shelf, run: Run) -> None:
    newer = PAPER.replace("by 0.8 mm", "by 0.9 mm").replace("2026-04-11", "2026-05-11")
    (shelf.seeds / "second.txt").write_text(newer, encoding="utf-8")
    assert run(shelf, "ingest").code == 0
    assert "0.9 mm" in run(shelf, "ask", "by how much did bervamine lower tremor amplitude?").words
    assert "(superseded, ingested 2026-04-11)" in run(shelf, "list").out
    assert "superseded  PMID_31234567.txt" in run(shelf, "status").out


def test_a_digest_may_come_from_standard_input(shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    page = PLANNED.replace("NCT90000001", "NCT90000031")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page.encode())))
    assert run(shelf, "ingest", "-", "--no-embed").code == 0
    assert (shelf.seeds / "NCT90000031.txt").read_text(encoding="utf-8") == page


def test_a_seeds_folder_that_is_not_there_is_an_error(tmp_path: Path, run: Run) -> None:
    done = run(Shelf(tmp_path), "ingest")
    assert (done.code, done.out) == (2, "")
    assert "the seeds folder seeds does not exist" in done.err


def test_an_embeddings_path_that_is_a_file_is_an_error(tmp_path: Path, run: Run) -> None:
    write_digests(tmp_path / "seeds")
    (tmp_path / "embeddings").write_text("not a folder")
    for command in (["ingest"], ["ask", "what dose?"], ["status"]):
        done = run(Shelf(tmp_path), *command)
        assert (done.code, done.out) == (2, "")
        assert "embeddings" in done.err


@pytest.mark.usefixtures("encoder_at_hand")
def test_a_truncated_catalog_is_named_and_rebuild_mends_it(shelf: Shelf, run: Run) -> None:
    catalog = shelf.embeddings / "library.sqlite3"
    catalog.write_bytes(catalog.read_bytes()[:5000])
    done = run(shelf, "ask", "what dose of zelanide?")
    assert (done.code, done.out) == (2, "")
    assert "damaged" in done.err
    assert "digestqa rebuild" in done.err
    assert run(shelf, "rebuild").code == 0
    assert run(shelf, "verify").code == 0


def test_another_encoder_is_refused_with_the_command_that_mends_it(shelf: Shelf, run: Run) -> None:
    (shelf.folder / "digestqa.toml").write_text('encoder = "someone/else"\n')
    done = run(shelf, "ask", "what dose of zelanide?")
    assert (done.code, done.out) == (2, "")
    assert "someone/else" in done.err
    assert "digestqa rebuild --model someone/else" in done.err


def test_a_model_that_is_not_on_this_machine_is_named_without_a_traceback(shelf: Shelf, run: Run) -> None:
    done = run(shelf, "rebuild", "--model", "someone/else")
    assert (done.code, done.out) == (2, "")
    assert "someone/else" in done.err
    assert "hint: " in done.err
    assert run(shelf, "ask", "what dose of zelanide was given once daily?").code == 0


def test_a_lost_query_encoder_is_told_and_replaced(shelf: Shelf, run: Run) -> None:
    next(shelf.embeddings.glob("encoder-*.onnx")).unlink()
    done = run(shelf, "ask", "how many patients on zelanide returned to hospital?")
    assert done.code == 0
    assert "until then asking takes longer" in done.err
    assert run(shelf, "ingest").code == 0
    assert run(shelf, "ask", "how many patients on zelanide returned to hospital?").err == ""


def test_a_truncated_faiss_file_changes_no_answer(shelf: Shelf, run: Run) -> None:
    question = "how many patients on zelanide returned to hospital?"
    before = json.loads(run(shelf, "ask", "--json", question).out)["answers"]
    faiss_file = next(shelf.embeddings.glob("vectors-*.faiss"))
    faiss_file.write_bytes(faiss_file.read_bytes()[:100])
    assert json.loads(run(shelf, "ask", "--json", question).out)["answers"] == before


def test_a_given_file_that_is_refused_is_kept_in_the_list_and_tried_again(
    shelf: Shelf, run: Run, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    write_digests(given, {"good.txt": PLANNED.replace("NCT90000001", "NCT90000041"), "bad.txt": "no digest"})
    lines = [json.dumps({"nct_id": "NCT90000042"}), json.dumps(["neither"])]
    (given / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run(shelf, "ingest", "--no-embed", str(given)).code == 1
    listed = {entry["path"]: entry for entry in json.loads(run(shelf, "status", "--json").out)["refused"]}
    assert set(listed) == {str(given / "bad.txt"), str(given / "many.jsonl")}
    assert "section" in listed[str(given / "bad.txt")]["reason"]
    assert "line 1" in listed[str(given / "many.jsonl")]["reason"]
    again = run(shelf, "ingest", "--no-embed")
    assert again.code == 1
    assert str(given / "bad.txt") in again.err
    (given / "bad.txt").write_text(REPORTED.replace("NCT90000002", "NCT90000043"), encoding="utf-8")
    (given / "many.jsonl").unlink()
    mended = run(shelf, "ingest", "--no-embed")
    assert mended.code == 0
    assert "1 new" in mended.out
    assert json.loads(run(shelf, "status", "--json").out)["refused"] == []
    assert (shelf.seeds / "NCT90000043.txt").is_file()


def test_the_list_of_given_files_outlives_a_rebuild_and_knows_what_lies_in_the_seeds(shelf: Shelf, run: Run) -> None:
    (shelf.folder / "bad.txt").write_text("no digest", encoding="utf-8")
    (shelf.seeds / "bad.txt").write_text("no digest either", encoding="utf-8")
    (shelf.folder / "link.txt").symlink_to(shelf.folder / "bad.txt")
    run(shelf, "ingest", "bad.txt", "seeds/bad.txt", "link.txt", "not-there.txt")
    wanted = ["bad.txt", str(shelf.folder / "bad.txt")]
    for command in ("status", "rebuild", "status"):
        value = json.loads(run(shelf, command, "--json").out)
        if command == "status":
            assert sorted(entry["path"] for entry in value["refused"]) == sorted(wanted)
