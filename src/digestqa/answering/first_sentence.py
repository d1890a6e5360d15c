"""The first sentence of a digest that says something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.reading.base import Range

if TYPE_CHECKING:
    from digestqa.library import DigestRecord, Library


def first_sentence(
    library: Library, digest: DigestRecord, says: Callable[[str], Range | None], confidence: float
) -> Finding | None:
    """Return the first sentence of a digest that says it, quoted whole.

    Args:
        library: an open library.
        digest: one of its digests.
        says: takes a sentence, returns the characters of it that say it, None where it does not.
        confidence: of the finding.
    """
    for passage in library.digest_passages(digest.id):
        for start, end in passage.sentences:
            if span := says(passage.text[start - passage.start : end - passage.start]):
                return Finding(digest, passage.section, (start + span[0], start + span[1]), (start, end), confidence)
    return None
