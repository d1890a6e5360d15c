"""Registry records through the whole intake: all go in, or are refused with a reason, and every page reads back.

    python benchmarks/registry_records.py RECORDS.jsonl.gz

RECORDS is any form that ``digestqa ingest`` takes: one record, a list, a page of ``studies``, JSON Lines, packed or
not. Checks for each page that its study, its headline and its sections read back as they were written, that every
sentence ends as one, that outcomes are labelled as planned exactly where no results are posted, and that a second
intake on another day writes nothing. Exit code 1 if anything is amiss.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from digestqa.digests import read_digest
from digestqa.intake import take_in
from digestqa.passages import split_passages
from digestqa.reading.claims import claim_of, has_no_results_yet
from digestqa.sentences import split_sentences

_NO_RESULTS = re.compile(r"No results (?:have been posted for this study|are available in this registry record)")
_HEADINGS = {"Background", "Study Design", "Outcomes", "Eligibility", "Results", "Adverse Events"}


def main() -> int:
    """Run the check and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", help="file of registry records")
    records = parser.parse_args().records
    amiss: list[str] = []
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder)
        today = date(2026, 1, 1)
        begun = time.process_time()
        taken = take_in([records], seeds, ingested=today)
        seconds = time.process_time() - begun
        for entry in taken:
            counts[entry.outcome] += 1
            if entry.path is None:
                print(f"refused: {entry.origin}: {entry.reason} ({entry.hint})")
            else:
                amiss += check_page(entry.path, counts)
        again = Counter(entry.outcome for entry in take_in([records], seeds, ingested=today + timedelta(days=1)))
        if again["copied"]:
            amiss.append(f"{again['copied']} pages were written again on the next day")
    print(", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())))
    print(f"{len(taken):,} records in {seconds:.1f} s of CPU time")
    print(*amiss, sep="\n")
    return 1 if amiss else 0


def check_page(path: Path, counts: Counter[str]) -> list[str]:
    """Return what is amiss with one written page."""
    digest = read_digest(path)
    found: list[str] = []
    if digest.source != path.stem or digest.registry != "clinicaltrials":
        found.append(f"{path.name}: the study reads back as {digest.source}")
    if digest.value("digest_model") != "registry record" or not digest.headline:
        found.append(f"{path.name}: footer or headline does not read back")
    if strange := [section.heading for section in digest.sections if section.heading not in _HEADINGS]:
        found.append(f"{path.name}: read as headings: {strange}")
    if any(line.kind == "other" for line in digest.lines):
        found.append(f"{path.name}: a line is in no section")
    sentences = [
        (section.heading, digest.text[start:end])
        for section in digest.sections
        for start, end in split_sentences(digest.text, section.start, section.end)
    ]
    counts["sentences"] += len(sentences)
    counts["passages"] += len(split_passages(digest))
    planned = has_no_results_yet(text for _, text in sentences)
    counts["pages without results"] += planned
    if planned != any(_NO_RESULTS.match(text) for _, text in sentences):
        found.append(f"{path.name}: results are {'posted' if planned else 'not posted'}, and its labels say otherwise")
    for heading, text in sentences:
        counts["sentences without an end"] += text[-1] not in ".!?"
        if planned and heading == "Outcomes" and re.match(r"(?:Primary|Secondary) outcome: ", text):
            counts["planned outcomes"] += 1
            if claim_of(text, no_results_yet=True) == "reported":
                found.append(f"{path.name}: a planned outcome is labelled as reported: {text[:80]}")
    return found


if __name__ == "__main__":
    sys.exit(main())
