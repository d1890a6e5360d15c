"""Named values of front matter and JSON digests: which key says which fact."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digestqa.digests.draft import Draft, NamedSource
from digestqa.digests.headings import known_heading
from digestqa.digests.model import FactName, LineKind
from digestqa.digests.sources import find_id_within, read_source

_FACT_KEYS: dict[str, FactName] = {
    "headline": "headline",
    "title": "headline",
    "officialtitle": "official_title",
    "studytitle": "official_title",
    "fulltitle": "official_title",
    "compound": "compound",
    "drug": "compound",
    "class": "class_words",
    "classwords": "class_words",
    "compoundclass": "class_words",
    "drugclass": "class_words",
    "evidence": "evidence_type",
    "evidencetype": "evidence_type",
    "studytype": "evidence_type",
    "n": "n",
    "samplesize": "n",
    "enrollment": "n",
    "enrolment": "n",
    "date": "date",
    "published": "date",
    "publicationdate": "date",
    "studydate": "date",
    "registry": "registry",
    "ingested": "ingested",
    "ingestedat": "ingested",
    "ingestedon": "ingested",
    "ingestdate": "ingested",
    "dateingested": "ingested",
    "digest": "digest_model",
    "digestmodel": "digest_model",
    "model": "digest_model",
    "flags": "flags",
    "keywords": "keywords",
    "tags": "keywords",
    "source": "source",
    "sourceid": "source",
    "nct": "source",
    "nctid": "source",
    "nctnumber": "source",
    "pmid": "source",
    "pubmed": "source",
    "pubmedid": "source",
    "studyid": "source",
    "trialid": "source",
    "id": "source",
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PUBMED_KEYS = frozenset({"pmid", "pubmed", "pubmedid"})
_NCT_KEYS = frozenset({"nct", "nctid", "nctnumber"})
_NCT_DIGITS = 8
_LINE_KINDS: dict[FactName, LineKind] = {
    "headline": "headline",
    "official_title": "official_title",
    "source": "source",
    "registry": "source",
    "ingested": "source",
    "digest_model": "source",
    "flags": "flags",
    "keywords": "flags",
    "compound": "tag",
    "class_words": "tag",
    "evidence_type": "tag",
    "n": "tag",
    "date": "tag",
}


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A key with one or more values, each a range of the text.

    Attributes:
        key: the key as written.
        values: half-open ranges of the values, without quotes.
        start: first character of the line or entry that gives it.
        end: one past its last character.
    """

    key: str
    values: tuple[tuple[int, int], ...]
    start: int
    end: int


def fact_for_key(key: str) -> FactName | None:
    """Return the fact that a key names, or None."""
    return _FACT_KEYS.get(_plain(key))


def heading_for_key(key: str) -> str | None:
    """Return the usual heading that a key stands for (``why_it_matters`` for Why It Matters), or None."""
    return known_heading(title_case(key))


def title_case(key: str) -> str:
    """Return a key's words with capitals: ``studyDesign`` and ``study_design`` give Study Design."""
    words = _CAMEL.sub(" ", key.replace("_", " ").replace("-", " ")).split()
    return " ".join(word[:1].upper() + word[1:] for word in words)


def add_named_values(draft: Draft, entries: list[NamedValue]) -> None:
    """Add the facts, lines and sources of named values to a draft.

    ``title`` is the headline, or the official title where a ``headline`` stands beside it. Unknown keys add a line
    and no fact.
    """
    keys = {_plain(entry.key) for entry in entries}
    registry = next((_text(draft, entry) for entry in entries if _plain(entry.key) == "registry"), "")
    for entry in entries:
        name = fact_for_key(entry.key)
        if name == "headline" and _plain(entry.key) == "title" and "headline" in keys:
            name = "official_title"
        if name is None or not entry.values:
            draft.add_line("other", entry.start, entry.end)
            continue
        if name in ("headline", "official_title") and len(entry.values) == 1:
            draft.add_line(name, *entry.values[0])
        else:
            draft.add_line(_LINE_KINDS[name], entry.start, entry.end)
        for start, end in entry.values:
            draft.add_fact(name, start, end)
        if name == "source":
            _add_source(draft, entry, registry)


def _add_source(draft: Draft, entry: NamedValue, registry: str) -> None:
    written = _text(draft, entry)
    named = written
    if written.isascii() and written.isdigit():
        if _plain(entry.key) in _PUBMED_KEYS or registry.casefold() in ("pubmed", "medline"):
            named = f"PMID:{written}"
        elif _plain(entry.key) == "id":
            return  # the number of a record in somebody's database
        elif _plain(entry.key) in _NCT_KEYS and len(written) <= _NCT_DIGITS:
            named = f"NCT{written.zfill(_NCT_DIGITS)}"  # as a number it loses its zeros
    elif within := find_id_within(written, whole=False):
        named = within.source
    source, source_registry = read_source(named)
    found = NamedSource(source, source_registry or registry.casefold() or None, written, entry.start, False)
    # A paper about a registered study may give both ids: the first is the source.
    if not draft.sources or draft.sources[0].registry == found.registry:
        draft.sources.append(found)


def _text(draft: Draft, entry: NamedValue) -> str:
    return draft.text[entry.values[0][0] : entry.values[0][1]] if entry.values else ""


def _plain(key: str) -> str:
    return "".join(character for character in key.casefold() if character.isalnum())
