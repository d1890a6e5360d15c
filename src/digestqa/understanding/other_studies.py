"""An earlier question asked of other studies: their numbers in the place of those that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digestqa.digests import find_source_ids

_BESIDE_ID = r"[ ,;]*(?:\b(?:and|or|versus|with|than|to)\b|\bvs\b\.?|&)? ?(?:\b(?:in|of|for|with|from) )?$"
_LONGEST_BESIDE = 40


def asked_of(question: str, studies: str) -> str:
    """Return an earlier question asked of other studies: its numbers replaced by theirs, or theirs added to it.

    Args:
        question: with the numbers of studies, or without any.
        studies: numbers, as they are put into a sentence.
    """
    question = " ".join(question.split())
    found = find_source_ids(question)
    if not found:
        return f"{question.rstrip(' ?!.')} in {studies}?"
    for later in reversed(found[1:]):
        # Only so much is looked at that a run of marks takes no time.
        kept = max(0, later.start - _LONGEST_BESIDE)
        beside = re.sub(_BESIDE_ID, "", question[kept : later.start], count=1, flags=re.IGNORECASE)
        question = question[:kept] + beside + question[later.end :]
    return question[: found[0].start] + studies + question[found[0].end :]


def named(studies: Sequence[str]) -> str:
    """Return the numbers of studies as they are put into a sentence."""
    return f"{', '.join(studies[:-1])} and {studies[-1]}" if len(studies) > 1 else studies[0]
