"""Studies that a question points at by their order in what was cited before: "the first one", "and the second?"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from digestqa.digests import find_source_ids
from digestqa.understanding.courtesy import place_of_asking
from digestqa.understanding.other_studies import named
from digestqa.understanding.things import KINDS, PLACES, of_a_thing

_COUNTS = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4, "five": 5, "5": 5}
_OF_TWO = ("former", "latter")
_AT_AN_END = ("first", "1st", "last")
Order = Literal["other", "next", "previous", "same"]
_RELATIVE: dict[str, Order] = {"other": "other", "next": "next", "previous": "previous"}
_STEPS = {"next": 1, "previous": -1}

_NOUN = rf"(?P<noun>ones?|{KINDS})"
# Without case, "ſ" and "ı" count as the "s" and "i" of a word that could then not be looked up.
_MENTION = (
    rf"(?:\b(?P<the>the) )?\b(?P<which>(?a:{'|'.join((*PLACES, *_RELATIVE))}))"
    rf"(?: (?P<count>(?a:{'|'.join(_COUNTS)})))?(?: {_NOUN})?(?![\w-])"
    r"|(?:\bthe )?(?:\b(?:number|no\.?|answer) |# ?)(?P<number>\d{1,2})\b"
)
_ANY = re.sub(r"\?P<\w+>", "?:", _MENTION)
_AND = r"(?:, (?:and |or )?| (?:and|or|&|versus|vs\.?) )"
_IN = r"(?:(?:in|of|for|from|with|by) )"
_MORE = rf"(?:{_AND}{_IN}?(?:{_ANY}))*"
_LEAD = r"(?:(?:and|but|or|so|ok(?:ay)?|also|then|now|please|what about|how about|same (?:for|in|with))\b[ ,]*)*"
_ALONE = rf"{_LEAD}(?P<in>{_IN}?)(?P<chain>(?=the |number|no\b|no\.|answer|#|.* (?:ones?|{KINDS})$)(?:{_ANY}){_MORE})"
_SHOWING = rf"{_LEAD}(?:show me|tell me (?:more )?about|give me|describe|summari[sz]e|(?:go )?(?:on|back) to) $"
_SAYING_WHICH = r"\b(?:about|summari[sz]e|describe|compare|between) $"
_NO_MORE = rf"(?:(?:{_AND}| (?:with|to|against) ){_IN}?(?:{_ANY}))*"

_IS_IT = (
    r"\b(?:this|it|that|they|these|those|there)(?: (?:one|trial|study|is|was|were|are|be|been|really|actually|also|"
    r"only|not|just))*(?:'s|'re)? $"
)
_OF_ALL = r"\b(?:most|least)\b(?: [\w-]+){1,3} of $"
_AFTER_IT = r"\b(?:after|before|since|until|following|prior to) $"
_MOVES_ON = r"\b(?:roll|continu|enter|transfer|cross|mov|carr|re-?enrol|came\b|come\b)"
"""With "from the first study": of studies in which the same people take part one after the other."""
_LEADS = (
    r"\b(?:in|of|for|from|with|by|at|on|to|than|about|versus|vs\.?|between|among|within|during|across|per|into|under|and|"
    r"or|was|were|is|are|did|does|do|has|have|had|will|would|can|could|should|compare|summari[sz]e|describe|explain|"
    r"show me) $"
)
_SAID_OF_ONE = (
    r"(?:'s\b| (?:finds?|found|show(?:s|ed)?|report(?:s|ed)?|concluded?|says?|said|do|did|does|enroll?(?:s|ed)?|"
    r"recruit(?:s|ed|ing)?|used?|uses|test(?:s|ed)?|ha(?:ve|d|s)|was|were|is|are|measured?|measures|last(?:ed)?|end(?:ed)?|"
    r"start(?:ed)?|beg[au]n|run|ran|included?|excluded?|stop(?:ped)?|work(?:ed)?|randomi[sz]ed?|blind(?:ed)?|double-blind|"
    r"open-label|finish(?:ed)?|complete(?:d)?|still|already|meet|met|give|gave|given|take|took|about|will|would|can|could|"
    r"compares?|compared|differs?|differed|plan(?:s|ned)?|aim(?:s|ed)?|fail(?:s|ed)?)\b)"
)
_PARTS = (
    r"(?:visit|arm|group|cohort|dose|day|week|month|year|hour|minute|period|phase(?! (?:\d|[ivx]+\b))|part|stage|step|"
    r"cycle|site|centre|center|hospital|clinic|drug|medication|medicine|treatment|therapy|product|intervention|procedure|"
    r"participant|patient|subject|person|people|volunteer|population|sample|protocol|injection|infusion|vaccination|"
    r"tablet|pill|capsule|session|assessment|measurement|endpoint|outcome|objective|nurse|doctor|physician|investigator|"
    r"team|staff|questionnaire|appointment|call|scan|hundred|thousand|third|half|quarter)"
)
_GOES_ON = (
    rf"(?:-\w| (?:that|who|which|whose|whom|ever|dosing|or two)\b| {_PARTS}s?(?![\w-])| to (?!the\b)"
    r"| of (?!(?:the )?(?:list|them|these|those)\b|(?:the )?(?:two|three|four|five|\d)\b))"
)
"""After "the first study": it is no study of a list, but a visit, or the first that was ever done."""
_DESCRIBES = (
    r" (?:(?:in|on|with|into|for|by|about|using) (?!(?:the|each|both|all|any|total|its|their|which|what|week|day|month|"
    r"year|\d+|average|placebo|detail)\b)|(?:test|investigat|examin|evaluat|explor|look|compar)ing\b)"
)
_BARE_END = r"(?:$|[,;:.?!]| (?:and|or|in|at|on|by|with|after|than|for|when|who|how)\b)"
_JOINED = rf"(?:^|[, ])(?:,|and|or|&|than|with|to|from|against|versus|vs\.?|as) (?:that |those )?{_IN}?$| (?:in|of) $"
_JOINING = rf"{_AND}{_IN}?|(?: [\w-]+)? (?:than|with|to|from|against|as|versus|vs\.?) (?:that |those )?{_IN}?"
_COMPARED = (
    rf"\b(?:compare|comparing|is|was|does|did|has|had|how|about) (?P<it>its?|(?:this|that) (?:one|{KINDS}))\b"
    rf".*\b(?:than|with|to|and|from|versus|vs\.?|against|as) (?:that )?{_IN}?$"
)
_HINT = rf"\b(?:{'|'.join((*PLACES, *_RELATIVE))})\b|#|\b(?:number|no\.?|answer) ?\d"
_MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where in what was cited before a study stands, or several that follow each other.

    Attributes:
        at: from 0, from -1 at the end; or in which order it stands to those spoken of last.
        count: studies from there; None for several, which does not say how many.
        of_two: whether it says that there are two.
    """

    at: int | Order
    count: int | None = 1
    of_two: bool = False

    def among(self, studies: Sequence[str], held: Collection[str]) -> tuple[str, ...]:
        """Return the studies that are meant; empty where that cannot be known."""
        if self.of_two and len(studies) != 2:
            return ()
        if self.at == "other":
            others = tuple(study for study in studies if study not in held)
            known = len(others) < len(studies) and self.count in (None, len(others))
            return others if known else ()
        if self.count is None:
            return ()
        if isinstance(self.at, int):
            first = self.at if self.at >= 0 else len(studies) - self.count
            meant = tuple(studies[first : first + self.count]) if first >= 0 else ()
            return meant if len(meant) == self.count else ()
        if self.count != 1 or len(held) != 1:
            return ()
        (current,) = held
        if self.at == "same":
            return (current,)
        there = studies.index(current) + _STEPS[self.at] if current in studies else -1
        return (studies[there],) if 0 <= there < len(studies) else ()


