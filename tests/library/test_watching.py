from __future__ import annotations

import shutil

import pytest

from digestqa.library.watching import folder_fingerprint, wait_for_changes
from library.library_stand import Place, page


class Hours:
    """Stands in for waiting: at each wait, the next deed is done to the folder."""

    def __init__(self, *deeds: object) -> None:
        self.deeds = list(deeds)
        self.waits = 0

    def sleep(self, seconds: float) -> None:
        self.waits += 1
        if not self.deeds:
            raise KeyboardInterrupt
        deed = self.deeds.pop(0)
        if callable(deed):
            deed()


def seen(place: Place) -> str:
    return folder_fingerprint(place.seeds, place.embeddings)


def test_it_waits_until_a_folder_that_changes_has_come_to_rest(place: Place) -> None:
    place.write_pages(2)
    hours = Hours(
        None,
        lambda: place.write("NCT00000003.txt", page(3)),
        lambda: place.write("NCT00000004.txt", page(4)),
        lambda: place.write("NCT00000005.txt", page(5)),
        None,
    )
    changes = wait_for_changes(place.seeds, place.embeddings, known=seen(place), sleep=hours.sleep)
    assert next(changes) == seen(place)
    assert (hours.waits, hours.deeds) == (5, [])


def test_every_kind_of_change_is_seen(place: Place) -> None:
    file = place.write("NCT00000001.txt", page(1))
    fingerprints = [seen(place)]
    for deed in (
        lambda: place.write("NCT00000001.txt", page(1, results="Other words.")),
        file.touch,
        lambda: file.rename(place.seeds / "moved.txt"),
        lambda: (place.seeds / "moved.txt").unlink(),
        lambda: (place.seeds / "linked.txt").symlink_to("nowhere"),
        lambda: shutil.rmtree(place.seeds),
        lambda: place.write("deep/er/NCT00000001.txt", page(1)),
    ):
        deed()
        fingerprints.append(seen(place))
    assert len(set(fingerprints)) == len(fingerprints)


def test_a_folder_that_goes_back_to_what_was_taken_up_is_no_change(place: Place) -> None:
    place.write_pages(1)
    passing = place.seeds / "passing.txt"
    hours = Hours(lambda: passing.write_text(page(2), encoding="utf-8"), passing.unlink, None, None)
    changes = wait_for_changes(place.seeds, place.embeddings, known=seen(place), sleep=hours.sleep)
    with pytest.raises(KeyboardInterrupt):
        next(changes)


def test_the_library_in_the_folder_is_no_change(place: Place) -> None:
    place.write_pages(1)
    inside = place.seeds / "embeddings"
    before = folder_fingerprint(place.seeds, inside)
    inside.mkdir()
    (inside / "notes.txt").write_text(page(9), encoding="utf-8")
    assert folder_fingerprint(place.seeds, inside) == before
