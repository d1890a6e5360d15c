"""A small shelf of digests written for the tests, and the values that tests share."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLANNED = """Back to Corvimab research
corvimab monoclonal antibody other 2025-03-14 ClinicalTrials

Corvimab Put to the Test Against Itching in Cholestasis

A Randomised Study of Corvimab for Cholestatic Pruritus in Adults

Background

Itching keeps many people with cholestasis awake, and few drugs help. Corvimab (CRV) blocks a receptor in the skin. \
Adults aged 18 to 70 with a worst-itch score of at least 5 may take part.

Results

This study is still recruiting and no results are available yet. The primary outcome is the change in the worst-itch \
score from baseline to week 12, and a fall of 2 points is expected with corvimab. Participants will receive 300 mg \
under the skin every four weeks.

Why It Matters

If successful, corvimab could spare patients the side effects of older drugs.


corvimab monoclonal antibody pruritus dose mentioned protocol relevant
Source: clinicaltrials:NCT90000001 · Ingested 2026-02-03 · Digest: example-model-1"""

REPORTED = """Back to Zelanide research
zelanide loop diuretic rct n=120 2019-07 ClinicalTrials

Zelanide Cuts Hospital Returns in Heart Failure

Zelanide Versus Furosemide After Discharge for Acute Heart Failure

Background

People sent home after acute heart failure often come back within weeks. Zelanide is taken once a day.

Study Design

The trial was double-blind and ran at 14 hospitals. Zelanide was given at 20 mg once daily for 90 days.

Results

Within 90 days, 11 of 60 patients (18.3%) on zelanide returned to hospital, against 22 of 60 (36.7%) on furosemide \
(HR 0.46, 95% CI 0.22–0.94; p=0.03). Two patients on zelanide had severe dizziness. Nobody died of low potassium.

Why It Matters

Fewer returns would ease the load on wards, but the trial was small.


zelanide loop diuretic heart failure dose mentioned safety data present
Source: clinicaltrials:NCT90000002 · Ingested 2026-01-20 · Digest: example-model-2"""

PAPER = """Back to Bervamine research
bervamine vitamin analogue meta analysis n=9 2026-04-03 PubMed

Nine Trials of Bervamine for Tremor, Taken Together

Bervamine for Essential Tremor: A Systematic Review and Meta-Analysis.

Background

Essential tremor makes writing and eating hard. Bervamine is sold over the counter.

Results

Across nine trials bervamine lowered tremor amplitude by 0.8 mm (95% CI −1.4 to −0.2). Nausea was the most common \
unwanted effect, in 12% of those who took it.


bervamine vitamin analogue tremor
Source: pubmed:31234567 · Ingested 2026-04-11 · Digest: example-model-1"""

DIGESTS = {"NCT90000001.txt": PLANNED, "NCT90000002.txt": REPORTED, "PMID_31234567.txt": PAPER}


@dataclass(frozen=True)
class Shelf:
    """A folder with seeds and a built library, as a person would have it."""

    folder: Path

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    @property
    def embeddings(self) -> Path:
        return self.folder / "embeddings"

    def copied(self, folder: Path) -> Shelf:
        """Return a copy; what it shares are the encoder's weights, 90 MB that no program writes into."""
        shutil.copytree(self.folder, folder, copy_function=_linked_weights)
        return Shelf(folder)


def _linked_weights(source: str, target: str) -> None:
    if source.endswith(".weights"):
        with contextlib.suppress(OSError):  # a file system without links
            os.link(source, target)
            return
    shutil.copy2(source, target)


def write_digests(seeds: Path, digests: dict[str, str] = DIGESTS) -> None:
    seeds.mkdir(parents=True, exist_ok=True)
    for name, text in digests.items():
        (seeds / name).write_text(text, encoding="utf-8", newline="")


Run = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """What a command line did.

    Attributes:
        code: the exit code.
        out: standard output.
        err: standard error.
    """

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Standard output without the marks around the answer."""
        return self.out.replace("▶", "").replace("◀", "")
