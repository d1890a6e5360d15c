"""From the registry into seeds/: list, leave out what was fetched before, get the rest, write each as a digest file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from digestqa.errors import DigestQAError, StorageError, UsageError
from digestqa.fetching.client import OnWait, RegistryClient
from digestqa.fetching.limits import POLITE, Limits
from digestqa.fetching.memory import FetchMemory
from digestqa.fetching.report import FetchReport, Refused
from digestqa.fetching.search import NCT, Search, read_numbers
from digestqa.fetching.studies import (
    RECORDS_PER_REQUEST,
    get_records,
    list_numbers,
    list_search,
    without_number,
)
from digestqa.intake import put_page
from digestqa.records import last_update_of, nct_of, page_of

DEFAULT_URL = "https://clinicaltrials.gov"

OnPhase = Callable[[str, int, int], None]
"""Called with the name of the phase, what is done and what there is in all."""


def fetch(
    seeds: Path,
    wanted: Search | Sequence[str],
    *,
    base_url: str = DEFAULT_URL,
    limit: int | None = None,
    dry_run: bool = False,
    today: date | None = None,
    limits: Limits = POLITE,
    agent: str = "digestqa",
    on_phase: OnPhase | None = None,
    on_wait: OnWait | None = None,
) -> FetchReport:
    """Bring the registry's records of some studies into the seeds folder as digest files.

    The registry is first asked only which studies there are and when each was last updated. Records are asked for
    where that day differs from the one of the last fetch, or the file is gone. Every batch is remembered as soon as it
    is written, so that a fetch that was stopped goes on where it was when it is run again.

    Args:
        seeds: the folder; made if it is not there.
        wanted: a search, or study numbers as people write them.
        base_url: the registry; ``/api/v2/studies`` is put after it.
        limit: look at the first so many studies only.
        dry_run: list, and write nothing.
        today: the ingest date of the files; by default the present day.
        limits: politeness and patience.
        agent: the program's name for the server (``User-Agent``).
        on_phase: told of progress.
        on_wait: told of each wait before a request is tried again.

    Returns:
        What was done; what could not be taken is listed in it and never stops the others.

    Raises:
        UsageError: nothing is asked for, or the base URL is none.
        FetchError: the registry cannot be reached, refuses, or answers what cannot be used; what was written before
            stays and is remembered.
        StorageError: the seeds folder cannot be written.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"a limit of {limit} leaves nothing to fetch", "give 1 or more")
    told = on_phase or (lambda phase, done, total: None)
    with RegistryClient(base_url, limits, agent=agent, on_wait=on_wait) as client:
        told("listing", 0, 0)
        unusable: tuple[Refused, ...] = ()
        if isinstance(wanted, Search):
            parameters = wanted.parameters()
            if not parameters:
                raise UsageError("nothing is asked for", "give NCT numbers, or a query, condition or intervention")
            listing = list_search(client, parameters, limit)
        else:
            numbers, unusable = read_numbers(wanted)
            if not numbers and not unusable:
                raise UsageError("nothing is asked for", "give NCT numbers, or a query, condition or intervention")
            listing = list_numbers(client, numbers[:limit])
        memory = FetchMemory.load(seeds)
        due = [number for number, updated in listing.updated.items() if not memory.has(number, updated)]
        taking = _Taking(seeds, memory, today or date.today(), [*unusable, *listing.refused])
        if not dry_run:
            for start in range(0, len(due), RECORDS_PER_REQUEST):
                told("fetching", start, len(due))
                taking.take(client, due[start : start + RECORDS_PER_REQUEST])
            told("fetching", len(due), len(due))
        return FetchReport(
            base_url=client.base_url,
            dry_run=dry_run,
            matched=listing.matched,
            taken=len(listing.updated),
            unchanged=len(listing.updated) - len(due),
            already_there=taking.already_there,
            written=tuple(due) if dry_run else tuple(taking.written),
            refused=tuple(taking.refused),
            requests=client.requests,
            received_bytes=client.received_bytes,
        )


class _Taking:
    """Writes records into the seeds folder and keeps count."""

    def __init__(self, seeds: Path, memory: FetchMemory, today: date, refused: list[Refused]) -> None:
        self._seeds = seeds
        self._memory = memory
        self._today = today
        self.refused = refused
        self.written: list[str] = []
        self.already_there = 0
        self._changed = False

    def take(self, client: RegistryClient, numbers: Sequence[str]) -> None:
        """Get and write the records of some studies; they are remembered even when the next one fails."""
        missing = set(numbers)
        refused_before = len(self.refused)
        try:
            for record in get_records(client, numbers, self.refused):
                number = nct_of(record)
                if number is None or not NCT.fullmatch(number):
                    self.refused.append(Refused(*without_number(record)))
                elif number in missing:
                    missing.discard(number)
                    self._take_one(number, record)
                elif number not in numbers:
                    self.refused.append(Refused(number, f"the registry sent {number}, which was not asked for"))
        finally:
            if self._changed:
                self._memory.save()
                self._changed = False
        missing -= {refused.source for refused in self.refused[refused_before:]}
        self.refused += [
            Refused(number, f"the registry sent no record of {number}", "run the same command again later")
            for number in numbers
            if number in missing
        ]

    def _take_one(self, number: str, record: Any) -> None:
        try:
            page = page_of(record, self._today)
            taken = put_page(page, self._seeds, origin=number)
        except StorageError:
            raise
        except DigestQAError as error:
            self.refused.append(Refused(number, error.message, error.hint))
            return
        if taken.path is None:
            self.refused.append(Refused(number, taken.reason, taken.hint))
            return
        name = taken.path.relative_to(self._seeds).as_posix()
        if taken.outcome == "already there":
            self.already_there += 1
        else:
            self.written.append(name)
        if (updated := last_update_of(record)) is not None:
            self._memory.records[number] = (updated, name)
            self._changed = True
