"""The shapes in which registry records come: one record, a list of them, or a page of the API's ``studies``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def holds_records(value: object) -> bool:
    """Tell whether a JSON value is a registry record, a page of ``studies``, or a list that begins with a record."""
    if isinstance(value, Mapping):
        return _is_record(value) or isinstance(value.get("studies"), list)
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping) and _is_record(value[0])


def iter_records(value: object) -> Iterator[object]:
    """Yield each record of a JSON value, whatever it is: ``page_of`` judges it."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, Mapping) and not _is_record(value) and isinstance(studies := value.get("studies"), list):
        yield from studies
    else:
        yield value


def _is_record(value: Mapping[object, object]) -> bool:
    return "protocolSection" in value
