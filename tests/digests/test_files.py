"""What is read as a file, and what is refused with which reason."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from pathlib import Path

import pytest

from digestqa.digests import MAX_FILE_BYTES, read_file
from digestqa.errors import FileRefusedError

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="named pipes and sockets are POSIX files")


def refusal(path: Path) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        read_file(path)
    assert caught.value.hint
    assert path.name in caught.value.message
    return caught.value


def test_text_comes_back_as_written_with_the_hash_of_its_bytes(tmp_path: Path) -> None:
    raw = "Tα1\r\nrose\rto 5\u00a0%\n".encode()
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    file = read_file(path)
    assert file.text == "Tα1\r\nrose\rto 5\u00a0%\n"
    assert file.sha256 == hashlib.sha256(raw).hexdigest()
    assert (file.path, file.size) == (path, len(raw))


def test_a_byte_order_mark_is_dropped_from_the_text_and_kept_in_the_hash(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbfHeadline\n"
    path = tmp_path / "bom.txt"
    path.write_bytes(raw)
    file = read_file(path)
    assert file.text == "Headline\n"
    assert file.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(("content", "word"), [(b"", "empty"), (b" \r\n\t\n", "blank"), (b"\xef\xbb\xbf", "empty")])
def test_an_empty_or_blank_file_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "nothing.txt"
    path.write_bytes(content)
    assert word in refusal(path).message


def test_invalid_utf8_is_refused_with_the_byte_and_its_offset_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"\xef\xbb\xbfcaf\xe9 au lait")
    message = refusal(path).message
    assert "0xe9" in message
    assert "offset 6" in message


def test_zero_bytes_are_refused_as_binary_data(tmp_path: Path) -> None:
    path = tmp_path / "image.txt"
    path.write_bytes(b"abc\0def")
    assert "offset 3" in refusal(path).message


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_is_refused_by_its_name(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "wide.txt"
    path.write_bytes("\ufeffHeadline".encode(codec))
    assert "UTF-16" in refusal(path).message


def test_a_huge_file_is_refused_unread_with_its_size_and_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    message = refusal(path).message
    assert "200,000,000" in message
    assert f"{MAX_FILE_BYTES:,}" in message


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "directory" in refusal(tmp_path).message


def test_a_missing_file_and_a_dangling_link_are_told_apart(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "absent.txt").message
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "absent.txt")
    assert "link" in refusal(link).message


def test_a_link_to_a_regular_file_is_read_and_one_to_a_directory_is_not(tmp_path: Path) -> None:
    target = tmp_path / "target.txt"
    target.write_text("text", encoding="utf-8")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    assert read_file(link).text == "text"
    folder_link = tmp_path / "folder.txt"
    folder_link.symlink_to(tmp_path)
    assert "directory" in refusal(folder_link).message


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "one.txt", tmp_path / "two.txt"
    first.symlink_to(second)
    second.symlink_to(first)
    refusal(first)


@posix_only
def test_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    assert "pipe" in refusal(path).message


@posix_only
def test_a_socket_and_a_device_are_refused(tmp_path: Path) -> None:
    folder = Path(os.path.relpath(tmp_path))
    path = folder / "s.txt"
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.bind(str(path))
        except OSError:
            pytest.skip("the temporary folder's path is too long for a socket's name")
        assert "socket" in refusal(path).message
    assert "device" in refusal(Path("/dev/null")).message


@posix_only
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("text", encoding="utf-8")
    path.chmod(0)
    assert "permission" in refusal(path).message


def test_a_name_that_no_file_can_have_is_refused() -> None:
    refusal(Path("a\0b.txt"))
