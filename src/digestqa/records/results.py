"""Results of a record: participant flow, baseline, and every outcome measurement with its groups, units and intervals.

Each sentence names its measure, so that it says by itself what was measured. Nothing is computed: counts, intervals
and p-values stand as the record has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digestqa.records.values import (
    Record,
    capital,
    in_words,
    listed,
    member,
    members,
    paragraphs,
    sentence,
    text_of,
    texts,
    word,
)

_GROUPS_A_SENTENCE = 6
_COUNTS = frozenset({"COUNT_OF_PARTICIPANTS", "COUNT_OF_UNITS"})
_KINDS = {"PRIMARY": "Primary", "SECONDARY": "Secondary", "OTHER_PRE_SPECIFIED": "Other", "POST_HOC": "Post hoc"}


def result_paragraphs(record: Mapping[str, object]) -> list[str]:
    """Return the Results section, or the one sentence that says that there are none."""
    results = member(record, "resultsSection")
    found = [
        *_outcomes(member(results, "outcomeMeasuresModule")),
        *_flow(member(results, "participantFlowModule")),
        *_baseline(member(results, "baselineCharacteristicsModule")),
    ]
    if limits := " ".join(paragraphs(member(results, "moreInfoModule", "limitationsAndCaveats").get("description"))):
        found.append(f"Limitations and caveats: {limits}")
    if found:
        return found
    if record.get("hasResults") is False:
        return ["No results have been posted for this study in the registry."]
    return ["No results are available in this registry record."]


def _titles(groups: list[Record]) -> dict[str, str]:
    return {text_of(group, "id"): text_of(group, "title") for group in groups}


def _flow(module: Record) -> list[str]:
    names = _titles(members(module, "groups"))
    found = [
        f"{name}: {details}"
        for name, key in (("Recruitment", "recruitmentDetails"), ("Before assignment", "preAssignmentDetails"))
        if (details := " ".join(paragraphs(module.get(key))))
    ]
    for period in members(module, "periods"):
        title = text_of(period, "title")
        where = f"Participant flow, {title}" if title else "Participant flow"
        said: list[str] = []
        for milestone in members(period, "milestones"):
            what = text_of(milestone, "type")
            what = what.lower() if what.isupper() else what
            said += _flow_sentences(where, what, members(milestone, "achievements"), names)
        for drop in members(period, "dropWithdraws"):
            reason = text_of(drop, "type")
            what = f"left the study ({reason})" if reason else "left the study"
            said += _flow_sentences(where, what, members(drop, "reasons"), names)
        if said:
            found.append(" ".join(said))
    return found


def _flow_sentences(where: str, what: str, entries: list[Record], names: dict[str, str]) -> Iterator[str]:
    told = [
        f"{count} {'participant' if count == '1' else 'participants'} in {name}"
        for entry in entries
        if (count := text_of(entry, "numSubjects")) and (name := names.get(text_of(entry, "groupId")))
    ]
    for some in _runs(told):
        yield sentence(f"{where}, {what}: {'; '.join(some)}" if what else f"{where}: {'; '.join(some)}")


def _runs(items: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(items), _GROUPS_A_SENTENCE):
        yield items[first : first + _GROUPS_A_SENTENCE]


def _baseline(module: Record) -> list[str]:
    names = _titles(members(module, "groups"))
    sizes = _sizes(members(module, "denoms"))
    found: list[str] = []
    if population := " ".join(paragraphs(module.get("populationDescription"))):
        found.append(f"Baseline population: {population}")
    for measure in members(module, "measures"):
        said = list(_measurements(measure, "Baseline", "", names, sizes))
        said += _remarks(measure, withheld=not said)
        if said:
            found.append(" ".join(said))
    return found


def _outcomes(module: Record) -> list[str]:
    found: list[str] = []
    for measure in members(module, "outcomeMeasures"):
        title = text_of(measure, "title").rstrip(" .")
        if not title:
            continue
        names = _titles(members(measure, "groups"))
        kind = _KINDS.get(text_of(measure, "type"), "Further")
        frame = text_of(measure, "timeFrame").rstrip(" .")
        within = f" (time frame: {frame})" if frame else ""
        said = list(_measurements(measure, f"{kind} outcome", within, names, _sizes(members(measure, "denoms"))))
        if not said:
            said = [f"The record gives no figures for the {kind.lower()} outcome “{title}”{within}."]
        said += _remarks(measure, withheld=False)
        for analysis in members(measure, "analyses"):
            said += _analysis(analysis, title, kind, names)
        found.append(" ".join(said))
    return found


def _remarks(measure: Record, *, withheld: bool) -> list[str]:
    """Return what the record says about a measure and the people it was taken of."""
    title = text_of(measure, "title").rstrip(" .")
    about = " ".join(paragraphs(measure.get("description")))
    people = " ".join(paragraphs(measure.get("populationDescription")))
    said = [f"How “{title}” was measured: {about}"] if about and about.rstrip(".") != title else []
    if people:
        said.append(f"Analysis population of “{title}”: {people}" if not withheld else f"“{title}”: {people}")
    return said


def _sizes(denoms: list[Record]) -> dict[str, tuple[str, str]]:
    """Return units and count for each group, by the group's id; participants before other units."""
    sizes: dict[str, tuple[str, str]] = {}
    for denom in sorted(denoms, key=lambda denom: text_of(denom, "units") == "Participants"):
        for count in members(denom, "counts"):
            if value := text_of(count, "value"):
                sizes[text_of(count, "groupId")] = (text_of(denom, "units"), value)
    return sizes


