"""A registry record as a digest page in layout A: the page that a person reads and every answer is cut from.

Every value is the record's own. The words around the values are ours, and the ``Digest: registry record`` of the
Source line says so. Fields: ClinicalTrials.gov, Study Data Structure (API v2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from digestqa.digests.footer import read_source_line
from digestqa.digests.headings import known_heading
from digestqa.digests.sources import REGISTRY_RECORD
from digestqa.errors import NotADigestError
from digestqa.records.adverse import adverse_event_paragraphs
from digestqa.records.design import design_paragraphs, eligibility_paragraphs, outcome_paragraphs
from digestqa.records.results import result_paragraphs
from digestqa.records.values import Record, member, members, paragraphs, text_of, texts

_NCT = re.compile(r"NCT\d{8}", re.ASCII)
_ISO_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_LONGEST_TITLE = 450
_LONGEST_COMPOUND = 60
_COMPOUND_TYPES = frozenset({"DRUG", "BIOLOGICAL", "DIETARY_SUPPLEMENT", "COMBINATION_PRODUCT", "GENETIC"})
_NO_COMPOUND = re.compile(
    r"\b(?:placebos?|sham|vehicle|saline|standard of care|usual care|no treatment)\b", re.IGNORECASE
)
_HINT = "a record is the JSON that ClinicalTrials.gov's API v2 gives, with protocolSection.identificationModule.nctId"


@dataclass(frozen=True, slots=True)
class PageText:
    """A page to be written.

    Attributes:
        name: the file's name, from the study's number alone.
        text: the page, ending in a newline.
    """

    name: str
    text: str


def nct_of(record: object) -> str | None:
    """Return a record's NCT number, or None where it has none."""
    written = text_of(member(record, "protocolSection", "identificationModule"), "nctId").upper()
    return written if _NCT.fullmatch(written) else None


def last_update_of(record: object) -> str | None:
    """Return the day on which the record's last update was posted, as written, or None."""
    status = member(record, "protocolSection", "statusModule")
    return text_of(member(status, "lastUpdatePostDateStruct"), "date") or None


def page_of(record: Mapping[str, object], ingested: date) -> PageText:
    """Write a registry record as a digest page.

    Args:
        record: one study of ClinicalTrials.gov's API v2, as decoded JSON; values of wrong types count as missing.
        ingested: the date for the Source line.

    Returns:
        The page; the same record and date give the same bytes.

    Raises:
        NotADigestError: the record has no valid NCT number, or holds nothing to make a page of.
    """
    protocol = member(record, "protocolSection")
    nct = nct_of(record)
    if nct is None:
        written = text_of(member(protocol, "identificationModule"), "nctId")
        what = f"its NCT number is {written[:40]!r}, not NCT and eight digits" if written else "it has no NCT number"
        raise NotADigestError(f"no registry record: {what}", _HINT)
    background = [_guarded(text) for text in paragraphs(member(protocol, "descriptionModule").get("briefSummary"))]
    headline, official = _titles(protocol, nct)
    design = design_paragraphs(protocol)
    if len(official) > _LONGEST_TITLE:
        design.insert(0, f"The official title is “{official}”.")
        official = ""
    outcomes = outcome_paragraphs(protocol)
    eligibility = eligibility_paragraphs(protocol)
    results = member(record, "resultsSection")
    if not (background or design or outcomes or eligibility or results):
        raise NotADigestError(
            f"registry record {nct}: no summary, design, outcomes or results in it",
            "fetch the whole record: some exports hold chosen fields only",
        )
    sections = (
        ("Background", background),
        ("Study Design", design),
        ("Outcomes", outcomes),
        ("Eligibility", eligibility),
        ("Results", result_paragraphs(record)),
        ("Adverse Events", adverse_event_paragraphs(results)),
    )
    blocks = [headline, *([official] if official else [])]
    for heading, body in sections:
        if body:
            blocks += [heading, *body]
    source = f"Source: clinicaltrials:{nct} · Ingested {ingested.isoformat()} · Digest: {REGISTRY_RECORD}"
    body_text = "\n\n".join(blocks)
    return PageText(f"{nct}.txt", f"{_top(protocol)}\n\n{body_text}\n\n\n{source}\n")


def _top(protocol: Record) -> str:
    """Return the navigation line and the tag line."""
    compound = _compound(protocol)
    slug = re.sub(r"[\W_]+", "-", compound.casefold()).strip("-")
    design = member(protocol, "designModule")
    info = member(design, "designInfo")
    if text_of(design, "studyType") == "OBSERVATIONAL":
        evidence = "observational"
    elif text_of(info, "allocation") == "RANDOMIZED":
        evidence = "rct"
    elif text_of(info, "interventionModel") == "SINGLE_GROUP":
        evidence = "single arm"
    else:
        evidence = "other"
    enrolment = member(design, "enrollmentInfo")
    count = text_of(enrolment, "count")
    actual = text_of(enrolment, "type") == "ACTUAL" and count.isascii() and count.isdigit() and len(count) < 12
    started = text_of(member(protocol, "statusModule", "startDateStruct"), "date")
    parts = [
        slug,
        evidence,
        f"n={count}" if actual and int(count) else "",
        started if _ISO_DATE.fullmatch(started) else "",
        "ClinicalTrials",
    ]
    back = f"Back to {compound} research" if slug else "All research"
    return f"{back}\n{' '.join(part for part in parts if part)}"


def _compound(protocol: Record) -> str:
    """Return the first drug or other substance that is tested, or an empty text.

    A substance of an experimental arm comes before one of a comparator's; placebos do not count.
    """
    module = member(protocol, "armsInterventionsModule")
    experimental = {text_of(arm, "label") for arm in members(module, "armGroups") if arm.get("type") == "EXPERIMENTAL"}
    names: list[tuple[bool, str]] = []
    for intervention in members(module, "interventions"):
        name = text_of(intervention, "name")
        tested = not experimental.isdisjoint(texts(intervention, "armGroupLabels"))
        is_compound = text_of(intervention, "type") in _COMPOUND_TYPES
        if is_compound and name and len(name) <= _LONGEST_COMPOUND and not _NO_COMPOUND.search(name):
            names.append((not tested, name))
    return min(names, key=lambda entry: entry[0])[1] if names else ""


def _titles(protocol: Record, nct: str) -> tuple[str, str]:
    """Return headline and official title; neither can be read as a line of another kind."""
    identification = member(protocol, "identificationModule")
    brief = text_of(identification, "briefTitle")
    official = text_of(identification, "officialTitle")
    headline = brief or official or f"Study {nct}"
    if len(headline) > _LONGEST_TITLE:
        headline = f"Study {nct}"
    if official in (brief, headline):
        official = ""
    return _as_title(headline), _as_title(official)


def _as_title(title: str) -> str:
    return f"Study: {title}" if title and (known_heading(title) or read_source_line(title, 0)) else title


def _guarded(paragraph: str) -> str:
    """Return a paragraph that cannot be read as a line of the footer."""
    return f"Summary: {paragraph}" if paragraph[:6].casefold() in ("source", "origin") else paragraph
