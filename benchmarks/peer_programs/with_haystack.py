"""Haystack: document embedder into a ``FAISSDocumentStore``; a pipeline of text embedder and embedding retriever."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from haystack import Document, Pipeline
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
from haystack_integrations.document_stores.faiss import FAISSDocumentStore
from side import Search, Setting, run


def build(setting: Setting) -> None:
    """Embed, write and save."""
    ids, texts = setting.passages()
    documents = [Document(id=str(number), content=text) for number, text in zip(ids, texts, strict=True)]
    embedder = SentenceTransformersDocumentEmbedder(model=setting.model)
    store = open_store(setting)
    store.write_documents(embedder.run(documents)["documents"])
    store.save(setting.index / "store")


def open_index(setting: Setting) -> Search:
    """Load what was saved into a query pipeline."""
    pipeline = Pipeline()
    pipeline.add_component("text_embedder", SentenceTransformersTextEmbedder(model=setting.model))
    pipeline.add_component("retriever", FAISSEmbeddingRetriever(document_store=open_store(setting)))
    pipeline.connect("text_embedder.embedding", "retriever.query_embedding")

    def search(question: str, history: Sequence[str]) -> list[int]:
        found = pipeline.run({"text_embedder": {"text": question}, "retriever": {"top_k": setting.depth}})
        return [int(document.id) for document in found["retriever"]["documents"]]

    return search


def open_store(setting: Setting) -> FAISSDocumentStore:
    """Return the store of the index's folder, empty where nothing was saved."""
    setting.index.mkdir(parents=True, exist_ok=True)
    pooling = json.loads((Path(setting.model) / "config.json").read_text(encoding="utf-8"))
    return FAISSDocumentStore(index_path=str(setting.index / "store"), embedding_dim=pooling["hidden_size"])


if __name__ == "__main__":
    run(build, open_index)
