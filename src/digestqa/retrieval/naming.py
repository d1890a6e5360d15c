"""Which studies a question describes: by the words that tell one study from another.

A study is described by its compound, its headline and title, and by any rare word of its digest. Each content word of
a question weighs what it tells about studies (inverse document frequency over digests; Spärck Jones 1972), twice where
it stands in what names the study.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digestqa.library.digest_ids import DigestIds
from digestqa.names import fold
from digestqa.retrieval.terms import STOPWORDS, search_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digestqa.library import Library
    from digestqa.retrieval.aliases import Aliases, Mention

DECISIVE_SHARE = 0.75
"""A study is described unmistakably if the next one has at most this share of its score; measured on digests-train:
it holds for three questions of four, and is wrong for one of a hundred of them."""
LEAST_SCORE = 0.75
"""Below it, hardly a word of the question tells studies apart."""
COMPOUND_WEIGHT = 1.0
"""How much it counts beside that a word is the digest's own compound."""
MOST_STUDIES = 6
FURTHER_GAIN = 1.5
"""What a further study must add where nothing says that several are meant; a word of one study's name adds 2."""
FURTHER_GAIN_OF_SEVERAL = 1.0
"""The same where the wording speaks of several studies."""
_SHARE_OF_THE_WHOLE = 0.4
"""What words that another study accounts for already count in the choice of a further one: a drug that both were called
after outweighs common words that only the further one has. Of the questions of digests-train for one study, those that
took a second one in fell from 61 to 40, and of those for several, 90 instead of 86 take exactly these."""
_FURTHER_NAMED = 0.4
_TELLING_NAME = 0.75
_OWN_WORD = 0.95
MOST_PASSAGES = 20_000
"""A word that more passages hold tells too little of studies to be worth looking up which: it describes none."""
_MOST_DESCRIBED = 64
_MOST_FOUND = 256
_LEAST_SIZE = 40
"""Of fewer digests, that a word stands in one only says little about the word: it weighs as if there were so many."""

_JOINT = re.compile(r"[/+–-]")
_FRAME = frozenset(
    """
    often long day days week weeks month months year years time times far soon apart total fraction percent percentage
    number share still taken last first other another same every side part group groups arm arms dose doses drug drugs
    patient patients people women men participant participants count counted based base happened instead keep kept rate
    trial trials study studies digest digests paper record page result results outcome outcomes happen compare compared
    versus vs difference differ each two three main primary secondary endpoint endpoints page pages tag tagline line
    lines header footer ingested ingest ingestion pulled model ai llm wrote written generated made makes evidence type
    label labelled labeled category title official full registry registered source id identifier entry summary carry
    carries flagged flag headline gave given used use uses tested date nct number come comes came printed based sits
    show shows shown apart listed says stated put registry filed because anyone anybody someone somebody everyone
    everybody everything nobody
    """.split()
)
"""Words that a question about any study may have: they ask, they do not describe."""

_MEASURES = frozenset(
    """
    median mean average hazard odds ratio hr pfs os dfs efs rfs ttp orr pcr survival ae aes sae saes plus against
    """.split()
)
"""What is measured joins no study to a question, though a headline may hold it."""


