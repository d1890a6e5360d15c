"""From an understood question to the passages that are read, in groups that are read for themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digestqa.retrieval import Retrieved, Retriever
    from digestqa.understanding import Understood

PASSAGES_READ = 8
"""Passages read for a question about one study, or about one that is not known yet."""
PASSAGES_PER_STUDY = 8
"""Passages read of each study where a question names several."""
SURVEY_POOL = 60
SURVEY_STUDIES = 10
SURVEY_PASSAGES_PER_STUDY = 2
"""A question over many studies is read in the best passages of each, and each study is judged for itself: one study
must not take all the room."""


def search(understood: Understood, retriever: Retriever) -> list[list[Retrieved]]:
    """Return the passages to be read, best first, in groups whose evidence is weighed within the group.

    Args:
        understood: the question.
        retriever: of the library.
    """
    text, filters = understood.text, understood.filters
    if understood.reading == "each":
        groups = [
            retriever.retrieve(text, filters.within_sources([source]), PASSAGES_PER_STUDY)
            for source in understood.about
        ]
    elif understood.reading == "survey":
        groups = _by_study(retriever.retrieve(text, filters, SURVEY_POOL))
    else:
        groups = [retriever.retrieve(text, filters, PASSAGES_READ)]
    return [group for group in groups if group]


def _by_study(retrieved: Sequence[Retrieved]) -> list[list[Retrieved]]:
    """Return the best passages of each of the best studies; of header lines one of a study, of footer lines none."""
    by_study: dict[str, list[Retrieved]] = {}
    of_body: Counter[str] = Counter()
    lined: set[str] = set()
    for item in retrieved:
        source = item.passage.digest.source
        if item.passage.section in ("header", "footer"):
            if source in lined or item.passage.section == "footer":
                continue
            lined.add(source)
        elif of_body[source] < SURVEY_PASSAGES_PER_STUDY:
            of_body[source] += 1
        else:
            continue
        by_study.setdefault(source, []).append(item)
    return list(by_study.values())[:SURVEY_STUDIES]
