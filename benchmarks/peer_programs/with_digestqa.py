"""digestqa over the same passages: retrieval with its scope and fusion; variant ``vectors`` without, ``ask`` whole.

The library is built by ``digestqa ingest`` in the shared folder.
"""

from __future__ import annotations

from collections.abc import Sequence

from side import Search, Setting, run

from digestqa.library import Library
from digestqa.opening import open_query_encoder
from digestqa.retrieval import Filters, Retriever
from digestqa.retrieval.naming import StudyNaming
from digestqa.understanding import Understander


def build(setting: Setting) -> None:
    """Refuse: the library is built by its own command."""
    raise SystemExit("run 'digestqa ingest'")


def open_index(setting: Setting) -> Search:
    """Open the library with what the variant needs."""
    if setting.variant == "ask":
        return open_assistant(setting)
    library = Library.open(setting.index, setting.folder / "seeds")
    encoder, _ = open_query_encoder(library)
    retriever = Retriever(library, encoder)
    understander = Understander(library, StudyNaming(library, retriever.aliases))

    def by_vectors(question: str, history: Sequence[str]) -> list[int]:
        hits = library.search_vectors(encoder.encode_query(question), setting.depth, None)
        return [passage.id for passage in library.passages([hit.passage_id for hit in hits])]

    def search(question: str, history: Sequence[str]) -> list[int]:
        understood = understander.understand(question, (), Filters(), lambda earlier: ())
        return [found.passage.id for found in retriever.retrieve(understood.text, understood.filters, setting.depth)]

    return by_vectors if setting.variant == "vectors" else search


def open_assistant(setting: Setting) -> Search:
    """Open all that answers; what it cites are spans, so no passages come back."""
    from digestqa.answering import Assistant

    assistant = Assistant.open(setting.folder / "seeds", setting.index)

    def search(question: str, history: Sequence[str]) -> list[int]:
        assistant.ask(question, history)
        return []

    return search


if __name__ == "__main__":
    run(build, open_index)