def _measurements(
    measure: Record, lead: str, within: str, names: dict[str, str], sizes: dict[str, tuple[str, str]]
) -> Iterator[str]:
    """Yield a sentence for each class and category of a measure, over its groups; the first says the time frame."""
    title = text_of(measure, "title").rstrip(" .")
    unit = text_of(measure, "unitOfMeasure")
    parameter = text_of(measure, "paramType")
    for block in members(measure, "classes"):
        block_sizes = {**sizes, **_sizes(members(block, "denoms"))}
        for category in members(block, "categories"):
            parts = [part for entry in (block, category) if (part := text_of(entry, "title").rstrip(" ."))]
            what = f"{lead}, {' – '.join([title, *parts])}{within}"
            told: list[str] = []
            for entry in members(category, "measurements"):
                group = text_of(entry, "groupId")
                if text_of(entry, "value") and group in names:
                    told.append(f"{_value(entry, measure, block_sizes.get(group))} in {names[group]}")
            of = "" if parameter in _COUNTS or parameter in ("NUMBER", "") else f"{in_words(parameter)}, "
            label = f"{of}{unit}" if unit else of.rstrip(", ")
            for some in _runs(told):
                yield sentence(f"{what}, {label}: {'; '.join(some)}" if label else f"{what}: {'; '.join(some)}")
                within = ""


def _value(entry: Record, measure: Record, size: tuple[str, str] | None) -> str:
    value = text_of(entry, "value")
    aside: list[str] = []
    spread = text_of(measure, "dispersionType").replace("_", " ").lower()
    spread = "" if spread in ("na", "none", "not applicable") else spread
    low, high = text_of(entry, "lowerLimit"), text_of(entry, "upperLimit")
    if low or high:
        aside.append(f"{spread or 'interval'} {low or 'not given'} to {high or 'not given'}")
    elif deviation := text_of(entry, "spread"):
        aside.append(f"{spread or 'spread'} {deviation}")
    if size:
        units, count = size
        if text_of(measure, "paramType") in _COUNTS and value.isdigit():
            value = f"{value} of {count}"
        else:
            aside.append(f"n={count}" if units in ("Participants", "") else f"{count} {units.lower()}")
    if comment := text_of(entry, "comment").rstrip(" ."):
        aside.append(f"note: {comment}")
    return value + (f" ({'; '.join(aside)})" if aside else "")


def _analysis(analysis: Record, title: str, kind: str, names: dict[str, str]) -> list[str]:
    """Return a statistical analysis as sentences: groups, method, p-value, estimate with its interval."""
    groups = [names[group] for group in texts(analysis, "groupIds") if names.get(group)]
    between = " versus ".join(groups) if len(groups) == 2 else listed(groups)
    what = f"{kind} outcome, {title}" + (f", {between}" if between else "")
    told: list[str] = []
    if value := text_of(analysis, "paramValue"):
        told.append(_estimate(analysis, value))
    if p_value := text_of(analysis, "pValue"):
        told.append(f"p{p_value}" if p_value[0] in "<>=≤≥" else f"p={p_value}")
    if method := text_of(analysis, "statisticalMethod"):
        told.append(f"by {method}" if told else f"method {method}")
    said = [sentence(f"{what}: {', '.join(told)}")] if told else []
    remarks = (
        ("About this analysis", "groupDescription"),
        ("About the p-value", "pValueComment"),
        ("About the method", "statisticalComment"),
        ("About the estimate", "estimateComment"),
        ("Non-inferiority", "nonInferiorityComment"),
    )
    for name, key in remarks:
        if details := " ".join(paragraphs(analysis.get(key))):
            said.append(f"{name}, “{title}”: {details}")
    return said


def _estimate(analysis: Record, value: str) -> str:
    name = word(analysis, "paramType") or "estimate"
    aside: list[str] = []
    low, high = text_of(analysis, "ciLowerLimit"), text_of(analysis, "ciUpperLimit")
    if low or high:
        percent = text_of(analysis, "ciPctValue")
        sides = ", one-sided" if text_of(analysis, "ciNumSides") == "ONE_SIDED" else ""
        interval = f"{low or 'not given'} to {high or 'not given'}"
        aside.append(f"{percent + '% ' if percent else ''}confidence interval {interval}{sides}")
    if deviation := text_of(analysis, "dispersionValue"):
        aside.append(f"{word(analysis, 'dispersionType') or 'dispersion'} {deviation}")
    return f"{capital(name)} {value}" + (f" ({'; '.join(aside)})" if aside else "")
