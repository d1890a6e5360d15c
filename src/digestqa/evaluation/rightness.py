"""What makes a citation, a quote, a span and a passage right: the rules that every figure rests on."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digestqa.evaluation.questions import EvalQuestion
    from digestqa.library import DigestRecord, Library

MOST_QUOTE_CHARS = 600
"""A longer quote is no answer: it says everything and nothing."""

_REGISTRY = re.compile(r"^(?:pmid|pubmed|clinicaltrials|nct)\s*:\s*", re.IGNORECASE)
_BLANKED = str.maketrans(dict.fromkeys(string.punctuation + "–—", " "))
_ARTICLES = frozenset(("a", "an", "the"))


def cites(sources: Iterable[str], source: str, path: str) -> bool:
    """Tell whether a citation is of one of the sources: by its id, or by its file's name without the suffix."""
    return not {_bare(source), PurePath(path).stem.upper()}.isdisjoint(_bare(wanted) for wanted in sources)


def holds_answer(quote: str, answers: Iterable[str]) -> bool:
    """Tell whether a quote of at most 600 characters holds an acceptable span; runs of blanks count as one."""
    shown = _one_spaced(quote)
    return len(shown) <= MOST_QUOTE_CHARS and any(_one_spaced(answer) in shown for answer in answers)


def normalized_words(text: str) -> list[str]:
    """Return lower-case words without punctuation, dashes and articles (SQuAD; Rajpurkar et al. 2016)."""
    return [word for word in text.lower().translate(_BLANKED).split() if word not in _ARTICLES]


def token_f1(text: str, answers: Sequence[str]) -> float:
    """Return the F1 of the words of a span against the acceptable span that it is nearest to (SQuAD)."""
    given = Counter(normalized_words(text))
    best = 0.0
    for answer in answers:
        wanted = Counter(normalized_words(answer))
        if shared := (given & wanted).total():
            best = max(best, 2 * shared / (given.total() + wanted.total()))
    return best


def exact_match(text: str, answers: Iterable[str]) -> bool:
    """Tell whether a span has the same normalised words as an acceptable one (SQuAD)."""
    return any(normalized_words(text) == normalized_words(answer) for answer in answers)


def right_passages(question: EvalQuestion, library: Library) -> frozenset[int]:
    """Return the ids of the passages that answer a question.

    Such a passage is of a study that answers, and holds whole an acceptable span which stands inside, or overlaps, a
    sentence that the question gives. Where the digest has none of the sentences, an acceptable span anywhere in it
    serves; where none of the spans overlaps a sentence, the sentence itself must stand in the passage.
    """
    if not question.answerable:
        return frozenset()
    right: set[int] = set()
    for digest in {found.id: found for source in question.sources for found in _digests_of(source, library)}.values():
        if not digest.current:
            continue
        text = library.digest_text(digest.id)
        sentences = _places(text, question.sentences)
        answers = _places(text, question.answers)
        if sentences:
            inside = [
                (start, end) for start, end in answers if any(start < high and low < end for low, high in sentences)
            ]
            answers = inside or sentences
        for passage in library.digest_passages(digest.id):
            if any(passage.start <= start and end <= passage.end for start, end in answers):
                right.add(passage.id)
    return frozenset(right)


def _digests_of(source: str, library: Library) -> list[DigestRecord]:
    """Return the digests of a source in every form that a citation of it may be compared in."""
    bare = _bare(source)
    return library.find_digests(source) or library.find_digests(bare) or library.find_digests(f"PMID:{bare}")


def _bare(source: str) -> str:
    return _REGISTRY.sub("", source).upper()


def _one_spaced(text: str) -> str:
    return " ".join(text.split())


def _places(text: str, wanted: Iterable[str]) -> list[tuple[int, int]]:
    """Return the ranges where the wanted texts stand, however their words are spaced."""
    patterns = (r"\s+".join(map(re.escape, piece.split())) for piece in wanted if piece.strip())
    return [match.span() for pattern in patterns for match in re.finditer(pattern, text)]
