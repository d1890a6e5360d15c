"""Invented studies: they stand beside a data folder, and their answers are in their pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.corpus import INVENTED, Corpus, find_whole, held_studies
from training.questions import rows_of

PAGE = """All research
Drug 2020 ClinicalTrials

A Headline

An Official Title

Results

The dose of 5 mg was given to {} people.

Source: clinicaltrials:{} · Ingested 2026-01-02 · Digest: model"""


def data_folder(folder: Path, study: str, people: int) -> Path:
    (folder / "digests").mkdir(parents=True)
    (folder / "digests" / f"{study}.txt").write_text(PAGE.format(people, study), encoding="utf-8")
    asked = {
        "id": f"{folder.name}-1", "question": "how many?", "type": "number", "source": [study],
        "answers": [str(people)], "sentence": f"The dose of 5 mg was given to {people} people.",
    }  # fmt: skip
    (folder / "qa.jsonl").write_text(json.dumps(asked) + "\n", encoding="utf-8")
    return folder


def test_invented_studies_come_after_the_given_ones_and_change_neither_their_places_nor_what_is_held_out(
    tmp_path: Path,
) -> None:
    given = data_folder(tmp_path / "given", "NCT00000001", 12)
    invented = data_folder(tmp_path / "invented", "NCT99000001", 34)
    alone, both = Corpus(given), Corpus(given, invented)
    assert both.places[: len(alone.places)] == alone.places
    assert both.questions == alone.questions
    assert held_studies(alone, seed=1, share=1.0) == ["NCT00000001"]
    assert [question.sources for question in both.invented] == [("NCT99000001",)]
    (gold,) = both.gold(both.invented[0])
    place = both.places[gold.place]
    assert [place.passage.text[start:end] for start, end in gold.spans] == ["34"]


UNSEEN = INVENTED.parent / "unseen"


def pages_of(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in (folder / "digests").iterdir()}


@pytest.mark.parametrize("folder", [INVENTED, UNSEEN], ids=["trained on", "measured on"])
def test_invented_studies_have_numbers_that_the_registry_has_not_given_out(folder: Path) -> None:
    pages = pages_of(folder)
    assert pages
    assert all(study.startswith("NCT99") and study in text for study, text in pages.items())


def test_what_only_measures_is_not_trained_on() -> None:
    assert not pages_of(INVENTED).keys() & pages_of(UNSEEN).keys()
    assert not {row["id"] for row in rows_of(INVENTED)} & {row["id"] for row in rows_of(UNSEEN)}


@pytest.mark.parametrize("folder", [INVENTED, UNSEEN], ids=["trained on", "measured on"])
def test_every_invented_question_is_answered_by_its_own_pages_or_by_none(folder: Path) -> None:
    pages, rows = pages_of(folder), rows_of(folder)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        texts = [pages[study] for study in row["source"]]
        assert bool(row["answers"]) == (row["type"] != "unanswerable"), row["id"]
        assert all(any(said in text for text in texts) for said in [*row["answers"], *row["sentence"]]), row["id"]


@pytest.mark.parametrize(
    ("text", "answer", "place"),
    [
        ("3,350 in 3 people", "3", 9),
        ("0.3 of 3", "3", 7),
        ("3.5 or 3.", "3", 7),
        ("13 and 3", "3", 7),
        ("week 12", "12", 5),
        ("under 5%.", "5%", 6),
        ("in 10-day rounds", "10-day", 3),
        ("placebos", "placebo", -1),
    ],
)
def test_a_short_answer_is_not_found_within_a_longer_word_or_number(text: str, answer: str, place: int) -> None:
    assert find_whole(text, answer) == place
