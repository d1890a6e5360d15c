"""Answers to questions over the library: one quote from each digest that has what was looked for, and their count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.answering.extremes import ExtremeFinder
from digestqa.answering.survey_finders import (
    NO_RESULTS_WORDS,
    PHASE_WORDS,
    RECRUITING_WORDS,
    STOPPED_WORDS,
    BoundsFinder,
    FactFinder,
    Finder,
    SentenceFinder,
    SubjectFinder,
    named_by_all,
    says_no_results,
)
from digestqa.answering.tested import NamedAfterFinder
from digestqa.answering.whole_library import CompoundFinder, HeadlineFinder
from digestqa.library.digest_ids import DigestIds
from digestqa.retrieval.naming import StudyNaming, is_frame
from digestqa.understanding.phases import says_phase
from digestqa.understanding.status_sentences import (
    says_no_longer_recruiting,
    says_not_recruiting,
    says_recruiting,
    stopped_for,
)
from digestqa.understanding.survey import Survey
from digestqa.understanding.surveys import asks_who_wrote, surveyed, surveyed_model
from digestqa.understanding.wording import asks_which

if TYPE_CHECKING:
    from digestqa.answering.citing import Finding
    from digestqa.library import DigestRecord, Library
    from digestqa.retrieval.aliases import Aliases
    from digestqa.understanding import Understood

_MOST_TERMS = 4
PLACED = 2_000
"""Of so many digests that have what was looked for every place is found; of more, the places that are shown."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a question over the library found.

    Attributes:
        findings: of the first digests that have it, by path.
        found: digests that have it.
        digests: digests that were looked at.
        told: how the count is told.
        where: what was looked through.
        changed: paths of digests that had it and whose files are not what was read any more; they are not counted.
    """

    findings: tuple[Finding, ...]
    found: int
    digests: int
    told: str
    where: str
    changed: tuple[str, ...]

    @property
    def note(self) -> str:
        """The count as a sentence about the library: no digest says it."""
        return f"counted over {self.where}: {self.found} of {self.digests} digests {self.told}"


class Surveyor:
    """Looks through the digests of one library.

    Args:
        library: an open library.
        naming: tells which digests hold a word.
        aliases: the names that the user knows.
    """

    def __init__(self, library: Library, naming: StudyNaming, aliases: Aliases) -> None:
        self._library = library
        self._naming = naming
        self._aliases = aliases

    def survey(self, understood: Understood, most: int) -> Counted | None:
        """Return the digests that have what a question looks for; None where the question must be read for.

        Args:
            understood: the question.
            most: findings at most.
        """
        if understood.filters.sections or (understood.carried and not understood.about):
            return None
        text = understood.asked or understood.text
        asked = surveyed(text) or self._model_asked(text, understood)
        if asked is None or (understood.carried and asked.kind in ("studies", "compounds")):
            return None
        finder = self._finder(asked)
        if finder is None:
            return None
        filters = understood.filters
        compounds = self._aliases.compound_names(filters.compounds)
        searched = DigestIds(self._library.digest_ids(filters.sources, compounds, filters.since))
        named = self._named(asked, searched, bool(understood.about))
        if named is None:
            return None
        narrowed, searched = len(named) < len(searched), named
        holding, told = finder.holding(searched), asked.told
        if isinstance(finder, ExtremeFinder):
            told = finder.told
        else:
            holding = self._library.sorted_by_path(holding)
        placed = [item for digest in self._records(holding[:PLACED]) if (item := finder.place(digest)) is not None]
        # Of very many, those beyond are counted as they were found; a place is looked for only where it is shown.
        beyond = holding[PLACED:]
        fresh = self._library.fresh_digests([*(item.digest.id for item in placed), *beyond])
        stale = [item.digest.path for item in placed if item.digest.id not in fresh]
        stale += [digest.path for digest in self._records([each for each in beyond if each not in fresh])]
        findings = [item for item in placed if item.digest.id in fresh]
        found = len(findings) + sum(1 for each in beyond if each in fresh)
        if understood.carried and not found and asked.kind == "evidence_type":
            # Of few studies it may be read whether a sentence says what the tag line does not.
            return None
        where = _where(understood, asked.things if narrowed else ())
        return Counted(tuple(findings[:most]), found, len(searched), told, where, tuple(stale))

    def _records(self, ids: Sequence[int]) -> list[DigestRecord]:
        records = self._library.digest_records(ids)
        return [records[each] for each in ids if each in records]

    def _named(self, asked: Survey, searched: DigestIds, among_few: bool) -> DigestIds | None:
        """Return the digests that are called after the things that a question names besides; all where it names none.

        Args:
            asked: what is looked for.
            searched: the digests within the scope.
            among_few: whether the scope is of studies that are known one by one.

        Returns:
            None where no digest is called so: what is only said of it in a sentence must be read.
        """
        if not asked.things:
            return searched
        terms = [term for thing in asked.things for term in self._naming.describe(thing).terms]
        if not terms:
            return None
        if asked.joined:
            # Names side by side tell which studies the scope is of.
            each = [named_by_all([term], self._library) & searched for term in terms]
            called = set().union(*each)
            return searched if among_few and all(each) and len(called) == len(searched) else None
        return (named_by_all(terms, self._library) & searched) or None

    def _model_asked(self, question: str, understood: Understood) -> Survey | None:
        if not asks_who_wrote(question):
            return None
        asked = surveyed_model(question, self._library.digest_models())
        if asked is None or (understood.about and not understood.carried and not asks_which(question)):
            # A model's name that hardly a digest has may have been taken for the name of a study.
            return None
        return asked

    def _finder(self, asked: Survey) -> Finder | None:
        if asked.bounds is not None:
            return BoundsFinder(self._library, asked.bounds)
        if asked.kind == "flag":
            return FactFinder(self._library, ("flags",), asked.wanted)
        if asked.kind == "digest_model":
            return FactFinder(self._library, ("digest_model",), asked.wanted)
        if asked.kind == "evidence_type":
            return FactFinder(self._library, ("evidence_type",), asked.wanted)
        if asked.kind == "recruiting":
            return SentenceFinder(self._library, says_recruiting, RECRUITING_WORDS)
        if asked.kind == "not_recruiting":
            return SentenceFinder(self._library, says_not_recruiting, RECRUITING_WORDS)
        if asked.kind == "no_longer_recruiting":
            return SentenceFinder(self._library, says_no_longer_recruiting, RECRUITING_WORDS)
        if asked.kind == "stopped":
            return SentenceFinder(self._library, stopped_for(asked.wanted), STOPPED_WORDS)
        if asked.extreme is not None:
            return ExtremeFinder(self._library, asked.extreme)
        if asked.kind == "phase":
            return SentenceFinder(self._library, says_phase(asked.wanted), PHASE_WORDS)
        if asked.kind == "studies":
            return HeadlineFinder(self._library)
        if asked.kind == "compounds":
            return CompoundFinder(self._library)
        if asked.kind == "no_results":
            return SentenceFinder(self._library, says_no_results, NO_RESULTS_WORDS)
        return self._subject_finder(asked.wanted, NamedAfterFinder if asked.kind == "tested" else SubjectFinder)

    def _subject_finder(self, subject: str, kind: type[SubjectFinder]) -> SubjectFinder | None:
        terms = [term for term in self._naming.describe(subject).terms if not is_frame(term.text)]
        if not 1 <= len(terms) <= _MOST_TERMS:
            return None
        finder = kind(self._library, terms)
        # What no study is called after may still be said of it in a sentence, which must be read.
        return finder if finder.digests or (len(terms) == 1 and kind is SubjectFinder) else None


def _where(understood: Understood, things: Sequence[str]) -> str:
    """Return what was looked through, in words."""
    if understood.carried:
        where = "the studies spoken of"
    elif not understood.filters.empty:
        where = "the studies within the limits"
    else:
        where = "the digests" if things else "the library"
    return f"{where} that have “{' '.join(things)}” in headline, title or compound" if things else where
