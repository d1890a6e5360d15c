"""A made-up study from its number alone, as a page in one of the layouts that digests have."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import study_words as words
from benchmarks.study_facts import add_outcomes, draw_facts
from benchmarks.study_sentences import compares, filled, sentence, titled

GENERATOR = 1
"""Raised whenever any page would come out differently."""

_FIRST_NUMBER = 70_000_000  # real registry numbers are far below
_NUMBERS = 30_000_000
_STRIDE = 7_654_321  # has no factor in common with _NUMBERS, so that no number comes twice
_MODELS = ("example-model-1", "example-model-2", "example-model-3", "example-model-3-mini")
_RESULTS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "share": (words.SHARE_RESULTS, words.SHARE_SINGLE),
    "time": (words.TIME_RESULTS, words.TIME_SINGLE),
    "change": (words.CHANGE_RESULTS, words.CHANGE_SINGLE),
    "rate": (words.RATE_RESULTS, words.RATE_SINGLE),
}
"""How the primary outcome is told: where groups are compared, and where there is one."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study and the page about it.

    Attributes:
        number: what it was made from.
        source: its id, such as ``NCT70000001``, or ``PMID:…``.
        layout: ``A``, ``B``, ``C``, ``markdown`` or ``json``.
        facts: what sentences are filled with, by name.
        headline: the page's.
        title: the official one.
        sections: (heading, sentences).
        primary: index of the sentence of Results that tells the primary outcome; -1 where there are no results.
        tag: the tag line of layout A.
        flags: the line above the source line.
        footer: the source line.
    """

    number: int
    source: str
    layout: str
    facts: dict[str, str]
    headline: str
    title: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    primary: int
    tag: str
    flags: str
    footer: str

    @property
    def file_name(self) -> str:
        """The name of its file."""
        suffix = {"markdown": ".md", "json": ".json"}.get(self.layout, ".txt")
        return self.source.replace(":", "_") + suffix


def study(number: int, seed: int = 0, layout: str | None = None) -> Study:
    """Make up a study; the same arguments always give the same.

    Args:
        number: from 0.
        seed: another one gives another library.
        layout: that of its page; drawn where it is None.
    """
    pick = random.Random(number * 1_000_003 + seed)
    draw = pick.random()
    drawn = "A" if draw < 0.62 else "B" if draw < 0.8 else "C" if draw < 0.87 else "markdown" if draw < 0.95 else "json"
    layout = layout or drawn
    evidence = pick.choices(("rct", "single arm", "observational", "other"), (55, 22, 14, 9))[0]
    compared = evidence in ("rct", "observational")
    has_results = pick.random() < 0.78
    facts = draw_facts(pick, evidence)
    kind = pick.choices(("share", "time", "change", "rate"), (40, 20, 30, 10))[0]
    add_outcomes(pick, facts, kind)
    said: set[str] = set()

    def told(templates: Sequence[str], count: int) -> list[str]:
        usable = [line for line in templates if compared or not compares(line)]
        chosen = pick.sample(usable, min(count, len(usable)))
        return [sentence(pick, line, facts, said) for line in chosen]

    sections: list[tuple[str, tuple[str, ...]]] = [("Background", tuple(told(words.BACKGROUND, pick.randrange(3, 8))))]
    designed = layout == "C" or pick.random() < 0.25
    design = told(words.DESIGN, pick.randrange(2, 5))
    if designed:
        heading = pick.choice(
            ("Study Design",) if layout == "C" else ("Study Design", "Methods", "Participants", "Design")
        )
        sections.append((heading, tuple(design)))
    results, primary = [] if designed else design[:2], -1
    if has_results:
        primary = len(results)
        results += told(_RESULTS[kind][0 if compared else 1], 1) + told(words.MORE_RESULTS, pick.randrange(1, 6))
    else:
        results += told(words.NO_RESULTS, pick.randrange(2, 5))
    safety = told(words.SAFETY, pick.randrange(1, 5)) if has_results else []
    apart = len(safety) > 1 and pick.random() < 0.2
    if not apart:
        results += safety
    sections.append(("Results", tuple(results)))
    if apart:
        sections.append((pick.choice(("Safety", "Adverse Events", "Tolerability")), tuple(safety)))
    if pick.random() < 0.93:
        heading = pick.choices(("Why It Matters", "Conclusion", "Limitations"), (90, 6, 4))[0]
        sections.append((heading, tuple(told(words.MATTERS, pick.randrange(2, 5)))))
    place = _FIRST_NUMBER + (number * _STRIDE + seed * 999_983) % _NUMBERS
    source = f"PMID:{place}" if pick.random() < 0.03 else f"NCT{place}"
    return Study(
        number,
        source,
        layout,
        facts,
        _headline(pick, facts, has_results=has_results),
        _title(pick, facts),
        tuple(sections),
        primary,
        *_small_lines(pick, facts, evidence, layout, source, has_results=has_results),
    )


def page(of: Study) -> str:
    """Return a study's page, as its file holds it."""
    if of.layout == "json":
        return _json_page(of)
    body = [(heading, " ".join(sentences)) for heading, sentences in of.sections]
    if of.layout == "markdown":
        front = [f"official_title: {of.title}", f"source: {of.source}", f"compound: {of.facts['compound']}"]
        parts = [f"## {heading}\n\n{text}" for heading, text in body]
        return "---\n" + "\n".join(front) + f"\n---\n\n# {of.headline}\n\n" + "\n\n".join(parts) + f"\n\n{of.footer}\n"
    if of.layout == "B":
        lines = [of.headline] + [line for part in body for line in part]
        # Some pages of this layout have no footer: their file's name says which study it is.
        return "\n".join(lines) if of.number % 3 == 0 else "\n".join([*lines, of.flags, of.footer])
    first = "All research" if of.layout == "C" else f"Back to {of.facts['Compound']} research"
    parts = [f"{heading}\n\n{text}" for heading, text in body]
    top = f"{first}\n{of.tag}\n\n{of.headline}\n\n{of.title}\n\n"
    return top + "\n\n".join(parts) + f"\n\n\n{of.flags}\n{of.footer}"


