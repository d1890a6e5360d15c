"""Writes what all sides share: ``prepare.py FOLDER QUESTIONS``, in digestqa's own environment.

FOLDER holds ``seeds/`` and the library over them in ``embeddings/``. Written are ``passages.jsonl`` (ids and the texts
that digestqa embeds), ``questions.jsonl`` (as asked, as digestqa resolves them against their history, and the ids of
the passages that are right) and ``model/``, the library's encoder as a sentence-transformers folder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from digestqa.conversation import resolve
from digestqa.encoders import load_passage_encoder
from digestqa.encoders.arithmetic import set_attention
from digestqa.evaluation.questions import read_questions
from digestqa.evaluation.rightness import right_passages
from digestqa.library import Library


def main(folder: Path, questions: Path) -> None:
    """Write the three."""
    with Library.open(folder / "embeddings", folder / "seeds") as library:
        passages = [
            {"id": passage.id, "text": f"{passage.context}: {passage.text}"}
            for passage in library.passages(library.passage_ids())
        ]
        asked = [
            {
                "question": question.question,
                "history": question.history,
                "resolved": resolve(question.question, question.history).text,
                "right": sorted(right_passages(question, library)),
            }
            for question in read_questions(questions)
            if question.answerable
        ]
        name = library.encoder_name
    write_lines(folder / "passages.jsonl", passages)
    write_lines(folder / "questions.jsonl", asked)
    model = load_passage_encoder(name, "cpu").model
    set_attention(model, "sdpa")  # PyTorch's own choice; what digestqa chooses for itself is no part of the model
    model.save(str(folder / "model"))


def write_lines(path: Path, values: Sequence[Mapping[str, object]]) -> None:
    """Write one JSON object a line."""
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
