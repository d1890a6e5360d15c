"""Vectors in numbers for ``benchmarks/index.py``, with the geometry of real ones, and what is nearest among them.

*Mixed* are passages embedded by the default encoder, and more of them: each is a passage, moved by the difference of
two of its near neighbours, and a little noise. *Words* are averages of the encoder's word vectors over two runs of
words of the passages: cheap, and with questions that lie far from them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Block = Callable[[np.random.Generator, int], NDArray[np.float32]]

K = 10
BLOCK = 32_768
SAMPLE = 8_000
"""Passages that are embedded."""
QUESTIONS = 200
_NEIGHBOURS = 24
_NOISE = 0.02


def texts_and_questions(data: Path | None) -> tuple[list[str], list[str]]:
    """Return texts of passages as they are embedded, and questions: of DATA, or of generated digests."""
    from digestqa.digests import parse_digest
    from digestqa.passages import split_passages

    texts: list[str] = []
    if data is not None:
        for path in sorted((data / "digests").rglob("*.txt")):
            digest = parse_digest(path.read_text(encoding="utf-8"), sha256="", name=path.name)
            texts += [passage.embedded_text for passage in split_passages(digest)]
        lines = (data / "qa.jsonl").read_text(encoding="utf-8").splitlines()
        return texts[:SAMPLE], [json.loads(line)["question"] for line in lines][:QUESTIONS]
    from benchmarks.study_pages import page, study
    from benchmarks.study_questions import questions_about

    questions: list[str] = []
    number = 0
    while len(texts) < SAMPLE:
        number += 1
        of = study(number, layout="A")
        digest = parse_digest(page(of), sha256="", name=of.file_name)
        texts += [passage.embedded_text for passage in split_passages(digest)]
        questions += [str(question["question"]) for question in questions_about(of)[:1]]
    return texts[:SAMPLE], questions[:QUESTIONS]


def mixed(data: Path | None) -> tuple[Block, NDArray[np.float32]]:
    """Return what makes a block of mixed vectors, and the questions' vectors, of shape (questions, dimension)."""
    import numpy as np

    from digestqa.encoders import load_passage_encoder

    texts, questions = texts_and_questions(data)
    encoder = load_passage_encoder()
    passages = encoder.encode_passages(texts)
    asked = np.stack([encoder.encode_query(question) for question in questions])
    return mixed_of(passages), asked


def mixed_of(passages: NDArray[np.float32]) -> Block:
    """Return what makes a block of vectors from embedded passages, of shape (passages, dimension)."""
    import numpy as np

    near = np.empty((len(passages), _NEIGHBOURS), dtype=np.int64)
    for start in range(0, len(passages), 2048):
        products = passages[start : start + 2048] @ passages.T
        products[np.arange(len(products)), np.arange(start, start + len(products))] = -1
        near[start : start + 2048] = np.argpartition(products, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS:]

    def block(chance: np.random.Generator, rows: int) -> NDArray[np.float32]:
        base = chance.integers(0, len(passages), rows)
        one, other = (near[base, chance.integers(0, _NEIGHBOURS, rows)] for _ in range(2))
        weight = chance.uniform(0.2, 0.8, (rows, 1)).astype(np.float32)
        noise = chance.standard_normal((rows, passages.shape[1]), dtype=np.float32) * _NOISE
        return _unit(passages[base] + weight * (passages[one] - passages[other]) + noise)

    return block


def words(data: Path | None) -> tuple[Block, NDArray[np.float32]]:
    """Return what makes a block of averages of word vectors, and the questions' vectors."""
    import numpy as np
    from tokenizers import Tokenizer

    from digestqa.encoders import load_passage_encoder
    from digestqa.encoders.models import locate_model

    texts, questions = texts_and_questions(data)
    encoder: Any = load_passage_encoder()
    weights = encoder.model.state_dict()
    table = next(weights[name] for name in weights if name.endswith("word_embeddings.weight")).float().cpu().numpy()
    tokenizer = Tokenizer.from_file(str(locate_model().tokenizer[0]))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokens = np.concatenate([tokenizer.encode(text, add_special_tokens=False).ids for text in texts])
    middle = table[tokens].mean(axis=0) * np.float32(0.9)
    sums = np.concatenate([np.zeros((1, table.shape[1])), np.cumsum(table[tokens], axis=0, dtype=np.float64)])

    def block(chance: np.random.Generator, rows: int) -> NDArray[np.float32]:
        total = np.zeros((rows, table.shape[1]))
        length = np.zeros((rows, 1))
        for _ in range(2):
            size = chance.integers(8, 40, rows)
            start = chance.integers(0, len(tokens) - 40, rows)
            total += sums[start + size] - sums[start]
            length += size[:, None]
        return _unit((total / length - middle).astype(np.float32))

    asked = [table[tokenizer.encode(question, add_special_tokens=False).ids].mean(axis=0) for question in questions]
    return block, _unit(np.stack(asked).astype(np.float32) - middle)


def write_set(folder: Path, block: Block, questions: NDArray[np.float32], size: int) -> None:
    """Write vectors in half precision, the questions, and which vectors are nearest in single precision."""
    import numpy as np

    chance = np.random.default_rng(size)
    scores = np.full((len(questions), K), -np.inf, dtype=np.float32)
    nearest = np.zeros((len(questions), K), dtype=np.int64)
    with (folder / "vectors.f16").open("wb") as stream:
        for start in range(0, size, BLOCK):
            rows = block(chance, min(BLOCK, size - start))
            stream.write(rows.astype("<f2").tobytes())
            found = np.concatenate([scores, questions @ rows.T], axis=1)
            ids = np.broadcast_to(np.arange(start, start + len(rows)), (len(questions), len(rows)))
            best = np.argpartition(found, -K, axis=1)[:, -K:]
            nearest = np.take_along_axis(np.concatenate([nearest, ids], axis=1), best, axis=1)
            scores = np.take_along_axis(found, best, axis=1)
    np.save(folder / "questions.npy", questions)
    np.save(folder / "truth.npy", nearest)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    lengths: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
    return rows / lengths
