from __future__ import annotations

import gc
import gzip
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from digestqa.errors import FetchError, UsageError
from digestqa.fetching import Limits
from digestqa.fetching.client import RegistryClient, TooLargeError, checked_base_url
from registry_server import Fault, Registry, cut_body, cut_connection, drips, fails_with, hangs, record, says

QUICK = Limits(interval_s=0, attempts=4, back_off_s=0.002, longest_wait_s=5, connect_s=2, read_s=0.4, response_s=0.3)
PATH = "/api/v2/studies"
AS_DEEP_AS_PYTHON_GOES = says(b"[" * 100_000)


class Waits:
    """Stands in for sleeping: keeps what was asked for and lets the clock run on by it."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.now_s = 100.0

    def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.now_s += seconds

    def clock(self) -> float:
        return self.now_s


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry([record("NCT90000001")]) as registry:
        yield registry


def test_an_answer_is_its_json_value(registry: Registry) -> None:
    with RegistryClient(registry.url, QUICK, agent="digestqa/test") as client:
        page = client.get(PATH, {"query.term": "corvimab & more", "pageSize": "1"})
    assert page == {"studies": []}
    (asked,) = registry.asked
    assert asked.parameters == {"query.term": "corvimab & more", "pageSize": "1"}
    assert (asked.headers["User-Agent"], asked.headers["Accept"]) == ("digestqa/test", "application/json")
    assert (client.requests, client.received_bytes) == (1, len(b'{"studies": []}'))


def test_a_study_that_is_not_there_is_none(registry: Registry) -> None:
    with RegistryClient(registry.url, QUICK) as client:
        assert client.get(f"{PATH}/NCT90000099", {}) is None


def test_an_old_number_leads_to_the_present_study_on_the_same_server(registry: Registry) -> None:
    registry.records = [record("NCT90000001", aliases=["NCT80000001"])]
    with RegistryClient(registry.url, QUICK) as client:
        study = client.get(f"{PATH}/NCT80000001", {"fields": "NCTId"})
    assert study["protocolSection"]["identificationModule"]["nctId"] == "NCT90000001"
    assert registry.asked[-1].parameters == {"fields": "NCTId"}


@pytest.mark.parametrize(
    "fault",
    [
        fails_with(429),
        fails_with(429, Retry_After="0"),
        fails_with(429, Retry_After="nonsense"),
        fails_with(500),
        fails_with(502),
        fails_with(503),
        cut_body,
        cut_connection,
        says(b""),
        says(b'{"studies": ['),
        says(b"\xff\xfe"),
        AS_DEEP_AS_PYTHON_GOES,
        says(b"not gzip", Content_Encoding="gzip"),
        hangs(0.6),
        drips(0.05, 12),
    ],
    ids=lambda fault: getattr(fault, "__qualname__", ""),
)
def test_a_passing_failure_is_tried_again(registry: Registry, fault: Fault) -> None:
    registry.meets(fault)
    if fault is AS_DEEP_AS_PYTHON_GOES:
        gc.collect()  # down there, collecting what other tests left would fail
    told: list[tuple[str, float]] = []
    with RegistryClient(registry.url, QUICK, on_wait=lambda reason, wait_s: told.append((reason, wait_s))) as client:
        assert client.get(PATH, {}) == {"studies": [record("NCT90000001")]}
    assert (client.requests, len(told)) == (2, 1)
    assert told[0][0]


def test_a_failure_that_stays_is_told_after_all_tries(registry: Registry) -> None:
    registry.meets(*[fails_with(500)] * 4)
    with (
        RegistryClient(registry.url, QUICK) as client,
        pytest.raises(FetchError, match=r"the server fails \(500\), 4 times in a row") as caught,
    ):
        client.get(PATH, {})
    assert "kept" in caught.value.hint
    assert len(registry.asked) == 4


def test_waits_grow_and_the_wait_that_the_server_asks_for_is_kept(registry: Registry) -> None:
    waits = Waits()
    limits = Limits(interval_s=0, attempts=5, back_off_s=2, longest_wait_s=60)
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    registry.meets(
        fails_with(500), fails_with(429, Retry_After="7"), fails_with(503, Retry_After=date), fails_with(429)
    )
    with RegistryClient(registry.url, limits, sleep=waits.sleep, clock=waits.clock) as client:
        client.get(PATH, {})
    first, second, third, fourth = waits.seconds
    assert 0 <= first <= 2
    assert second == 7
    assert 30 < third <= 40
    assert 0 <= fourth <= 16


def test_a_wait_that_is_too_long_is_told_instead_of_waited(registry: Registry) -> None:
    registry.meets(fails_with(429, Retry_After="3600"))
    with (
        RegistryClient(registry.url, QUICK) as client,
        pytest.raises(FetchError, match=r"too many requests \(429\), and asks for a wait of 3,600 s"),
    ):
        client.get(PATH, {})


def test_requests_start_no_nearer_than_the_interval() -> None:
    waits = Waits()
    with (
        Registry([record("NCT90000001", aliases=["NCT80000001"])]) as registry,
        RegistryClient(registry.url, Limits(interval_s=1.25), sleep=waits.sleep, clock=waits.clock) as client,
    ):
        client.get(PATH, {})
        client.get(f"{PATH}/NCT80000001", {})  # two requests: the redirect is one too
        waits.now_s += 1
        client.get(PATH, {})
        waits.now_s += 10
        client.get(PATH, {})
    assert waits.seconds == [1.25, 1.25, 0.25]


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (says(b"<html>Please log in</html>", "text/html; charset=utf-8"), "answers with text/html instead of JSON"),
        (says(b"{}", ""), "answers with no content type instead of JSON"),
        (fails_with(400, "`query.term` is broken\x1b[31m"), r"refuses the request \(400\): `query.term` is broken"),
        (fails_with(403, "x" * 100_000), r"refuses the request \(403\): x{300} "),
        (fails_with(302, Location="http://registry.invalid/api/v2/studies"), "sends to another host, http://registry"),
        (fails_with(301, Location="//registry.invalid/"), "sends to another host"),
        (fails_with(307, Location="https://127.0.0.1/"), "sends to another host, https://127"),
        (fails_with(302, Location="file:///etc/passwd"), "sends to another host, file"),
    ],
)
def test_what_will_not_pass_is_told_at_once(registry: Registry, fault: Fault, what: str) -> None:
    registry.meets(fault)
    with RegistryClient(registry.url, QUICK) as client, pytest.raises(FetchError, match=what) as caught:
        client.get(PATH, {})
    assert len(registry.asked) == 1
    assert caught.value.hint


def test_redirects_without_end_are_left(registry: Registry) -> None:
    registry.meets(*[fails_with(302, Location=PATH)] * 10)
    with RegistryClient(registry.url, QUICK) as client, pytest.raises(FetchError, match="without end"):
        client.get(PATH, {})
    assert len(registry.asked) == 4


@pytest.mark.parametrize(
    "fault",
    [
        says(b'"' + b"x" * 20_000 + b'"'),
        says(gzip.compress(b'"' + b"x" * 50_000_000 + b'"'), Content_Encoding="gzip"),
    ],
    ids=["plain", "compressed"],
)
def test_an_answer_over_the_limit_is_refused_and_not_tried_again(registry: Registry, fault: Fault) -> None:
    registry.meets(fault)
    limits = Limits(interval_s=0, attempts=3, response_bytes=10_000)
    with (
        RegistryClient(registry.url, limits) as client,
        pytest.raises(TooLargeError, match=r"larger than 10,000 bytes"),
    ):
        client.get(PATH, {})
    assert len(registry.asked) == 1


def test_a_server_that_drips_is_left_in_time(registry: Registry) -> None:
    registry.meets(*[drips(0.02, 500)] * 4)
    began = time.monotonic()
    with (
        RegistryClient(registry.url, QUICK) as client,
        pytest.raises(FetchError, match=r"takes longer than 0\.3 s, 4 times"),
    ):
        client.get(PATH, {})
    assert time.monotonic() - began < 5


def test_a_server_that_is_not_there_is_told() -> None:
    with Registry([]) as registry:
        url = registry.url
    with RegistryClient(url, QUICK) as client, pytest.raises(FetchError, match=r"cannot be reached .* 4 times"):
        client.get(PATH, {})


@pytest.mark.parametrize(
    "written", ["https://clinicaltrials.gov", " https://clinicaltrials.gov/ ", "HTTPS://x/mirror/"]
)
def test_a_base_url_may_end_in_a_slash_and_have_a_path(written: str) -> None:
    assert checked_base_url(written) == written.strip().rstrip("/")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "clinicaltrials.gov",
        "ftp://clinicaltrials.gov",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@clinicaltrials.gov",
        "https://clinicaltrials.gov?x=1",
        "https://clinicaltrials.gov#x",
        "https://clinicaltrials.gov:port",
        "https://clini\x00cal",
        "http://[",
    ],
)
def test_what_is_no_base_url_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="is no base URL"):
        RegistryClient(written)


def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:1")
    with pytest.raises(UsageError, match="network settings") as caught:
        RegistryClient("https://clinicaltrials.gov")
    assert "HTTPS_PROXY" in caught.value.hint


def test_json_of_any_kind_is_handed_on(registry: Registry) -> None:
    values: tuple[Any, ...] = ([], 3, "text", None)
    for value in values:
        registry.meets(says(json.dumps(value).encode(), "application/fhir+json"))
        with RegistryClient(registry.url, QUICK) as client:
            assert client.get(PATH, {}) == value
