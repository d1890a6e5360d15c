"""The registry's studies: which there are and when each was last updated, then the records of those that are wanted.

ClinicalTrials.gov API v2 (https://clinicaltrials.gov/data-api/api): ``GET /api/v2/studies`` pages by ``pageToken`` and
``nextPageToken``; ``GET /api/v2/studies/{nctId}`` leads from a study's old number to its present one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from digestqa.errors import FetchError
from digestqa.fetching.client import RegistryClient, TooLargeError
from digestqa.fetching.report import Refused
from digestqa.fetching.search import NCT
from digestqa.records import last_update_of, nct_of

_STUDIES = "/api/v2/studies"
_STAMP_FIELDS = "NCTId,NCTIdAlias,LastUpdatePostDate"
_STAMPS_PER_PAGE = 1000
"""The registry's largest page; a stamp has about 200 bytes."""

RECORDS_PER_REQUEST = 100
"""A record has about 60,000 bytes, the largest some millions; their numbers must fit into one address."""


@dataclass(slots=True)
class Listing:
    """The studies that were asked for, in the registry's order.

    Attributes:
        updated: the day of the last update by study number, as the registry writes it; None where it says none.
        matched: how many studies the registry has for what was asked.
        refused: numbers that the registry does not know, and entries without a usable number.
    """

    updated: dict[str, str | None] = field(default_factory=dict)
    matched: int = 0
    refused: list[Refused] = field(default_factory=list)


def list_search(client: RegistryClient, parameters: Mapping[str, str], limit: int | None) -> Listing:
    """List the studies of a search, the first ``limit`` of them.

    Raises:
        FetchError: see ``RegistryClient.get``; or the pages have no end.
    """
    listing = Listing()
    size = min(_STAMPS_PER_PAGE, limit or _STAMPS_PER_PAGE)
    asked = {**parameters, "fields": _STAMP_FIELDS, "pageSize": str(size), "countTotal": "true"}
    for page in _pages(client, asked):
        total = page.get("totalCount")
        if isinstance(total, int) and not isinstance(total, bool):
            listing.matched = max(listing.matched, total)
        before = len(listing.updated) + len(listing.refused)
        for study in page["studies"]:
            if limit is not None and len(listing.updated) >= limit:
                break
            _add(listing, study)
        if limit is not None and len(listing.updated) >= limit:
            break
        if page.get("nextPageToken") and len(listing.updated) + len(listing.refused) == before:
            raise _endless(client)
    listing.matched = max(listing.matched, len(listing.updated))
    return listing


def list_numbers(client: RegistryClient, numbers: Sequence[str]) -> Listing:
    """List the studies of some numbers.

    An old number stands for the study that has it now; a number that the registry does not know is refused.

    Raises:
        FetchError: see ``RegistryClient.get``.
    """
    listing = Listing()
    for start in range(0, len(numbers), RECORDS_PER_REQUEST):
        batch = numbers[start : start + RECORDS_PER_REQUEST]
        answered: dict[str, Any] = {}
        for study in _studies_of(client, batch, _STAMP_FIELDS):
            for name in (nct_of(study), *_former_numbers(study)):
                if name is not None:
                    answered.setdefault(name, study)
        for number in batch:
            study = answered.get(number)
            if study is None:
                study = client.get(f"{_STUDIES}/{number}", {"fields": _STAMP_FIELDS})
            if study is None:
                listing.refused.append(
                    Refused(number, f"the registry has no study {number}", "check the number, or leave it out")
                )
            else:
                _add(listing, study)
    listing.matched = len(listing.updated)
    return listing


def get_records(client: RegistryClient, numbers: Sequence[str], refused: list[Refused]) -> Iterator[Any]:
    """Yield the records of some studies, as many at once as fit into one answer; what comes may be of any JSON type.

    Args:
        client: the registry.
        numbers: the studies.
        refused: takes up the studies whose record is larger than the limit by itself.

    Raises:
        FetchError: see ``RegistryClient.get``.
    """
    try:
        records = list(_studies_of(client, numbers, None))
    except TooLargeError as error:
        if len(numbers) == 1:
            refused.append(Refused(numbers[0], error.message))
            return
        half = len(numbers) // 2
        yield from get_records(client, numbers[:half], refused)
        yield from get_records(client, numbers[half:], refused)
    else:
        yield from records


def _studies_of(client: RegistryClient, numbers: Sequence[str], fields: str | None) -> Iterator[Any]:
    asked = {"filter.ids": ",".join(numbers), "pageSize": str(len(numbers))}
    if fields:
        asked["fields"] = fields
    for page in _pages(client, asked):
        yield from page["studies"]
        if page.get("nextPageToken") and not page["studies"]:
            raise _endless(client)


def _pages(client: RegistryClient, parameters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    tokens: set[str] = set()
    asked = dict(parameters)
    while True:
        page = client.get(_STUDIES, asked)
        if page is None:
            raise FetchError(f"{client.base_url}: has no {_STUDIES} (404)", "check the base URL")
        token = page.get("nextPageToken") if isinstance(page, dict) else None
        if not isinstance(page, dict) or not isinstance(page.get("studies"), list) or not isinstance(token, str | None):
            raise FetchError(f"{client.base_url}: answers with JSON that is no page of studies", "check the base URL")
        yield page
        if not token:
            return
        if token in tokens:
            raise _endless(client)
        tokens.add(token)
        asked["pageToken"] = token
        asked.pop("countTotal", None)


def _endless(client: RegistryClient) -> FetchError:
    return FetchError(
        f"{client.base_url}: its pages lead in a circle",
        "what was fetched before is kept; try again later, or ask for the studies by number",
    )


def _add(listing: Listing, study: Any) -> None:
    number = nct_of(study)
    if number is None or not NCT.fullmatch(number):
        listing.refused.append(Refused(*without_number(study)))
    else:
        listing.updated.setdefault(number, last_update_of(study))


def without_number(study: Any) -> tuple[str, str]:
    """Return what a record without a usable number says in its place, and the reason why it is refused."""
    written = _identification(study).get("nctId")
    if written is None:
        return "", "the registry sent a record without an NCT number"
    told = str(written)[:40]
    return told, f"the registry sent a record with {told!r} as its NCT number"


def _former_numbers(study: Any) -> list[str]:
    aliases = _identification(study).get("nctIdAliases")
    return [alias for alias in aliases if isinstance(alias, str)] if isinstance(aliases, list) else []


def _identification(study: Any) -> dict[str, Any]:
    protocol = study.get("protocolSection") if isinstance(study, dict) else None
    module = protocol.get("identificationModule") if isinstance(protocol, dict) else None
    return module if isinstance(module, dict) else {}
