"""Adverse events of a record: counts over those at risk, for each group and each term."""

from __future__ import annotations

from collections.abc import Iterator

from digestqa.records.values import Record, member, members, paragraphs, sentence, text_of

_TOTALS = (
    ("Deaths from any cause", "deaths"),
    ("Serious adverse events", "serious"),
    ("Other adverse events", "other"),
)
_GROUPS_A_SENTENCE = 6


def adverse_event_paragraphs(results: Record) -> list[str]:
    """Return how events were gathered, deaths and totals by group, then each term."""
    module = member(results, "adverseEventsModule")
    groups = members(module, "eventGroups")
    names = {text_of(group, "id"): text_of(group, "title") for group in groups}
    found = [" ".join(_gathering(module))]
    totals: list[str] = []
    for what, key in _TOTALS:
        told = [
            (names[text_of(group, "id")], text_of(group, f"{key}NumAffected"), text_of(group, f"{key}NumAtRisk"))
            for group in groups
        ]
        totals += _sentences(what, told)
    found.append(" ".join(totals))
    for kind, key in (("Serious adverse event", "seriousEvents"), ("Other adverse event", "otherEvents")):
        for event in members(module, key):
            term, system = text_of(event, "term").rstrip(" ."), text_of(event, "organSystem")
            if not term:
                continue
            told = [
                (names.get(text_of(stat, "groupId"), ""), text_of(stat, "numAffected"), text_of(stat, "numAtRisk"))
                for stat in members(event, "stats")
            ]
            said = list(_sentences(f"{kind}, {term}" + (f" ({system})" if system else ""), told))
            if notes := " ".join(paragraphs(event.get("notes"))):
                said.append(f"Note on {term}: {notes}")
            found.append(" ".join(said))
    return [text for text in found if text]


def _gathering(module: Record) -> Iterator[str]:
    if frame := text_of(module, "timeFrame").rstrip(" ."):
        yield f"Adverse events were gathered over this time frame: {frame}."
    if threshold := text_of(module, "frequencyThreshold"):
        yield f"Other adverse events are listed above a frequency threshold of {threshold.rstrip('%')}%."
    yield from paragraphs(module.get("description"))


def _sentences(what: str, told: list[tuple[str, str, str]]) -> Iterator[str]:
    """Yield sentences over groups; a count without the number at risk is told as it is."""
    counted = [
        f"{affected} of {at_risk} participants in {name}" if at_risk else f"{affected} participants in {name}"
        for name, affected, at_risk in told
        if name and affected
    ]
    for first in range(0, len(counted), _GROUPS_A_SENTENCE):
        yield sentence(f"{what}: {'; '.join(counted[first : first + _GROUPS_A_SENTENCE])}")