@dataclass(frozen=True, slots=True)
class Pointing:
    """Which of the studies cited before a question points at.

    Attributes:
        places: in the order in which it says them.
        around: what it says before, between and after them.
        by_name: whether it says that a study is meant; "the second" alone may be of any things.
        alone: whether it says no more than which is meant: what is asked is what was asked before.
        inside: whether what is asked is in it; nothing is in a dose or an outcome.
    """

    places: tuple[Place, ...]
    around: tuple[str, ...]
    by_name: bool = False
    alone: bool = True
    inside: bool = False

    @property
    def by_order(self) -> bool:
        """Whether the order of the studies tells which is meant."""
        return any(isinstance(place.at, int) for place in self.places)

    def among(self, studies: Sequence[str], held: Collection[str]) -> tuple[str, ...]:
        """Return the studies that are meant, each once; empty where one of them cannot be known.

        Args:
            studies: as they were cited, in their order.
            held: those that were spoken of last.
        """
        return tuple(dict.fromkeys(study for meant in self._each(studies, held) for study in meant))

    def told(self, studies: Sequence[str], held: Collection[str]) -> str:
        """Return the question with the numbers of the studies that are meant in the place of their order."""
        each = [*map(named, self._each(studies, held)), ""]
        return "".join(words + number for words, number in zip(self.around, each, strict=True))

    def _each(self, studies: Sequence[str], held: Collection[str]) -> list[tuple[str, ...]]:
        each: list[tuple[str, ...]] = []
        for place in self.places:
            # After "compare the first one", "with the other one" is another than that.
            spoken_of = {study for meant in each for study in meant} or held
            each.append(place.among(studies, spoken_of))
        return each if all(each) else []


