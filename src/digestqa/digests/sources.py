"""Source ids: how people and pages write them, and their one written form here.

NCT numbers are ``NCT`` and eight digits (ClinicalTrials.gov); PubMed ids are one to nine digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

REGISTRY_RECORD = "registry record"
"""What the footer of a registry record's own page has where others name the model that wrote the digest."""

_NCT = re.compile(r"(?<![A-Za-z0-9])NCT[\s:#_.\-]{0,3}(\d(?:[ \-]?\d){7})(?![ \-]?\d)", re.IGNORECASE | re.ASCII)
# A run of digits directly after the eight is another number; after a space it may be the next word of a question.
_NCT_IN_TEXT = re.compile(
    r"(?<![A-Za-z0-9])NCT[\s:#_.\-]{0,3}(\d(?:[ \-]?\d){7})(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII
)
_PMID_IN_TEXT = re.compile(
    r"(?<![A-Za-z0-9])(?:PMID|PubMed[ \-]?ID|PubMed\s?:)[\s:#_.\-]{0,3}(\d{1,9})(?![A-Za-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_PREFIXED = re.compile(r"([A-Za-z][A-Za-z0-9.+_\-]*):\s*(\S.*)", re.DOTALL)
_CLINICALTRIALS_NAMES = frozenset({"clinicaltrials", "clinicaltrials.gov", "ctgov", "nct"})
_PUBMED_NAMES = frozenset({"pubmed", "pmid", "medline"})
_WRITTEN_OUT = re.compile(r"NCT\d{8}|PMID:\d{1,9}", re.ASCII)
_LINK = re.compile(r"(?P<prefix>[A-Za-z.]{1,20}:\s?)?\[(?P<words>[^\[\]]+)\]\((?P<address>https?://[^\s()]+)\)")
_BESIDE_ID = re.compile(
    r"(?:clinical\s?trials(?:\.gov)?|ctgov|pubmed|registry|registration|identifier|id|number|no|study|trial|"
    r"https?://|www|[\s:.,()#/<>\\])*+",
    re.IGNORECASE,
)
_LONGEST_ID = 400
"""Characters of a written id that are looked at: more is not an id."""


@dataclass(frozen=True, slots=True)
class SourceMention:
    """A source id named in a text.

    Attributes:
        source: the normalised id, ``NCT…`` or ``PMID:…``.
        start: first character of the mention.
        end: one past its last character.
    """

    source: str
    start: int
    end: int


def normalize_source(written: str) -> str:
    """Return the one written form of a source id: ``NCT06598839``, ``PMID:12345678``.

    Takes ``nct06598839``, ``NCT 0659 8839``, ``clinicaltrials:NCT06598839``, ``PMID 123``, ``pubmed:123``,
    ``PMID_123`` and addresses of the two registries. Anything else, an NCT number of another length included,
    comes back as written, without surrounding blanks and without a registry's prefix.
    """
    return read_source(written)[0]


def source_registry(written: str) -> str | None:
    """Return the registry of a source id, in lower case, or None where it cannot be told."""
    return read_source(written)[1]


def read_source(written: str) -> tuple[str, str | None]:
    """Return the normalised id and its registry (lower case, or None)."""
    stripped = written.strip()
    looked_at = stripped[:_LONGEST_ID]
    registry: str | None = None
    identifier = looked_at
    if prefixed := _PREFIXED.fullmatch(looked_at):
        name, rest = prefixed[1].casefold(), prefixed[2].strip()
        if name in ("http", "https"):
            return _read_address(stripped)
        registry, identifier = name, rest
        if name in _CLINICALTRIALS_NAMES:
            registry = "clinicaltrials"
            # `NCT:06598839` has the id's own letters as its prefix.
            identifier = looked_at if name == "nct" else rest
        elif name in _PUBMED_NAMES:
            registry = "pubmed"
    if (match := _NCT.fullmatch(identifier)) and registry in (None, "clinicaltrials"):
        return "NCT" + re.sub(r"\D", "", match[1]), "clinicaltrials"
    if (match := _PMID_IN_TEXT.fullmatch(identifier)) and registry in (None, "pubmed"):
        return f"PMID:{match[1]}", "pubmed"
    if registry == "pubmed" and re.fullmatch(r"\d{1,9}", identifier, re.ASCII):
        return f"PMID:{identifier}", "pubmed"
    if identifier[:3].upper() == "NCT" and identifier[3:].strip(" -:#_.")[:1].isdigit() and registry is None:
        registry = "clinicaltrials"
    return (identifier if registry else stripped), registry


def _read_address(address: str) -> tuple[str, str | None]:
    lowered = address[:_LONGEST_ID].casefold()
    if "clinicaltrials.gov" in lowered and (match := _NCT_IN_TEXT.search(address[:_LONGEST_ID])):
        return "NCT" + re.sub(r"\D", "", match[1]), "clinicaltrials"
    if match := re.search(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d{1,9})(?!\d)", lowered, re.ASCII):
        return f"PMID:{match[1]}", "pubmed"
    return address, None


def find_source_ids(text: str) -> tuple[SourceMention, ...]:
    """Return the NCT numbers and PubMed ids named in a text, in its order.

    An NCT number may be in lower case and have a space, hyphen or colon in it; a PubMed id needs ``PMID``,
    ``PubMed ID`` or ``pubmed:`` before it.
    """
    if not text:
        return ()
    mentions = [
        SourceMention("NCT" + re.sub(r"\D", "", match[1]), match.start(), match.end())
        for match in _NCT_IN_TEXT.finditer(text)
    ]
    mentions += [
        SourceMention(f"PMID:{match[1]}", match.start(), match.end()) for match in _PMID_IN_TEXT.finditer(text)
    ]
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def find_id_within(written: str, *, whole: bool) -> SourceMention | None:
    """Return the one id that stands with other words where an id should: ``ClinicalTrials.gov NCT…``, ``[NCT…](…)``.

    Args:
        written: what stands for the id.
        whole: whether nothing but names of registries and marks may stand beside it, so that no sentence is taken.

    Returns:
        The id, or None where ``written`` is an id as it stands, or names none or several.
    """
    if _WRITTEN_OUT.fullmatch(read_source(written)[0]):
        return None
    if link := _LINK.fullmatch(written):
        for named in ((link["prefix"] or "") + link["words"], link["address"]):
            source = read_source(named)[0]
            if _WRITTEN_OUT.fullmatch(source):
                return SourceMention(source, *link.span("words"))
    mentions = find_source_ids(written[:_LONGEST_ID])
    if len({mention.source for mention in mentions}) != 1:
        return None
    found = mentions[0]
    beside = written[: found.start] + written[found.end :]
    return None if whole and not _BESIDE_ID.fullmatch(beside) else found


def source_url(source: str) -> str | None:
    """Return the public page of a study or paper, or None where the source has none."""
    normalized, registry = read_source(source)
    if registry == "clinicaltrials" and re.fullmatch(r"NCT\d{8}", normalized, re.ASCII):
        return f"https://clinicaltrials.gov/study/{normalized}"
    if registry == "pubmed" and normalized.startswith("PMID:"):
        return f"https://pubmed.ncbi.nlm.nih.gov/{normalized[len('PMID:') :]}/"
    return None
