"""``verify`` finds every kind of difference between the library, its files and the files it was made from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from library.library_stand import Place, page


def found(place: Place) -> str:
    problems = place.verify()
    assert all(problem.what and problem.where and "digestqa" in problem.hint for problem in problems)
    return "; ".join(f"{problem.where}: {problem.what}" for problem in problems)


def test_a_sound_library_has_no_problem(built: Place) -> None:
    told: list[tuple[int, int]] = []
    from digestqa.library import verify_library

    assert verify_library(built.embeddings, built.seeds, lambda done, total: told.append((done, total))) == []
    assert told == [(number, 5) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE passages SET start_char = start_char + 1 WHERE id = 3", "passages are not the digest's"),
        ("UPDATE passages SET sentences = '[0,1]' WHERE id = 3", "passages are not the digest's"),
        ("UPDATE passages SET section_id = 1 WHERE id = 5", "passages are not the digest's"),
        ("DELETE FROM passages WHERE id = 3", "passages are not the digest's"),
        ("UPDATE passages SET vector_key = zeroblob(16) WHERE id = 3", "vector of another text"),
        ("UPDATE passages SET section_id = 99 WHERE id = 3", "passages of no section"),
        ("UPDATE passages SET digest_id = 99 WHERE id = 3", "passages of no digest"),
        ("UPDATE passages SET indexed_state = NULL WHERE id = 3", "counts are not those of the rows"),
        ("UPDATE texts SET text = replace(text, '12 of', '13 of')", "text is not the file's"),
        ("DELETE FROM texts WHERE digest_id = 2", "digests without a text"),
        ("UPDATE digests SET headline = 'x' WHERE id = 2", "facts are not the digest's"),
        ("UPDATE digests SET source = 'NCT00000099' WHERE id = 2", "facts are not the digest's"),
        ("UPDATE digests SET compound = 'aspirin' WHERE id = 2", "facts are not the digest's"),
        ("UPDATE digests SET date = '2030' WHERE id = 2", "facts are not the digest's"),
        ("UPDATE passages_fts_docsize SET sz = x'01010101' WHERE id = 2", "full-text index"),
        ("UPDATE digests SET current = 0 WHERE id = 2", "several current digests, or none"),
        ("UPDATE vectors SET crc = crc + 1 WHERE id = (SELECT min(id) + 1 FROM vectors)", "1 vector is damaged"),
        ("UPDATE vectors SET id = id - 5 WHERE id = (SELECT min(id) + 1 FROM vectors)", "1 vector in no file"),
        ("UPDATE vectors SET id = id + 999 WHERE id = (SELECT max(id) FROM vectors)", "1 vector is damaged"),
        ("UPDATE vector_files SET row_bytes = 30", "vectors are damaged"),
        ("DELETE FROM vectors WHERE id = (SELECT min(id) + 1 FROM vectors)", "1 passage without its vector"),
        ("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')", "full-text index"),
        ("INSERT INTO removed VALUES (1, 5)", "the FAISS file has"),
        ("UPDATE meta SET value = replace(value, '\"digests\": 5', '\"digests\": 6')", "counts are not"),
    ],
)
def test_a_tampered_row_is_found(built: Place, tampering: str, told: str) -> None:
    assert built.verify() == []
    built.sql(tampering)
    assert told in found(built)


def test_a_file_that_changed_or_went_is_found(built: Place) -> None:
    built.write("NCT00000001.txt", page(1).replace("12 of", "13 of"))
    (built.seeds / "NCT00000002.txt").unlink()
    (built.seeds / "NCT00000003.txt").write_bytes(b"\x00")
    told = found(built)
    assert "NCT00000001.txt: the file has changed since" in told
    assert "NCT00000002.txt: the file cannot be read any more" in told
    assert "NCT00000003.txt: the file cannot be read any more" in told
    built.ingest()
    assert built.verify() == []


def flip_a_bit(path: Path) -> None:
    """Change a file so that neither its size nor its time tells."""
    times = path.stat()
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2] ^= 1
    path.write_bytes(bytes(contents))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("name", ["encoder-*.onnx", "encoder-*.tokenizer.json", "vectors-*.faiss", "vectors-*.f16"])
def test_a_flipped_bit_in_a_file_beside_the_catalog_is_found_and_a_rebuild_mends_it(built: Place, name: str) -> None:
    (path,) = built.embeddings.glob(name)
    flip_a_bit(path)
    assert path.name in found(built)
    built.rebuild()
    assert built.verify() == []


def test_a_single_word_missing_from_the_full_text_index_is_found(built: Place) -> None:
    columns = "text, headline, section, study_words"
    built.sql(
        f"""INSERT INTO passages_fts (passages_fts, rowid, {columns})
            SELECT 'delete', id, {columns} FROM passage_texts WHERE id = 4"""
    )
    assert "full-text index" in found(built)
