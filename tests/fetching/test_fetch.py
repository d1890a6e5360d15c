from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from digestqa.digests import read_digest
from digestqa.errors import FetchError, StorageError, UsageError
from digestqa.fetching import MEMORY_NAME, FetchReport, Limits, Search, fetch
from registry_server import Registry, cut_body, fails_with, many, numbers_of, record, says

QUICK = Limits(interval_s=0, attempts=3, back_off_s=0.002, longest_wait_s=5, connect_s=2, read_s=2, response_s=5)
ALL = Search(query="corvimab")
ONE, TWO, THREE = "NCT90000000", "NCT90000001", "NCT90000002"


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(many(3)) as registry:
        yield registry


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return tmp_path / "seeds"


def get(registry: Registry, seeds: Path, wanted: Any = ALL, **options: Any) -> FetchReport:
    options.setdefault("today", date(2026, 5, 1))
    options.setdefault("limits", QUICK)
    return fetch(seeds, wanted, base_url=registry.url, **options)


def files(seeds: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in seeds.glob("[!.]*")}


def test_records_become_digest_files_named_by_their_numbers(registry: Registry, seeds: Path) -> None:
    report = get(registry, seeds)
    assert (report.matched, report.taken, report.unchanged, report.refused) == (3, 3, 0, ())
    assert sorted(report.written) == sorted(files(seeds)) == [f"{number}.txt" for number in (ONE, TWO, THREE)]
    digest = read_digest(seeds / f"{ONE}.txt")
    assert (digest.source, digest.value("ingested")) == (ONE, "2026-05-01")
    assert "Corvimab may ease itching at night." in files(seeds)[f"{ONE}.txt"]


def test_numbers_are_fetched_and_nothing_else(registry: Registry, seeds: Path) -> None:
    report = get(registry, seeds, ["nct 9000 0001", "NCT90000001"])
    assert report.written == (f"{TWO}.txt",)
    assert registry.moved == [TWO]


def test_a_second_fetch_moves_dates_only(registry: Registry, seeds: Path) -> None:
    first = get(registry, seeds)
    before = {path.name: path.stat().st_mtime_ns for path in seeds.iterdir()}
    registry.forget()
    second = get(registry, seeds, today=date(2026, 6, 1))
    assert (second.unchanged, second.written, second.already_there) == (3, (), 0)
    assert (registry.moved, len(registry.asked)) == ([], 1)
    assert second.received_bytes < first.received_bytes / 2
    assert {path.name: path.stat().st_mtime_ns for path in seeds.iterdir()} == before


def test_an_updated_record_is_fetched_again_alone(registry: Registry, seeds: Path) -> None:
    get(registry, seeds)
    registry.forget()
    registry.records[1] = record(TWO, updated="2026-05-20", summary="Corvimab eased itching in most people.")
    report = get(registry, seeds, today=date(2026, 6, 1))
    assert (registry.moved, report.unchanged, len(report.written)) == ([TWO], 2, 1)
    assert "Corvimab eased itching in most people." in files(seeds)[report.written[0]]
    assert read_digest(seeds / report.written[0]).value("ingested") == "2026-06-01"


def test_a_record_with_a_new_date_and_no_new_text_is_not_written_again(registry: Registry, seeds: Path) -> None:
    get(registry, seeds)
    before = files(seeds)
    registry.forget()
    # The forgotten memory stands for any reason to ask again; the text is the same but for the ingest date.
    (seeds / MEMORY_NAME).unlink()
    report = get(registry, seeds, today=date(2026, 6, 1))
    assert (report.written, report.already_there, report.unchanged) == ((), 3, 0)
    assert files(seeds) == before
    registry.forget()
    assert get(registry, seeds).unchanged == 3


