"""Standard items of studies: marked places hold, and what is not stated is asked for over nothing that states it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from digestqa.digests import read_digest
from digestqa.passages import split_passages
from training.corpus import INVENTED, Corpus
from training.examples import Encoder, Feature
from training.item_questions import ASKED, RELATED
from training.items import MARKED, ItemSet, Marked, asked_for, drawn_items, marked_items, rows_for_eval, take_in
from training.paths import Paths
from training.questions import Row, hash_of, rows_of
from training.trunk import packaged_trunk

PAGE = """All research
Drug 2020 ClinicalTrials

Adults Given Drug

An Official Title

Background

Adults with gout could join. Pregnant women could not.

Results

Everyone took 5 mg a day. Pain fell by 30%.

Source: clinicaltrials:{} · Ingested 2026-01-02 · Digest: model"""
SPANS = {"inclusion": ["Adults with gout"], "exclusion": ["Pregnant women"], "dose": ["5 mg a day"]}


def folder_of(tmp_path: Path, studies: tuple[str, ...] = ("NCT99000001",)) -> Path:
    (tmp_path / "data" / "digests").mkdir(parents=True)
    lines = []
    for study in studies:
        path = tmp_path / "data" / "digests" / f"{study}.txt"
        path.write_text(PAGE.format(study), encoding="utf-8")
        items = {name: SPANS.get(name, []) for name in ASKED}
        lines.append(json.dumps({"path": str(path), "refs": ["the drug trial", "the gout study"], "items": items}))
    (tmp_path / "data" / "qa.jsonl").write_text("")
    (tmp_path / "written.jsonl").write_text("\n".join(lines) + "\n")
    assert take_in(tmp_path / "written.jsonl", tmp_path / "marked" / "a.jsonl") == len(studies)
    return tmp_path / "data"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Paths(Path(), packaged_trunk(), Path()).encoder()


def made(tmp_path: Path, encoder: Encoder, studies: tuple[str, ...], count: int = 40) -> list[list[Feature]]:
    corpus = Corpus(folder_of(tmp_path, studies))
    items = ItemSet(corpus, studies, tmp_path / "marked")
    assert len(items) == len(studies)
    return [group for seed in range(count) for group in items.groups(Random(seed), encoder, 100, each=4)]


def test_a_marked_span_is_kept_as_a_place_outside_the_header_and_without_its_text(tmp_path: Path) -> None:
    folder_of(tmp_path)
    (row,) = rows_of(tmp_path / "marked")
    text = PAGE.format("NCT99000001")
    assert "gout" not in json.dumps(row["items"])
    assert {name: [text[a:b] for a, b in places] for name, places in row["items"].items() if places} == SPANS
    assert row["items"]["inclusion"][0][0] > text.index("Background")


def test_a_span_that_is_in_no_passage_makes_its_item_neither_stated_nor_unstated(tmp_path: Path) -> None:
    folder_of(tmp_path)
    line = json.loads((tmp_path / "written.jsonl").read_text())
    line["items"]["dose"] = ["a day. Pain fell by 99%"]
    (tmp_path / "written.jsonl").write_text(json.dumps(line) + "\n")
    take_in(tmp_path / "written.jsonl", tmp_path / "marked" / "a.jsonl")
    (row,) = rows_of(tmp_path / "marked")
    assert "dose" not in row["items"]
    assert row["items"]["sponsor"] == []


def test_a_digest_that_has_changed_is_left_out(tmp_path: Path) -> None:
    folder_of(tmp_path)
    text = PAGE.format("NCT99000001")
    assert len(marked_items({"NCT99000001": text}, tmp_path / "marked")) == 1
    assert marked_items({"NCT99000001": text + "."}, tmp_path / "marked") == []


def test_each_group_asks_one_question_and_marks_what_states_the_item_alone(tmp_path: Path, encoder: Encoder) -> None:
    groups = made(tmp_path, encoder, ("NCT99000001",))
    assert {feature.question for group in groups for feature in group} >= {100, 101}
    stated = [group for group in groups if any(feature.spans != ((0, 0),) for feature in group)]
    assert 0.3 < len(stated) / len(groups) < 0.9
    assert all(len({feature.question for feature in group}) == 1 for group in groups)


def test_only_a_question_that_names_its_study_is_put_to_other_studies(tmp_path: Path, encoder: Encoder) -> None:
    one = made(tmp_path / "one", encoder, ("NCT99000001",))
    two = made(tmp_path / "two", encoder, ("NCT99000001", "NCT99000002"))
    assert max(map(len, two)) > max(map(len, one))


def test_a_named_question_holds_the_name_and_a_bare_one_does_not() -> None:
    marked = Marked("NCT99000001", ("the drug trial",), dict.fromkeys(ASKED, ()))
    seen = {asked_for(name, marked, Random(seed)) for name in ASKED for seed in range(30)}
    assert all(("the drug trial" in question.lower()) == named for question, named in seen)
    assert all("{" not in question for question, _ in seen)


def test_unstated_items_are_drawn_as_often_as_they_shall_be() -> None:
    stated = set(sorted(ASKED)[::2])
    places: dict[str, tuple[tuple[int, int], ...]] = {name: ((0, 5),) if name in stated else () for name in ASKED}
    marked = Marked("NCT99000001", ("the drug trial",), places)
    drawn = [name for seed in range(200) for name in drawn_items(marked, Random(seed), 5)]
    assert len(drawn) == 1000
    assert 0.33 < sum(not places[name] for name in drawn) / len(drawn) < 0.47


def test_questions_for_held_studies_have_their_answers_word_for_word(tmp_path: Path) -> None:
    folder_of(tmp_path)
    text = PAGE.format("NCT99000001")
    rows = list(rows_for_eval({"NCT99000001": text}, ["NCT99000001"], seed=1, folder=tmp_path / "marked"))
    assert len(rows) == len(ASKED)
    assert {row["kind"]: row["answers"] for row in rows if row["answers"]} == SPANS
    assert all("NCT99000001" in str(row["question"]) for row in rows)


def test_related_items_are_items() -> None:
    assert {name for names in RELATED.values() for name in names} | set(RELATED) <= set(ASKED)


def test_what_is_marked_in_invented_studies_is_in_their_passages() -> None:
    rows: dict[str, list[Row]] = {}
    for row in rows_of(MARKED):
        rows.setdefault(row["study"], []).append(row)
    pages = {path.stem: path for path in (INVENTED / "digests").iterdir() if path.stem in rows}
    assert pages
    seen: set[str] = set()
    for study, path in sorted(pages.items())[:40]:
        digest = read_digest(path)
        body = [passage for passage in split_passages(digest) if passage.section not in ("header", "footer")]
        for row in rows[study]:
            assert row["digest"] == hash_of(digest.text)
            seen.update(row["items"])
            for name, places in row["items"].items():
                for start, end in places:
                    assert any(passage.start <= start and end <= passage.end for passage in body), (study, name)
    assert seen == set(ASKED)
