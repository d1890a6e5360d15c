"""The Assistant itself: understand, search, read, choose, cite."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from digestqa.answering.choosing import (
    NEAREST_SHOWN,
    WEIGHS_NOT,
    agreed,
    choose,
    most_answers,
    nearest,
    too_few,
    weigh_by_description,
)
from digestqa.answering.citing import Citer, Finding
from digestqa.answering.comparisons import SHARE_OF_WHOLE, asked_of_one
from digestqa.answering.follow_ups import (
    share_of_first_reading,
    shares_of_own_words,
    texts_read,
    with_own_words_first,
    without_repeats,
)
from digestqa.answering.limits import empty_limits_note
from digestqa.answering.lists import widen, with_further
from digestqa.answering.overviews import overview, shown_by
from digestqa.answering.page_context import PageContext
from digestqa.answering.page_facts import find_page_facts
from digestqa.answering.questions import check_question
from digestqa.answering.searching import search
from digestqa.answering.study_status import status_finding
from digestqa.answering.surveys import Surveyor
from digestqa.answering.without_results import missing_results, tell_missing_results
from digestqa.opening import Opened, Opening
from digestqa.reading.contrasts import lacks_asked_drug
from digestqa.reading.statistics import lacks_asked_statistic
from digestqa.replies import LibraryState, Reply
from digestqa.retrieval import Filters, Retriever
from digestqa.retrieval.naming import StudyNaming, sources_of
from digestqa.understanding import Understander, Understood
from digestqa.understanding.extremes import asked_extreme, weighs_studies
from digestqa.understanding.small_talk import ABOUT_ITSELF, is_small_talk
from digestqa.understanding.wording import asks_for_list, asks_whether_it_worked

if TYPE_CHECKING:
    from digestqa.library import Library
    from digestqa.reading.base import Range, Reader
    from digestqa.retrieval import Retrieved
    from digestqa.settings import Settings

_ANSWERS_OF_LIST = 20
_MOST_REMEMBERED = 64
_SHARE_OF_THRESHOLD_WHEN_NEAREST = 0.5
"""How sure the best place of an unanswered question must be, of the threshold, for a follow-up to stay in its study."""
_SURE_OF_UNKNOWN_WORDS = 0.6
"""How sure an answer must be where no digest has any word of the question: it is another word for one, or no word."""
_SHARE_OF_ANOTHER = 0.3
"""What is left of the confidence of a sentence with another statistic or drug's dose than the one asked for by name."""


