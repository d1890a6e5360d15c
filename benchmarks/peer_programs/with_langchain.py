"""LangChain: ``FAISS.from_texts`` with ``HuggingFaceEmbeddings``, saved; ``load_local`` and ``similarity_search``."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from side import Search, Setting, run


def build(setting: Setting) -> None:
    """Embed, index and save."""
    ids, texts = setting.passages()
    metadatas = [{"id": number} for number in ids]
    store = FAISS.from_texts(texts, HuggingFaceEmbeddings(model_name=setting.model), metadatas=metadatas)
    store.save_local(str(setting.index))


def open_index(setting: Setting) -> Search:
    """Load what was saved; the store's texts are a pickle, which must be allowed by name."""
    embeddings = HuggingFaceEmbeddings(model_name=setting.model)
    store = FAISS.load_local(str(setting.index), embeddings, allow_dangerous_deserialization=True)

    def search(question: str, history: Sequence[str]) -> list[int]:
        return [int(found.metadata["id"]) for found in store.similarity_search(question, k=setting.depth)]

    return search


if __name__ == "__main__":
    run(build, open_index)
