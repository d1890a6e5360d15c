from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa.library import Library, ingest
from digestqa.retrieval import Aliases
from digestqa.retrieval.naming import StudyNaming, sources_of
from shelf import DIGESTS, PLANNED, REPORTED, Shelf, write_digests


@pytest.fixture
def library(built_shelf: Shelf) -> Iterator[Library]:
    with Library.open(built_shelf.embeddings, built_shelf.seeds) as opened:
        yield opened


@pytest.fixture
def naming(library: Library) -> StudyNaming:
    return StudyNaming(library, Aliases(library))


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("what was the dose of zelanide?", "NCT90000002"),
        ("which score is used for itching in cholestasis?", "NCT90000001"),
        ("side effects in the tremor meta-analysis?", "PMID:31234567"),
        ("Zelanide Versus Furosemide After Discharge", "NCT90000002"),
    ],
)
def test_a_study_is_known_by_its_compound_its_condition_or_its_title(
    library: Library, naming: StudyNaming, question: str, source: str
) -> None:
    found = naming.describe(question).decisive
    assert found is not None
    assert sources_of(library, [found]) == (source,)


@pytest.mark.parametrize(
    "question", ["how many patients took part?", "what is the capital of France?", "zelanide or bervamine?"]
)
def test_what_fits_none_or_several_is_not_decisive(naming: StudyNaming, question: str) -> None:
    assert naming.describe(question).decisive is None


def test_two_names_are_covered_by_two_studies(library: Library, naming: StudyNaming) -> None:
    chosen = naming.describe("deaths with zelanide and nausea with bervamine").cover(1.0)
    assert set(sources_of(library, chosen)) == {"NCT90000002", "PMID:31234567"}


def test_words_that_any_question_may_have_tell_nothing(naming: StudyNaming) -> None:
    assert naming.describe("what was the primary outcome of the trial?").scores == {}


def test_words_that_only_join_a_sentence_describe_no_study(naming: StudyNaming) -> None:
    assert naming.describe("did anyone or somebody, because of everything, or nobody?").scores == {}


def test_a_measure_in_another_studys_headline_joins_no_study(tmp_path: Path) -> None:
    lifted = REPORTED.replace("Zelanide Cuts Hospital Returns", "Zelanide Lifts Median PFS")
    write_digests(tmp_path / "seeds", {**DIGESTS, "NCT90000001.txt": PLANNED, "NCT90000002.txt": lifted})
    ingest(tmp_path / "embeddings", tmp_path / "seeds", no_embed=True)
    with Library.open(tmp_path / "embeddings", tmp_path / "seeds") as library:
        chosen = StudyNaming(library, Aliases(library)).describe("median PFS, corvimab 9mg vs 18mg").cover()
        assert sources_of(library, chosen) == ("NCT90000001",)
