"""The question as it is meant: its words, the studies that it is about, and how they are to be read."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from digestqa.conversation import (
    MAX_HISTORY,
    ResolvedQuestion,
    chooses_studies,
    leans_on_history,
    may_stay,
    only_names_a_study,
    resolve,
    stays,
)
from digestqa.names import fold
from digestqa.retrieval.naming import (
    FURTHER_GAIN,
    FURTHER_GAIN_OF_SEVERAL,
    LEAST_SCORE,
    Description,
    StudyNaming,
    sources_of,
)
from digestqa.retrieval.scope import Filters, named_studies, not_in_library
from digestqa.retrieval.terms import words
from digestqa.understanding.extremes import asked_extreme, asks_for_extreme_of_all, weighs_studies
from digestqa.understanding.overviews import asks_for_overview_of_what_was_spoken_of
from digestqa.understanding.phases import lists_phase
from digestqa.understanding.small_talk import is_small_talk
from digestqa.understanding.whole_library import asks_for_whole_library
from digestqa.understanding.wording import (
    asks_everywhere,
    asks_several,
    asks_which,
    joins_things,
    sides,
    speaks_of_a_study,
    studies_asked,
    written_out,
)

if TYPE_CHECKING:
    from digestqa.library import Library

Reading = Literal["together", "each", "survey"]
"""How the studies are read: all passages against each other, each study for itself, or many studies a little."""

_MOST_REMEMBERED = 64
_SHARE_OF_SEVERAL = 0.5
"""Of the best score: as many studies as were asked for ("the two … trials") have at least that much, and no other."""

_SHARE_OF_A_SIDE = 0.85
"""The same of one side of a comparison: it has fewer words, and a name that the other side has too."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is meant.

    Attributes:
        text: what is searched and read.
        shown: what a person is shown as understood; equal to the question where that stands alone.
        filters: the scope, the studies that the question is about among its sources.
        carried: whether words or scope were taken from the history.
        reading: how the studies are read.
        refused: whether the question names only studies that are not there: nothing else may answer for them.
        notes: what a person must know.
        earlier: the question that it leans on, as it was understood; None where it stands alone.
        asked: a follow-up's own words; empty where the question stands alone.
    """

    text: str
    shown: str
    filters: Filters
    carried: bool = False
    reading: Reading = "together"
    refused: bool = False
    notes: tuple[str, ...] = ()
    earlier: Understood | None = None
    asked: str = ""

    @property
    def about(self) -> tuple[str, ...]:
        """The studies that it is about, as far as they are known."""
        return tuple(source for source in self.filters.sources if source)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two studies that are set side by side.

    Attributes:
        studies: ids of their digests.
        shared: whether both sides have a name in common ("A with B and A with C").
    """

    studies: tuple[int, int]
    shared: bool


CitedBy = Callable[[Understood], tuple[str, ...]]
"""Finds the studies that an earlier question was answered from."""