@dataclass(frozen=True, slots=True)
class _Said:
    """Words for a place.

    Attributes:
        start: first character in the question.
        end: one past the last.
        number: of "#2"; None for words.
        which: in lower case; empty for a number.
        count: of "the first two"; None where it does not say.
        noun: in lower case; empty where there is none.
        joined: whether it goes on from the words before, as in "the first and second study".
        the: whether an article stands before it, or before those that it goes on from.
    """

    start: int
    end: int
    number: int | None
    which: str
    count: int | None
    noun: str
    joined: bool
    the: bool

    @property
    def by_name(self) -> bool:
        return bool(self.noun) and not self.noun.startswith("one")

    @property
    def step(self) -> bool:
        return self.which in _STEPS

    @property
    def several(self) -> bool:
        return bool(self.count) or (self.noun.endswith("s") and (not self.joined or self.which == "other"))

    @property
    def place(self) -> Place | None:
        if self.number is not None:
            return Place(self.number - 1) if self.number else None
        count = self.count or (None if self.several else 1)
        return Place(_RELATIVE.get(self.which) or PLACES[self.which], count, self.which in _OF_TWO)


def points_at(question: str) -> Pointing | None:
    """Return which of the studies cited before a question points at by their order; None where it does not."""
    if len(question) > _MOST_CHARS or not re.search(_HINT, question, re.IGNORECASE) or find_source_ids(question):
        return None
    _, end = place_of_asking(question)
    plain = " ".join(question[:end].replace("’", "'").split()).rstrip(" ?!.,;:")
    alone = re.fullmatch(_ALONE, plain, re.IGNORECASE)
    said = _said_in(alone["chain"]) if alone else _meant(plain)
    if not said or (alone and any(each.step and each.several for each in said)):
        return None  # "previous studies?" are those of a programme
    places = tuple(place for each in said if (place := each.place))
    if len(places) < len(said):
        return None
    by_name = any(each.by_name for each in said)
    if alone:
        return Pointing(places, (), by_name, inside=alone["in"].lower() == "in ")
    before = plain[: said[0].start]
    spans = [(each.start, each.end) for each in said]
    if compared := re.search(_COMPARED, before, re.IGNORECASE):
        spans, places = [compared.span("it"), *spans], (Place("same"), *places)
    starts, stops = [0, *(stop for _, stop in spans)], [*(start for start, _ in spans), len(plain)]
    around = [plain[start:stop] for start, stop in zip(starts, stops, strict=True)]
    if compared and compared["it"].lower() == "its":
        around[1] = f"'s{around[1]}"
    around[-1] += "?" if question.endswith("?") else ""
    inside = bool(re.search(r"\bin $", before, re.IGNORECASE))
    return Pointing(places, tuple(around), by_name, alone=False, inside=inside)


