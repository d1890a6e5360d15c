from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from digestqa.errors import StorageError
from digestqa.intake import take_in
from shelf import DIGESTS, PLANNED, REPORTED, write_digests


def test_a_copied_digest_is_named_by_its_study_and_copied_byte_for_byte(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf" + PLANNED.replace("\n", "\r\n").encode()
    given = tmp_path / "some page (1).txt"
    given.write_bytes(raw)
    (taken,) = take_in([str(given)], tmp_path / "seeds")
    assert (taken.outcome, taken.path) == ("copied", tmp_path / "seeds" / "NCT90000001.txt")
    assert (tmp_path / "seeds" / "NCT90000001.txt").read_bytes() == raw


def test_folders_are_searched_and_globs_expanded(tmp_path: Path) -> None:
    write_digests(tmp_path / "given" / "inner")
    (tmp_path / "given" / "notes.pdf").write_bytes(b"%PDF")
    assert len(take_in([str(tmp_path / "given")], tmp_path / "one")) == 3
    assert len(take_in([str(tmp_path / "given" / "**" / "NCT*.txt")], tmp_path / "two")) == 2
    assert {path.name for path in (tmp_path / "one").iterdir()} == set(DIGESTS)


def test_what_is_there_already_is_not_copied_again(tmp_path: Path) -> None:
    write_digests(tmp_path / "given")
    take_in([str(tmp_path / "given")], tmp_path / "seeds")
    again = take_in([str(tmp_path / "given")], tmp_path / "seeds")
    assert [taken.outcome for taken in again] == ["already there"] * 3
    assert len(list((tmp_path / "seeds").iterdir())) == 3


def test_another_digest_of_the_same_study_stands_beside_the_first(tmp_path: Path) -> None:
    write_digests(tmp_path / "given", {"a.txt": PLANNED, "b.txt": PLANNED.replace("2026-02-03", "2026-05-01")})
    taken = take_in([str(tmp_path / "given")], tmp_path / "seeds")
    names = sorted(entry.path.name for entry in taken if entry.path)
    assert len(names) == 2
    assert names[1] == "NCT90000001.txt"
    assert names[0].startswith("NCT90000001-")


def test_bad_files_are_listed_and_stop_no_other(tmp_path: Path) -> None:
    given = tmp_path / "given"
    write_digests(given, {"good.txt": REPORTED, "empty.txt": "", "prose.txt": "Just a line."})
    (given / "binary.txt").write_bytes(b"\x00\x01")
    (given / "latin.txt").write_bytes("Back to Naïve research".encode("latin-1"))
    os.mkfifo(given / "pipe.txt")
    taken = take_in([str(given), str(tmp_path / "nowhere.txt"), str(tmp_path / "none*.txt")], tmp_path / "seeds")
    outcomes = {Path(entry.origin).name: (entry.outcome, bool(entry.reason and entry.hint)) for entry in taken}
    assert outcomes.pop("good.txt") == ("copied", False)
    assert set(outcomes.values()) == {("refused", True)}
    assert len(outcomes) == 7
    assert "offset 10" in next(entry.reason for entry in taken if entry.origin.endswith("latin.txt"))


def test_standard_input_needs_a_study_to_be_named_by(tmp_path: Path) -> None:
    (named,) = take_in(["-"], tmp_path / "seeds", stdin=PLANNED.encode())
    assert named.path == tmp_path / "seeds" / "NCT90000001.txt"
    nameless = PLANNED[: PLANNED.index("Source:")].replace("NCT90000001", "")
    (refused,) = take_in(["-"], tmp_path / "seeds", stdin=nameless.encode())
    assert refused.outcome == "refused"
    assert "names no study" in refused.reason


def test_json_with_escapes_is_written_with_the_letters_themselves(tmp_path: Path) -> None:
    page = {"title": "Tα1 After Surgery", "nct_id": "NCT90000011", "sections": {"Results": "Tα1 lowered CTCs by 30 %."}}
    (tmp_path / "page.json").write_text(json.dumps(page), encoding="utf-8")
    (taken,) = take_in([str(tmp_path / "page.json")], tmp_path / "seeds")
    assert taken.path == tmp_path / "seeds" / "NCT90000011.json"
    assert "Tα1 lowered" in taken.path.read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    write_digests(tmp_path / "given")
    taken = take_in([str(tmp_path / "given")], tmp_path / "seeds", dry_run=True)
    assert {entry.outcome for entry in taken} == {"copied"}
    assert not (tmp_path / "seeds").exists()


def test_the_name_of_a_copy_never_leaves_the_folder(tmp_path: Path) -> None:
    page = PLANNED.replace("clinicaltrials:NCT90000001", "other:../../escape")
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    (taken,) = take_in([str(tmp_path / "page.txt")], tmp_path / "seeds")
    assert taken.path is not None
    assert taken.path.parent == tmp_path / "seeds"
    assert not (tmp_path / "escape.txt").exists()


def test_a_seeds_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PLANNED, encoding="utf-8")
    (tmp_path / "seeds").write_text("a file, not a folder")
    with pytest.raises(StorageError, match="seeds"):
        take_in([str(tmp_path / "page.txt")], tmp_path / "seeds")
