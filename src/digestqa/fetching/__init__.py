"""From the ClinicalTrials.gov API v2 into seeds/: the only room that opens the network, and only for ``fetch``."""

from digestqa.fetching.fetch import DEFAULT_URL, fetch
from digestqa.fetching.limits import POLITE, Limits
from digestqa.fetching.memory import MEMORY_NAME
from digestqa.fetching.report import FetchReport, Refused
from digestqa.fetching.search import STATUSES, Search, read_day, read_status, split_numbers

__all__ = [
    "DEFAULT_URL",
    "MEMORY_NAME",
    "POLITE",
    "STATUSES",
    "FetchReport",
    "Limits",
    "Refused",
    "Search",
    "fetch",
    "read_day",
    "read_status",
    "split_numbers",
]
