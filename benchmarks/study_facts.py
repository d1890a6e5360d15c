"""The facts of a made-up study: who, what, where and how it came out, drawn by chance."""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks import study_names as names
from benchmarks import study_words as words
from benchmarks.study_sentences import capital, without_abbreviation

OUTCOMES: dict[str, Sequence[str]] = {
    "share": words.SHARE_OUTCOMES,
    "time": words.TIME_OUTCOMES,
    "change": words.CHANGE_OUTCOMES,
    "rate": words.RATE_OUTCOMES,
}
"""Outcomes by the figures that go with them."""

_COMPOUNDS = 20_000
_NAMES = 40_000
_HOUSES = ("Institute", "Foundation", "Centre", "Hospital")
_FLUIDS = ("serum", "plasma", "urinary", "salivary", "tissue")
_SCALES = ("Fatigue", "Pain", "Function", "Mood", "Skin")


def draw_facts(pick: random.Random, evidence: str) -> dict[str, str]:
    """Return facts by the names that sentences have for them.

    Args:
        pick: where chance comes from.
        evidence: the type of study, as tag lines have it.
    """
    compound, other = (
        names.compound(names.zipf_rank(pick, _COMPOUNDS)),
        names.compound(names.zipf_rank(pick, _COMPOUNDS)),
    )
    condition, other_condition = (
        without_abbreviation(words.CONDITIONS[names.zipf_rank(pick, len(words.CONDITIONS))]) for _ in range(2)
    )
    treated, weeks = pick.randrange(9, 1200), pick.choice((4, 6, 8, 12, 16, 24, 26, 36, 48, 52, 104))
    control = max(5, treated - pick.randrange(-3, 4))
    compared = evidence in ("rct", "observational")
    kind, people = pick.choice(words.KINDS), pick.choice(words.PEOPLE)
    country, country2 = pick.sample(words.PLACES, 2)
    events = pick.sample(words.EVENTS, 3)
    exclusion, exclusion2 = pick.sample(words.EXCLUSIONS, 2)
    dose = pick.randrange(len(words.DOSES))
    year, age = pick.randrange(1999, 2024), pick.choice((2, 12, 18, 18, 18, 21, 40, 50, 65))
    return {
        "compound": compound,
        "Compound": compound.capitalize(),
        "other_compound": other,
        "code": names.code(compound),
        "class": names.drug_class(compound),
        "target": words.TARGETS[names.number_of(compound) // 7 % len(words.TARGETS)],
        "condition": condition[0],
        "condition1": condition[0],
        "condition_abbreviation": condition[1],
        "kindcondition": f"{kind} {condition[0]}".strip(),
        "other": other_condition[0],
        "design": pick.choice(words.SHORT_DESIGNS[evidence]),
        "acronym": names.acronym(pick),
        "people": people,
        "country": country,
        "country2": country2,
        "institute": f"{names.surname(names.zipf_rank(pick, _NAMES))} {pick.choice(_HOUSES)}",
        "centres": str(pick.randrange(2, 180)),
        "sites": pick.choice(words.SITES),
        "gene": names.gene(names.zipf_rank(pick, _NAMES)),
        "marker": f"{pick.choice(_FLUIDS)} {names.protein(names.zipf_rank(pick, _NAMES))}",
        "instrument": f"{names.surname(names.zipf_rank(pick, _NAMES))} {pick.choice(_SCALES)}",
        "form": pick.choice(words.FORMS),
        "schedule": pick.choice(words.SCHEDULES),
        "dose": words.DOSES[dose],
        "dose2": words.DOSES[(dose + 3) % len(words.DOSES)],
        "comparator": pick.choice(
            ("placebo", "placebo", "standard care", other, f"low-dose {compound}", "no treatment")
        ),
        "exclusion": exclusion,
        "exclusion2": exclusion2,
        "event1": events[0],
        "event2": events[1],
        "event3": events[2],
        "n": f"{treated + control * compared:,}",
        "treated": f"{treated:,}",
        "control": f"{control:,}",
        "weeks": str(weeks),
        "months": str(pick.choice((3, 6, 9, 12, 18, 24))),
        "age": str(age),
        "oldest": str(age + pick.randrange(8, 40)),
        "year": str(year),
        "year2": str(year + pick.randrange(1, 7)),
        "hundreds": f"{pick.randrange(1, 900):,}",
        "power": str(pick.choice((80, 85, 90))),
        **_figures(pick, treated, control),
    }


def _figures(pick: random.Random, treated: int, control: int) -> dict[str, str]:
    hits, misses = pick.randrange(1, treated), pick.randrange(1, control)
    hits2, hurt, hurt2 = (pick.randrange(1, number) for number in (treated, treated, control))
    ratio, median, cmedian = pick.uniform(0.35, 1.4), pick.uniform(1.5, 60), pick.uniform(1.5, 60)
    delta, cdelta = pick.uniform(-20, 20), pick.uniform(-12, 12)
    rate, crate = pick.uniform(0.4, 70), pick.uniform(0.4, 70)
    lab = pick.uniform(1, 300)
    share = 100 * hits / treated
    return {
        "hits": f"{hits:,}",
        "share": f"{share:.1f}",
        "misses": f"{misses:,}",
        "cshare": f"{100 * misses / control:.1f}",
        "hits2": f"{hits2:,}",
        "share2": f"{100 * hits2 / treated:.1f}",
        "low1": f"{share * 0.8:.1f}",
        "high1": f"{min(100.0, share * 1.15):.1f}",
        "ratio": f"{ratio:.2f}",
        "low": f"{ratio * pick.uniform(0.6, 0.9):.2f}",
        "high": f"{ratio * pick.uniform(1.1, 1.6):.2f}",
        "p": pick.choice(
            ("p<0.001", f"p={pick.uniform(0.001, 0.05):.3f}", f"p={pick.uniform(0.05, 0.9):.2f}", "p < 0.01")
        ),
        "median": f"{median:.1f}",
        "cmedian": f"{cmedian:.1f}",
        "mlow": f"{median * 0.7:.1f}",
        "mhigh": f"{median * 1.4:.1f}",
        "delta": f"{delta:+.1f}".replace("+", ""),
        "cdelta": f"{cdelta:+.1f}".replace("+", ""),
        "diff": f"{delta - cdelta:.1f}",
        "dlow": f"{delta - cdelta - 3.1:.1f}",
        "dhigh": f"{delta - cdelta + 2.9:.1f}",
        "sd": f"{pick.uniform(1, 25):.1f}",
        "sd2": f"{pick.uniform(1, 25):.2f}",
        "rate": f"{rate:.1f}",
        "crate": f"{crate:.1f}",
        "rlow": f"{rate * 0.6:.1f}",
        "rhigh": f"{rate * 1.5:.1f}",
        "lab1": f"{lab:.1f}",
        "lab2": f"{lab * pick.uniform(0.4, 1.5):.1f}",
        "labunit": pick.choice(("ng/mL", "mg/dL", "µmol/L", "IU/L", "pg/mL", "mmol/L")),
        "hours": f"{pick.uniform(1, 90):.1f}",
        "follow": str(pick.randrange(3, 60)),
        "events1": str(pick.randrange(8, 60)),
        "events2": str(pick.randrange(3, 30)),
        "hurt": f"{hurt:,}",
        "hurt2": f"{hurt2:,}",
        "serious": str(pick.randrange(2, 60)),
        "left": str(pick.randrange(2, 70)),
    }


def add_outcomes(pick: random.Random, facts: dict[str, str], kind: str) -> None:
    """Add the outcomes, with their abbreviations, and what is derived from other facts."""
    chosen, _, unit = pick.choice(OUTCOMES[kind]).partition("; ")
    second, third = (pick.choice(OUTCOMES[other]).partition("; ")[0] for other in ("change", "rate"))
    facts["unit"] = unit
    facts["outcome"] = without_abbreviation(chosen)[0]
    facts["outcome1"] = chosen
    facts["second"], facts["third"] = without_abbreviation(second)[0], without_abbreviation(third)[0]
    for name in ("outcome1", "event1", "exclusion2", "marker", "condition1"):
        facts[f"{name}c" if name[-1].isdigit() else f"{name}_c"] = capital(facts[name])
    facts["People"] = capital(facts["people"])
