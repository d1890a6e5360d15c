"""txtai: ``Embeddings`` with its content stored, so that a search returns texts; variant ``hybrid`` adds its BM25."""

from __future__ import annotations

from collections.abc import Sequence

from side import Search, Setting, run
from txtai import Embeddings


def build(setting: Setting) -> None:
    """Index and save."""
    ids, texts = setting.passages()
    with Embeddings(path=setting.model, content=True, hybrid=setting.variant == "hybrid") as embeddings:
        embeddings.index(zip(ids, texts, strict=True))
        embeddings.save(str(setting.index))


def open_index(setting: Setting) -> Search:
    """Load what was saved."""
    embeddings = Embeddings().load(str(setting.index))

    def search(question: str, history: Sequence[str]) -> list[int]:
        return [int(row["id"]) for row in embeddings.search(question, setting.depth)]

    return search


if __name__ == "__main__":
    run(build, open_index)