@dataclass(slots=True)
class Understander:
    """Understands questions over one library.

    Attributes:
        library: an open library.
        naming: tells which studies words describe.
    """

    library: Library
    naming: StudyNaming
    _cited: OrderedDict[tuple[object, ...], tuple[str, ...]] = field(default_factory=OrderedDict)

    def understand(
        self,
        question: str,
        history: Sequence[str],
        filters: Filters,
        cited_by: CitedBy,
        *,
        cited: Sequence[str] | None = None,
        everywhere: bool = False,
    ) -> Understood:
        """Return what a question means.

        Args:
            question: as asked.
            history: earlier questions, oldest first.
            filters: exact limits that were given with it.
            cited_by: finds what an earlier question was answered from, where that must be known.
            cited: the studies just cited, where the asker knows them; None finds them by the history.
            everywhere: carry no scope from the history.
        """
        question = question.strip()
        history = [entry.strip() for entry in history[-MAX_HISTORY:] if entry.strip()]
        after_others = bool(history) and asks_for_whole_library(history[-1]) is None
        if asks_for_whole_library(question, after_others=after_others) or is_small_talk(question):
            return Understood(question, question, filters, reading="survey", notes=self._missing_of(filters))
        if _asks_for_some_of_all(question):
            return self._alone(question, filters)
        leans = True if history and asks_for_overview_of_what_was_spoken_of(question) else None
        resolved = resolve(question, history, self.naming.describe, leans=leans)
        anywhere = everywhere or asks_everywhere(question)
        if not history or not (resolved.carried or (may_stay(question) and not anywhere and not asks_which(question))):
            return self._alone(question, filters)
        earlier = self.understand(history[-1], history[:-1], filters, cited_by)
        if only_names_a_study(question):
            return self._asked_of_named(question, resolved, filters, earlier)
        if earlier.refused and not anywhere and (resolved.carried or self._stays(question, ())):
            # Of a study that is not there, nothing more can be said either.
            return replace(earlier, text=resolved.text, shown=resolved.shown, carried=True, earlier=earlier)
        scope: Sequence[str] = ()
        asked = question
        if not anywhere and not earlier.refused:
            scope = cited if cited is not None else self._spoken_of(earlier, cited_by)
            if resolved.carried and (other := self._other_study(question, scope)):
                # It only says of which study; what is asked is what was asked before.
                scope, asked = other, earlier.asked or earlier.text
        scope = [source for source in scope if not filters.sources or source in filters.sources]
        if not resolved.carried:
            if not scope or not self._stays(question, scope):
                return self._alone(question, filters)
            # Few words lack what the earlier question says; more of them say themselves what they ask for.
            resolved = resolve(question, history, self.naming.describe, leans=leans_on_history(question))
        return Understood(
            text=written_out(resolved.text),
            shown=resolved.shown,
            filters=filters.within_sources(scope),
            carried=True,
            reading=self._reading(scope, earlier, anywhere),
            notes=earlier.notes,
            earlier=earlier,
            asked=written_out(asked),
        )

    def _asked_of_named(
        self, question: str, resolved: ResolvedQuestion, filters: Filters, earlier: Understood
    ) -> Understood:
        """Return the earlier question, put to the studies that a follow-up names by their numbers."""
        alone = self._alone(question, filters)
        if alone.refused:
            return alone
        asked = written_out(earlier.asked or earlier.text)
        text = written_out(resolved.text)
        return replace(alone, text=text, shown=resolved.shown, carried=True, earlier=earlier, asked=asked)

    def _other_study(self, question: str, scope: Sequence[str]) -> tuple[str, ...]:
        """Return the study that a follow-up only names ("the sirolimus trial?", "with sirolimus?"); empty if it stays.

        A compound's name is enough where the studies under discussion do not hold it.
        """
        described = self.naming.describe(question)
        meant = described.decisive
        if meant is None or self._stays(question, scope):
            return ()
        if not (speaks_of_a_study(question) or any(meant in term.compound for term in described.terms)):
            return ()
        if not all(term.frame or meant in term.anywhere for term in described.terms):
            return ()
        return sources_of(self.library, [meant])

    def _stays(self, question: str, scope: Sequence[str]) -> bool:
        digests = [digest.id for source in scope for digest in self.library.find_digests(source)]

        def words_of_studies() -> frozenset[str]:
            return frozenset(word for digest_id in digests for word in words(self.library.digest_text(digest_id)))

        return stays(self.naming.describe(question), digests, words_of_studies)

    @staticmethod
    def _reading(scope: Sequence[str], earlier: Understood, everywhere: bool) -> Reading:
        if len(scope) > 1:
            return "each"
        return "survey" if not scope and (everywhere or earlier.reading == "survey") else "together"

    def _alone(self, question: str, filters: Filters) -> Understood:
        text = written_out(question)
        named = named_studies(question, self.library)
        notes = [*named.notes, *self._missing_of(filters)]
        if named.unknown and not named.known:
            return Understood(text, question, filters, refused=True, notes=tuple(notes))
        if named.known:
            outside = [source for source in named.known if filters.sources and source not in filters.sources]
            if outside:
                limits = ", ".join(filters.sources)
                notes.append(f"the question names {', '.join(outside)}, but the search is limited to {limits}")
            reading: Reading = "each" if len(named.known) - len(outside) > 1 else "together"
            return Understood(text, question, filters.within_sources(named.known), reading=reading, notes=tuple(notes))
        if asks_everywhere(question) or asked_extreme(question) or lists_phase(question) or weighs_studies(question):
            return Understood(text, question, filters, reading="survey", notes=tuple(notes))
        described = self._described(question, filters)
        if described:
            reading = "each" if len(described) > 1 else "together"
            return Understood(text, question, filters.within_sources(described), reading=reading, notes=tuple(notes))
        reading = "survey" if asks_which(question) or asks_several(question) else "together"
        return Understood(text, question, filters, reading=reading, notes=tuple(notes))

    def _described(self, question: str, filters: Filters) -> tuple[str, ...]:
        """Return the studies that a question describes unmistakably; empty where it is not certain."""
        if len(filters.sources) == 1:
            return ()
        description = self.naming.describe(question)
        chosen: list[int] = []
        if asks_several(question):
            of_sides = self._of_sides(question)
            chosen = description.cover(FURTHER_GAIN_OF_SEVERAL)
            if of_sides is not None and of_sides.shared:
                # A name that stands on both sides is asked about with each.
                chosen = list(of_sides.studies)
            wanted = studies_asked(question) or 0
            if len(chosen) < wanted:
                chosen = description.best(_SHARE_OF_SEVERAL)
                if len(chosen) != wanted:
                    return ()
            if len(chosen) < 2 and of_sides is not None:
                chosen = list(of_sides.studies)
        elif joins_things(question):
            chosen = description.cover(FURTHER_GAIN)
        if len(chosen) < 2:
            chosen = self._one(description, question)
        sources = sources_of(self.library, chosen)
        return tuple(source for source in sources if not filters.sources or source in filters.sources)

    def _of_sides(self, question: str) -> _Sides | None:
        """Return the studies that the two sides of a question describe, each by a name that the other has not."""
        parts = sides(question)
        if parts is None:
            return None
        left, right = map(self.naming.describe, parts)
        if min(left.scores.best, right.scores.best) < LEAST_SCORE:
            return None
        ours, theirs = left.best(_SHARE_OF_A_SIDE), right.best(_SHARE_OF_A_SIDE)
        if len(ours) != 1 or len(theirs) != 1:
            return None
        if not (left.sets_apart(*ours, *theirs) and right.sets_apart(*theirs, *ours)):
            return None
        names = [{fold(term.text) for term in side.terms if term.weight > 0 and term.named} for side in (left, right)]
        return _Sides((ours[0], theirs[0]), shared=not names[0].isdisjoint(names[1]))

    @staticmethod
    def _one(description: Description, question: str) -> list[int]:
        if asks_which(question) or description.decisive is None:
            return []
        return [description.decisive]

    def _spoken_of(self, earlier: Understood, cited_by: CitedBy) -> tuple[str, ...]:
        """Return the studies that an earlier question was about, or of which it chose some, or that answered it."""
        if earlier.about and not (earlier.carried and chooses_studies(earlier.asked)):
            return earlier.about
        return self._cited_by(earlier, cited_by) or earlier.about

    def _cited_by(self, earlier: Understood, cited_by: CitedBy) -> tuple[str, ...]:
        key = (earlier.text, earlier.filters, self.library.state)
        if key not in self._cited:
            self._cited[key] = cited_by(earlier)
            if len(self._cited) > _MOST_REMEMBERED:
                self._cited.popitem(last=False)
        return self._cited[key]

    def _missing_of(self, filters: Filters) -> tuple[str, ...]:
        missing = [given for given in filters.sources if not self.library.find_digests(given)]
        return tuple(not_in_library(given, self.library) for given in missing)


def _asks_for_some_of_all(question: str) -> bool:
    """Tell whether studies of the library are asked for in few words, whatever was spoken of before."""
    among_some = re.search(r"\b(?:them|these|those|ones)\b", question, re.IGNORECASE)
    return asks_for_extreme_of_all(question) or (lists_phase(question) and not among_some)
