"""The names in a question, and what else the same things are called: by the digests, and by the user's own aliases."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digestqa.names import fold, name_key, name_keys
from digestqa.retrieval.terms import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from digestqa.library import Library, NameLink

LONGEST_NAME_WORDS = 10
"""Words of a question that are looked up together as one name, at most; ``T-alpha-1`` is three."""

DOMINANCE = 2
"""An abbreviation's commonest long form is meant if so many times more digests give it than the next one."""

MOST_ALIASES = 4
"""Other names of one thing that are of use; of more, those that most digests give."""

_QUESTIONS_REMEMBERED = 16
_NAMES_REMEMBERED = 4096
_COMPOUNDS_REMEMBERED = 128

_WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")
# English words that are also abbreviations: as such they are meant in capitals only.
_ALSO_WORDS = frozenset(
    "act aid aids all arm arms art bad bag bar bat bed best bit can cap care case cat cold cost cup dash day days ear "
    "ease end era eye fact fast fat fit flu form gas gap goal good gut ham hand hip hot hope ice ion lab lap lead leg "
    "life line lot low man map mask meal men met mind mob nice note old pain pan par part path pay peak peg per pet "
    "pit plan pro race ram rat raw red rest rise risk safe same score see set sex side sign skin star step stop sub "
    "sum sun swift tan tap task team test tip top trial try van vent war way win wish word work".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question.

    Attributes:
        start: its first character in the question.
        end: one past its last.
        text: as it stands in the question.
        aliases: other names of the same thing, as the digests or the configuration write them, the commonest first;
            none that folds to the mention itself.
        long_form: what the mention is the abbreviation of, where the digests leave no doubt; else empty.
        studies: ids of the digests whose compound it names; empty where it names none.
    """

    start: int
    end: int
    text: str
    aliases: tuple[str, ...]
    long_form: str
    studies: frozenset[int]


class Aliases:
    """What names mean in one library.

    Args:
        library: an open library.
        configured: the user's own names: each with its other spellings.
    """

    def __init__(self, library: Library, configured: Mapping[str, Sequence[str]] | None = None) -> None:
        self._library = library
        self._state = library.state
        self._mentions: OrderedDict[str, tuple[Mention, ...]] = OrderedDict()
        self._links_of: OrderedDict[str, tuple[NameLink, ...]] = OrderedDict()
        self._digests_of: OrderedDict[frozenset[str], frozenset[int]] = OrderedDict()
        self._own: dict[str, tuple[str, ...]] = {}
        for name, spellings in (configured or {}).items():
            group = (name, *spellings)
            for key in {key for spelling in group for key in name_keys(spelling)}:
                self._own[key] = tuple(dict.fromkeys((*self._own.get(key, ()), *group)))

    def of(self, name: str) -> tuple[str, ...]:
        """Return the other names of what a name means, the user's own first, then those that most digests give."""
        keys = name_keys(name)
        return self._others(name, keys, self._links(self._with_own(keys)))

    def mentions(self, question: str) -> tuple[Mention, ...]:
        """Return the names in a question that the digests or the user know, in its order; none overlaps another."""
        self._forget_older_states()
        if question not in self._mentions:
            self._mentions[question] = self._found(question)
            _shorten(self._mentions, _QUESTIONS_REMEMBERED)
        return self._mentions[question]

    def _found(self, question: str) -> tuple[Mention, ...]:
        runs = _runs(question)
        keys = {key for _, run_keys in runs for key in run_keys}
        if not keys:
            return ()
        links = self._links(self._with_own(keys))
        known = {key for link in links for key in (link.short_key, link.long_key)} | self._own.keys()
        found: list[Mention] = []
        # The longest run of words that is a name is meant: "HER2-positive breast cancer" before "breast cancer".
        for (start, end), run_keys in sorted(runs, key=lambda run: (run[0][0] - run[0][1], run[0][0])):
            if known.isdisjoint(run_keys) or any(start < other.end and other.start < end for other in found):
                continue
            text = question[start:end]
            own = [link for link in links if not run_keys.isdisjoint((link.short_key, link.long_key))]
            found.append(
                Mention(
                    start,
                    end,
                    text,
                    self._others(text, run_keys, links),
                    _long_form(run_keys, own),
                    self._compounds(run_keys),
                )
            )
        return tuple(sorted(found, key=lambda mention: mention.start))

    def compound_digests(self, name: str) -> frozenset[int]:
        """Return the ids of the current digests whose compound a name means."""
        return self._compounds(name_keys(name))

    def compound_names(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return names and the user's other spellings of each, as a filter by compound takes them."""
        own = ((name, *self._spellings(name)) for name in names)
        return tuple(dict.fromkeys(spelling for spellings in own for spelling in spellings))

    def _spellings(self, name: str) -> Iterator[str]:
        return (spelling for key in sorted(name_keys(name)) for spelling in self._own.get(key, ()))

    def _compounds(self, keys: Collection[str]) -> frozenset[int]:
        self._forget_older_states()
        wanted = frozenset(self._with_own(keys))
        if wanted not in self._digests_of:
            self._digests_of[wanted] = self._library.compound_digests(wanted)
            _shorten(self._digests_of, _COMPOUNDS_REMEMBERED)
        return self._digests_of[wanted]

    def _links(self, keys: Collection[str]) -> list[NameLink]:
        """Return the links of names, and of the names they lead to: a compound's abbreviation leads to its brand."""
        near = self._links_near(keys)
        further = {key for link in near for key in (link.short_key, link.long_key)}.difference(keys)
        return list(dict.fromkeys([*near, *self._links_near(further)])) if further else near

    def _links_near(self, keys: Collection[str]) -> list[NameLink]:
        """Return the links of which one side has one of the keys, those that most digests give first.

        What a key leads to is remembered: thousands of digests may spell out one abbreviation.
        """
        self._forget_older_states()
        new = {key for key in keys if key not in self._links_of}
        if new:
            found = self._library.name_links(new)
            for key in new:
                self._links_of[key] = tuple(link for link in found if key in (link.short_key, link.long_key))
        near = dict.fromkeys(link for key in keys for link in self._links_of[key])
        _shorten(self._links_of, _NAMES_REMEMBERED)
        return sorted(near, key=lambda link: (-link.digests, link.short_key, link.long_key, link.kind))

    def _forget_older_states(self) -> None:
        if self._state != self._library.state:
            self._mentions.clear()
            self._links_of.clear()
            self._digests_of.clear()
            self._state = self._library.state

    def _with_own(self, keys: Collection[str]) -> set[str]:
        """Return keys together with those of the user's other spellings."""
        return {*keys, *(name_key(spelling) for key in keys for spelling in self._own.get(key, ()))}

    def _others(self, name: str, keys: Collection[str], links: Sequence[NameLink]) -> tuple[str, ...]:
        wanted = self._with_own(keys)
        others: dict[str, str] = {fold(spelling): spelling for key in keys for spelling in self._own.get(key, ())}
        near = _sides(wanted, links)
        compounds = {link.long_key for link in links if link.kind != "abbreviation"} & (near.keys() | wanted)
        near |= _sides(compounds, links)
        for spelling in near.values():
            others.setdefault(fold(spelling), spelling)
        for key in (fold(name), ""):
            others.pop(key, None)
        return tuple(others.values())[:MOST_ALIASES]


def _shorten(remembered: OrderedDict[Any, Any], most: int) -> None:
    while len(remembered) > most:
        remembered.popitem(last=False)


def _sides(keys: Collection[str], links: Sequence[NameLink]) -> dict[str, str]:
    """Return, by key, the names that links put beside names of given keys."""
    sides: dict[str, str] = {}
    for link in links:
        if link.short_key in keys:
            sides.setdefault(link.long_key, link.long)
        if link.long_key in keys:
            sides.setdefault(link.short_key, link.short)
    return sides


def _long_form(keys: Collection[str], links: Sequence[NameLink]) -> str:
    forms: dict[str, NameLink] = {}
    for link in links:
        if link.kind == "abbreviation" and link.short_key in keys and link.long_key not in keys:
            forms.setdefault(link.long_key, link)
    first, second = [*forms.values(), None, None][:2]
    if first is None or (second is not None and first.digests < DOMINANCE * second.digests):
        return ""
    return first.long


def spelled_out(question: str, mentions: Sequence[Mention]) -> str:
    """Return a question with the long form of each abbreviation after it, in brackets, where it does not stand already.

    It is for models, which know words better than abbreviations; what a person sees is the question as asked.
    """
    folded = fold(question)
    for mention in reversed(mentions):
        if mention.long_form and fold(mention.long_form) not in folded:
            question = f"{question[: mention.end]} ({mention.long_form}){question[mention.end :]}"
    return question


def _runs(question: str) -> list[tuple[tuple[int, int], frozenset[str]]]:
    """Return the runs of words that may be names: their place and their keys."""
    words = [match.span() for match in _WORD.finditer(question)]
    plain = [question[start:end].lower() in STOPWORDS for start, end in words]
    runs = []
    for first in range(len(words)):
        if plain[first] and not question[slice(*words[first])].isupper():
            continue
        for last in range(first, min(first + LONGEST_NAME_WORDS, len(words))):
            if plain[last] and not question[slice(*words[last])].isupper():
                continue
            span = (words[first][0], words[last][1])
            text = question[slice(*span)]
            if first == last and (len(text) < 2 or (text.lower() in _ALSO_WORDS and not text.isupper())):
                continue
            runs.append((span, name_keys(text)))
    return runs
