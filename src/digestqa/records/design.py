"""Study Design, Outcomes and Eligibility of a record, in sentences that can be quoted one by one."""

from __future__ import annotations

import re

from digestqa.records.values import (
    Record,
    capital,
    in_words,
    lines_of,
    listed,
    member,
    members,
    one_line,
    paragraphs,
    sentence,
    text_of,
    texts,
    word,
)

_PHASES = {
    "EARLY_PHASE1": "early phase 1",
    "PHASE1": "phase 1",
    "PHASE2": "phase 2",
    "PHASE3": "phase 3",
    "PHASE4": "phase 4",
}
_ASSIGNMENTS = frozenset({"parallel", "crossover", "factorial", "sequential", "single group"})
_STATUSES = {"ACTIVE_NOT_RECRUITING": "active, not recruiting", "UNKNOWN": "unknown"}
_OUTCOMES = (("primaryOutcomes", "Primary"), ("secondaryOutcomes", "Secondary"), ("otherOutcomes", "Other"))
_CRITERION_KINDS = {"inclusion": "Inclusion", "exclusion": "Exclusion", "ineligibility": "Exclusion"}
_CRITERIA = re.compile(
    r"(?P<before>[\w/,()&' -]{0,60}?)\b(?P<kind>inclusion|exclusion|eligibility|ineligibility)\b"
    r"(?: criteria| criterion)?(?P<after>[\w/,()&' -]{0,60})\s*:?",
    re.IGNORECASE,
)


def design_paragraphs(protocol: Record) -> list[str]:
    """Return type, phase, allocation, masking, enrolment, status, dates, conditions, sponsor, arms, interventions."""
    found = [" ".join(part for part in (_kind(protocol), _enrolment(protocol)) if part), _status(protocol)]
    conditions = texts(member(protocol, "conditionsModule"), "conditions")
    if conditions:
        found.append(sentence(f"The study is about {listed(conditions)}"))
    sponsors = member(protocol, "sponsorCollaboratorsModule")
    if lead := text_of(member(sponsors, "leadSponsor"), "name"):
        others = [name for entry in members(sponsors, "collaborators") if (name := text_of(entry, "name"))]
        also = f", with {listed(others)} as {'collaborators' if len(others) > 1 else 'collaborator'}" if others else ""
        found.append(sentence(f"The sponsor is {lead}{also}"))
    arms = member(protocol, "armsInterventionsModule")
    found += [_arm(arm) for arm in members(arms, "armGroups")]
    found += [_intervention(intervention) for intervention in members(arms, "interventions")]
    return [text for text in found if text]


def _kind(protocol: Record) -> str:
    design = member(protocol, "designModule")
    info = member(design, "designInfo")
    kind = word(design, "studyType")
    phases = listed(_PHASES[phase] for phase in texts(design, "phases") if phase in _PHASES)
    said = []
    if kind:
        article = "an" if kind[0] in "aeiou" else "a"
        said.append(f"This is {article} {kind} study" + (f" in {phases}" if phases else ""))
    elif phases:
        said.append(f"The study is in {phases}")
    masking = member(info, "maskingInfo")
    masked = listed(in_words(who) for who in texts(masking, "whoMasked"))
    traits = [
        ("Allocation", word(info, "allocation")),
        ("intervention model", _model(word(info, "interventionModel"))),
        ("observational model", word(info, "observationalModel")),
        ("time perspective", word(info, "timePerspective")),
        ("masking", word(masking, "masking") + (f" ({masked})" if masked else "")),
        ("primary purpose", word(info, "primaryPurpose")),
    ]
    told = "; ".join(f"{name}: {value}" for name, value in traits if value and value != "na")
    said.append(capital(told))
    said.append(text_of(info, "interventionModelDescription"))
    if details := text_of(masking, "maskingDescription"):
        said.append(f"Masking: {details}")
    return " ".join(sentence(text) for text in said if text)


def _model(model: str) -> str:
    return f"{model} assignment" if model in _ASSIGNMENTS else model


def _enrolment(protocol: Record) -> str:
    info = member(protocol, "designModule", "enrollmentInfo")
    count, kind = text_of(info, "count"), text_of(info, "type")
    if not count:
        return ""
    people = "participant" if count == "1" else "participants"
    if kind == "ACTUAL":
        return f"The study enrolled {count} {people}."
    return f"The planned enrolment is {count} {people}." if kind == "ESTIMATED" else f"Enrolment: {count} {people}."


def _status(protocol: Record) -> str:
    module = member(protocol, "statusModule")
    status = text_of(module, "overallStatus")
    said = []
    if status:
        last = text_of(module, "lastKnownStatus")
        known = f" (last known: {_STATUSES.get(last, in_words(last))})" if last else ""
        said.append(f"Overall status: {_STATUSES.get(status, in_words(status))}{known}")
    if why := text_of(module, "whyStopped"):
        said.append(f"Why the study stopped: {why}")
    withdrawn = status == "WITHDRAWN"
    said.append(
        _dated(
            module,
            "startDateStruct",
            "The study started",
            "The study is expected to start",
            "Start date",
            ended=withdrawn,
        )
    )
    said.append(
        _dated(
            module,
            "primaryCompletionDateStruct",
            "Primary completion was",
            "Primary completion is expected",
            "Primary completion date",
            ended=withdrawn,
        )
    )
    said.append(
        _dated(
            module,
            "completionDateStruct",
            "The study was completed",
            "Study completion is expected",
            "Completion date",
            ended=status in ("TERMINATED", "WITHDRAWN", "SUSPENDED"),
        )
    )
    if posted := text_of(member(module, "resultsFirstPostDateStruct"), "date"):
        said.append(f"Results were first posted {_when(posted)}")
    if updated := text_of(member(module, "lastUpdatePostDateStruct"), "date"):
        said.append(f"The record was last updated {_when(updated)}")
    return " ".join(sentence(text) for text in said if text)


