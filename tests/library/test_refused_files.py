from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from digestqa.errors import LibraryMissingError
from digestqa.library import library_status
from digestqa.library.scan import scan_seeds
from library.library_stand import Place, page


def test_a_bad_file_is_listed_with_its_reason_and_stops_no_other(place: Place) -> None:
    place.write_pages(2)
    place.write("empty.txt", "")
    place.write("prose.txt", "only some words")
    (place.seeds / "binary.txt").write_bytes(b"\x00\x01\x02")
    (place.seeds / "latin.txt").write_bytes(page(3).encode("utf-8").replace(b"few", b"\xe9\xe9"))
    report = place.ingest()
    assert report.added == 2
    assert [file.path for file in report.refused] == ["binary.txt", "empty.txt", "latin.txt", "prose.txt"]
    assert all(file.reason for file in report.refused)
    assert "offset" in report.refused[2].reason
    with place.open() as library:
        assert library.counts.refused == 4


def test_a_refused_file_is_tried_again_and_taken_up_once_mended(place: Place) -> None:
    place.write_pages(1)
    place.write("NCT00000002.txt", "")
    assert len(place.ingest().refused) == 1
    report = place.ingest()
    assert (len(report.refused), report.changed) == (1, False)
    place.write("NCT00000002.txt", page(2))
    report = place.ingest()
    assert (report.refused, report.added) == ((), 1)
    with place.open() as library:
        assert library.counts.refused == 0


def test_a_digest_whose_file_goes_bad_answers_no_more(built: Place) -> None:
    (built.seeds / "NCT00000003.txt").write_bytes(b"\x00")
    report = built.ingest()
    assert (report.removed, len(report.refused)) == (1, 1)
    with built.open() as library:
        assert library.find_digests("NCT00000003") == []
    assert built.verify() == []


def test_only_digest_files_are_looked_at(place: Place) -> None:
    place.write("NCT00000001.txt", page(1))
    place.write("sub/folder/NCT00000002.TXT", page(2))
    place.write("notes.pdf", "x")
    place.write("README", "x")
    place.write(".hidden.txt", page(3))
    place.write(".git/NCT00000004.txt", page(4))
    report = place.ingest()
    assert (report.added, report.ignored, report.refused) == (2, 2, ())


def test_an_embeddings_folder_among_the_seeds_is_passed_over(place: Place) -> None:
    place.write("NCT00000001.txt", page(1))
    inside = Place(place.root)
    place.seeds.joinpath("embeddings").mkdir()
    inside.root = place.root
    from digestqa.library import ingest

    for _ in range(2):
        report = ingest(
            place.seeds / "embeddings",
            place.seeds,
            load_encoder=place.encoder.load,
            export_encoder=place.encoder.export,
        )
    assert (report.refused, report.unchanged, report.changed) == ((), 1, False)


def test_nothing_outside_the_seeds_folder_is_read(place: Place, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(page(7), encoding="utf-8")
    place.write("NCT00000001.txt", page(1))
    (place.seeds / "link.txt").symlink_to(outside)
    (place.seeds / "loop").symlink_to(place.seeds)
    (place.seeds / "away").symlink_to(tmp_path)
    (place.seeds / "lost.txt").symlink_to(tmp_path / "nothing")
    (place.seeds / "inside.txt").symlink_to(place.seeds / "NCT00000001.txt")
    report = place.ingest()
    assert report.added == 2
    assert {file.path for file in report.refused} == {"link.txt", "loop", "away", "lost.txt"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a thing of POSIX systems")
def test_pipes_and_sockets_are_refused_without_waiting(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("NCT00000001.txt", page(1))
    os.mkfifo(place.seeds / "pipe.txt")
    # A socket's path is limited to some hundred characters: bound by a short relative one.
    monkeypatch.chdir(place.seeds)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        report = place.ingest()
    assert report.added == 1
    assert {file.path for file in report.refused} == {"pipe.txt", "socket.txt"}


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
def test_a_name_that_is_not_utf8_is_refused_by_a_printable_name(place: Place) -> None:
    place.write("NCT00000001.txt", page(1))
    (Path(os.fsdecode(bytes(place.seeds) + b"/bad\xff.txt"))).write_text(page(2), encoding="utf-8")
    report = place.ingest()
    assert [file.path for file in report.refused] == ["bad\\xff.txt"]
    assert "UTF-8" in report.refused[0].reason
    report.refused[0].path.encode("utf-8")


def test_what_lies_in_a_folder_that_cannot_be_listed_is_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("NCT00000001.txt", page(1))
    place.write("locked/NCT00000002.txt", page(2))
    place.ingest()
    listed = os.scandir

    def scandir(folder: str) -> Any:
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    report = place.ingest()
    assert (report.removed, [file.path for file in report.refused]) == (0, ["locked"])
    with place.open() as library:
        assert len(library.digests()) == 2


def test_a_library_of_only_bad_files_is_none(place: Place) -> None:
    place.write("bad.txt", "")
    report = place.ingest()
    assert (report.state, report.changed, len(report.refused)) == (0, False, 1)


def test_a_first_ingest_of_only_bad_files_loads_no_encoder_and_keeps_the_list(place: Place) -> None:
    place.write("bad.txt", "")
    place.write("worse.txt", "no digest")
    assert len(place.ingest().refused) == 2
    assert place.encoder.loads == 0
    with pytest.raises(LibraryMissingError) as caught:
        library_status(place.embeddings, place.seeds)
    assert "bad.txt" in caught.value.message
    assert "worse.txt" in caught.value.message
    place.write("bad.txt", page(1))
    report = place.ingest()
    assert (report.added, [file.path for file in report.refused]) == (1, ["worse.txt"])
    assert [file.path for file in library_status(place.embeddings, place.seeds).refused] == ["worse.txt"]


def test_the_list_tells_since_when_a_file_is_refused(built: Place) -> None:
    built.write("bad.txt", "")
    built.ingest()
    built.sql("UPDATE refused SET first_seen = '2026-01-01T00:00:00+00:00'")
    built.write("bad.txt", "now with words, and no digest")
    built.ingest()
    (refused,) = library_status(built.embeddings, built.seeds).refused
    assert refused.first_seen == "2026-01-01T00:00:00+00:00"
    assert "empty" not in refused.reason


def test_what_is_refused_is_told_once_where_the_folder_is_gone_through_twice(place: Place) -> None:
    place.write_pages(1)
    place.write("notes.pdf", "x")
    (place.seeds / "lost.txt").symlink_to("nowhere.txt")
    scan = scan_seeds(place.seeds, place.embeddings)
    for _ in range(2):
        assert [path for path, _ in scan.files()] == ["NCT00000001.txt"]
    assert [file.path for file in scan.refused] == ["lost.txt"]
    assert scan.ignored == 1