@dataclass(frozen=True, slots=True)
class DescribingTerm:
    """A content word or name of a question.

    Attributes:
        text: as it stands in the question.
        spellings: what is looked for: the text, or several names of one thing.
        weight: how much it tells, from 1.0 for a word of one digest of many down to 0.0 where nearly all hold it.
        anywhere: ids of the digests that hold it; not complete where very many passages do: it weighs nothing then.
        named: ids of those whose headline, title or compound holds it.
        compound: ids of those whose compound it is.
        frame: whether a question about any study may have it.
    """

    text: str
    spellings: str | tuple[str, ...]
    weight: float
    anywhere: DigestIds
    named: DigestIds
    compound: DigestIds
    frame: bool

    def covered_by(self, digest_id: int, rarest: float) -> bool:
        """Tell whether a digest accounts for the term: a name of other studies must be its own name too."""
        if self.compound or (self.named and self.weight >= _TELLING_NAME * rarest):
            return digest_id in self.compound or digest_id in self.named
        return digest_id in self.anywhere

    def names(self, digest_id: int, rarest: float) -> bool:
        """Tell whether the term is part of what a digest is called, or stands in no other digest."""
        return digest_id in self.named or (self.weight >= _OWN_WORD * rarest and digest_id in self.anywhere)

    def scores(self, digests: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the term says for each digest, of which all that hold it are among the given ones."""
        import numpy as np

        times = np.zeros(len(digests))
        for share, ids in ((1.0, self.anywhere), (1.0, self.named), (COMPOUND_WEIGHT, self.compound)):
            times[np.searchsorted(digests, ids.array)] += share
        return self.weight * times


class DigestScores(Mapping[int, float]):
    """Scores by digest id, as arrays.

    Args:
        digests: ids, ascending, of shape (n,).
        values: their scores, of shape (n,).

    Attributes:
        digests: ids, ascending.
        array: their scores.
    """

    __slots__ = ("array", "digests")

    def __init__(self, digests: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        self.digests = digests
        self.array = values

    def __getitem__(self, digest_id: int) -> float:
        at = int(self.digests.searchsorted(digest_id))
        if at == len(self.digests) or int(self.digests[at]) != digest_id:
            raise KeyError(digest_id)
        return float(self.array[at])

    def __iter__(self) -> Iterator[int]:
        return iter(self.digests.tolist())

    def __len__(self) -> int:
        return len(self.digests)

    def ranked(self, above: float) -> list[int]:
        """Return the digests with more than a score, best first, equal ones in the order of their ids."""
        import numpy as np

        kept = np.flatnonzero(self.array > above)
        order = np.lexsort((self.digests[kept], -self.array[kept]))
        return [int(digest_id) for digest_id in self.digests[kept][order]]

    @property
    def best(self) -> float:
        """The best score; 0.0 where there is none."""
        return float(self.array.max()) if len(self.array) else 0.0


@dataclass(frozen=True, slots=True)
class Description:
    """What a question's words say of which study it is about.

    Attributes:
        terms: its content words and names, in order.
        scores: by digest id; only digests that hold a term that tells something.
        digests: digests in the library.
    """

    terms: tuple[DescribingTerm, ...]
    scores: DigestScores
    digests: int

    @property
    def unknown(self) -> bool:
        """Whether there are terms, and no digest holds any of them."""
        return bool(self.terms) and not any(term.anywhere for term in self.terms)

    @property
    def rarest(self) -> float:
        """What a word of one digest only weighs."""
        return math.log(self.digests + 1) / math.log(max(self.digests, _LEAST_SIZE) + 1)

    @property
    def decisive(self) -> int | None:
        """The digest that is described unmistakably, or None."""
        if self.scores.best < LEAST_SCORE:
            return None
        best = self.best(DECISIVE_SHARE)
        return best[0] if len(best) == 1 else None

    def best(self, share: float) -> list[int]:
        """Return the digests that have more than a share of the best score, best described first."""
        return self.scores.ranked(share * self.scores.best)

    def share(self, digest_id: int) -> float:
        """Return a digest's score as a share of the best; 1.0 where the words hardly tell studies apart."""
        best = self.scores.best
        return self.scores.get(digest_id, 0.0) / best if best >= LEAST_SCORE else 1.0

    def sets_apart(self, digest_id: int, other: int) -> bool:
        """Tell whether a word is part of what a digest is called, and another digest does not hold it at all."""
        return any(
            term.weight > 0 and digest_id in term.named and other not in term.anywhere and other != digest_id
            for term in self.terms
        )

    def cover(self, least_gain: float = FURTHER_GAIN) -> list[int]:
        """Return the digests that together are described: each holds telling words that those before it lack.

        Greedy set cover over the telling words (Chvátal 1979).

        Args:
            least_gain: what each study after the first must add.
        """
        import numpy as np

        telling = (term for term in self.terms if term.weight > 0 and not set(fold(term.text).split()) <= _MEASURES)
        left = [(term, term.scores(self.scores.digests)) for term in telling]
        chosen: list[int] = []
        while left and len(chosen) < MOST_STUDIES:
            gains = np.zeros(len(self.scores))
            for _, scores in left:
                gains += scores
            # The first of equals has the smallest id.
            at = int((gains + _SHARE_OF_THE_WHOLE * self.scores.array).argmax())
            best = int(self.scores.digests[at])
            named = sum(term.weight for term, _ in left if term.names(best, self.rarest))
            if gains[at] < (least_gain * self.rarest if chosen else LEAST_SCORE):
                break
            if chosen and named < _FURTHER_NAMED * self.rarest:
                break
            chosen.append(best)
            left = [(term, scores) for term, scores in left if not term.covered_by(best, self.rarest)]
        return chosen


class StudyNaming:
    """Tells which studies of one library a question describes.

    Args:
        library: an open library.
        aliases: the names that it knows.
    """

    def __init__(self, library: Library, aliases: Aliases) -> None:
        self._library = library
        self._aliases = aliases
        self._found: OrderedDict[str | tuple[str, ...], tuple[DigestIds, DigestIds]] = OrderedDict()
        self._described: OrderedDict[str, Description] = OrderedDict()
        self._state = library.state

    def describe(self, question: str) -> Description:
        """Return what the question's words say."""
        if self._state != self._library.state:
            self._found.clear()
            self._described.clear()
            self._state = self._library.state
        if question not in self._described:
            self._described[question] = self._describe(question)
            if len(self._described) > _MOST_DESCRIBED:
                self._described.popitem(last=False)
        return self._described[question]

    def _describe(self, question: str) -> Description:
        counts = self._library.counts
        digests = counts.digests - counts.superseded
        size = max(digests, _LEAST_SIZE)
        terms = []
        mentions = self._aliases.mentions(question)
        compounds = {mention.text: mention.studies for mention in mentions}
        for names in self._terms(question, mentions):
            text = names if isinstance(names, str) else names[0]
            anywhere, named = self._digests(names)
            compound = DigestIds.of(compounds.get(text, ()))
            named |= compound
            anywhere |= named
            telling = math.log((digests + 1) / len(anywhere)) / math.log(size + 1) if anywhere else 0.0
            frame = is_frame(text)
            weight = 0.0 if not anywhere.complete or (frame and digests > 1) else telling
            terms.append(DescribingTerm(text, names, weight, anywhere, named, compound, frame))
        return Description(tuple(terms), _scores(terms), digests)

    def _terms(self, question: str, mentions: Sequence[Mention]) -> list[str | tuple[str, ...]]:
        """Return the terms of a question; what no digest holds as a whole is taken apart at hyphens and strokes."""
        terms: dict[str | tuple[str, ...], None] = {}
        for term in search_terms(question, mentions):
            parts = _JOINT.split(term) if isinstance(term, str) else []
            if len(parts) > 1 and not self._digests(term)[0]:
                terms |= dict.fromkeys(part for part in parts if len(part) > 1 and part.lower() not in STOPWORDS)
            else:
                terms[term] = None
        return list(terms)

    def _digests(self, names: str | tuple[str, ...]) -> tuple[DigestIds, DigestIds]:
        if names not in self._found:
            self._found[names] = self._library.term_digests(names, MOST_PASSAGES)
            if len(self._found) > _MOST_FOUND:
                self._found.popitem(last=False)
        return self._found[names]


def _scores(terms: Sequence[DescribingTerm]) -> DigestScores:
    import numpy as np

    telling = [term for term in terms if term.weight > 0]
    digests = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *(term.anywhere.array for term in telling)]))
    values = np.zeros(len(digests))
    for term in telling:
        values += term.scores(digests)
    return DigestScores(digests, values)


def is_frame(word: str) -> bool:
    """Tell whether a word may stand in a question about any study."""
    return not (set(fold(word).split()) - _FRAME - STOPWORDS) or word.replace(",", "").replace(".", "").isdigit()


def sources_of(library: Library, digest_ids: Collection[int]) -> tuple[str, ...]:
    """Return the study ids of digests, in the given order, each once."""
    records = library.digest_records(digest_ids)
    return tuple(dict.fromkeys(records[digest_id].source for digest_id in digest_ids if digest_id in records))