def _headline(pick: random.Random, facts: dict[str, str], *, has_results: bool) -> str:
    forms = (
        "<Compound> for <kindcondition> in <country>: <outcome>",
        "<Compound> {Versus|Against|Compared With} <comparator> in <kindcondition>: {Change of|Effect on} <outcome>",
        "{Does|Can} <Compound> {Help|Improve} <outcome> in <people> with <kindcondition>",
        "<outcome> {After|With} <dose> <Compound> in <n> <people> with <kindcondition>",
        "<acronym>: <Compound> <schedule> for <kindcondition>",
    )
    planned = ("{Trial|Study} of <Compound> as a <form> for <kindcondition> {Recruits|Has No Results Yet}: <acronym>",)
    chosen = pick.choice(forms if has_results else forms[2:] + planned)
    return titled(filled(pick, chosen, facts))


def _title(pick: random.Random, facts: dict[str, str]) -> str:
    forms = (
        "A <design> of <compound> in <people> with <kindcondition>{| (<acronym>)}",
        "{Efficacy and safety|Safety|Effects} of <code> (<compound>) <schedule> in <kindcondition>: a <design>",
        "<compound> {versus|compared with} <comparator> for <outcome> in <kindcondition>: the <acronym> {trial|study}",
        "{Evaluation|Study} of <dose> <compound> in <people> aged <age> or older with <kindcondition>",
    )
    return titled(filled(pick, pick.choice(forms), facts))


def _small_lines(
    pick: random.Random, facts: dict[str, str], evidence: str, layout: str, source: str, *, has_results: bool
) -> tuple[str, str, str]:
    date = f"{pick.randrange(2005, 2026)}-{pick.randrange(1, 13):02d}"
    if pick.random() < 0.6:
        date += f"-{pick.randrange(1, 29):02d}"
    registry = "PubMed" if source.startswith("PMID") else "ClinicalTrials"
    count = f" n={facts['n'].replace(',', '')}" if has_results and pick.random() < 0.8 else ""
    tag = f"{facts['compound']} {facts['class']} {evidence}{count} {date} {registry}"
    if layout == "C":
        tag = f"{facts['Compound']} {date} {registry}"
    marks = [mark for mark in ("dose mentioned", "protocol relevant", "safety data present") if pick.random() < 0.6]
    flags = " ".join([facts["compound"], facts["class"], facts["condition"].rsplit(" ", 1)[-1], *marks])
    written = f"pubmed:{source[5:]}" if source.startswith("PMID") else f"clinicaltrials:{source}"
    ingested = f"20{pick.randrange(24, 27)}-0{pick.randrange(1, 10)}-{pick.randrange(1, 29):02d}"
    return tag, flags, f"Source: {written} · Ingested {ingested} · Digest: {pick.choice(_MODELS)}"


def _json_page(of: Study) -> str:
    key = {"pmid": of.source[5:]} if of.source.startswith("PMID") else {"nct_id": of.source}
    value = {
        "headline": of.headline,
        "title": of.title,
        **key,
        "compound": of.facts["compound"],
        "sections": {heading: " ".join(sentences) for heading, sentences in of.sections},
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
