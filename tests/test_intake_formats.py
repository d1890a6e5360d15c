from __future__ import annotations

import contextlib
import gzip
import json
import os
import sys
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digestqa.digests import read_digest
from digestqa.errors import StorageError
from digestqa.intake import put_page, take_in
from digestqa.records import PageText
from shelf import PLANNED, REPORTED

DAY = date(2026, 11, 22)
CORPUS = Path(__file__).parent / "corpus"
HTML = """<html><head><title>x</title></head><body><h1>Corvimab Eases Itching</h1>
<h2>Results</h2><p>Itch fell by 30 %.</p><p>Source: clinicaltrials:NCT90000031</p></body></html>"""


def record(number: str, summary: str = "Itching keeps people awake.") -> dict[str, Any]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": number, "briefTitle": "Corvimab for Itching"},
            "descriptionModule": {"briefSummary": summary},
        },
        "hasResults": False,
    }


def json_digest(number: str) -> dict[str, Any]:
    return {"title": "Tα1 After Surgery", "nct_id": number, "sections": {"Results": f"Tα1 lowered CTCs in {number}."}}


def outcomes(given: list[str] | str, seeds: Path, **options: Any) -> list[tuple[str, str | None]]:
    paths = [given] if isinstance(given, str) else given
    taken = take_in(paths, seeds, ingested=DAY, **options)
    for entry in taken:
        assert (entry.path is None) == (entry.outcome == "refused") == bool(entry.reason) == bool(entry.hint)
    return [(entry.outcome, entry.path.name if entry.path else None) for entry in taken]


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("shape", ["one", "list", "studies", "lines"])
def test_records_come_in_four_shapes_packed_or_not(tmp_path: Path, shape: str, pack: bool) -> None:
    records = [record("NCT90000041")] if shape == "one" else [record("NCT90000041"), record("NCT90000042")]
    value: Any = {"one": records[0], "list": records, "studies": {"studies": records, "totalCount": 2}}.get(shape)
    text = "\n".join(map(json.dumps, records)) if value is None else json.dumps(value, indent=2)
    given = tmp_path / f"given{'.jsonl' if value is None else '.JSON'}{'.gz' if pack else ''}"
    given.write_bytes(gzip.compress(text.encode()) if pack else text.encode())
    wanted = [("copied", f"NCT9000004{index}.txt") for index in range(1, len(records) + 1)]
    assert outcomes(str(given), tmp_path / "seeds") == wanted
    digest = read_digest(tmp_path / "seeds" / "NCT90000041.txt")
    assert digest.source == "NCT90000041"
    assert digest.value("ingested") == "2026-11-22"
    assert digest.value("digest_model") == "registry record"


def test_a_record_that_differs_by_the_day_of_its_ingest_only_is_already_there(tmp_path: Path) -> None:
    given = tmp_path / "r.json"
    given.write_text(json.dumps(record("NCT90000041")))
    (first,) = take_in([str(given)], tmp_path / "seeds", ingested=date(2026, 1, 1))
    (again,) = take_in([str(given)], tmp_path / "seeds", ingested=date(2026, 5, 5))
    assert (again.outcome, again.path) == ("already there", first.path)
    given.write_text(json.dumps(record("NCT90000041", "Itching ends.")))
    (newer,) = take_in([str(given)], tmp_path / "seeds", ingested=date(2026, 6, 6))
    assert newer.outcome == "copied"
    assert newer.path is not None
    assert newer.path.name.startswith("NCT90000041-")
    (unchanged,) = take_in([str(given)], tmp_path / "seeds", ingested=date(2026, 7, 7))
    assert (unchanged.outcome, unchanged.path) == ("already there", newer.path)


def test_bad_records_are_listed_and_stop_no_other(tmp_path: Path) -> None:
    given = tmp_path / "page.json"
    empty = {"protocolSection": {"identificationModule": {"nctId": "NCT90000049"}}}
    given.write_text(json.dumps([record("NCT90000041"), 5, {}, record("../../x"), empty, record("NCT90000042")]))
    taken = take_in([str(given)], tmp_path / "seeds")
    assert [entry.outcome for entry in taken] == ["copied", "refused", "refused", "refused", "refused", "copied"]
    assert taken[1].origin == f"{given} record 2"
    assert sorted(path.name for path in tmp_path.rglob("*.txt")) == ["NCT90000041.txt", "NCT90000042.txt"]


