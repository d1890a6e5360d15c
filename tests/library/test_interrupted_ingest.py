"""An ingest that is interrupted, with files that change before the next, comes to what an uninterrupted one makes."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from digestqa.digests import SeedFile, read_file
from digestqa.library import changed_files, embedding, staging
from library.library_stand import Place, StandInEncoder, library_rows, page


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "FILES_PER_TRANSACTION", 2)
    monkeypatch.setattr(changed_files, "FILES_PER_QUERY", 3)
    monkeypatch.setattr(embedding, "TEXTS_PER_BATCH", 7)


def change_anything(place: Place, chance: random.Random) -> None:
    """Do to the folder what people and other programs do: add versions, edit, spoil, mend, rename, remove."""
    for _ in range(chance.randint(1, 4)):
        study = chance.randint(1, 6)
        name = f"NCT{study:08d}{chance.choice(('', '-a', '-b'))}.txt"
        deed = chance.choice(("write", "write", "write", "spoil", "remove", "rename", "touch"))
        file = place.seeds / name
        if deed == "write":
            day = f"2026-0{chance.randint(1, 9)}-01"
            place.write(name, page(study, results=f"The finding is {chance.randint(1, 99)}%.", ingested=day))
        elif deed == "spoil":
            place.write(name, chance.choice(("", "no digest", "\0")))
        elif file.exists():
            if deed == "remove":
                file.unlink()
            elif deed == "rename":
                file.rename(place.seeds / f"moved-{name}")
            else:
                file.touch()


@pytest.mark.parametrize("work", ["ingest", "rebuild"])
def test_ctrl_c_while_words_are_indexed_is_no_damage_and_costs_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    from digestqa import names

    place.write_pages(3)
    place.ingest()
    before = library_rows(place.embeddings)
    place.write_pages(5)
    fold, called = names.fold, []

    def interrupted(text: str) -> str:
        called.append(text)
        if len(called) == 20:
            raise KeyboardInterrupt
        return fold(text)

    with monkeypatch.context() as patched:
        patched.setattr(names, "fold", interrupted)
        with pytest.raises(KeyboardInterrupt):
            getattr(place, work)()
    assert len(called) == 20
    now = library_rows(place.embeddings)
    kept_aside = ("staged", "vectors")
    assert {name: rows for name, rows in now.items() if name not in kept_aside} == {
        name: rows for name, rows in before.items() if name not in kept_aside
    }
    report = getattr(place, work)()
    assert (report.added, report.embedded, report.warnings) == (2, 0, ())
    assert place.verify() == []


@pytest.mark.parametrize("seed", range(8))
def test_interrupted_while_files_change_it_comes_to_the_same_rows(place: Place, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    place.write_pages(6)
    if seed % 2:
        place.ingest()
    for _ in range(5):
        change_anything(place, chance)
        stopped_at = chance.randint(1, 12)

        def stop(phase: str, done: int, total: int, stopped_at: int = stopped_at) -> None:
            if (phase == "reading" and done == stopped_at) or phase == ("writing" if stopped_at == 12 else ""):
                raise KeyboardInterrupt

        encoder = StandInEncoder(stop_after=chance.choice((None, 0, 8)))
        try:
            place.ingest(encoder, on_progress=stop)
        except KeyboardInterrupt:
            change_anything(place, chance)
    place.ingest(StandInEncoder())
    straight = Place(tmp_path / "straight")
    straight.root.mkdir()
    shutil.copytree(place.seeds, straight.seeds)
    straight.ingest()
    assert library_rows(place.embeddings) == library_rows(straight.embeddings)
    assert place.verify() == []


def test_what_was_read_before_the_interruption_is_not_read_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write_pages(9)
    for path in place.seeds.iterdir():
        # Older than any doubt about the clock's tick.
        os.utime(path, (1_700_000_000, 1_700_000_000))
    monkeypatch.setattr("digestqa.library.scan.DOUBT_NS", -1)
    with pytest.raises(KeyboardInterrupt):
        place.ingest(StandInEncoder(stop_after=0))
    read: list[str] = []

    def noted(path: Path) -> SeedFile:
        read.append(path.name)
        return read_file(path)

    monkeypatch.setattr(changed_files, "read_file", noted)
    assert place.ingest().added == 9
    assert read == []
