"""A deterministic shelf of digests for measuring: any number of pages with real variety, from a seed alone."""

from __future__ import annotations

import random
from pathlib import Path

_CONDITIONS = (
    "heart failure", "essential tremor", "chronic migraine", "plaque psoriasis", "rheumatoid arthritis", "severe asthma",
    "type 2 diabetes", "ulcerative colitis", "atrial fibrillation", "major depression", "osteoporosis", "hepatitis B",
    "ovarian cancer", "gastric cancer", "multiple myeloma", "cystic fibrosis", "sickle cell disease", "endometriosis",
    "chronic kidney disease", "acute pancreatitis", "obstructive sleep apnoea", "atopic dermatitis", "gout", "lupus",
)  # fmt: skip
_CLASSES = (
    "monoclonal antibody", "kinase inhibitor", "loop diuretic", "vitamin analogue", "immune modulator", "peptide vaccine",
    "calcium blocker", "enzyme replacement", "gene therapy", "topical steroid",
)  # fmt: skip
_ONSETS = ("za", "be", "cor", "du", "fi", "lo", "mi", "nav", "or", "pel", "qui", "ri", "sol", "tem", "ul", "vex")
_MIDDLES = ("la", "ri", "to", "ve", "nu", "ca", "dom", "fen", "gli", "pra", "se", "xa")
_ENDS = ("mab", "nib", "pril", "vastin", "zole", "tide", "mycin", "lukast", "gliptin", "parin")
_OUTCOMES = (
    "hospital returns within 90 days", "the worst-pain score at week 12", "progression-free survival", "overall survival",
    "the annual relapse rate", "the six-minute walk distance", "clinical remission at week 8", "bone density at month 12",
    "the rate of major bleeding", "the sleep quality index", "the number of flares", "the change in HbA1c at week 24",
)  # fmt: skip
_EVENTS = (
    "nausea",
    "headache",
    "dizziness",
    "fatigue",
    "rash",
    "diarrhoea",
    "cough",
    "raised liver enzymes",
    "insomnia",
)
_MODELS = ("example-model-1", "example-model-2", "example-model-3")


def digest_page(number: int) -> str:
    """Return one page in layout A; the same number always gives the same page."""
    pick = random.Random(number)
    name = pick.choice(_ONSETS) + pick.choice(_MIDDLES) + pick.choice(_ENDS)
    compound = name.capitalize()
    condition, drug_class, outcome = pick.choice(_CONDITIONS), pick.choice(_CLASSES), pick.choice(_OUTCOMES)
    patients = pick.randrange(20, 2000)
    treated = patients // 2
    hits, misses = pick.randrange(1, treated), pick.randrange(1, treated)
    ratio = pick.randrange(40, 130) / 100
    low, high = ratio * 0.7, ratio * 1.4
    p = pick.choice(("p<0.001", "p=0.03", "p=0.21", "p=0.048"))
    first, second = pick.sample(_EVENTS, 2)
    dose, weeks = pick.choice((2, 5, 10, 20, 50, 150, 300)), pick.choice((4, 8, 12, 24, 52))
    date = f"20{pick.randrange(8, 26):02d}-{pick.randrange(1, 13):02d}"
    centres, age = pick.randrange(1, 90), pick.randrange(18, 60)
    return f"""Back to {compound} research
{name} {drug_class} rct n={patients} {date} ClinicalTrials

{compound} and {outcome.removeprefix("the ")} in people with {condition}

A Randomised Controlled Study of {compound} Versus Placebo in Adults With {condition.title()}

Background

People with {condition} have few good choices when the usual treatment stops helping, and many stop taking it. \
{compound} is a {drug_class} that was well tolerated in a small earlier study. Adults aged {age} or older with \
{condition} for at least six months could take part; pregnancy and severe kidney disease ruled a person out.

Results

In all, {patients} people at {centres} centres were assigned to {compound} at {dose} mg or to placebo for {weeks} weeks. \
The primary outcome was {outcome}. It was reached by {hits} of {treated} people ({100 * hits / treated:.1f}%) on \
{compound} and by {misses} of {treated} ({100 * misses / treated:.1f}%) on placebo (HR {ratio:.2f}, 95% CI \
{low:.2f}–{high:.2f}; {p}). The most common unwanted effects were {first} and {second}. Serious adverse events occurred \
in {pick.randrange(0, 9)} people, and {pick.randrange(0, 30)} left the study early. Follow-up went on for \
{weeks * 2} weeks after the last dose, without new safety findings.

Why It Matters

{condition.capitalize()} takes years of healthy life, so even a modest gain counts. The study was not large enough to \
judge rare harms, and whether {compound} works in older people with other illnesses is still open.


{name} {drug_class} {condition.split()[-1]} dose mentioned safety data present
Source: clinicaltrials:NCT{70_000_000 + number:08d} · Ingested 2026-0{pick.randrange(1, 10)}-15 · Digest: {pick.choice(_MODELS)}"""


def write_shelf(seeds: Path, digests: int) -> None:
    """Write that many pages into a folder."""
    seeds.mkdir(parents=True, exist_ok=True)
    for number in range(digests):
        (seeds / f"NCT{70_000_000 + number:08d}.txt").write_text(digest_page(number), encoding="utf-8", newline="")
