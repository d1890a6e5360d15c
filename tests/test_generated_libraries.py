"""What the benchmarks' generator writes: the same each time, read without a complaint, and hardly a passage twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.generated import Written, write_library
from benchmarks.study_pages import Study, page, study
from benchmarks.study_questions import questions_about

from digestqa.digests import parse_digest
from digestqa.evaluation.questions import read_questions
from digestqa.library import ingest
from digestqa.passages import split_passages

PASSAGES = 600


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("generated") / "library"
    write_library(out, PASSAGES, processes=1)
    return out


@pytest.fixture(scope="module")
def studies() -> list[Study]:
    return [study(number * 997) for number in range(400)]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_arguments_give_the_same_bytes_however_many_processes_write(library: Path, tmp_path: Path) -> None:
    write_library(tmp_path / "again", PASSAGES, processes=2)
    assert files_of(tmp_path / "again") == files_of(library)


def test_another_seed_gives_other_studies() -> None:
    assert page(study(5, seed=1)) != page(study(5))
    assert study(5, seed=1).source != study(5).source


def test_a_smaller_library_is_the_beginning_of_a_larger_one(library: Path, tmp_path: Path) -> None:
    write_library(tmp_path / "smaller", 100, processes=1)
    larger = files_of(library / "seeds")
    assert all(larger[name] == data for name, data in files_of(tmp_path / "smaller" / "seeds").items())


def test_the_passages_are_as_many_as_asked_for_and_none_is_refused(library: Path, tmp_path: Path) -> None:
    report = ingest(tmp_path / "embeddings", library / "seeds", no_embed=True)
    written = Written(**json.loads((library / "library.json").read_text(encoding="utf-8")))
    assert not report.refused
    assert (report.added, report.passages) == (written.digests, written.passages)
    assert PASSAGES <= report.passages < PASSAGES + 30
    assert written.bytes_of_text == sum(len(data) for data in files_of(library / "seeds").values())


def test_every_page_is_read_in_the_layout_it_was_written_in(studies: list[Study]) -> None:
    layouts = Counter(made.layout for made in studies)
    assert set(layouts) == {"A", "B", "C", "markdown", "json"}
    for made in studies:
        digest = parse_digest(page(made), sha256="", name=made.file_name)
        assert (digest.layout, digest.source, digest.headline) == (made.layout, made.source, made.headline)
        assert [section.heading for section in digest.sections] == [heading for heading, _ in made.sections]


def test_hardly_two_passages_are_alike(studies: list[Study]) -> None:
    passages = [
        passage
        for made in studies
        for passage in split_passages(parse_digest(page(made), sha256="", name=made.file_name))
    ]
    texts = {passage.embedded_text for passage in passages}
    assert len(texts) > 0.999 * len(passages)
    spoken = [passage.text for passage in passages if passage.section not in ("header", "footer")]
    assert len(set(spoken)) > 0.99 * len(spoken)


def test_no_study_number_comes_twice() -> None:
    assert len({study(number).source for number in range(3000)}) == 3000


def test_words_are_spread_as_in_a_language(studies: list[Study]) -> None:
    words = Counter(word for made in studies for word in page(made).split())
    once = sum(1 for count in words.values() if count == 1)
    assert once > 0.4 * len(words), "a long tail of rare words"
    assert words.most_common(1)[0][1] > 0.02 * sum(words.values()), "and a few that are everywhere"


def test_no_sentence_is_left_with_a_gap(studies: list[Study]) -> None:
    for made in studies:
        told = " ".join([made.headline, made.title, *(text for _, part in made.sections for text in part)])
        assert not set("<>{}|") & set(told.replace("p<0.001", "").replace("p < 0.01", "")), told
        assert "  " not in told


def test_answers_stand_in_the_digest_of_the_study_that_is_asked_about(studies: list[Study]) -> None:
    asked = [(made, question) for made in studies for question in questions_about(made)]
    assert {str(question["type"]) for _, question in asked} == {"number", "span", "metadata", "unanswerable"}
    for made, question in asked:
        assert question["source"] == [made.source]
        sentence, answers = str(question["sentence"]), question["answers"]
        assert isinstance(answers, list)
        assert all(answer in sentence for answer in answers)
        assert sentence in page(made).replace('\\"', '"')


def test_the_questions_of_a_library_can_be_read_by_eval(library: Path) -> None:
    questions = read_questions(library / "questions.jsonl")
    numbers = {name.removesuffix(".txt").split("/")[-1].split(".")[0] for name in files_of(library / "seeds")}
    assert len(questions) > 40
    assert all(set(question.sources) <= numbers for question in questions)
