from __future__ import annotations

from pathlib import Path

import pytest

from library.library_stand import Place


@pytest.fixture(autouse=True)
def unhurried_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: only a power failure could tell the difference, and that is not tested here."""
    monkeypatch.setattr("digestqa.library.catalog.SYNCHRONOUS", "OFF")
    monkeypatch.setattr("os.fsync", lambda descriptor: None)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty seeds folder, and no library yet."""
    found = Place(tmp_path)
    found.seeds.mkdir()
    return found


@pytest.fixture
def built(place: Place) -> Place:
    """A library of five digests."""
    place.write_pages(5)
    place.ingest()
    return place
