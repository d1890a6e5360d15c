"""A full disk, an unwritable folder: told in plain words, nothing lost, nothing left behind."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from digestqa.errors import StorageError
from digestqa.library import storage
from library.library_stand import Place, StandInEncoder, library_rows, page

LIMITED_WRITER = """
import json, resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from library.library_stand import Place, StandInEncoder
from digestqa.errors import DigestQAError
for root, limit, work in json.loads(sys.argv[1]):
    place = Place(Path(root), StandInEncoder())
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        (place.rebuild if work == "rebuild" else place.ingest)()
        print(json.dumps([None, "", ""]))
    except DigestQAError as error:
        print(json.dumps([type(error).__name__, error.message, error.hint]))
"""


LIMITED_READER = """
import resource, sys
from pathlib import Path
from digestqa.errors import DigestQAError
from digestqa.library import Library
resource.setrlimit(resource.RLIMIT_FSIZE, (16 * 1024, resource.RLIM_INFINITY))
try:
    Library.open(*map(Path, sys.argv[1:])).close()
except DigestQAError as error:
    print(type(error).__name__, error.message, error.hint, sep="|")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes are limited by a POSIX call")
def test_a_disk_without_room_for_what_readers_share_is_said_to_be_full(built: Place) -> None:
    command = [sys.executable, "-c", LIMITED_READER, str(built.embeddings), str(built.seeds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    kind, message, hint = done.stdout.strip().split("|")
    assert kind == "StorageError"
    assert message.startswith("the disk is full: reading ")
    assert hint == "free some space and run the command again"


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes are limited by a POSIX call")
def test_a_disk_that_fills_up_leaves_the_state_and_the_next_run_makes_good(tmp_path: Path) -> None:
    """No file may grow beyond a limit, which fails as a full disk does."""
    orders = []
    for work in ("ingest", "rebuild"):
        for limit_kib in (16, 160):
            place = Place(tmp_path / f"{work}-{limit_kib}")
            place.write_pages(10)
            place.ingest()
            for number in range(11, 50):
                place.write(f"NCT{number:08d}.txt", page(number))
            orders.append((str(place.root), limit_kib * 1024, work))
    straight = Place(tmp_path / "straight")
    straight.root.mkdir()
    straight.seeds.symlink_to(place.seeds)
    straight.ingest()
    wanted = library_rows(straight.embeddings)
    before = library_rows(place.embeddings)
    program = LIMITED_WRITER.format(tests=str(Path(__file__).parents[1]))
    command = [sys.executable, "-c", program, json.dumps(orders)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for (root, _, _), (kind, message, hint) in zip(orders, answers, strict=True):
        place = Place(Path(root))
        assert kind == "StorageError"
        assert hint
        assert str(place.embeddings) in message
        assert place.temporary_files() == []
        after = library_rows(place.embeddings)
        assert {name: after[name] for name in before.keys() - {"staged", "vectors"}} == {
            name: before[name] for name in before.keys() - {"staged", "vectors"}
        }
        with place.open() as library:
            assert library.search_vectors(place.encoder.encode_query("x"), 3)
        place.ingest()
        assert library_rows(place.embeddings) == wanted
        assert place.verify() == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_file_that_cannot_be_written_whole_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    target = tmp_path / "encoder-12345678.onnx"
    storage.publish_bytes(target, b"old")

    def write(stream: BinaryIO) -> None:
        stream.write(b"half of the new")
        raise OSError(code, os.strerror(code))

    with pytest.raises(StorageError) as caught:
        storage.publish(target, write)
    assert str(target) in caught.value.message
    assert ("disk is full" in caught.value.message) == (code in (errno.ENOSPC, errno.EDQUOT))
    assert caught.value.hint
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_faiss_file_that_cannot_be_written_costs_only_time(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from digestqa.library import vector_index

    def publish(path: Path, write: Callable[[BinaryIO], None]) -> None:
        def fill(stream: BinaryIO) -> None:
            class Full(io.BytesIO):
                def write(self, block: object) -> int:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            write(Full())

        storage.publish(path, fill)

    with monkeypatch.context() as patched:
        patched.setattr(vector_index, "publish", publish)
        built.write("NCT00000009.txt", page(9))
        report = built.ingest()
    assert report.added == 1
    assert any("disk is full" in warning for warning in report.warnings)
    with built.open() as library:
        hits = library.search_vectors(built.encoder.encode_query("x"), 1000)
        assert len(hits) == library.counts.passages
    assert not built.ingest().warnings
    assert len(built.index_files()) == 1
    assert built.verify() == []


def test_a_missing_embeddings_folder_is_made(place: Place) -> None:
    place.write_pages(1)
    deeper = Place(place.root)
    assert not deeper.embeddings.exists()
    deeper.ingest()
    assert deeper.catalog.exists()


AS_NOBODY = """
import json, os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from library.library_stand import Place, StandInEncoder
from digestqa.errors import DigestQAError
# All that is loaded on the way is loaded before: nobody may not be allowed to read the program's own files.
rehearsal = Place(Path(sys.argv[2]), StandInEncoder())
rehearsal.write_pages(1)
rehearsal.ingest()
rehearsal.rebuild()
with rehearsal.open() as library:
    library.search_vectors(rehearsal.encoder.encode_query("x"), 3)
rehearsal.verify()
place = Place(Path(sys.argv[1]), StandInEncoder())
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
told = {{}}
for name, attempt in (("ingest", place.ingest), ("rebuild", place.rebuild)):
    try:
        attempt()
    except DigestQAError as error:
        told[name] = [type(error).__name__, error.message, error.hint]
try:
    with place.open() as library:
        told["found"] = len(library.search_vectors(place.encoder.encode_query("x"), 1000))
        told["words"] = len(library.search_text(["patients"], 1000))
    told["problems"] = len(place.verify())
except DigestQAError as error:
    told["open"] = [type(error).__name__, error.message, error.hint]
print(json.dumps(told))
"""


def as_nobody(place: Place) -> dict[str, Any]:
    """Open and write as someone who may not write: the superuser may everything, and becomes nobody first."""
    for folder in (place.root, *place.root.parents):
        if "pytest-" in folder.as_posix() and folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            AS_NOBODY.format(tests=str(Path(__file__).parents[1])),
            str(place.root),
            str(place.root.parent / "rehearsal"),
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX systems")
@pytest.mark.parametrize("litter", ["a closed library", "the files of earlier readers"])
def test_a_library_in_a_folder_that_cannot_be_written_is_read_and_not_written(built: Place, litter: str) -> None:
    with built.open() as library:
        count = library.counts.passages
    if litter == "a closed library":
        # Whoever may write and closes last takes the log away.
        built.sql("SELECT count(*) FROM meta")
        assert not built.catalog.with_name("library.sqlite3-wal").exists()
    for path in built.embeddings.iterdir():
        path.chmod(0o444)
    built.embeddings.chmod(0o555)
    told = as_nobody(built)
    built.embeddings.chmod(0o755)
    assert told["found"] == count, told
    assert told["words"]
    assert told["problems"] == 0
    for work in ("ingest", "rebuild"):
        kind, message, hint = told[work]
        assert kind == "StorageError"
        assert str(built.embeddings) in message
        assert hint


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX systems")
def test_a_folder_that_cannot_be_made_is_told(place: Place) -> None:
    place.write_pages(1)
    place.root.chmod(0o555)
    told = as_nobody(place)
    place.root.chmod(0o755)
    assert told["ingest"][0] == told["rebuild"][0] == "StorageError"
    assert told["open"][0] == "LibraryMissingError"


def test_leftovers_of_a_killed_writer_are_swept(built: Place) -> None:
    (built.embeddings / f"{storage.TEMPORARY_PREFIX}abc").write_bytes(b"x")
    (built.embeddings / "vectors-77.faiss").write_bytes(b"x")
    (built.embeddings / "encoder-ffffffff.onnx").write_bytes(b"x")
    (built.embeddings / ".gitignore").write_bytes(b"*")
    built.ingest(StandInEncoder())
    names = {path.name for path in built.embeddings.iterdir()}
    assert not names & {f"{storage.TEMPORARY_PREFIX}abc", "vectors-77.faiss", "encoder-ffffffff.onnx"}
    assert {".gitignore", "library.sqlite3", "vectors-1.faiss"} <= names