@dataclass(slots=True)
class Assistant:
    """Answers questions over one library.

    Attributes:
        library: an open library.
        retriever: finds passages in it.
        reader: finds spans in them.
        seeds: the seeds folder as it was given; citation paths start with it.
        warnings: what could not be had and was replaced by something slower or plainer.
    """

    library: Library
    retriever: Retriever
    reader: Reader
    seeds: Path
    warnings: tuple[str, ...] = ()
    _understander: Understander = field(init=False)
    _citer: Citer = field(init=False)
    _pages: PageContext = field(init=False)
    _surveyor: Surveyor = field(init=False)
    _answered: OrderedDict[tuple[object, ...], tuple[list[Finding], list[Finding]]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._understander = Understander(self.library, StudyNaming(self.library, self.retriever.aliases))
        self._citer = Citer(self.library, self.seeds)
        self._pages = PageContext(self.library)
        self._surveyor = Surveyor(self.library, self._understander.naming, self.retriever.aliases)

    @classmethod
    def open(
        cls,
        seeds: Path,
        embeddings: Path,
        *,
        encoder: str | None = None,
        reader: str | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
        as_of: str | None = None,
    ) -> Self:
        """Open a built library with the models that answer.

        Args:
            seeds: the digests' folder.
            embeddings: the library's folder.
            encoder: the encoder that the library must have been built with; None takes the library's own.
            reader: ``sentences``, a reader's folder, or None for the one that comes with the package.
            aliases: the user's own names of things: each with its other spellings.
            as_of: answer from the versions that were current on this day; None for the present ones.

        Raises:
            UsageError: no digest is as old as ``as_of``.
            LibraryError: there is no library, or it cannot be used.
            EncoderError: no encoder for questions can be had.
            ReaderError: the reader asked for cannot be loaded.
        """
        with Opening(seeds, embeddings, encoder=encoder, reader=reader, as_of=as_of) as opening:
            return cls.over(opening.finish(), seeds, aliases)

    @classmethod
    def over(cls, opened: Opened, seeds: Path, aliases: Mapping[str, Sequence[str]] | None = None) -> Self:
        """Take an open library and its models; it is closed with the assistant."""
        retriever = Retriever(opened.library, opened.encoder, aliases)
        return cls(opened.library, retriever, opened.reader, seeds, opened.warnings)

    @classmethod
    def configured(cls, settings: Settings, *, as_of: str | None = None) -> Self:
        """Open the library and the models that the settings name; arguments and errors are those of `open`."""
        return cls.open(
            settings.seeds,
            settings.embeddings,
            encoder=settings.encoder,
            reader=settings.reader,
            aliases=settings.aliases,
            as_of=as_of,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the library."""
        self.library.close()

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        top: int | None = None,
        *,
        cited: Sequence[str] | None = None,
        everywhere: bool = False,
    ) -> Reply:
        """Answer a question or say that the digests do not.

        Args:
            question: at most 4,000 characters, with at least one letter or digit.
            history: earlier questions of the conversation, oldest first.
            filters: exact limits on what is searched.
            top: answers at most; None takes 6, 10 of a question over many studies, 20 of a list over the library.
            cited: the studies just cited, in which a follow-up stays; None, or none that the limits leave, finds them
                by the history.
            everywhere: let a follow-up leave the studies just cited.

        Raises:
            QuestionError: the question is empty, has no letter or digit, or is too long.
        """
        began = time.perf_counter()
        check_question(question)
        self._citer.look_again()
        filters = filters or Filters()
        cited = self._within_limits(cited, filters) if cited else cited
        understood = self._understander.understand(
            question,
            history,
            filters,
            self._cited_by,
            answered_by=partial(self._answered_by, top=top),
            cited=cited,
            everywhere=everywhere,
        )
        notes = list(understood.notes)
        findings, chosen, count = self._find(understood, filters, top, notes)
        missing = None if chosen else missing_results(findings, understood, self._citer)
        said = missing if missing is not None and asks_whether_it_worked(understood.text) else None
        if not chosen and (said := said or status_finding(findings, understood, self._citer)) is not None:
            # The digest does say, if only that there is nothing to report yet or how far the study is.
            chosen = [replace(said, confidence=max(said.confidence, self.reader.threshold))]
        answers = tuple(map(self._citer.answer, chosen))
        best = max((item.confidence for item in findings), default=0.0)
        near = [] if answers else nearest(findings)
        if not answers and missing is not None:
            notes.append(f"{missing.digest.source} has no results yet, by its digest")
            near = nearest([replace(missing, confidence=1.0), *findings])
        return Reply(
            question=question,
            resolved_question=understood.shown if understood.carried else question,
            filters=understood.filters,
            carried=understood.carried,
            status="answered" if answers else "abstained",
            confidence=answers[0].confidence if answers else best,
            answers=answers,
            nearest=tuple(map(self._citer.citation, near[:NEAREST_SHOWN])),
            notes=tuple(notes),
            library=self._library_state(),
            elapsed_ms=(time.perf_counter() - began) * 1000,
            counted=count,
        )

    def _find(
        self, understood: Understood, filters: Filters, top: int | None, notes: list[str]
    ) -> tuple[list[Finding], list[Finding], tuple[int, int] | None]:
        """Return all findings, the chosen ones, and, where studies were counted, how many of how many."""
        if understood.refused:
            return [], [], None
        if is_small_talk(understood.text):
            notes.append(ABOUT_ITSELF)
            return [], [], None
        counted = self._surveyor.survey(understood, top or _ANSWERS_OF_LIST)
        if counted is not None:
            notes += [*self._citer.changed_note(counted.changed), counted.note]
            return list(counted.findings), list(counted.findings), (counted.found, counted.digests)
        if whole := overview(understood, self._citer, self._understander.naming, self.retriever.aliases):
            notes.append(shown_by(tuple(dict.fromkeys(item.digest.source for item in whole))))
            return whole, whole[:top], None
        findings = self._read(understood, notes)
        own = understood.asked or understood.text
        if not understood.about and (weighs_studies(own) or asked_extreme(own) is not None):
            notes.append(WEIGHS_NOT)
            return too_few(findings, self.reader.threshold), [], None
        if not findings and not notes:
            note = empty_limits_note(filters, self.library, self.retriever.aliases)
            notes += [note] if note else []
        on_page = find_page_facts(understood, findings, self.library, self._understander.naming)
        unsure = not understood.about and bool(findings) and findings[0].confidence < _SURE_OF_UNKNOWN_WORDS
        if on_page:
            findings = [*self._fresh_only(on_page, notes), *findings]
        elif unsure and self._understander.naming.describe(own).unknown:
            findings = too_few(findings, self.reader.threshold)
        if understood.earlier is not None and len(understood.about) == 1:
            # Of the earlier question alone: what was answered before it is repeated no more often than anything else.
            findings = without_repeats(findings, self._answers_of(replace(understood.earlier, earlier=None)))
        limit = top or most_answers(understood)
        chosen = choose(findings, understood, self.reader.threshold)[:limit]
        if asks_for_list(understood.asked or understood.text):
            chosen = [widen(item, self._citer.text_of(item.digest)) for item in with_further(chosen, findings, top)]
        return findings, tell_missing_results(chosen, understood, self._citer)[:top], None

    def _read(self, understood: Understood, notes: list[str]) -> list[Finding]:
        changed: list[str] = []
        findings: list[Finding] = []
        described = self._understander.naming.describe(understood.text) if understood.reading == "survey" else None
        own = understood.asked or understood.text
        groups = search(understood, self.retriever)
        for group in groups:
            fresh = []
            for item in group:
                if self._citer.is_fresh(item.passage.digest):
                    fresh.append(item)
                else:
                    changed.append(item.passage.digest.path)
            if understood.reading == "each" and not understood.asked:
                texts, share_of_first = self._texts_of_comparison(understood, groups, group), SHARE_OF_WHOLE
            else:
                texts, share_of_first = self._texts_of_follow_up(understood, group), share_of_first_reading(understood)
            read = agreed([self._read_group(text, own, fresh) for text in texts], share_of_first)
            if understood.asked:
                read = with_own_words_first(read, self._shares_of_own_words(understood.asked, read))
            findings += weigh_by_description(read, described) if described else read
        notes += self._citer.changed_note(changed)
        return sorted(findings, key=lambda item: -item.confidence)

    def _read_group(self, text: str, own: str, group: Sequence[Retrieved]) -> list[Finding]:
        """Read a group for a question; `own` are the question's own words, without the earlier question."""
        if not group:
            return []
        findings = []
        for candidate in self.reader.read(text, self._pages.readable(text, group)):
            passage = group[candidate.passage].passage
            quote = passage.text[candidate.quote[0] - passage.start : candidate.quote[1] - passage.start]
            of_another = lacks_asked_statistic(own, quote) or lacks_asked_drug(own, quote)
            share = _SHARE_OF_ANOTHER if of_another else 1.0
            findings.append(
                Finding(passage.digest, passage.section, candidate.span, candidate.quote, share * candidate.confidence)
            )
        return findings

    def _texts_of_follow_up(self, understood: Understood, group: Sequence[Retrieved]) -> tuple[str, ...]:
        """Return the texts with which passages are read; of a study gone over to, what was asked of the other."""
        texts = texts_read(understood)
        left = understood.earlier.about if understood.earlier is not None else ()
        if len(texts) < 2 or not left or not set(left).isdisjoint(understood.about):
            return texts
        own = group[0].passage.digest
        others = {digest.id for source in left for digest in self.library.find_digests(source)}
        described = self._understander.naming.describe(texts[1])
        return (asked_of_one(texts[1], described, own.id, others, own.source),)

    def _texts_of_comparison(
        self, understood: Understood, groups: Sequence[Sequence[Retrieved]], group: Sequence[Retrieved]
    ) -> tuple[str, ...]:
        """Return the texts with which the passages of one of several studies are read: whole, and as asked of it."""
        own = group[0].passage.digest
        others = {each[0].passage.digest.id for each in groups} - {own.id}
        described = self._understander.naming.describe(understood.text)
        return tuple(
            dict.fromkeys((understood.text, asked_of_one(understood.text, described, own.id, others, own.source)))
        )

    def _shares_of_own_words(self, asked: str, findings: Sequence[Finding]) -> dict[tuple[int, Range], float]:
        sentences = {
            (item.digest.id, item.quote): self._citer.text_of(item.digest)[slice(*item.quote)] for item in findings
        }
        return shares_of_own_words(asked, sentences, self.retriever.aliases)

    def _fresh_only(self, findings: Sequence[Finding], notes: list[str]) -> list[Finding]:
        notes += self._citer.changed_note(
            [item.digest.path for item in findings if not self._citer.is_fresh(item.digest)]
        )
        return [item for item in findings if self._citer.is_fresh(item.digest)]

    def _within_limits(self, cited: Sequence[str], filters: Filters) -> tuple[str, ...] | None:
        """Return the cited studies that are still there and that the limits leave; None where none is."""
        left = [source for source in cited if not filters.sources or source in filters.sources]
        if not left:
            return None
        compounds = self.retriever.aliases.compound_names(filters.compounds)
        if filters.sections and not len(self.library.passage_ids(left, filters.sections, compounds, filters.since)):
            return None
        kept = sources_of(self.library, self.library.digest_ids(left, compounds, filters.since).tolist())
        return tuple(source for source in left if source in kept) or None

    def _cited_by(self, earlier: Understood) -> tuple[str, ...]:
        """Return the studies that answer an earlier question; of one that has no answer, the nearest.

        Where the question was about certain studies already, the nearest of them is no choice among them.
        """
        chosen, near = self._answered_with(earlier)
        return tuple(dict.fromkeys(item.digest.source for item in (chosen if earlier.about else chosen or near)))

    def _answered_by(self, earlier: Understood, top: int | None) -> tuple[str, ...]:
        """Return the studies that answer an earlier question, in the order of its reply of so many answers."""
        return tuple(dict.fromkeys(item.digest.source for item in self._answered_with(earlier, top)[0]))

    def _answers_of(self, earlier: Understood) -> list[Finding]:
        """Return what an earlier question was answered with; of one that has no answer, the nearest."""
        chosen, near = self._answered_with(earlier)
        return chosen or near

    def _answered_with(self, earlier: Understood, top: int | None = None) -> tuple[list[Finding], list[Finding]]:
        """Return what an earlier question was answered with, and the nearest where that is likely enough."""
        key = (earlier.text, earlier.filters, earlier.reading, top, self.library.state)
        if key not in self._answered:
            findings, chosen, _ = self._find(replace(earlier, notes=()), earlier.filters, top, [])
            likely = _SHARE_OF_THRESHOLD_WHEN_NEAREST * self.reader.threshold
            self._answered[key] = (chosen, [item for item in findings[:1] if item.confidence >= likely])
            if len(self._answered) > _MOST_REMEMBERED:
                self._answered.popitem(last=False)
        return self._answered[key]

    def _library_state(self) -> LibraryState:
        counts = self.library.counts
        return LibraryState(
            digests=counts.digests,
            passages=counts.passages,
            encoder=self.library.encoder_name,
            reader=self.reader.name,
            state=self.library.state,
        )
