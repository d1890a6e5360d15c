from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digestqa.fetching import MEMORY_NAME, Limits
from registry_server import Registry, fails_with, hangs, many, numbers_of, record, says
from shelf import Run, Shelf

QUICK = Limits(interval_s=0, attempts=3, back_off_s=0.002, longest_wait_s=5, connect_s=2, read_s=30, response_s=60)
ONE, TWO = "NCT91000001", "NCT91000002"

PROGRAM = """
import sys, digestqa.fetching
digestqa.fetching.POLITE = digestqa.fetching.Limits(interval_s=0)
from digestqa.cli import main
sys.exit(main(sys.argv[1:]))
"""
OFFLINE = """
import socket, sys
def refuse(*args, **kwargs):
    raise OSError("the network is off")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
import digestqa.fetching
digestqa.fetching.POLITE = digestqa.fetching.Limits(interval_s=0, attempts=2, back_off_s=0.01)
from digestqa.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def quick_and_without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digestqa.fetching.POLITE", QUICK)
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry([record(ONE), record(TWO, status="RECRUITING", updated="2026-02-01")]) as registry:
        yield registry


@pytest.fixture
def empty(tmp_path: Path) -> Shelf:
    """A folder with nothing in it."""
    return Shelf(tmp_path)


def test_numbers_are_fetched_and_the_next_step_is_told(empty: Shelf, run: Run, registry: Registry) -> None:
    done = run(empty, "fetch", ONE, "--base-url", registry.url)
    assert done.code == 0
    assert done.out.splitlines()[0] == "studies: 1; 1 written"
    assert done.out.splitlines()[1].startswith(f"asked {registry.url}: 2 requests, ")
    assert done.err == "digestqa: run 'digestqa ingest' to take them up\n"
    assert (empty.seeds / f"{ONE}.txt").is_file()
    again = run(empty, "fetch", ONE, "--base-url", registry.url)
    assert (again.code, again.err) == (0, "")
    assert again.out.splitlines()[0] == "studies: 1; 1 not updated since the last fetch"


def test_numbers_are_read_from_standard_input(
    empty: Shelf, run: Run, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"# two\n{ONE}\nnct 9100 0002\n".encode())))
    assert run(empty, "fetch", "-", "--base-url", registry.url).code == 0
    assert {path.name for path in empty.seeds.glob("*.txt")} == {f"{ONE}.txt", f"{TWO}.txt"}


def test_the_base_url_may_come_from_the_environment_or_the_configuration(
    empty: Shelf, run: Run, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGESTQA_FETCH_URL", registry.url)
    assert run(empty, "fetch", ONE).code == 0
    monkeypatch.delenv("DIGESTQA_FETCH_URL")
    (empty.folder / "digestqa.toml").write_text(f'fetch_url = "{registry.url}"\n', encoding="utf-8")
    assert run(empty, "fetch", TWO).code == 0


def test_a_search_and_its_filters_reach_the_registry(empty: Shelf, run: Run, registry: Registry) -> None:
    done = run(
        empty,
        *("fetch", "--query", "corvimab", "--condition", "pruritus", "--intervention", "corvimab"),
        *("--status", "recruiting", "--status", "active, not recruiting", "--updated-since", "2026-01"),
        *("--limit", "5", "--base-url", registry.url),
    )
    assert (done.code, sorted(path.name for path in empty.seeds.glob("*.txt"))) == (0, [f"{TWO}.txt"])
    asked = registry.asked[0].parameters
    assert {name: value for name, value in asked.items() if name.startswith(("query", "filter"))} == {
        "query.term": "corvimab",
        "query.cond": "pruritus",
        "query.intr": "corvimab",
        "filter.overallStatus": "RECRUITING,ACTIVE_NOT_RECRUITING",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]",
    }


def test_refused_studies_are_listed_and_exit_with_1(empty: Shelf, run: Run, registry: Registry) -> None:
    done = run(empty, "fetch", "NCT99999999", "foo", ONE, "--base-url", registry.url, "--quiet")
    assert done.code == 1
    assert "warning: refused the registry has no study NCT99999999 (hint: " in done.err
    assert "warning: refused 'foo' is no NCT number" in done.err
    assert done.out.splitlines()[0] == "studies: 1; 1 written, 2 refused"


def test_the_report_as_json_has_everything(empty: Shelf, run: Run, registry: Registry) -> None:
    value = json.loads(run(empty, "fetch", ONE, "foo", "--json", "--base-url", registry.url).out)
    assert value.pop("received_bytes") > 0
    assert value == {
        "schema": 1,
        "base_url": registry.url,
        "dry_run": False,
        "matched": 1,
        "taken": 1,
        "unchanged": 0,
        "already_there": 0,
        "written": [f"{ONE}.txt"],
        "refused": [{"source": "foo", "reason": "'foo' is no NCT number", "hint": "write it like NCT01234567"}],
        "requests": 2,
        "ingest": None,
    }


def test_a_dry_run_writes_nothing(empty: Shelf, run: Run, registry: Registry) -> None:
    done = run(empty, "fetch", "--query", "corvimab", "--dry-run", "--ingest", "--base-url", registry.url)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "studies: 2; 2 to fetch"
    assert list(empty.folder.iterdir()) == []


def test_the_library_is_brought_up_to_date_when_asked(shelf: Shelf, run: Run, registry: Registry) -> None:
    done = run(shelf, "fetch", ONE, "--ingest", "--json", "--base-url", registry.url)
    assert done.code == 0
    value = json.loads(done.out)
    assert (value["ingest"]["added"], value["ingest"]["unchanged"]) == (1, 3)
    assert ONE in run(shelf, "list").out


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((), "nothing is asked for"),
        ((ONE, "--query", "x"), "do not go together"),
        (("--query", "x", "--status", "open"), "no status 'open'"),
        (("--query", "x", "--updated-since", "yesterday"), "'yesterday' is no day"),
        (("--query", "x", "--limit", "0"), "a limit of 0"),
        (("--query", "x", "--limit", "many"), "invalid int value"),
        (("--query", "x", "--base-url", "clinicaltrials.gov"), "is no base URL"),
    ],
)
def test_a_wrong_command_line_exits_with_2(empty: Shelf, run: Run, arguments: tuple[str, ...], what: str) -> None:
    done = run(empty, "fetch", *arguments)
    assert (done.code, done.out) == (2, "")
    assert what in done.err


def test_a_registry_that_fails_exits_with_2_and_waits_are_told(empty: Shelf, run: Run, registry: Registry) -> None:
    registry.meets(*[fails_with(500)] * 3)
    done = run(empty, "fetch", ONE, "--base-url", registry.url)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("the server fails (500); trying again in ") == 2
    assert "hint: what was fetched before is kept" in done.err


def test_nothing_that_the_server_says_steers_the_terminal(empty: Shelf, run: Run, registry: Registry) -> None:
    registry.meets(fails_with(400, "\x1b[2Jgone"))
    assert "\\x1b[2Jgone" in run(empty, "fetch", ONE, "--base-url", registry.url).err
    registry.meets(says(json.dumps({"studies": [record("\x1b[2Jgone")]}).encode()))
    done = run(empty, "fetch", "--query", "x", "--base-url", registry.url)
    assert done.code == 1
    assert "\x1b" not in done.err + done.out


def start(shelf: Shelf, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=shelf.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def contents(shelf: Shelf) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in shelf.seeds.glob("NCT*")}


def test_a_fetch_that_was_killed_goes_on_where_it_was(empty: Shelf, run: Run) -> None:
    with Registry(many(350)) as registry:
        search = ("fetch", "--query", "corvimab", "--base-url", registry.url)
        registry.meets(None, None, None, hangs(30))
        process = start(empty, PROGRAM, *search)
        deadline = time.monotonic() + 60
        while len(registry.asked) < 4 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.communicate()
        assert len(contents(empty)) == 200
        done = run(empty, *search)
        assert done.out.splitlines()[0] == "studies: 350; 150 written, 200 not updated since the last fetch"
        assert sorted(registry.moved) == numbers_of(registry.records), "no record was moved twice"
        whole = Shelf(empty.folder / "whole")
        whole.folder.mkdir()
        assert run(whole, *search).code == 0
    assert contents(empty) == contents(whole)
    assert {path.name for path in empty.seeds.glob(".*")} == {MEMORY_NAME}


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_kills_at_many_moments_lose_and_tear_nothing(empty: Shelf, run: Run) -> None:
    with Registry(many(600)) as registry:
        search = ("fetch", "--query", "corvimab", "--base-url", registry.url)
        for kill in range(16):
            asked_before = len(registry.asked)
            process = start(empty, PROGRAM, *search)
            while len(registry.asked) == asked_before and process.poll() is None:
                time.sleep(0.002)
            time.sleep(0.012 * kill)
            process.kill()
            process.communicate()
            for name, text in contents(empty).items():
                assert text.endswith(b"Digest: registry record\n"), name
        assert run(empty, *search).code == 0
        assert len(registry.moved) <= 600 + 16 * 100
        whole = Shelf(empty.folder / "whole")
        whole.folder.mkdir()
        assert run(whole, *search).code == 0
    assert contents(empty) == contents(whole)


def test_without_a_network_it_is_told_and_exits_with_2(empty: Shelf) -> None:
    process = start(empty, OFFLINE, "fetch", ONE)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, b"")
    assert b"https://clinicaltrials.gov: it cannot be reached" in err
    assert b"defect" not in err
