from __future__ import annotations

from pathlib import Path

import pytest

from digestqa import Assistant
from digestqa.answering.citing import Citer
from digestqa.answering.page_facts import in_its_line
from digestqa.digests.model import FactName
from digestqa.library import Library, ingest
from shelf import PLANNED, Shelf, write_digests

AIM = "Monthly Corvimab Aims to Clear Itching in Cholestasis"
TITLE = "A Recruiting Study of Corvimab, Planned to Show Less Pruritus in Adults"


@pytest.fixture
def citer(tmp_path: Path) -> Citer:
    text = PLANNED.replace("Corvimab Put to the Test Against Itching in Cholestasis", AIM)
    text = text.replace("A Randomised Study of Corvimab for Cholestatic Pruritus in Adults", TITLE)
    # A tag line may hold any word.
    text = text.replace("monoclonal antibody other", "aims to be a monoclonal antibody other")
    write_digests(tmp_path / "seeds", {"NCT90000001.txt": text})
    ingest(tmp_path / "embeddings", tmp_path / "seeds")
    return Citer(Library.open(tmp_path / "embeddings", tmp_path / "seeds"), tmp_path / "seeds")


@pytest.mark.parametrize(
    ("fact", "claim"),
    [("headline", "expected"), ("official_title", "expected"), ("evidence_type", "reported"), ("ingested", "reported")],
)
def test_a_headline_that_states_an_aim_is_labelled_and_a_tag_line_never(
    citer: Citer, fact: FactName, claim: str
) -> None:
    with citer.library as library:
        (digest,) = library.digests()
        place = next(each for each in digest.facts if each.name == fact)
        found = in_its_line((place.start, place.end), digest, library, 0.9)
        assert found is not None
        assert citer.answer(found).claim == claim


def test_a_file_edited_between_two_questions_is_left_out_of_the_second(shelf: Shelf) -> None:
    question = "dose of zelanide in NCT90000002?"
    with Assistant.open(shelf.seeds, shelf.embeddings, reader="sentences") as assistant:
        assert assistant.ask(question).answers
        path = shelf.seeds / "NCT90000002.txt"
        path.write_text(path.read_text(encoding="utf-8").replace("Back to", "Back now to"), encoding="utf-8")
        reply = assistant.ask(question)
    assert not reply.answers
    assert "has changed or gone since" in " ".join(reply.notes)
