"""Which studies a question about several is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa.library import Library, ingest
from digestqa.retrieval import Aliases, Filters
from digestqa.retrieval.naming import StudyNaming
from digestqa.understanding import Understander
from shelf import DIGESTS, write_digests


def page(compound: str, headline: str, source: str, results: str) -> str:
    return f"""Back to {compound.title()} research
{compound} inhibitor rct n=40 2019-07 ClinicalTrials

{headline}

A Study of {headline}

Background

Few treatments help people with gout.

Results

{results}


{compound} inhibitor gout
Source: clinicaltrials:{source} · Ingested 2026-01-20 · Digest: example-model-2"""


@pytest.fixture
def understander(tmp_path: Path) -> Iterator[Understander]:
    pages = {
        "NCT90000011.txt": page("virolam", "Virolam With Etaxol in Gout", "NCT90000011", "Pain fell by 8 points."),
        "NCT90000012.txt": page("virolam", "Virolam With Cabitrine in Gout", "NCT90000012", "Pain fell by 5 points."),
        "NCT90000013.txt": page("etaxol", "Etaxol Alone in Gout", "NCT90000013", "Pain fell by 2 points."),
    }
    write_digests(tmp_path / "seeds", {**DIGESTS, **pages})
    ingest(tmp_path / "embeddings", tmp_path / "seeds", no_embed=True)
    with Library.open(tmp_path / "embeddings", tmp_path / "seeds") as library:
        yield Understander(library, StudyNaming(library, Aliases(library)))


def about(understander: Understander, question: str) -> set[str]:
    return set(understander.understand(question, (), Filters(), lambda _: ()).about)


def test_a_name_on_both_sides_holds_for_both(understander: Understander) -> None:
    question = "compare virolam with cabitrine and virolam with etaxol: pain"
    assert about(understander, question) == {"NCT90000011", "NCT90000012"}


def test_two_things_that_one_study_compared_are_no_two_studies(understander: Understander) -> None:
    assert about(understander, "hospital returns, zelanide versus furosemide?") == {"NCT90000002"}


def test_a_follow_up_with_another_compound_goes_over_to_its_study(understander: Understander) -> None:
    history = ["how many on zelanide returned to hospital?"]
    understood = understander.understand("what about bervamine?", history, Filters(), lambda _: ())
    assert understood.about == ("PMID:31234567",)
    assert understood.asked == history[0]


def test_a_follow_up_with_what_the_study_compared_stays(understander: Understander) -> None:
    history = ["how many on zelanide returned to hospital?"]
    understood = understander.understand("and with furosemide?", history, Filters(), lambda _: ())
    assert understood.about == ("NCT90000002",)