def _said_in(plain: str) -> list[_Said]:
    said: list[_Said] = []
    for match in re.finditer(_MENTION, plain, re.IGNORECASE):
        number, count, last = match["number"], match["count"], said[-1] if said else None
        between = plain[last.end : match.start()] if last else ""
        joined = bool(re.fullmatch(rf"{_AND}{_IN}?", between, re.IGNORECASE))
        said.append(
            _Said(
                *match.span(),
                number=int(number) if number else None,
                which=(match["which"] or "").lower(),
                count=_COUNTS[count.lower()] if count else None,
                noun=(match["noun"] or "").lower(),
                joined=joined,
                the=bool(match["the"]) or (joined and last is not None and last.the),
            )
        )
    return said


def _meant(plain: str) -> list[_Said]:
    """Return where a question that says more than which is meant points at studies."""
    said = _said_in(plain)
    if any(re.search(_IS_IT, plain[: each.start], re.IGNORECASE) for each in said):
        return []  # "was this the first trial?"
    meant = {place for place, each in enumerate(said) if _means_a_study(each, plain)}
    pairs = [(place, place + 1, plain[one.end : other.start]) for place, (one, other) in enumerate(pairwise(said))]
    for one, other, between in pairs:
        if one in meant and re.search(_JOINED, between, re.IGNORECASE) and _ends(said[other], plain):
            meant.add(other)
    for one, other, between in reversed(pairs):
        if other in meant and said[one].the and re.fullmatch(_JOINING, between, re.IGNORECASE):
            meant.add(one)
    return [said[place] for place in sorted(meant)]


def _means_a_study(said: _Said, plain: str) -> bool:
    before, after = plain[: said.start], plain[said.end :]
    if said.number is not None or not (said.noun or said.count):
        return bool(re.search(_SAYING_WHICH, before, re.IGNORECASE) and re.fullmatch(_NO_MORE, after, re.IGNORECASE))
    if not said.the or (said.several and not said.count and said.which != "other"):
        return False
    if said.step and (said.several or (said.by_name and (after or not re.fullmatch(_SHOWING, before, re.IGNORECASE)))):
        return False
    if re.search(rf"{_OF_ALL}|{_AFTER_IT}", before, re.IGNORECASE) or (not said.by_name and of_a_thing(before)):
        return False
    if re.search(r"\bfrom $", before, re.IGNORECASE) and re.search(_MOVES_ON, plain, re.IGNORECASE):
        return False
    ends = not after or after[0] in ",;:.?!" or bool(re.match(_SAID_OF_ONE, after, re.IGNORECASE))
    if not said.noun or not _ends(said, plain):
        return ends and not said.noun
    if said.which in _AT_AN_END and re.match(_DESCRIBES, after, re.IGNORECASE):
        return False  # "the first trial in adults" is that of all
    return ends or bool(re.search(_LEADS, before, re.IGNORECASE))


def _ends(said: _Said, plain: str) -> bool:
    """Tell whether it may be called no more than that: after "the first study" goes on no "visit"."""
    after = plain[said.end :]
    return bool(re.match(rf"(?!{_GOES_ON})" if said.noun else _BARE_END, after, re.IGNORECASE))
