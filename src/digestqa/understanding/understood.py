"""The question as it is meant: its words, the studies that it is about, and how they are to be read."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from digestqa.choosing import chooses_studies
from digestqa.conversation import (
    MAX_HISTORY,
    ResolvedQuestion,
    leans_on_history,
    may_stay,
    only_names_a_study,
    resolve,
    stays,
)
from digestqa.digests import find_source_ids
from digestqa.retrieval.naming import (
    StudyNaming,
    sources_of,
)
from digestqa.retrieval.scope import Filters, named_studies, not_in_library
from digestqa.retrieval.terms import words
from digestqa.understanding.described import described_studies
from digestqa.understanding.extremes import asked_extreme, asks_for_extreme_of_all, weighs_studies
from digestqa.understanding.meaning import CitedBy, Reading, Understood
from digestqa.understanding.other_studies import asked_of, named
from digestqa.understanding.overviews import (
    FEW_STUDIES,
    MOST_STUDIES_TOLD,
    WHICH_STUDY,
    asks_for_overview_of_what_was_spoken_of,
    only_introduces,
)
from digestqa.understanding.phases import lists_phase
from digestqa.understanding.retelling import Retelling, among
from digestqa.understanding.small_talk import is_small_talk
from digestqa.understanding.whole_library import asks_for_whole_library
from digestqa.understanding.wording import (
    asks_everywhere,
    asks_several,
    asks_which,
    speaks_of_a_study,
    written_out,
)

if TYPE_CHECKING:
    from digestqa.library import Library

_MOST_REMEMBERED = 64


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
        answered_by: CitedBy | None = None,
        cited: Sequence[str] | None = None,
        everywhere: bool = False,
    ) -> Understood:
        """Return what a question means.

        Args:
            question: as asked.
            history: earlier questions, oldest first.
            filters: exact limits that were given with it.
            cited_by: finds what an earlier question was answered from, or nearly so, where that must be known.
            answered_by: finds what it was answered from, and no more, in its order; None takes `cited_by`.
            cited: the studies just cited, where the asker knows them; None finds them by the history.
            everywhere: carry no scope from the history.
        """
        question = question.strip()
        history = [entry.strip() for entry in history[-MAX_HISTORY:] if entry.strip()]
        retelling = Retelling(
            lambda asked, before: self._told_over(asked, before, filters, cited_by),
            lambda earlier: self._cited_by(earlier, cited_by),
            answered_by or cited_by,
        )
        history = self._without_unclear(history, retelling, filters, cited_by)
        told = retelling.tell(question, history, cited)
        if told.missing:
            return Understood(question, question, filters, refused="unclear", notes=(told.missing,))
        if told.within and asked_extreme(told.question) is not None:
            return among(self._alone(told.question, filters), told.within)
        cited = cited if told.question == question else None
        understood = self._told_over(told.question, told.history, filters, cited_by, cited=cited, everywhere=everywhere)
        if not told.within:
            return understood
        shown = understood.shown
        if not find_source_ids(shown):
            shown = asked_of(shown, named(told.within))
        return replace(understood, carried=True, shown=shown)

    def _without_unclear(
        self, history: list[str], retelling: Retelling, filters: Filters, cited_by: CitedBy
    ) -> list[str]:
        """Return a history without the overviews that were refused as nobody says of which study."""
        if self.library.counts.digests <= FEW_STUDIES:
            return history
        kept: list[str] = []
        for entry in history:
            if asks_for_overview_of_what_was_spoken_of(entry):
                told = retelling.tell(entry, kept)
                if self._told_over(told.question, told.history, filters, cited_by).refused == "unclear":
                    continue
            kept.append(entry)
        return kept

    def _told_over(
        self,
        question: str,
        history: Sequence[str],
        filters: Filters,
        cited_by: CitedBy,
        *,
        cited: Sequence[str] | None = None,
        everywhere: bool = False,
    ) -> Understood:
        """Return what a question means that is told over, after a history that is."""
        after_others = bool(history) and asks_for_whole_library(history[-1]) is None
        if asks_for_whole_library(question, after_others=after_others) or is_small_talk(question):
            return Understood(question, question, filters, reading="survey", notes=self._missing_of(filters))
        if _asks_for_some_of_all(question):
            return self._alone(question, filters)
        whole = asks_for_overview_of_what_was_spoken_of(question)
        if whole and not history and not filters.sources:
            return self._of_no_study(question, filters)
        leans = True if history and whole else None
        resolved = resolve(question, history, self.naming.describe, leans=leans)
        anywhere = everywhere or asks_everywhere(question)
        if not history or not (resolved.carried or (may_stay(question) and not anywhere and not asks_which(question))):
            return self._alone(question, filters)
        earlier = self._told_over(history[-1], history[:-1], filters, cited_by)
        if only_names_a_study(question):
            return self._asked_of_named(question, resolved, filters, earlier)
        resolved = self._without_introductions(question, resolved)
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
        if whole and not 1 <= len(scope) <= MOST_STUDIES_TOLD:
            return self._of_no_study(question, filters)
        if not resolved.carried:
            if not scope or not self._stays(question, scope):
                return self._alone(question, filters)
            # Few words lack what the earlier question says; more of them say themselves what they ask for.
            resolved = resolve(question, history, self.naming.describe, leans=leans_on_history(question))
            resolved = self._without_introductions(question, resolved)
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

    def _without_introductions(self, question: str, resolved: ResolvedQuestion) -> ResolvedQuestion:
        """Return a resolved question without the earlier ones that only said which study is spoken of."""
        kept = [entry for entry in resolved.anchor if not only_introduces(entry)]
        if len(kept) == len(resolved.anchor):
            return resolved
        if not kept:
            return ResolvedQuestion(question, question, carried=True)
        return resolve(question, kept, self.naming.describe, leans=True)

    def _of_no_study(self, question: str, filters: Filters) -> Understood:
        """Return the overview of nothing in particular: of a few studies their list, of more none."""
        digests = self.library.counts.digests
        if digests == 1:
            return self._alone(question, filters)
        if digests <= FEW_STUDIES:
            return Understood("what is in here?", question, filters, reading="survey")
        return Understood(question, question, filters, refused="unclear", notes=(WHICH_STUDY,))

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
            return Understood(text, question, filters, refused="not_there", notes=tuple(notes))
        if named.known:
            outside = [source for source in named.known if filters.sources and source not in filters.sources]
            if outside:
                limits = ", ".join(filters.sources)
                notes.append(f"the question names {', '.join(outside)}, but the search is limited to {limits}")
            reading: Reading = "each" if len(named.known) - len(outside) > 1 else "together"
            return Understood(text, question, filters.within_sources(named.known), reading=reading, notes=tuple(notes))
        if asks_everywhere(question) or asked_extreme(question) or lists_phase(question) or weighs_studies(question):
            return Understood(text, question, filters, reading="survey", notes=tuple(notes))
        described = described_studies(question, filters, self.library, self.naming)
        if described:
            reading = "each" if len(described) > 1 else "together"
            return Understood(text, question, filters.within_sources(described), reading=reading, notes=tuple(notes))
        reading = "survey" if asks_which(question) or asks_several(question) else "together"
        return Understood(text, question, filters, reading=reading, notes=tuple(notes))

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
