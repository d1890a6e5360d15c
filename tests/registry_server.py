"""A registry on this machine that plays the ClinicalTrials.gov API v2 from records written in the tests, with faults.

Shape: https://clinicaltrials.gov/data-api/api (``/studies`` with ``pageToken``, ``/studies/{nctId}`` with a redirect
from old numbers; errors are plain text).
"""

from __future__ import annotations

import gzip
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Record = dict[str, Any]
Fault = Callable[["Handler"], None]


def record(number: str, updated: str = "2024-05-01", **changes: Any) -> Record:
    """Return a study's record; ``changes`` are title, condition, drug, status, summary and aliases."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": number,
                **({"nctIdAliases": changes["aliases"]} if "aliases" in changes else {}),
                "briefTitle": changes.get("title", f"Corvimab for Itching, Study {number}"),
                "officialTitle": f"A Randomised Study of Corvimab for Cholestatic Pruritus ({number})",
            },
            "statusModule": {
                "overallStatus": changes.get("status", "COMPLETED"),
                "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"},
            },
            "descriptionModule": {"briefSummary": changes.get("summary", "Corvimab may ease itching at night.")},
            "conditionsModule": {"conditions": [changes.get("condition", "Cholestatic pruritus")]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"], "enrollmentInfo": {"count": 120}},
            "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": changes.get("drug", "Corvimab")}]},
            "outcomesModule": {"primaryOutcomes": [{"measure": "Worst-itch score", "timeFrame": "12 weeks"}]},
        },
        "hasResults": False,
    }


def many(count: int, **changes: Any) -> list[Record]:
    return [record(f"NCT{90_000_000 + index}", **changes) for index in range(count)]


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    at_s: float

    @property
    def for_stamps(self) -> bool:
        return "fields" in self.parameters


@dataclass
class Registry:
    """The records, what was asked, and the faults that the next requests meet, one each (None: no fault)."""

    records: list[Record]
    largest_page: int = 1000
    asked: list[Asked] = field(default_factory=list)
    faults: deque[Fault | None] = field(default_factory=deque)
    token: Callable[[int], str] = lambda start: f"token-{start}"
    moved: list[str] = field(default_factory=list)
    """Numbers of the records that were sent whole."""
    words: dict[int, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        registry = self

        class Bound(Handler):
            pass

        Bound.registry = registry
        self._server = _Server(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def meets(self, *faults: Fault | None) -> None:
        """Let the next requests fail, one by one."""
        self.faults.extend(faults)

    def forget(self) -> None:
        """Forget what was asked so far."""
        self.asked.clear()
        self.moved.clear()

    def words_of(self, study: Record) -> str:
        if id(study) not in self.words:
            self.words[id(study)] = json.dumps(study).casefold()
        return self.words[id(study)]

    def find(self, parameters: dict[str, str]) -> list[Record]:
        found = self.records
        if ids := parameters.get("filter.ids"):
            wanted = set(ids.split(","))
            found = [study for study in found if not wanted.isdisjoint((_number(study), *_aliases(study)))]
        for name in ("query.term", "query.cond", "query.intr"):
            if words := parameters.get(name):
                found = [study for study in found if words.casefold() in self.words_of(study)]
        if statuses := parameters.get("filter.overallStatus"):
            found = [
                study for study in found if _member(study, "statusModule").get("overallStatus") in statuses.split(",")
            ]
        if since := re.fullmatch(
            r"AREA\[LastUpdatePostDate\]RANGE\[([\d-]+),MAX\]", parameters.get("filter.advanced", "")
        ):
            found = [study for study in found if _updated(study) >= since[1]]
        return found


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the play."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request after the registry's shape."""

    registry: Registry
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        parameters = dict(parse_qsl(parts.query))
        self.registry.asked.append(Asked(parts.path, parameters, dict(self.headers), time.monotonic()))
        fault = self.registry.faults.popleft() if self.registry.faults else None
        if fault is not None:
            fault(self)
        elif parts.path == "/api/v2/studies":
            self.page(parameters)
        elif match := re.fullmatch(r"/api/v2/studies/(NCT\d{8})", parts.path):
            self.study(match[1], parameters)
        else:
            self.answer(404, "text/plain", b"not found")

    def page(self, parameters: dict[str, str]) -> None:
        found = self.registry.find(parameters)
        start = 0
        if token := parameters.get("pageToken"):
            match = re.fullmatch(r"token-(\d+)", token)
            if match is None:
                self.answer(400, "text/plain", b"`pageToken` is not valid")
                return
            start = int(match[1])
        end = start + min(int(parameters.get("pageSize", "10")), self.registry.largest_page)
        page: dict[str, Any] = {"studies": [self.shown(study, parameters) for study in found[start:end]]}
        if parameters.get("countTotal") == "true":
            page["totalCount"] = len(found)
        if end < len(found):
            page["nextPageToken"] = self.registry.token(end)
        self.json(page)

    def study(self, number: str, parameters: dict[str, str]) -> None:
        for study in self.registry.records:
            if number == _number(study):
                self.json(self.shown(study, parameters))
                return
            if number in _aliases(study):
                query = urlsplit(self.path).query
                self.answer(301, "text/plain", b"", {"Location": f"/api/v2/studies/{_number(study)}?{query}"})
                return
        self.answer(404, "text/plain", f"NCT number {number} not found".encode())

    def shown(self, study: Record, parameters: dict[str, str]) -> Record:
        if "fields" not in parameters:
            self.registry.moved.append(_number(study))
            return study
        identification = dict(_member(study, "identificationModule"))
        shown: Record = {
            "identificationModule": {
                name: identification[name] for name in ("nctId", "nctIdAliases") if name in identification
            }
        }
        if "statusModule" in study.get("protocolSection", {}):
            status = _member(study, "statusModule")
            shown["statusModule"] = {name: status[name] for name in ("lastUpdatePostDateStruct",) if name in status}
        return {"protocolSection": shown}

    def json(self, value: Any) -> None:
        body = json.dumps(value).encode()
        headers = {}
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers = gzip.compress(body, 1), {"Content-Encoding": "gzip"}
        self.answer(200, "application/json", body, headers)

    def answer(self, status: int, media_type: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


def fails_with(status: int, told: str = "", **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(status, "text/plain", told.encode(), named)


def says(body: bytes, media_type: str = "application/json", **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(200, media_type, body, named)


def cut_body(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"studies": [{"protocolSection": ')
    handler.close_connection = True


def cut_connection(handler: Handler) -> None:
    handler.close_connection = True


def drips(piece_every_s: float, pieces: int) -> Fault:
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(pieces))
        handler.end_headers()
        try:
            for _ in range(pieces):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(piece_every_s)
        except OSError:
            handler.close_connection = True

    return drip


def hangs(for_s: float) -> Fault:
    def hang(handler: Handler) -> None:
        time.sleep(for_s)
        handler.close_connection = True

    return hang


def numbers_of(records: Iterable[Record]) -> list[str]:
    return [_number(study) for study in records]


def _member(study: Record, name: str) -> dict[str, Any]:
    value: dict[str, Any] = study.get("protocolSection", {}).get(name, {})
    return value


def _number(study: Record) -> str:
    return str(_member(study, "identificationModule").get("nctId", ""))


def _aliases(study: Record) -> list[str]:
    return list(_member(study, "identificationModule").get("nctIdAliases", []))


def _updated(study: Record) -> str:
    return str(_member(study, "statusModule").get("lastUpdatePostDateStruct", {}).get("date", ""))
