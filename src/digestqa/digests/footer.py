"""The footer: the flags line, and the Source line that names the study, the ingest date and the digest model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digestqa.digests.model import Fact, FactName
from digestqa.digests.sources import find_id_within, read_source, source_registry

_LONGEST_SOURCE_LINE = 600
_LONGEST_FLAGS_LINE = 300
_MAX_FLAGS_WORDS = 30

# In Markdown the name may be set off: `**Source:** …`.
_SOURCE = re.compile(r"Source[*_]{0,3}\s?:[*_]{0,3}\s*(?P<rest>\S.*)", re.IGNORECASE)
_EMPHASIS = "*_ "
# A middle dot that was decoded as Latin-1 once has an Â before it.
_SEPARATOR = re.compile(r"\s*Â?[·|•∙‧・]\s*|(?:\s*[,;]|\s+[-–—]{1,2})?\s+(?=Ingested\b|Digest\s?:)")
_INGESTED = re.compile(r"Ingested\s?:?\s*(?P<date>\S.*)", re.IGNORECASE)
_MODEL = re.compile(r"Digest(?:\s?model)?\s?:\s*(?P<model>\S.*)", re.IGNORECASE)
_REGISTRY = re.compile(r"(?P<registry>[A-Za-z][A-Za-z0-9.+_\-]*):(?!//)\s*(?=\S)")
_LOOKS_LIKE_ID = re.compile(r"[A-Za-z][A-Za-z0-9.+_\-]*:\s?\S+|\S*\d\S*|https?://\S+")

_ORIGIN = re.compile(r"Origin: [a-z]{1,12} sha256:[0-9a-f]{64}")

_MARKERS = re.compile(
    r"(?<!\S)(?:dose\smentioned|protocol\srelevant|safety\sdata\spresent)"
    r"(?:[\s,;·|]+(?:dose\smentioned|protocol\srelevant|safety\sdata\spresent))*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What a Source line says.

    Attributes:
        source: the normalised id.
        registry: in lower case, or None.
        facts: source, registry, ingest date and digest model, each with its place.
    """

    source: str
    registry: str | None
    facts: tuple[Fact, ...]


def read_source_line(line: str, offset: int) -> SourceLine | None:
    """Return what a Source line says, or None if the line is none.

    Args:
        line: the line without surrounding blanks.
        offset: where it begins in the file.
    """
    if line[:1] not in "Ss*_" or len(line) > _LONGEST_SOURCE_LINE:
        return None
    emphasis = len(line) - len(line.lstrip(_EMPHASIS))
    line = line.rstrip(_EMPHASIS) if emphasis else line
    match = _SOURCE.fullmatch(line, emphasis)
    if match is None:
        return None
    parts = _split(line, match.start("rest"))
    facts: list[Fact] = []

    def note(name: FactName, start: int, end: int) -> None:
        facts.append(Fact(name, line[start:end], offset + start, offset + end))

    id_start, id_end = parts[0]
    for start, end in parts[1:]:
        if dated := _INGESTED.fullmatch(line, start, end):
            note("ingested", *dated.span("date"))
        elif modelled := _MODEL.fullmatch(line, start, end):
            note("digest_model", *modelled.span("model"))
    written = line[id_start:id_end]
    source, registry = read_source(written)
    if within := find_id_within(written, whole=not facts):
        note("source", id_start + within.start, id_start + within.end)
        facts.sort(key=lambda fact: fact.start)
        return SourceLine(within.source, source_registry(within.source), tuple(facts))
    # A sentence that begins with "Source:" is no Source line: an id is one word, or one that is known.
    if not facts and not source.startswith(("NCT", "PMID:")) and not _LOOKS_LIKE_ID.fullmatch(written):
        return None
    if (named := _REGISTRY.match(line, id_start, id_end)) and named.end() < id_end:
        note("registry", *named.span("registry"))
        id_start = named.end()
    note("source", id_start, id_end)
    facts.sort(key=lambda fact: fact.start)
    return SourceLine(source, registry, tuple(facts))


def is_origin_line(line: str) -> bool:
    """Tell whether a line says what the file was made from: ``Origin: html sha256:<64 hexadecimal digits>``."""
    return _ORIGIN.fullmatch(line) is not None


def _split(line: str, start: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    for separator in _SEPARATOR.finditer(line, start):
        if separator.start() > start:
            parts.append((start, separator.start()))
        start = separator.end()
    if start < len(line) or not parts:
        parts.append((start, len(line)))
    return parts


def ends_in_markers(line: str) -> bool:
    """Tell whether a line ends in ``dose mentioned``, ``protocol relevant`` or ``safety data present``."""
    return len(line) <= _LONGEST_FLAGS_LINE and _MARKERS.search(line) is not None


def shaped_like_flags(line: str, compound: str | None) -> bool:
    """Tell whether the line above a Source line may be the flags line: short, no sentence, or begins as the tag line.

    Args:
        line: the line without surrounding blanks.
        compound: the tag line's compound, if there is one.
    """
    if len(line) > _LONGEST_FLAGS_LINE or line[-1] in ".!?:;,…" or len(line.split()) > _MAX_FLAGS_WORDS:
        return False
    if compound and line.casefold().startswith(compound.casefold()):
        return True
    return line[0].islower() or line[0].isdigit()


def read_flags_line(line: str, offset: int, *, compound: str | None, class_words: str | None) -> list[Fact]:
    """Return the facts of a flags line: ``<compound> <class words> <keywords> [markers]``.

    The compound and the class are told from the keywords by the tag line; without one, the first word is the
    compound and the class words stay among the keywords. One ``flags`` fact holds all markers.

    Args:
        line: the line without surrounding blanks.
        offset: where it begins in the file.
        compound: the tag line's compound, if there is one.
        class_words: the tag line's class words, if there are any.
    """
    facts: list[Fact] = []
    markers = _MARKERS.search(line)
    rest = len(line[: markers.start()].rstrip(" \t\xa0,;·|")) if markers else len(line)
    position = 0
    slug_end = re.match(r"\S*", line[:rest])
    if compound and line[:rest].casefold().startswith(compound.casefold()):
        position = len(compound)
    elif slug_end and rest:
        position = slug_end.end()
    if rest and not compound:
        facts.append(Fact("compound", line[:position], offset, offset + position))
    position = _after_class(line, _after_blanks(line, position, rest), rest, class_words)
    if position < rest:
        facts.append(Fact("keywords", line[position:rest], offset + position, offset + rest))
    if markers:
        facts.append(Fact("flags", markers[0], offset + markers.start(), offset + len(line)))
    return facts


def _after_blanks(line: str, position: int, end: int) -> int:
    while position < end and line[position].isspace():
        position += 1
    return min(position, end)


def _after_class(line: str, position: int, end: int, class_words: str | None) -> int:
    """Return where the keywords begin: after the class words that the flags line repeats, all or the first few."""
    start = position
    words = (class_words or "").casefold().split()
    for count, word in enumerate(words):
        following = line[position:end].split(None, 1)
        if not following or following[0].casefold() != word:
            break
        if len(following) == 1 and count + 1 < len(words):
            return start  # what looked like the class is all there is: keywords
        position = _after_blanks(line, position + len(following[0]), end)
    return position
