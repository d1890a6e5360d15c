"""Invariant 7: ``kill -9`` at any instant leaves the last committed state, and the next run makes good."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from digestqa.errors import LibraryMissingError
from digestqa.library import verify_library
from library.library_stand import Place, StandInEncoder, library_rows, page

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")

Rows = dict[str, list[tuple[Any, ...]]]

OTHER_WEIGHTS = "other weights"


class Writers:
    """The process that has writers killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def run(
        self, root: Path, work: str, weights: str, after_steps: int | None = None, after_s: float | None = None
    ) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {
            "root": str(root),
            "work": work,
            "weights": weights,
            "after_steps": after_steps,
            "after_s": after_s,
        }
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("killed_writer.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": str(Path(__file__).parents[1]),
        },
    ) as process:
        yield Writers(process)
        assert process.stdin is not None
        process.stdin.close()


@dataclass
class Story:
    """What a writer is killed in: where it starts, and what it would have come to.

    Attributes:
        work: ``ingest`` or ``rebuild``.
        weights: of the encoder at work.
        start: the place as the writer finds it.
        seeds_before: the files that the library it finds was made from; None where it finds none.
        before: the rows that it finds.
        after: the rows that it would have come to.
        steps: how many steps it takes.
        elapsed_s: how long it takes.
    """

    work: str
    weights: str
    start: Path
    seeds_before: Path | None
    before: Rows | None
    after: Rows
    steps: int
    elapsed_s: float