def test_a_file_that_was_removed_is_fetched_again(registry: Registry, seeds: Path) -> None:
    get(registry, seeds)
    (seeds / f"{TWO}.txt").unlink()
    registry.forget()
    assert get(registry, seeds).written == (f"{TWO}.txt",)
    assert registry.moved == [TWO]


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"schema": 2, "records": {"NCT90000000": ["2024-05-01", "NCT90000000.txt"]}}',
        b'{"schema": 1, "records": {"NCT90000000": ["2024-05-01", "../../etc/passwd"], "NCT90000001": 3}}',
        b'{"schema": 1, "records": {"NCT90000000": ["2024-05-01", "/etc/passwd"]}}',
        b'{"schema": 1, "records": {"NCT90000000": ["2024-05-01", "a\\u0000b"]}}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_memory_is_as_none(registry: Registry, seeds: Path, contents: bytes) -> None:
    seeds.mkdir()
    (seeds / MEMORY_NAME).write_bytes(contents)
    assert len(get(registry, seeds).written) == 3
    assert get(registry, seeds).unchanged == 3


def test_searches_reach_the_registry_as_its_parameters(registry: Registry, seeds: Path) -> None:
    registry.records[1] = record(TWO, status="RECRUITING", updated="2026-02-01", drug="Zelanide")
    search = Search(intervention="zelanide", statuses=("RECRUITING",), updated_since=date(2026, 1, 1))
    assert get(registry, seeds, search).written == (f"{TWO}.txt",)
    listed = registry.asked[0].parameters
    assert listed["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]"
    assert listed["countTotal"] == "true"


def test_pages_are_followed_by_their_tokens(seeds: Path) -> None:
    with Registry(many(25), largest_page=10) as registry:
        report = get(registry, seeds)
        tokens = [asked.parameters.get("pageToken") for asked in registry.asked if asked.for_stamps]
    assert len(report.written) == 25
    assert tokens == [None, "token-10", "token-20"]


def test_a_limit_takes_the_first_studies_and_the_same_ones_next_time(registry: Registry, seeds: Path) -> None:
    report = get(registry, seeds, limit=2)
    assert (report.matched, report.taken, len(report.written)) == (3, 2, 2)
    assert get(registry, seeds, limit=2).unchanged == 2
    assert get(registry, seeds, [THREE, TWO], limit=1).written == (f"{THREE}.txt",)


def test_a_dry_run_lists_and_writes_nothing(registry: Registry, seeds: Path) -> None:
    report = get(registry, seeds, dry_run=True)
    assert (report.written, report.dry_run) == ((ONE, TWO, THREE), True)
    assert registry.moved == []
    assert not seeds.exists()


def test_an_old_number_stands_for_the_study_that_has_it_now(registry: Registry, seeds: Path) -> None:
    registry.records[0] = record(ONE, aliases=["NCT80000000"])
    assert get(registry, seeds, ["NCT80000000"]).written == (f"{ONE}.txt",)


def test_an_old_number_is_also_found_through_the_study_itself(registry: Registry, seeds: Path) -> None:
    registry.records[0] = record(ONE, aliases=["NCT80000000"])
    registry.meets(says(b'{"studies": []}'))
    assert get(registry, seeds, ["NCT80000000"]).written == (f"{ONE}.txt",)
    assert registry.asked[1].path.endswith("/NCT80000000")


def test_unknown_and_malformed_numbers_are_refused_and_stop_nothing(registry: Registry, seeds: Path) -> None:
    report = get(registry, seeds, ["NCT99999999", "foo", "PMID:31234567", TWO])
    assert report.written == (f"{TWO}.txt",)
    assert {entry.source for entry in report.refused} == {"NCT99999999", "foo", "PMID:31234567"}
    assert all(entry.reason and entry.hint for entry in report.refused)


def without(path: str) -> Any:
    study = record(TWO)
    section, _, name = path.rpartition(".")
    parent = study
    for part in section.split(".") if section else []:
        parent = parent[part]
    del parent[name]
    return study


@pytest.mark.parametrize(
    "broken",
    [
        without("protocolSection.identificationModule.nctId"),
        without("protocolSection.identificationModule"),
        without("protocolSection"),
        record("NCT123"),
        record("../../../tmp/owned"),
        record("NCT90000001/../x"),
        {"protocolSection": {"identificationModule": {"nctId": ["NCT90000001"]}}},
        {"protocolSection": []},
        None,
        [],
        "text",
        3,
    ],
)
@pytest.mark.parametrize("where", ["listing", "records"])
def test_a_record_without_a_usable_number_is_refused_and_stops_nothing(
    registry: Registry, seeds: Path, broken: Any, where: str
) -> None:
    good = record(ONE)
    listing = [good, record(TWO)] if where == "records" else [broken, good]
    for studies in (listing, [broken, good]):
        registry.meets(says(json.dumps({"studies": studies}).encode()))
    report = get(registry, seeds)
    assert report.written == (f"{ONE}.txt",)
    assert any("record with" in entry.reason for entry in report.refused)
    assert {path.name for path in seeds.iterdir()} == {f"{ONE}.txt", MEMORY_NAME}
    assert {path.name for path in seeds.parent.iterdir()} == {"seeds"}


def test_a_record_that_was_not_asked_for_is_refused(registry: Registry, seeds: Path) -> None:
    registry.meets(None, says(json.dumps({"studies": [record("NCT95555555"), record(ONE), record(ONE)]}).encode()))
    report = get(registry, seeds, [ONE, TWO])
    assert report.written == (f"{ONE}.txt",)
    assert [entry.reason for entry in report.refused] == [
        "the registry sent NCT95555555, which was not asked for",
        f"the registry sent no record of {TWO}",
    ]


def test_a_record_with_nothing_in_it_is_refused_with_its_reason(registry: Registry, seeds: Path) -> None:
    registry.records[1] = {"protocolSection": {"identificationModule": {"nctId": TWO}}}
    report = get(registry, seeds, [ONE, TWO, THREE])
    assert len(report.written) == 2
    assert [entry.source for entry in report.refused] == [TWO]
    registry.forget()
    get(registry, seeds, [ONE, TWO, THREE])
    assert registry.moved == [TWO], "what was refused is tried again next time"


def test_a_record_over_the_size_limit_is_refused_and_the_others_are_taken(registry: Registry, seeds: Path) -> None:
    registry.records = many(9)
    registry.records[4] = record("NCT90000004", summary="Corvimab. " * 20_000)
    report = get(registry, seeds, limits=Limits(interval_s=0, attempts=2, response_bytes=100_000))
    assert len(report.written) == 8
    assert [entry.source for entry in report.refused] == ["NCT90000004"]
    assert "larger than 100,000 bytes" in report.refused[0].reason


def test_faults_on_the_way_lose_nothing(registry: Registry, seeds: Path) -> None:
    captive = says(b"<html>", "text/html")
    registry.meets(fails_with(429), fails_with(500), None, cut_body, fails_with(429, Retry_After="0"), None, captive)
    waits: list[str] = []
    report = get(registry, seeds, on_wait=lambda reason, wait_s: waits.append(reason))
    assert (len(report.written), len(waits), report.requests) == (3, 4, 6)
    with pytest.raises(FetchError, match="text/html instead of JSON"):
        get(registry, seeds)


@pytest.mark.parametrize("token", [lambda start: "token-10", lambda start: "token-0"])
def test_tokens_that_lead_in_a_circle_end_it(seeds: Path, token: Any) -> None:
    with Registry(many(30), largest_page=10, token=token) as registry:
        with pytest.raises(FetchError, match="in a circle"):
            get(registry, seeds)
        assert len(registry.asked) < 5


def test_ever_new_tokens_with_the_same_studies_end_it(seeds: Path) -> None:
    page = {"studies": many(3)}
    with Registry([]) as registry:
        registry.meets(*[says(json.dumps({**page, "nextPageToken": f"t{i}"}).encode()) for i in range(100)])
        with pytest.raises(FetchError, match="in a circle"):
            get(registry, seeds)
        assert len(registry.asked) == 2


@pytest.mark.parametrize("value", [[], 3, None, "x", {}, {"studies": 3}, {"studies": [], "nextPageToken": 3}])
def test_json_that_is_no_page_ends_it(registry: Registry, seeds: Path, value: Any) -> None:
    registry.meets(says(json.dumps(value).encode()))
    with pytest.raises(FetchError):
        get(registry, seeds)


def test_a_wrong_base_url_is_told(registry: Registry, seeds: Path) -> None:
    with pytest.raises(FetchError, match=r"has no /api/v2/studies \(404\)"):
        fetch(seeds, ALL, base_url=f"{registry.url}/mirror", limits=QUICK)


def test_a_fetch_that_failed_goes_on_where_it_was(seeds: Path) -> None:
    with Registry(many(250)) as registry:
        registry.meets(None, None, *[fails_with(500)] * 3)
        with pytest.raises(FetchError, match="the server fails"):
            get(registry, seeds)
        assert len(files(seeds)) == 100
        report = get(registry, seeds)
        assert (report.unchanged, len(report.written)) == (100, 150)
        assert sorted(registry.moved) == numbers_of(registry.records), "no record was moved twice"


def test_nothing_asked_for_is_an_error(registry: Registry, seeds: Path) -> None:
    nothing: tuple[Any, ...] = (Search(), [], ())
    for wanted in nothing:
        with pytest.raises(UsageError, match="nothing is asked for"):
            get(registry, seeds, wanted)
    with pytest.raises(UsageError, match="a limit of 0"):
        get(registry, seeds, limit=0)
    assert registry.asked == []


def test_a_folder_that_cannot_be_written_is_told(registry: Registry, seeds: Path) -> None:
    seeds.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        get(registry, seeds)


def test_a_full_disk_is_told_and_nothing_torn_is_left(
    registry: Registry, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError):
        get(registry, seeds)
    assert list(seeds.iterdir()) == []


def test_a_digest_of_the_same_study_by_a_model_is_left_alone(registry: Registry, seeds: Path) -> None:
    seeds.mkdir()
    by_a_model = (
        "Corvimab Against Itching\n\nBackground\n\nItching keeps people awake.\n\n"
        f"Source: clinicaltrials:{ONE} · Ingested 2026-01-01 · Digest: example-model\n"
    )
    (seeds / f"{ONE}.txt").write_text(by_a_model, encoding="utf-8")
    report = get(registry, seeds, [ONE])
    assert (seeds / f"{ONE}.txt").read_text(encoding="utf-8") == by_a_model
    (name,) = report.written
    assert re.fullmatch(rf"{ONE}[\w.-]+\.txt", name)
    assert get(registry, seeds, [ONE]).unchanged == 1
    (seeds / MEMORY_NAME).unlink()
    assert get(registry, seeds, [ONE]).already_there == 1


def test_progress_is_told(registry: Registry, seeds: Path) -> None:
    told: list[tuple[str, int, int]] = []
    get(registry, seeds, on_phase=lambda phase, done, total: told.append((phase, done, total)))
    assert told[0] == ("listing", 0, 0)
    assert told[-1] == ("fetching", 3, 3)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_ten_thousand_records_come_over_pages_and_the_second_run_moves_dates_only(seeds: Path) -> None:
    with Registry(many(10_000)) as registry:
        first = get(registry, seeds)
        assert (first.matched, len(first.written), first.refused) == (10_000, 10_000, ())
        assert first.requests == 10 + 100
        assert len(set(registry.moved)) == len(registry.moved) == 10_000
        registry.forget()
        second = get(registry, seeds)
        assert (second.unchanged, second.requests, registry.moved) == (10_000, 10, [])
    assert len(list(seeds.glob("NCT*.txt"))) == 10_000


@pytest.mark.parametrize("text", ["half a pair \ud800 here", "\x00\x1b[31m\u202e", "a\r\nb\u2028c", "\ufeff", "𝛼 é"])
def test_odd_text_in_a_record_stops_nothing(registry: Registry, seeds: Path, text: str) -> None:
    registry.records[1] = record(TWO, title=text, summary=text, drug=text)
    report = get(registry, seeds)
    assert {f"{ONE}.txt", f"{THREE}.txt"} <= set(report.written)
    assert len(report.written) + len(report.refused) == 3


@pytest.mark.parametrize("updated", [None, 3, "", [], "\x1b[31m", "x" * 100_000])
def test_an_odd_date_of_the_last_update_stops_nothing(registry: Registry, seeds: Path, updated: Any) -> None:
    registry.records[1] = record(TWO, updated=updated)
    assert len(get(registry, seeds).written) == 3
    assert get(registry, seeds).unchanged >= 2
