"""How politely and how patiently the registry is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch.

    Attributes:
        interval_s: least time between the starts of two requests. The registry takes about 50 requests a minute from
            one address; 1.25 s makes 48.
        attempts: how often one request is tried.
        back_off_s: the longest wait before the second try; it doubles for each further one.
        longest_wait_s: the longest wait between two tries, also where the server asks for one.
        connect_s: time for a connection.
        read_s: time between two pieces of an answer.
        response_s: time for one whole answer.
        response_bytes: size of one answer, after decompression.
    """

    interval_s: float = 1.25
    attempts: int = 5
    back_off_s: float = 2.0
    longest_wait_s: float = 120.0
    connect_s: float = 10.0
    read_s: float = 30.0
    response_s: float = 300.0
    response_bytes: int = 64 * 1024 * 1024


POLITE = Limits()