@pytest.fixture(scope="module", params=["first ingest", "ingest", "rebuild"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, writers: Writers) -> Story:
    root = tmp_path_factory.mktemp("story")
    place = Place(root / "start")
    place.write_pages(6)
    # Versions of a study, and files that are refused, before and after.
    place.write("NCT00000005-old.txt", page(5, results="An older version.", ingested="2026-01-01"))
    place.write("NCT00000006-old.txt", page(6, results="An older version.", ingested="2026-01-01"))
    place.write("bad-and-mended.txt", "no digest")
    place.write("bad-and-gone.txt", "no digest")
    place.write("bad-and-bad.txt", "")
    before: Rows | None = None
    if request.param != "first ingest":
        place.ingest()
        before = library_rows(place.embeddings)
        shutil.copytree(place.seeds, root / "seeds_before")
    if request.param == "ingest":
        place.write("NCT00000001.txt", page(1, results="This finding is another. It stood at 40%."))
        place.write("NCT00000002-new.txt", page(2, results="A newer digest of a study.", ingested="2026-06-01"))
        place.write("NCT00000009.txt", page(9))
        place.write("NCT00000010.txt", page(10))
        place.write("bad.txt", "no digest")
        place.write("bad-and-mended.txt", page(7))
        (place.seeds / "bad-and-gone.txt").unlink()
        # The current version goes bad, and the older one answers again; of another study a third version comes.
        place.write("NCT00000005.txt", "")
        place.write("NCT00000006-third.txt", page(6, results="A third version.", ingested="2026-05-01"))
        (place.seeds / "NCT00000003.txt").unlink()
        (place.seeds / "NCT00000004.txt").rename(place.seeds / "four.txt")
    work = "rebuild" if request.param == "rebuild" else "ingest"
    weights = OTHER_WEIGHTS if request.param == "rebuild" else "a"
    shutil.copytree(place.root, root / "whole")
    told = writers.run(root / "whole", work, weights)
    assert not told["killed"]
    return Story(
        work,
        weights,
        place.root,
        root / "seeds_before" if before else None,
        before,
        library_rows(root / "whole" / "embeddings"),
        told["steps"],
        told["elapsed_s"],
    )


def kill_and_check(
    story: Story, writers: Writers, root: Path, after_steps: int | None = None, after_s: float | None = None
) -> str:
    """Kill a writer; check what it left and what the next run makes of it. Return which state it left."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(story.start, root)
    writers.run(root, story.work, story.weights, after_steps, after_s)
    place = Place(root, StandInEncoder(weights=story.weights))
    left = state_left(story, place)
    encoder = StandInEncoder(weights=story.weights)
    if story.work == "rebuild" and left == "before":
        place.rebuild(encoder)
    else:
        place.ingest(encoder)
    assert library_rows(place.embeddings) == story.after
    assert place.verify() == []
    assert place.temporary_files() == []
    assert len(place.index_files()) == 1
    if left == "after":
        assert encoder.texts == []
    return left


def state_left(story: Story, place: Place) -> str:
    try:
        with place.open() as library:
            state = library.state
            hits = library.search_vectors(place.encoder.encode_query("x"), 10_000)
            assert len(hits) == library.counts.passages
            assert library.search_text(["patients"], 10)
            assert library.query_encoder_files is not None
    except LibraryMissingError:
        assert story.before is None
        return "none"
    rows = library_rows(place.embeddings)
    staged, vectors = rows.pop("staged"), rows.pop("vectors")
    wanted = dict(story.after) if story.before is None or state == 2 else dict(story.before)
    assert staged == wanted.pop("staged") or wanted["facts"] == (story.before or {}).get("facts")
    assert set(wanted.pop("vectors")) <= set(vectors)
    assert rows == wanted
    is_before = story.before is not None and state == 1
    seeds = story.seeds_before if is_before else place.seeds
    assert seeds is not None
    assert verify_library(place.embeddings, seeds) == []
    return "before" if is_before else "after"


def test_killed_at_some_steps_it_leaves_a_whole_state(story: Story, writers: Writers, tmp_path: Path) -> None:
    chance = random.Random(story.work)
    steps = sorted(chance.sample(range(story.steps), 8))
    left = [kill_and_check(story, writers, tmp_path / "killed", after_steps=step) for step in [*steps, story.steps - 1]]
    assert left == sorted(left, key=["none", "before", "after"].index)
    assert left[-1] == "after"


def test_killed_at_some_moments_it_leaves_a_whole_state(story: Story, writers: Writers, tmp_path: Path) -> None:
    chance = random.Random(story.work)
    for _ in range(3):
        kill_and_check(story, writers, tmp_path / "killed", after_s=chance.uniform(0, story.elapsed_s))


def test_killed_again_and_again_it_comes_to_the_same_rows(story: Story, writers: Writers, tmp_path: Path) -> None:
    root = tmp_path / "killed"
    shutil.copytree(story.start, root)
    for step in range(20, story.steps, 40):
        if not writers.run(root, story.work, story.weights, after_steps=step)["killed"]:
            break
    kept = Place(root, StandInEncoder(weights=story.weights))
    if story.work == "ingest":
        kept.ingest()
        assert library_rows(kept.embeddings) == story.after
    assert kept.verify() == []


def test_files_that_change_after_a_kill_are_read_again(story: Story, writers: Writers, tmp_path: Path) -> None:
    chance = random.Random(story.work)
    for number, step in enumerate(sorted(chance.sample(range(story.steps), 3))):
        place = Place(tmp_path / f"killed{number}", StandInEncoder(weights=story.weights))
        shutil.copytree(story.start, place.root)
        writers.run(place.root, story.work, story.weights, after_steps=step)
        place.write("NCT00000006.txt", page(6, results="This changed after the kill."))
        place.write("NCT00000011.txt", page(11))
        place.write("NCT00000011-newer.txt", page(11, results="A newer version.", ingested="2026-06-02"))
        place.write("bad-and-bad.txt", "still no digest")
        (place.seeds / "NCT00000005.txt").unlink()
        place.rebuild()
        straight = Place(tmp_path / f"straight{number}", StandInEncoder(weights=story.weights))
        straight.root.mkdir()
        straight.seeds.symlink_to(place.seeds)
        straight.rebuild()
        assert without_generation(library_rows(place.embeddings)) == without_generation(
            library_rows(straight.embeddings)
        )


def without_generation(rows: Rows) -> Rows:
    """Return rows without what tells one build from another with the same result."""
    return {
        **rows,
        "passages": [(*row[:6], row[7]) for row in rows["passages"]],
        "vectors": sorted(row[1:] for row in rows["vectors"]),
        "facts": [row for row in rows["facts"] if row[0] != "generation"],
    }


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_every_step_it_leaves_a_whole_state(story: Story, writers: Writers, tmp_path: Path) -> None:
    left = [kill_and_check(story, writers, tmp_path / "killed", after_steps=step) for step in range(story.steps)]
    assert left == sorted(left, key=["none", "before", "after"].index)
    assert len(set(left)) == 2


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_200_random_moments_it_leaves_a_whole_state(story: Story, writers: Writers, tmp_path: Path) -> None:
    chance = random.Random(7)
    left = [
        kill_and_check(story, writers, tmp_path / "killed", after_s=chance.uniform(0, 1.5 * story.elapsed_s))
        for _ in range(200)
    ]
    assert {"none", "before"} & set(left)
