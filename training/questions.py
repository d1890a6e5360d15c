"""Rows of questions: those of a data folder, and the project's own over the same digests (``training/questions``).

The project's own rows hold no text of a digest: an answer or sentence is a place, ``[study, start, end]``, in the text
that the product's reader decodes, and ``digests`` names the hash of each text, so that a changed digest is not misread.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from digestqa.digests import read_file

Row = dict[str, Any]

OWN = Path(__file__).parent / "questions"
_HASH_DIGITS = 16


def question_rows(folder: Path, own: Path | None = OWN) -> list[Row]:
    """Rows of ``folder``/qa.jsonl, then our own over digests that lie in the folder unchanged.

    Args:
        folder: holds ``digests/`` and ``qa.jsonl``.
        own: folder of the project's own rows; None leaves them out.
    """
    rows = _read(folder / "qa.jsonl")
    if own is None or not own.is_dir():
        return rows
    texts = digest_texts(folder)
    ours = [read for row in rows_of(own) if (read := _placed(row, texts))]
    # Those about no study belong to a folder that has the studies of the others.
    return rows + (ours if any(row["digests"] for row in ours) else [])


def rows_of(folder: Path) -> list[Row]:
    """Rows of all ``*.jsonl`` files of a folder, by the files' names; as they are written."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in _read(path)]


def digest_texts(folder: Path) -> dict[str, str]:
    """Decoded text of every digest of a data folder, by study."""
    return {path.stem.upper(): read_file(path).text for path in sorted((folder / "digests").iterdir())}


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def hash_of(text: str) -> str:
    """The hash by which a row knows the text that it was written over."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS]


def _placed(row: Row, texts: Mapping[str, str]) -> Row | None:
    """The row with its places turned into text, or None where a digest is missing or another one."""
    if any(study not in texts or hash_of(texts[study]) != known for study, known in row["digests"].items()):
        return None

    def cut(places: Sequence[tuple[str, int, int]]) -> list[str]:
        return [texts[study][start:end] for study, start, end in places]

    return {**row, "answers": cut(row["answers"]), "sentence": cut(row["sentence"])}


def _places(texts: Mapping[str, str], sources: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    for text in wanted:
        for study in sources:
            at = texts[study].find(text)
            if at >= 0:
                yield study, at, at + len(text)


def take_in(folder: Path, written: Path, kept: Path) -> int:
    """Turn questions written with verbatim answers into rows of places; returns how many.

    Args:
        folder: holds ``digests/``.
        written: the questions, JSON Lines.
        kept: the file of rows to write.
    """
    texts = digest_texts(folder)
    lines = []
    for row in _read(written):
        sources = row["source"]
        sentences = row["sentence"] if isinstance(row["sentence"], list) else [row["sentence"]]
        sentence_places = list(_places(texts, sources, [sentence for sentence in sentences if sentence]))
        answers = [
            (study, at, at + len(answer))
            for answer in filter(None, row["answers"])
            for study, start, end in sentence_places
            if (at := texts[study].find(answer, start, end)) >= 0
        ]
        own = {key: row[key] for key in ("id", "question", "type", "source", "kind", "history") if row.get(key)}
        own |= {"answers": answers, "sentence": sentence_places, "digests": {s: hash_of(texts[s]) for s in sources}}
        if bool(answers) == (row["type"] != "unanswerable"):
            lines.append(json.dumps(own, ensure_ascii=False))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def main() -> None:
    """Take in a file of questions as ``authoring`` gives it."""
    parser = argparse.ArgumentParser(prog="training.questions", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with digests/")
    parser.add_argument("written", type=Path, help="questions with verbatim answers, JSON Lines")
    parser.add_argument("kept", type=Path, help="file to write, under training/questions")
    args = parser.parse_args()
    print(take_in(args.folder, args.written, args.kept))


if __name__ == "__main__":
    main()
