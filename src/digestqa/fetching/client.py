"""The one place that opens the network: JSON from the registry, asked politely, tried again, bounded, checked."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

import httpx

from digestqa.errors import FetchError, UsageError
from digestqa.fetching.limits import POLITE, Limits
from digestqa.fetching.waiting import back_off_s, retry_after_s

OnWait = Callable[[str, float], None]
"""Called with the reason and the seconds before a request is tried again."""

_MAX_REDIRECTS = 3
_TOLD_BYTES = 300
"""How much of an error's text is repeated to the person."""


class TooLargeError(FetchError):
    """An answer is larger than ``Limits.response_bytes``; fewer records at once may fit."""


class _PassingError(Exception):
    """A failure that may be gone when the request is tried again.

    Attributes:
        reason: what went wrong.
        wait_s: the seconds that the server asks to wait; None where it does not say.
    """

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait_s = wait_s


class RegistryClient:
    """A connection to one registry.

    Attributes:
        base_url: the address that the paths are put after, without a final slash.
        requests: how many requests were sent, tries and redirects included.
        received_bytes: size of all answers after decompression.
    """

    def __init__(
        self,
        base_url: str,
        limits: Limits = POLITE,
        *,
        agent: str = "digestqa",
        on_wait: OnWait | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Proxies and certificates are taken from the environment (``HTTPS_PROXY``, ``SSL_CERT_FILE``).

        Raises:
            UsageError: the base URL is no address of an HTTP server, or the environment names a proxy that
                cannot be used.
        """
        self.base_url = checked_base_url(base_url)
        self.requests = 0
        self.received_bytes = 0
        self._limits = limits
        self._on_wait = on_wait
        self._sleep = sleep
        self._clock = clock
        self._next_start_s = clock()
        try:
            self._http = httpx.Client(
                headers={"Accept": "application/json", "User-Agent": agent},
                timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
                follow_redirects=False,
            )
        except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
            raise UsageError(
                f"the network settings of the environment cannot be used: {error}",
                "mend HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE, or unset them",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, parameters: Mapping[str, str]) -> Any:
        """Return the JSON value at a path, or None where the server knows nothing there (404).

        Raises:
            TooLargeError: the answer is larger than the limit.
            FetchError: the server cannot be reached or refuses, also after all tries; or it answers something else
                than JSON; or it sends the client to another host.
        """
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return self._get_once(self.base_url + path, parameters)
            except _PassingError as failure:
                if attempt == self._limits.attempts:
                    raise FetchError(
                        f"{self.base_url}: {failure.reason}, {attempt} times in a row",
                        "what was fetched before is kept; run the same command again later to go on",
                    ) from failure
                wait_s = failure.wait_s
                if wait_s is None:
                    wait_s = back_off_s(attempt, self._limits, random.random())
                if wait_s > self._limits.longest_wait_s:
                    raise FetchError(
                        f"{self.base_url}: {failure.reason}, and asks for a wait of {wait_s:,.0f} s",
                        "what was fetched before is kept; run the same command again after that time to go on",
                    ) from failure
                if self._on_wait:
                    self._on_wait(failure.reason, wait_s)
                self._sleep(wait_s)
        raise AssertionError("the last attempt returns or raises")

    def _get_once(self, url: str, parameters: Mapping[str, str]) -> Any:
        target = httpx.URL(url, params=dict(parameters))
        for _ in range(_MAX_REDIRECTS + 1):
            self._pace()
            try:
                with self._http.stream("GET", target) as response:
                    if not response.has_redirect_location:
                        return self._value(response)
                    target = self._redirected(response)
            except httpx.TimeoutException as error:
                raise _PassingError("no answer in time") from error
            except httpx.TransportError as error:
                raise _connection_failure(self.base_url, error) from error
            except httpx.DecodingError as error:
                raise _PassingError("an answer that cannot be decompressed") from error
        raise FetchError(f"{self.base_url}: sends from one address to the next without end", "check the base URL")

    def _pace(self) -> None:
        wait_s = self._next_start_s - self._clock()
        if wait_s > 0:
            self._sleep(wait_s)
        self._next_start_s = self._clock() + self._limits.interval_s
        self.requests += 1

    def _redirected(self, response: httpx.Response) -> httpx.URL:
        """Return where a redirect leads, which must be on the same server: a study's old number leads to its new one.

        To follow a captive portal, or to tell another host what is looked for, is in no one's interest.
        """
        there = response.url.join(response.headers["Location"])
        here = response.url
        if (there.scheme, there.host, there.port) != (here.scheme, here.host, here.port):
            raise FetchError(
                f"{self.base_url}: sends to another host, {there.scheme}://{there.host}, which is not followed",
                "check the network's login page and the base URL",
            )
        return there

    def _value(self, response: httpx.Response) -> Any:
        status = response.status_code
        if status == 429:
            raise _PassingError("too many requests (429)", retry_after_s(response.headers.get("Retry-After")))
        if status >= 500:
            raise _PassingError(f"the server fails ({status})", retry_after_s(response.headers.get("Retry-After")))
        if status == 404:
            return None
        if status != 200:
            told = self._body(response, _TOLD_BYTES, cut=True).decode("utf-8", "replace").strip()
            plain = _media_type(response) == "text/plain" and told
            raise FetchError(
                f"{self.base_url}: refuses the request ({status})" + (f": {told}" if plain else ""),
                "check the query and the base URL",
            )
        media_type = _media_type(response)
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise FetchError(
                f"{self.base_url}: answers with {media_type or 'no content type'} instead of JSON",
                "check the network's login page and the base URL",
            )
        body = self._body(response, self._limits.response_bytes)
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _PassingError("an answer that is cut or no JSON") from error

    def _body(self, response: httpx.Response, limit_bytes: int, *, cut: bool = False) -> bytes:
        """Read an answer whole, or only its beginning, within the limits of size and time."""
        declared = response.headers.get("Content-Length", "")
        if not cut and declared.isascii() and declared.isdigit() and int(declared[:20]) > limit_bytes:
            raise self._too_large(limit_bytes)
        body = bytearray()
        # A server that drips a byte now and then never exceeds the time between two pieces.
        deadline_s = self._clock() + self._limits.response_s
        for piece in response.iter_bytes():
            self.received_bytes += len(piece)
            body += piece
            if len(body) > limit_bytes:
                if cut:
                    break
                raise self._too_large(limit_bytes)
            if self._clock() > deadline_s:
                raise _PassingError(f"an answer that takes longer than {self._limits.response_s:g} s")
        return bytes(body[:limit_bytes])

    def _too_large(self, limit_bytes: int) -> TooLargeError:
        return TooLargeError(f"{self.base_url}: an answer larger than {limit_bytes:,} bytes", "check the base URL")


def checked_base_url(written: str) -> str:
    """Return a base URL without a final slash.

    Raises:
        UsageError: it is no http or https address, or carries credentials, a query or a fragment.
    """
    try:
        url = httpx.URL(written.strip())
        named = url.scheme in ("http", "https") and re.fullmatch(r"[\w.:-]+", url.host) is not None
        usable = named and not (url.userinfo or url.query or url.fragment)
    except httpx.InvalidURL:
        usable = False
    if not usable:
        raise UsageError(
            f"{written!r} is no base URL", "write it like https://clinicaltrials.gov, without credentials or a query"
        )
    return written.strip().rstrip("/")


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()[:80]


def _connection_failure(base_url: str, error: httpx.TransportError) -> FetchError | _PassingError:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return FetchError(
            f"{base_url}: its certificate cannot be trusted: {error}",
            "check the clock and the network; SSL_CERT_FILE names the certificates of a company's proxy",
        )
    if isinstance(error, httpx.UnsupportedProtocol):
        return FetchError(f"{base_url}: {error}", "check the base URL")
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return _PassingError(f"it cannot be reached ({error})")
    return _PassingError("the connection was cut")
