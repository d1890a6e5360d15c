"""Studies that a question points at by their order in what was cited before: "the first one", "and the second?"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from digestqa.digests import find_source_ids

_PLACES = {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
    "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6, "eighth": 7, "8th": 7, "ninth": 8, "9th": 8, "tenth": 9,
    "10th": 9, "last": -1, "latter": -1,
}  # fmt: skip
_COUNTS = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4, "five": 5, "5": 5}
_OF_TWO = ("former", "latter")
Order = Literal["other", "next", "previous"]
_RELATIVE: dict[str, Order] = {"other": "other", "next": "next", "previous": "previous"}
_STEPS = {"next": 1, "previous": -1}
_WHICH = rf"(?P<which>{'|'.join((*_PLACES, *_RELATIVE))})"
_COUNT = rf"(?:\s+(?P<count>{'|'.join(_COUNTS)}))?"
_KINDS = r"(?:stud(?:y|ies)|trials?|digests?|papers?)"
_STUDIES = rf"(?P<studies>{_KINDS})"
_LEAD = r"(?:(?:and|but|or|so|ok(?:ay)?|also|then|now|please|what about|how about|same (?:for|in|with))\b[\s,]*)*"
_IN = r"(?:(?:in|of|for|from|with|by)\s+)?"
_ALONE = (
    rf"{_LEAD}{_IN}the\s+{_WHICH}{_COUNT}(?:\s+(?:ones?|{_STUDIES}))?(?:\s+(?:please|then))?",
    rf"{_LEAD}{_IN}{_WHICH}{_COUNT}\s+(?:ones?|{_STUDIES})(?:\s+(?:please|then))?",
    rf"{_LEAD}{_IN}(?:the\s+)?(?:(?:number|no\.?|answer)\s+|#\s?)(?P<number>\d{{1,2}})",
)
_NOT_IT = r"\b(?:this|it|that|they|these|those|there|most|least)\b"
_SAID_OF_ONE = (
    r"(?:'s\b|\s+(?:finds?|found|show(?:s|ed)?|report(?:s|ed)?|concluded?|says?|said|do|did|does|enroll?(?:s|ed)?|"
    r"recruit(?:s|ed|ing)?|used?|uses|test(?:s|ed)?|ha(?:ve|d|s)|was|were|is|are|measured?|measures|last(?:ed)?|end(?:ed)?|"
    r"start(?:ed)?|beg[au]n|run|ran|included?|excluded?|stop(?:ped)?|work(?:ed)?|randomi[sz]ed?|blind(?:ed)?|double-blind|"
    r"open-label|finish(?:ed)?|complete(?:d)?|still|already|meet|met|give|gave|given|take|took|about)\b)"
)
_WITHIN = (
    rf"\bthe\s+{_WHICH}(?:{_COUNT}\s+(?:ones?|{_STUDIES})|(?P<many>\s+(?:{'|'.join(_COUNTS)})))(?=\W*$|{_SAID_OF_ONE})",
    rf"(?:(?<=\babout )|(?<=\bsummari[sz]e )|(?<=\bdescribe ))the\s+{_WHICH}(?=\W*$)",
    r"(?<=\babout )(?:the\s+)?(?:number\s+|#\s?)(?P<number>\d{1,2})(?=\W*$)",
)
_HINT = rf"\b(?:{'|'.join((*_PLACES, *_RELATIVE))})\b|#|\b(?:number|no\.?|answer) ?\d"
_THINGS = r"(?:arm|cohort|group|part|phase|stage|level|cycle|step|visit|period)"
_COUNTS_THINGS = re.compile(
    rf"\b(?:{'|'.join(word for word, place in _PLACES.items() if place >= 0)})\s+(?!(?:ones?|{_KINDS})\b)\w"
    rf"|\b{_THINGS}\s+(?:\d|[A-Z]\b|i+\b|one|two|three)|\b(?:each|which|both|two|three|four)\s+(?:[\w-]+\s+)?{_THINGS}s?\b",
    re.IGNORECASE,
)
_MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class Pointing:
    """Which of the studies cited before a question points at.

    Attributes:
        place: from 0, from -1 at the end; or in which order it stands to the one spoken of last.
        count: studies from there.
        of_two: whether it says that there are two.
        before: what the question says before it.
        after: what it says after it.
        by_name: whether it says that a study is meant; "the second" alone may be of any things.
        alone: whether it says no more than which is meant: what is asked is what was asked before.
    """

    place: int | Order
    count: int = 1
    of_two: bool = False
    before: str = ""
    after: str = ""
    by_name: bool = False
    alone: bool = True

    def among(self, studies: Sequence[str], held: Collection[str]) -> tuple[str, ...]:
        """Return the studies that are meant; empty where that cannot be known.

        Args:
            studies: as they were cited, in their order.
            held: those that were spoken of last.
        """
        if self.of_two and len(studies) != 2:
            return ()
        if isinstance(self.place, int):
            first = self.place if self.place >= 0 else len(studies) - self.count
            meant = tuple(studies[first : first + self.count]) if first >= 0 else ()
            return meant if len(meant) == self.count else ()
        if self.count != 1 or len(held) != 1:
            return ()
        (current,) = held
        if self.place == "other":
            others = tuple(study for study in studies if study != current)
            return others if len(others) == 1 else ()
        there = studies.index(current) + _STEPS[self.place] if current in studies else -1
        return (studies[there],) if 0 <= there < len(studies) else ()


def points_at(question: str) -> Pointing | None:
    """Return which of the studies cited before a question points at by their order; None where it does not."""
    if len(question) > _MOST_CHARS or not re.search(_HINT, question, re.IGNORECASE) or find_source_ids(question):
        return None
    plain = " ".join(question.replace("’", "'").split()).rstrip(" ?!.,;:")
    for pattern in _ALONE:
        if match := re.fullmatch(pattern, plain, re.IGNORECASE):
            return _pointing(match)
    for pattern in _WITHIN:
        if (match := re.search(pattern, plain, re.IGNORECASE)) and not re.search(
            _NOT_IT, plain[: match.start()], re.IGNORECASE
        ):
            return _pointing(match, plain[: match.start()], plain[match.end() :])
    return None


def _pointing(match: re.Match[str], before: str | None = None, after: str = "") -> Pointing | None:
    said = {name: (value or "").lower() for name, value in match.groupdict().items()}
    alone = before is None
    if number := said.get("number"):
        return Pointing(int(number) - 1, 1, before=before or "", after=after, alone=alone) if int(number) else None
    which = said["which"]
    return Pointing(
        _RELATIVE[which] if which in _RELATIVE else _PLACES[which],
        _COUNTS.get(said.get("count") or said.get("many", "").strip(), 1),
        of_two=which in _OF_TWO,
        before=before or "",
        after=after,
        by_name=bool(said.get("studies")),
        alone=alone,
    )


def counts_things(question: str) -> bool:
    """Tell whether a question speaks of an order of other things than studies: "the first cohort", "which arm"."""
    return bool(_COUNTS_THINGS.search(question))


_BESIDE_ID = re.compile(
    r"[\s,;]*(?:\b(?:and|or|versus|with|than|to)\b|\bvs\b\.?|&)?\s*(?:\b(?:in|of|for|with|from)\s+)?$", re.IGNORECASE
)


def asked_of(question: str, studies: str) -> str:
    """Return an earlier question asked of other studies: its numbers replaced by theirs, or theirs added to it.

    Args:
        question: with the numbers of studies, or without any.
        studies: numbers, as they are put into a sentence.
    """
    found = find_source_ids(question)
    if not found:
        return f"{question.rstrip(' ?!.')} in {studies}?"
    for later in reversed(found[1:]):
        kept = _BESIDE_ID.sub("", question[: later.start])
        question = kept + question[later.end :]
    return question[: found[0].start] + studies + question[found[0].end :]


def named(studies: Sequence[str]) -> str:
    """Return the numbers of studies as they are put into a sentence."""
    return f"{', '.join(studies[:-1])} and {studies[-1]}" if len(studies) > 1 else studies[0]
