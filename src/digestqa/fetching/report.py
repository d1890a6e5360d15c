"""What a fetch did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was asked for or came, and could not be taken.

    Attributes:
        source: the study's number, or what was written or sent in its place.
        reason: why.
        hint: what to do about it, or an empty string.
    """

    source: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch did, or under ``dry_run`` would do.

    Attributes:
        base_url: the registry that was asked.
        dry_run: whether nothing was written.
        matched: studies that the registry has for what was asked.
        taken: how many of them were looked at (fewer under a limit).
        unchanged: studies whose last update was fetched before; their records were not asked for.
        already_there: records that were asked for and read as the file in seeds/ does.
        written: paths of the digest files that were written, relative to the seeds folder; study numbers in a
            dry run.
        refused: what could not be taken.
        requests: requests sent, tries included.
        received_bytes: size of all answers after decompression.
    """

    base_url: str
    dry_run: bool
    matched: int
    taken: int
    unchanged: int
    already_there: int
    written: tuple[str, ...]
    refused: tuple[Refused, ...]
    requests: int
    received_bytes: int
