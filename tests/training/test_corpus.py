"""What training shows the reader is what the product shows it."""

from __future__ import annotations

import shutil
from pathlib import Path

from digestqa import Assistant
from digestqa.answering import PageContext
from digestqa.reading.context import reading_context
from digestqa.retrieval import Filters
from shelf import Shelf
from training.corpus import Corpus


def test_a_passage_has_the_same_words_before_it_in_training_as_when_it_is_asked(
    built_shelf: Shelf, tmp_path: Path
) -> None:
    (tmp_path / "digests").mkdir()
    for path in built_shelf.seeds.glob("NCT*.txt"):
        shutil.copy(path, tmp_path / "digests" / path.name)
    (tmp_path / "qa.jsonl").write_text("")
    corpus = Corpus(tmp_path)
    question = "did the 120 adults sent home on zelanide after discharge come back within weeks?"
    trained = {
        (example.group, place.passage.start): example.prefix
        for index, place in enumerate(corpus.places)
        for example in (corpus.example(question, index),)
    }
    with Assistant.open(built_shelf.seeds, built_shelf.embeddings, reader="sentences") as assistant:
        retrieved = assistant.retriever.retrieve(question, Filters(), 12)
        asked = {
            (passage.study, passage.start): f"{reading_context(passage.headline, passage.elsewhere, passage.section)}: "
            for passage in PageContext(assistant.library).readable(question, retrieved)
            if passage.study in corpus.of_study
        }
    assert asked.items() <= trained.items()
    assert any("(120 " in words for words in asked.values())