def _dated(module: Record, key: str, past: str, future: str, plain: str, *, ended: bool = False) -> str:
    struct = member(module, key)
    day, kind = text_of(struct, "date"), text_of(struct, "type")
    if not day:
        return ""
    if kind == "ESTIMATED":
        return f"{future} {_when(day)}"
    # A study that was broken off or never begun has such dates too, yet nobody would say that it was completed.
    return f"{past} {_when(day)}" if kind == "ACTUAL" and not ended else f"{plain}: {day}"


def _when(day: str) -> str:
    return f"on {day}" if day.count("-") == 2 else f"in {day}"


def _arm(arm: Record) -> str:
    label, kind = text_of(arm, "label"), word(arm, "type")
    given = texts(arm, "interventionNames")
    details = " ".join(paragraphs(arm.get("description")))
    if not (label or details or given):
        return ""
    said = [f"Arm “{label}”" + (f" ({kind})" if kind else "") + (f": {details}" if details else "")]
    if given:
        if details:
            said.append(f"Arm “{label}” is given {'; '.join(given)}")
        else:
            said[0] += f" is given {'; '.join(given)}"
    return " ".join(sentence(text) for text in said)


def _intervention(intervention: Record) -> str:
    name, kind = text_of(intervention, "name"), word(intervention, "type")
    details = " ".join(paragraphs(intervention.get("description")))
    others = [other for other in texts(intervention, "otherNames") if other.casefold() != name.casefold()]
    if not name or not (kind or details):
        return ""
    traits = [kind, f"also named {'; '.join(others)}" if others else ""]
    told = "; ".join(trait for trait in traits if trait)
    return sentence(f"Intervention {name}" + (f" ({told})" if told else "") + (f": {details}" if details else ""))


def outcome_paragraphs(protocol: Record) -> list[str]:
    """Return each measure that the study names, with its time frame."""
    module = member(protocol, "outcomesModule")
    found: list[str] = []
    for key, kind in _OUTCOMES:
        for outcome in members(module, key):
            measure = text_of(outcome, "measure").rstrip(" .")
            if not measure:
                continue
            frame = text_of(outcome, "timeFrame").rstrip(" .")
            said = f"{kind} outcome: {measure}" + (f" (time frame: {frame})" if frame else "") + "."
            details = " ".join(paragraphs(outcome.get("description")))
            found.append(f"{said} {details}" if details and details.rstrip(".") != measure else said)
    return found


def eligibility_paragraphs(protocol: Record) -> list[str]:
    """Return age, sex, healthy volunteers, and each criterion by its kind."""
    module = member(protocol, "eligibilityModule")
    said: list[str] = []
    lowest, highest = text_of(module, "minimumAge").lower(), text_of(module, "maximumAge").lower()
    if lowest and highest:
        said.append(f"Ages eligible for the study: {lowest} to {highest}.")
    elif lowest:
        said.append(f"Ages eligible for the study: {lowest} and older.")
    elif highest:
        said.append(f"Ages eligible for the study: up to {highest}.")
    if sex := text_of(module, "sex"):
        said.append(f"Sexes eligible for the study: {in_words(sex)}.")
    healthy = module.get("healthyVolunteers")
    if isinstance(healthy, bool):
        said.append(f"Healthy volunteers are {'accepted' if healthy else 'not accepted'}.")
    found = [" ".join(said)] if said else []
    if population := " ".join(paragraphs(module.get("studyPopulation"))):
        found.append(f"Study population: {population}")
    return found + _criteria(module.get("eligibilityCriteria"))


def _criteria(written: object) -> list[str]:
    """Return criteria as sentences that say of themselves whether they let in or keep out.

    Items below an item, further in, and items after words that announce them belong to one criterion.
    """
    found: list[tuple[str, str]] = []
    kind = "Eligibility"
    margin = 0
    for indent, words, is_item in lines_of(written):
        heading = None if len(words) > 120 else _CRITERIA.fullmatch(words)
        if heading and not (is_item and not words.endswith(":")):
            named = heading["kind"].casefold()
            kind = _CRITERION_KINDS.get(named, "Eligibility")
            found.append((kind, ""))
            margin = indent
            continue
        announced = bool(found) and found[-1][0] == kind and found[-1][1].endswith(":")
        below = bool(found) and found[-1][0] == kind and bool(found[-1][1]) and is_item and indent > margin
        if announced or below:
            gap = " " if announced else "; "
            found[-1] = (kind, found[-1][1].rstrip(" .;") + gap + words.rstrip(" .;"))
        else:
            found.append((kind, words))
            margin = indent
    return [sentence(f"{kind} criterion: {one_line(words)}") for kind, words in found if words.strip(" .:;-")]
