from __future__ import annotations

import gzip
import io
from time import process_time

import pytest

from digestqa.digests import numbered_lines, packing, read_unpacked
from digestqa.errors import FileRefusedError


def lines(raw: bytes) -> list[tuple[int, bytes]]:
    return list(numbered_lines(io.BytesIO(raw), "x.jsonl"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_are_numbered_and_blank_ones_passed_over(pack: type[bytes]) -> None:
    assert lines(pack(b"a\n\n \r\nb\r\nc")) == [(1, b"a"), (4, b"b\r"), (5, b"c")]


def test_lines_longer_than_a_piece_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_PIECE_BYTES", 16)
    rows = [b"x" * length for length in (0, 1, 15, 16, 17, 40)]
    assert [line for _, line in lines(b"\n".join(rows))] == rows[1:]
    assert [line for _, line in lines(gzip.compress(b"\n".join(rows)))] == rows[1:]


def test_parts_packed_one_after_the_other_are_all_read() -> None:
    assert read_unpacked(io.BytesIO(gzip.compress(b"ab") + gzip.compress(b"cd") + b"\0\0"), "x") == b"abcd"


@pytest.mark.parametrize("cut", [3, 11, 30, -1])
def test_a_cut_file_is_refused(cut: int) -> None:
    raw = gzip.compress(bytes(range(256)) * 4)
    with pytest.raises(FileRefusedError, match="cut short"):
        read_unpacked(io.BytesIO(raw[:cut]), "x.gz")


def test_a_damaged_file_is_refused() -> None:
    raw = bytearray(gzip.compress(bytes(range(256)) * 4))
    raw[40] ^= 0xFF
    with pytest.raises(FileRefusedError, match="cannot be unpacked"):
        read_unpacked(io.BytesIO(bytes(raw)), "x.gz")
    with pytest.raises(FileRefusedError, match="cannot be unpacked"):
        read_unpacked(io.BytesIO(gzip.compress(b"ab") + b"tail that is not packed"), "x.gz")


@pytest.mark.parametrize("unit", [b"\0", b"\n", b"{}\n", b" "])
def test_a_bomb_is_refused_early(unit: bytes) -> None:
    bomb = gzip.compress(unit * (20_000_000 // len(unit)))
    start = process_time()
    with pytest.raises(FileRefusedError, match="100 times its size"):
        lines(bomb)
    with pytest.raises(FileRefusedError, match="100 times its size"):
        read_unpacked(io.BytesIO(bomb), "x.gz")
    assert process_time() - start < 3


def test_a_bomb_in_many_small_parts_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="100 times its size"):
        read_unpacked(io.BytesIO(gzip.compress(b"\0" * 100_000) * 200), "x.gz")


def test_a_line_and_a_whole_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_LINE_BYTES", 10)
    monkeypatch.setattr(packing, "MAX_WHOLE_BYTES", 10)
    with pytest.raises(FileRefusedError, match="line 2 has more than 10 bytes"):
        lines(b"a\n" + b"x" * 11)
    with pytest.raises(FileRefusedError, match="more than 10 bytes"):
        read_unpacked(io.BytesIO(b"x" * 11), "x.json")
