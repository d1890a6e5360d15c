"""A conversation told over, with the numbers of the studies in the place of "the first one" and "the other study"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digestqa.choosing import chooses_studies
from digestqa.digests import find_source_ids
from digestqa.retrieval.terms import content_words
from digestqa.understanding.extremes import asked_extreme, extreme_of_ones, with_other_extreme
from digestqa.understanding.other_studies import asked_of, named
from digestqa.understanding.overviews import overview_of
from digestqa.understanding.pointing import Pointing, points_at
from digestqa.understanding.small_talk import is_small_talk
from digestqa.understanding.surveys import surveyed
from digestqa.understanding.terse_lists import as_full_list
from digestqa.understanding.things import may_mean_things
from digestqa.understanding.whole_library import asks_for_whole_library
from digestqa.understanding.wording import asks_which

if TYPE_CHECKING:
    from digestqa.understanding.extremes import ExtremeOfOnes
    from digestqa.understanding.meaning import Understood

NONE_CITED = "no study was cited before, so it cannot be known which is meant: name one by its number"
"""What a person is told who asks for "the second one" where nothing was listed."""
_MOST_TOLD = 6
_COMPARING = frozenset({"compare", "comparison", "comparing", "difference", "differences"})
_COMPARES_NAMED = re.compile(
    r"^\W*compare\s+(?:the\s+)?(?:[\w/+-]+\s+){0,4}?(?:trials|studies|digests|papers)\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """A question as it is told over.

    Attributes:
        question: with the studies that it points at by number, or as it was.
        history: the earlier questions, told over, oldest first.
        within: the studies that are meant, where it points at some of several; empty where it does not.
        missing: why it cannot be known what is meant; empty where it can.
    """

    question: str
    history: tuple[str, ...]
    within: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class _Cited:
    """What was cited before.

    Attributes:
        studies: several, as the last reply that had several cited them; empty where none had.
        held: those that the last question was about or answered from.
        ordered: whether their order is that of a reply.
    """

    studies: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    ordered: bool = True


_UNKNOWN = _Cited()


class Retelling:
    """Tells one conversation over; what was understood of it once is remembered.

    Args:
        understand: a question that is told over, after a history that is.
        cited_by: finds the studies that a question was answered from, or its nearest one.
        answered_by: finds those that it was answered from, and no other, in the order of its reply.
    """

    def __init__(
        self,
        understand: Callable[[str, Sequence[str]], Understood],
        cited_by: Callable[[Understood], tuple[str, ...]],
        answered_by: Callable[[Understood], tuple[str, ...]],
    ) -> None:
        self._understand = understand
        self._cited_by = cited_by
        self._answered_by = answered_by
        self._understood: dict[tuple[str, tuple[str, ...]], Understood] = {}
        self._cited_there: dict[tuple[str, tuple[str, ...]], _Cited] = {}

    def tell(self, question: str, history: Sequence[str], cited: Sequence[str] | None = None) -> Told:
        """Return a question and its history, told over.

        Args:
            question: as asked.
            history: earlier questions, oldest first.
            cited: the studies just cited, where the asker knows them; None finds them by the history.
        """
        earlier: tuple[str, ...] = ()
        for entry in history:
            told = self._tell(entry, earlier, None)
            if told.missing:
                continue  # nothing was answered
            said = told.question
            if told.within and asked_extreme(said) is not None:
                chosen = self._cited_by(among(self._understood_at(said, ()), told.within))
                said = f"tell me about {named(chosen)}" if chosen else entry
            earlier = (*told.history, said)
        return self._tell(question, earlier, cited)

    def _tell(self, question: str, history: tuple[str, ...], cited: Sequence[str] | None) -> Told:
        question = as_full_list(question)
        if extreme := extreme_of_ones(question):
            return self._tell_extreme(question, extreme, history, cited)
        if pointing := points_at(question):
            return self._tell_pointing(question, pointing, history, cited)
        return Told(question, history)

    def _tell_extreme(
        self, question: str, extreme: ExtremeOfOnes, history: tuple[str, ...], cited: Sequence[str] | None
    ) -> Told:
        place = _place_of_last(history)
        if place < 0:
            return Told(extreme.of_all, history)
        last = history[place]
        if extreme.bare and not (_lists(last) or asked_extreme(last) or overview_of(last) is not None):
            return Told(question, history)  # "the largest?", after doses, is one of them
        if other := with_other_extreme(last, extreme.of_all):
            return Told(other, history)
        if asks_for_whole_library(last) == "studies":
            return Told(extreme.of_all, history)
        studies = self._cited(history, cited).studies
        return Told(extreme.of_them, history, within=studies) if studies else Told(question, history)

    def _tell_pointing(
        self, question: str, pointing: Pointing, history: tuple[str, ...], cited: Sequence[str] | None
    ) -> Told:
        place = _place_of_last(history)
        if place < 0:
            # "In the second study" may be said of a programme; "the second one" is of nothing else.
            nothing_else = pointing.alone or not pointing.by_name
            return Told(question, history, missing=NONE_CITED) if nothing_else else Told(question, history)
        history, last = history[: place + 1], history[place]
        lists = _lists(last)
        known = self._cited(history, cited)
        things = _is_bare_extreme(last) and not pointing.by_name
        if not lists and (things or may_mean_things(pointing, last, of_one=len(known.held) == 1)):
            return Told(question, history)  # "and in the first one?", after "the second cohort", is a cohort
        if lists and not self._answered_by(self._understood_at(last, history[:place])):
            return Told(question, history, missing=NONE_CITED)
        if not known.studies and not lists:
            return Told(question, history)
        # Of the one study that a list found, "the first one" is that; "the other one" is of those listed before.
        of_last = lists and len(known.held) == 1 and (pointing.by_order or not known.studies)
        studies, ordered = (known.held, True) if of_last else (known.studies, known.ordered)
        meant = pointing.among(studies, known.held) if ordered or not pointing.by_order else ()
        if not meant:
            return Told(question, history, missing=_which_of(studies))
        if unnamed := [study for study in meant if not find_source_ids(study)]:
            return Told(question, history, missing=_without_number(unnamed))
        studies_named = named(meant)
        if not pointing.alone:
            return Told(pointing.told(studies, known.held), history, meant)
        if lists:
            return Told(f"tell me about {studies_named}", history, meant)
        start = self._start_of_subject(history)
        subject = history[start]
        whole = _lists(subject) or _only_compares(subject)
        subject = f"tell me about {studies_named}" if whole else asked_of(subject, studies_named)
        if start == len(history) - 1:
            return Told(subject, history, meant)
        # Asked of study after study, what leans would be repeated over and over.
        leaning = [entry for entry in dict.fromkeys(history[start + 1 : -1]) if entry != history[-1]]
        return Told(history[-1], (*history, subject, *leaning), meant)

    def _start_of_subject(self, history: tuple[str, ...]) -> int:
        """Return the place of the question that the last one leans on, or of itself."""
        for place in range(len(history) - 1, 0, -1):
            if not self._understood_at(history[place], history[:place]).carried:
                return place
        return 0

    def _cited(self, history: tuple[str, ...], cited: Sequence[str] | None) -> _Cited:
        """Return the several studies that were cited last, if those spoken of since are among them."""
        held: tuple[str, ...] = ()
        for place in range(len(history) - 1, -1, -1):
            if is_small_talk(history[place]):
                continue
            known = self._cited_of(history[place], history[:place])
            if not held and cited and not set(known.studies or known.held) <= set(cited):
                known = _Cited(tuple(cited), tuple(cited)) if len(cited) > 1 else _Cited((), tuple(cited))
            if known.studies:
                of_those = not held or set(held) <= set(known.studies)
                return _Cited(known.studies, held or known.held, known.ordered) if of_those else _Cited((), held)
            if not known.held:
                break
            held = held or known.held
        return _Cited((), held)

    def _understood_at(self, question: str, history: tuple[str, ...]) -> Understood:
        key = (question, history)
        if key not in self._understood:
            self._understood[key] = self._understand(question, history)
        return self._understood[key]

    def _cited_of(self, question: str, history: tuple[str, ...]) -> _Cited:
        key = (question, history)
        if key not in self._cited_there:
            self._cited_there[key] = self._cited_by_reply(self._understood_at(question, history))
        return self._cited_there[key]

    def _cited_by_reply(self, earlier: Understood) -> _Cited:
        if earlier.refused:
            return _UNKNOWN
        about = earlier.about
        if len(about) == 1:
            return _Cited((), about)
        answered = self._answered_by(earlier) or self._cited_by(earlier)
        if len(answered) > 1:
            return _Cited(answered, answered)
        if not about or (answered and chooses_studies(earlier.asked or earlier.text)):
            return _Cited((), answered)
        # Of several that were asked about, a reply that cites one or none has no order.
        return _Cited(about, answered, ordered=False)


def _place_of_last(history: Sequence[str]) -> int:
    """Return the place of the last question that is meant for the digests; -1 where there is none."""
    return next((place for place in range(len(history) - 1, -1, -1) if not is_small_talk(history[place])), -1)


def _lists(question: str) -> bool:
    """Tell whether studies are what a question asks for: not the cohorts or pages of one."""
    if len({found.source for found in find_source_ids(question)}) == 1 or _is_bare_extreme(question):
        return False
    asked = re.sub(r"\bcohorts\b", "groups", question, flags=re.IGNORECASE)
    return asks_which(asked) or chooses_studies(asked) or surveyed(asked) is not None


def _is_bare_extreme(question: str) -> bool:
    """Tell whether a question that is told over is "the largest?" still: of other things than studies."""
    extreme = extreme_of_ones(question)
    return extreme is not None and extreme.bare


def _only_compares(question: str) -> bool:
    """Tell whether a question says of studies no more than that they are compared."""
    return bool(_COMPARES_NAMED.search(question)) or _COMPARING.issuperset(content_words(asked_of(question, "")))


def _which_of(studies: Sequence[str]) -> str:
    told = ", ".join(studies[:_MOST_TOLD]) + (", …" if len(studies) > _MOST_TOLD else "")
    cited = f"{len(studies)} studies were" if len(studies) > 1 else "one study was"
    return f"{cited} cited before, and it cannot be known which is meant: name one by its number ({told})"


def _without_number(studies: Sequence[str]) -> str:
    limits = " ".join(f"--trial {study}" for study in studies)
    return f"{named(studies)} has no number that a question can name: limit it instead ({limits}, in a chat /about)"


def among(understood: Understood, studies: Sequence[str]) -> Understood:
    """Return a question asked of several studies that were spoken of."""
    filters = understood.filters.within_sources(studies)
    return replace(understood, filters=filters, carried=True, asked=understood.text)
