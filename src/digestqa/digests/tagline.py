"""The tag line: ``<compound> <class words> <evidence type> [n=<N>] <date> <registry>``.

Its values are separated by single spaces and may hold spaces themselves, so it is read from its right end, where
the forms are known, and what is left over on the left is the compound and its class.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digestqa.digests.model import Fact, FactName

EVIDENCE_TYPES = (
    "randomized controlled trial",
    "randomised controlled trial",
    "non-randomized trial",
    "retrospective cohort",
    "prospective cohort",
    "systematic review",
    "scoping review",
    "narrative review",
    "pilot study",
    "case-control",
    "case control",
    "case reports",
    "case report",
    "case series",
    "cross-sectional",
    "cross sectional",
    "meta-analysis",
    "meta analysis",
    "open label",
    "open-label",
    "single-arm",
    "single arm",
    "pharmacokinetic",
    "observational",
    "ex vivo",
    "in silico",
    "in vitro",
    "in vivo",
    "preclinical",
    "guideline",
    "registry",
    "editorial",
    "protocol",
    "animal",
    "cohort",
    "human",
    "other",
    "pilot",
    "review",
    "survey",
    "rct",
)

KNOWN_REGISTRIES = frozenset(
    {"clinicaltrials", "clinicaltrials.gov", "pubmed", "biorxiv", "medrxiv", "preprint", "euctr"}
)

_LONGEST_TAG_LINE = 300
_DATE_AND_REGISTRY = re.compile(
    r"(?<!\S)(?P<date>(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?)"
    r"(?:\s(?P<registry>\S+(?:\s\S+){0,2}))?$"
)
_COUNT = re.compile(r"(?<!\S)n\s?=\s?(?P<n>[0-9][0-9,]*)$", re.IGNORECASE)
_EVIDENCE = re.compile(
    r"(?<!\S)(?P<evidence>" + "|".join(re.escape(kind).replace(r"\ ", r"\s") for kind in EVIDENCE_TYPES) + r")$",
    re.IGNORECASE,
)

_BACK_LINE = re.compile(r"(?:[←<‹«]\s?)?(?:Back\sto\s(?P<name>\S.{0,150}?)\sresearch|All\sresearch)", re.IGNORECASE)


class BackLine(NamedTuple):
    """The navigation line at the top of a page.

    Attributes:
        display_name: the compound's name in ``Back to <name> research``; None for ``All research``.
    """

    display_name: str | None


def read_back_line(line: str) -> BackLine | None:
    """Return the navigation line, or None if the line is none."""
    if len(line) > _LONGEST_TAG_LINE:
        return None
    match = _BACK_LINE.fullmatch(line)
    return BackLine(match["name"]) if match else None


def read_tag_line(line: str, offset: int, *, back: BackLine | None) -> list[Fact] | None:
    """Return the facts of a tag line in the order of the text, or None if the line is none.

    Args:
        line: the line without surrounding blanks.
        offset: where the line begins in the file.
        back: the ``Back to …`` or ``All research`` line before it; without one, only a line that ends in a date
            and a registry is believed.
    """
    if len(line) > _LONGEST_TAG_LINE:
        return None
    facts: list[Fact] = []

    def note(name: FactName, start: int, end: int) -> None:
        facts.append(Fact(name, line[start:end], offset + start, offset + end))

    dated = _DATE_AND_REGISTRY.search(line)
    rest = len(line)
    if dated:
        if dated["registry"]:
            note("registry", *dated.span("registry"))
        elif back is None:
            return None
        note("date", *dated.span("date"))
        rest = len(line[: dated.start()].rstrip())
    elif back is None:
        return None
    else:
        last_word = line.rsplit(None, 1)[-1]
        if last_word.casefold() in KNOWN_REGISTRIES:
            note("registry", len(line) - len(last_word), len(line))
            rest = len(line[: -len(last_word)].rstrip())
    if counted := _COUNT.search(line[:rest]):
        note("n", *counted.span("n"))
        rest = len(line[: counted.start()].rstrip())
    if graded := _EVIDENCE.search(line[:rest]):
        note("evidence_type", *graded.span("evidence"))
        rest = len(line[: graded.start()].rstrip())
    # A headline may end in a year: alone, or before words that are no registry, it makes no tag line.
    if dated and len(dated["date"]) == 4 and not graded and not counted:
        registry = dated["registry"] or ""
        if registry.casefold() not in KNOWN_REGISTRIES:
            return None
    if not facts or (not dated and len(facts) < 2):
        return None
    if rest:
        # Layout C gives a display name and no class; a slug has no capitals of its own where no Back line tells.
        whole = back.display_name is None if back else _words_are_a_name(line[:rest], bool(graded or counted))
        compound_end = rest if whole else _compound_length(line[:rest], back.display_name if back else None)
        note("compound", 0, compound_end)
        class_start = compound_end + len(line[compound_end:rest]) - len(line[compound_end:rest].lstrip())
        if class_start < rest:
            note("class_words", class_start, rest)
    facts.sort(key=lambda fact: fact.start)
    return facts


def squeeze(name: str) -> str:
    """Return a name's letters and digits in lower case, to compare a slug with a display name."""
    return "".join(character for character in name.casefold() if character.isalnum())


def _words_are_a_name(words: str, classified: bool) -> bool:
    """Tell whether the words before the date are one display name (layout C), not a slug with class words."""
    return not classified and (words[0].isupper() or " " not in words)


def _compound_length(words: str, display_name: str | None) -> int:
    """Return the length of the compound at the beginning of the words: the display name's, else the first word."""
    if display_name:
        wanted = squeeze(display_name)
        for gap in re.finditer(r"\s|$", words):
            found = squeeze(words[: gap.start()])
            if found == wanted:
                return gap.start()
            if len(found) > len(wanted):
                break
    return len(words.split(None, 1)[0])