def test_lines_of_digests_and_records_become_a_file_each(tmp_path: Path) -> None:
    given = tmp_path / "given.jsonl"
    nameless = {"title": "A", "sections": {"Results": "It went well."}}
    rows = [json_digest("NCT90000051"), record("NCT90000052"), nameless]
    given.write_text("\n\n".join(map(json.dumps, rows)) + '\n{"cut": \n[]\n')
    found = outcomes(str(given), tmp_path / "seeds")
    assert found == [("copied", "NCT90000051.json"), ("copied", "NCT90000052.txt"), *[("refused", None)] * 3]
    text = (tmp_path / "seeds" / "NCT90000051.json").read_text(encoding="utf-8")
    assert "Tα1 lowered" in text
    assert text.count("\n") > 3
    taken = take_in([str(given)], tmp_path / "seeds")
    assert [entry.outcome for entry in taken][:2] == ["already there"] * 2
    assert taken[2].origin == f"{given} line 5"
    assert "names no study" in taken[2].reason


def test_a_saved_page_is_written_as_text_with_its_origin(tmp_path: Path) -> None:
    given = tmp_path / "Saved page.HTML"
    given.write_text(HTML)
    assert outcomes(str(given), tmp_path / "seeds") == [("copied", "NCT90000031.txt")]
    digest = read_digest(tmp_path / "seeds" / "NCT90000031.txt")
    assert digest.headline == "Corvimab Eases Itching"
    assert digest.origin is not None
    assert outcomes(str(given), tmp_path / "seeds") == [("already there", "NCT90000031.txt")]


def test_a_saved_page_that_names_no_study_is_named_by_its_file(tmp_path: Path) -> None:
    given = tmp_path / "NCT90000032.html"
    given.write_text(HTML.replace("<p>Source: clinicaltrials:NCT90000031</p>", ""))
    assert outcomes(str(given), tmp_path / "seeds") == [("copied", "NCT90000032.txt")]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (HTML.encode(), "NCT90000031.txt"),
        (b"\xef\xbb\xbf " + json.dumps(record("NCT90000041")).encode(), "NCT90000041.txt"),
        (json.dumps(json_digest("NCT90000051"), indent=1).encode(), "NCT90000051.json"),
        (gzip.compress(REPORTED.encode()), "NCT90000002.txt"),
        (PLANNED.encode(), "NCT90000001.txt"),
    ],
)
def test_standard_input_is_known_by_its_beginning(tmp_path: Path, raw: bytes, wanted: str) -> None:
    assert outcomes("-", tmp_path / "seeds", stdin=raw) == [("copied", wanted)]


def test_lines_on_standard_input_are_taken_one_by_one(tmp_path: Path) -> None:
    raw = b"\n".join(json.dumps(record(number)).encode() for number in ("NCT90000041", "NCT90000042"))
    assert len(outcomes("-", tmp_path / "seeds", stdin=raw)) == 2


def test_a_file_with_another_suffix_is_written_where_it_is_found_again(tmp_path: Path) -> None:
    (tmp_path / "page.digest").write_text(PLANNED)
    assert outcomes(str(tmp_path / "page.digest"), tmp_path / "seeds") == [("copied", "NCT90000001.txt")]


def test_all_forms_are_found_in_a_folder(tmp_path: Path) -> None:
    given = tmp_path / "given" / "inner"
    given.mkdir(parents=True)
    (given / "a.html").write_text(HTML)
    (given / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps(record("NCT90000041")).encode()))
    (given / "c.txt.gz").write_bytes(gzip.compress(PLANNED.encode()))
    (given / ".hidden.txt").write_text(PLANNED)
    (given / "d.csv").write_text("x")
    found = [name for _, name in outcomes(str(tmp_path / "given"), tmp_path / "seeds")]
    assert found == ["NCT90000031.txt", "NCT90000041.txt", "NCT90000001.txt"]


def test_a_dry_run_of_records_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps([record("NCT90000041")]))
    assert outcomes(str(tmp_path / "r.json"), tmp_path / "seeds", dry_run=True) == [("copied", "NCT90000041.txt")]
    assert not (tmp_path / "seeds").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and pipes need rights there")
