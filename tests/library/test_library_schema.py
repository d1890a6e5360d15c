from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa.errors import LibraryDamagedError, LibraryMismatchError
from digestqa.library.migrations import create_or_migrate, schema_version
from digestqa.library.schema import SCHEMA_VERSION
from library.library_stand import Place, library_rows

OLDEST = ("CREATE TABLE notes (text TEXT)",)


def add_length(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE notes ADD COLUMN length INTEGER")
    connection.execute("UPDATE notes SET length = length(text)")


def double_length(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE notes SET length = length * 2")


def fail(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE notes SET length = 0")
    raise sqlite3.OperationalError("a step that fails")


@pytest.fixture
def oldest(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A catalog of schema version 1 of another program's line."""
    with contextlib.closing(sqlite3.connect(tmp_path / "old.sqlite3", isolation_level=None)) as connection:
        create_or_migrate(connection, tmp_path, known=1, migrations={}, statements=OLDEST)
        connection.execute("INSERT INTO notes VALUES ('four')")
        yield connection


def test_an_older_catalog_goes_step_by_step_to_the_known_schema(oldest: sqlite3.Connection, tmp_path: Path) -> None:
    steps = {1: add_length, 2: double_length}
    create_or_migrate(oldest, tmp_path, known=3, migrations=steps, statements=())
    assert schema_version(oldest) == 3
    assert oldest.execute("SELECT text, length FROM notes").fetchall() == [("four", 8)]
    create_or_migrate(oldest, tmp_path, known=3, migrations=steps, statements=())
    assert oldest.execute("SELECT length FROM notes").fetchall() == [(8,)]


def test_a_step_that_fails_leaves_the_catalog_as_it_was(oldest: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        create_or_migrate(oldest, tmp_path, known=3, migrations={1: add_length, 2: fail}, statements=())
    assert schema_version(oldest) == 1
    assert oldest.execute("SELECT * FROM notes").fetchall() == [("four",)]


def test_a_catalog_too_old_for_any_step_is_refused(oldest: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(LibraryMismatchError, match=r"version 1.*no way leads to 3") as caught:
        create_or_migrate(oldest, tmp_path, known=3, migrations={2: double_length}, statements=())
    assert "rebuild" in caught.value.hint


def test_a_newer_schema_is_refused_with_both_versions_and_left_alone(built: Place) -> None:
    built.sql(f"PRAGMA user_version = {SCHEMA_VERSION + 5}")
    before = library_rows(built.embeddings)
    for attempt in (built.open, built.ingest, built.rebuild, built.verify):
        with pytest.raises(LibraryMismatchError) as caught:
            attempt()
        assert f"schema version {SCHEMA_VERSION + 5}" in caught.value.message
        assert f"up to {SCHEMA_VERSION}" in caught.value.message
        assert "update digestqa" in caught.value.hint
    assert library_rows(built.embeddings) == before


def test_every_version_since_the_first_has_a_step_to_the_next() -> None:
    from digestqa.library.migrations import MIGRATIONS

    assert sorted(MIGRATIONS) == list(range(1, SCHEMA_VERSION))


def test_another_programs_database_is_not_written_to(place: Place) -> None:
    place.write_pages(1)
    place.embeddings.mkdir()
    place.sql("CREATE TABLE other (x)")
    before = place.catalog.read_bytes()
    with pytest.raises(LibraryDamagedError, match="no catalog of digestqa"):
        place.ingest()
    assert place.sql("SELECT name FROM sqlite_master") == [("other",)]
    assert len(place.catalog.read_bytes()) == len(before)