def test_nothing_outside_a_given_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(PLANNED)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "more.txt").write_text(REPORTED)
    given = tmp_path / "given"
    given.mkdir()
    (given / "page.txt").write_text(REPORTED)
    (given / "inside.txt").symlink_to("page.txt")
    (given / "outside.txt").symlink_to("../secret.txt")
    (given / "folder").symlink_to("../secrets")
    (given / "loop.txt").symlink_to("loop.txt")
    (given / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(given / "pipe.jsonl")
    taken = {Path(entry.origin).name: entry for entry in take_in([str(given)], tmp_path / "seeds")}
    assert {name for name, entry in taken.items() if entry.outcome == "refused"} == {
        "outside.txt",
        "loop.txt",
        "device.txt",
        "pipe.jsonl",
    }
    assert "leads out of the folder" in taken["outside.txt"].reason
    assert sorted(path.name for path in (tmp_path / "seeds").iterdir()) == ["NCT90000002.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
def test_a_link_in_the_seeds_folder_is_never_written_through(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    (seeds / "NCT90000041.txt").symlink_to(victim)
    (tmp_path / "r.json").write_text(json.dumps(record("NCT90000041")))
    ((outcome, name),) = outcomes(str(tmp_path / "r.json"), seeds)
    assert outcome == "copied"
    assert name is not None
    assert name.startswith("NCT90000041-")
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("source", ["con", "NUL.x", "aux", "a" * 300, "...", "-rf", "x/y\\z:\x1b[31m\n"])
def test_names_hold_nothing_but_harmless_letters(tmp_path: Path, source: str) -> None:
    page = {"title": "A B", "source": f"other:{source}", "sections": {"Results": "It went well."}}
    (tmp_path / "p.json").write_text(json.dumps(page))
    for _, name in outcomes(str(tmp_path / "p.json"), tmp_path / "seeds"):
        assert name is not None
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        assert len(name) < 120
        assert not name.lower().startswith(("con.", "nul.", "aux.", ".", "-"))


def test_a_page_is_put_whole_or_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "seeds").write_text("a file, not a folder")
    with pytest.raises(StorageError, match="seeds"):
        put_page(PageText("NCT90000041.txt", "x\n"), tmp_path / "seeds", origin="x")


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.*")), ids=lambda path: path.name)
def test_hostile_files_are_taken_in_or_refused_with_a_reason(path: Path, tmp_path: Path) -> None:
    begun = process_time()
    taken = take_in([str(path)], tmp_path / "seeds", ingested=DAY)
    assert process_time() - begun < 3
    assert taken
    for entry in taken:
        assert (entry.outcome == "refused") == path.name.startswith("refused-")
        assert entry.path is None or entry.path.parent == tmp_path / "seeds"
        assert not any(character < " " or "\x7f" <= character < "\xa0" for character in entry.reason)


def test_the_corpus_is_there() -> None:
    assert len(list(CORPUS.glob("*.*"))) >= 15


SUFFIXES = [".txt", ".md", ".json", ".jsonl", ".html", ".json.gz", ".jsonl.gz", ".html.gz"]
PIECES = [
    b'{"protocolSection": ',
    b'{"identificationModule": {"nctId": "NCT90000041"}, "descriptionModule": {"briefSummary": "x"}}',
    b'{"studies": [',
    b"]}",
    b"}",
    b'{"title": "A", "nct_id": "NCT90000051", "sections": {"Results": "b c."}}',
    b"\n",
    b"\\ud800",
    b"[" * 50,
    b"NaN",
    b"1e999",
    b"9" * 5000,
    b"\xff",
    b"\x1b]0;x\x07",
    b"Source: clinicaltrials:NCT90000001\n",
    b"\nResults\n\nIt went well.\n\n",
    b"<h1>A</h1><h2>Results</h2><p>x.</p>",
]


@given(
    suffix=st.sampled_from(SUFFIXES),
    raw=st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=8).map(b"".join),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_under_any_name_are_taken_in_or_refused(tmp_path: Path, suffix: str, raw: bytes) -> None:
    given = tmp_path / f"NCT90000099{suffix}"
    given.write_bytes(gzip.compress(raw, 1) if suffix.endswith(".gz") else raw)
    seeds = tmp_path / "seeds"
    for entry in take_in([str(given)], seeds, ingested=DAY):
        assert not any(character < " " for character in entry.reason)
        assert entry.path is None or entry.path.parent == seeds
        if entry.path is not None:
            read_digest(entry.path)
            with contextlib.suppress(FileNotFoundError):
                entry.path.unlink()
