"""The chunker: a Digest becomes passages, by section, on sentence boundaries, with their places kept."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from digestqa.sentences import split_sentences

if TYPE_CHECKING:
    from digestqa.digests import Digest


@dataclass(frozen=True, slots=True)
class ChunkerParameters:
    """How passages are cut: part of a library's identity.

    Attributes:
        version: number of the rules in this module and in ``sentences``; raised whenever they would cut any
            digest differently.
        max_words: most words of a passage, unless a single sentence has more.
        overlap_sentences: sentences that a passage shares with the one before it in the same section.
        longest_sentence_words: a sentence with more words is cut at clauses.
        longest_sentence_characters: a sentence with more characters is cut, within a word if it must be.
    """

    version: int = 2
    max_words: int = 120
    overlap_sentences: int = 1
    longest_sentence_words: int = 300
    longest_sentence_characters: int = 3000

    def as_dict(self) -> dict[str, int]:
        """Return the parameters by name, for a library's identity."""
        return asdict(self)


_WORD = re.compile(r"\S+")

CHUNKER = ChunkerParameters()
"""The parameters in force."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section of one digest.

    Attributes:
        section: the section's heading as written; ``header`` or ``footer`` for lines outside the body.
        ordinal: position among the digest's passages, from 0.
        start: first character in the digest's text.
        end: one past the last character.
        text: exactly ``digest.text[start:end]``.
        sentences: half-open ranges of its sentences, in the digest's text.
        headline: the digest's headline, for context; not part of the range.
    """

    section: str
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...]
    headline: str

    @property
    def context(self) -> str:
        """What is embedded with the passage and is not part of its range."""
        return passage_context(self.headline, self.section)

    @property
    def embedded_text(self) -> str:
        """The text that the encoder gets."""
        return f"{self.context}: {self.text}"


def passage_context(headline: str, section: str) -> str:
    """Return the words put before a passage so that it can be understood alone."""
    return f"{headline} — {section}" if headline and section else headline or section


def split_passages(digest: Digest) -> tuple[Passage, ...]:
    """Cut a digest into passages, in the order of its text."""
    headline = digest.headline
    runs: list[tuple[str, tuple[tuple[int, int], ...]]] = []
    body_start = min((section.heading_start for section in digest.sections), default=len(digest.text))
    for line in digest.lines:
        if line.kind not in ("back", "origin"):
            runs.append(("header" if line.start < body_start else "footer", ((line.start, line.end),)))
    for section in digest.sections:
        sentences = _cut_long(digest.text, split_sentences(digest.text, section.start, section.end))
        counts = [_words(digest.text, start, end) for start, end in sentences]
        runs += [(section.heading, sentences[first:last]) for first, last in _pack(counts)]
    runs.sort(key=lambda run: run[1][0][0])
    return tuple(
        Passage(
            section=section,
            ordinal=ordinal,
            start=sentences[0][0],
            end=sentences[-1][1],
            text=digest.text[sentences[0][0] : sentences[-1][1]],
            sentences=sentences,
            headline=headline,
        )
        for ordinal, (section, sentences) in enumerate(runs)
    )


def _words(text: str, start: int, end: int) -> int:
    """Return a sentence's words, or what its characters would come to where words are very long."""
    return max(len(text[start:end].split()), (end - start) * CHUNKER.max_words // CHUNKER.longest_sentence_characters)


def _cut_long(text: str, sentences: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Cut what is too long to be one sentence (a table, a list run together) at clauses, else at words."""
    pieces: list[tuple[int, int]] = []
    for start, end in sentences:
        # Only what has this many characters can have too many words.
        if end - start >= 2 * CHUNKER.longest_sentence_words:
            pieces += _pieces(text, start, end)
        else:
            pieces.append((start, end))
    return tuple(pieces)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    if len(words) <= CHUNKER.longest_sentence_words and end - start <= CHUNKER.longest_sentence_characters:
        return [(start, end)]
    pieces: list[tuple[int, int]] = []
    first = 0
    while first < len(words):
        last = min(first + CHUNKER.max_words, len(words))
        limit = words[first][0] + CHUNKER.longest_sentence_characters
        while last > first + 1 and words[last - 1][1] > limit:
            last -= 1
        if last < len(words):
            clauses = range(last - 1, first + (last - first) // 2, -1)
            last = next((index + 1 for index in clauses if text[words[index][1] - 1] in ",;:"), last)
        # A word may be longer than any piece: it is cut where it must be.
        piece_start, piece_end = words[first][0], words[last - 1][1]
        for cut in range(piece_start, piece_end, CHUNKER.longest_sentence_characters):
            pieces.append((cut, min(cut + CHUNKER.longest_sentence_characters, piece_end)))
        first = last
    return pieces


def _pack(counts: list[int]) -> list[tuple[int, int]]:
    """Return runs of sentences, as half-open index ranges, each within the limit and of about equal size.

    Args:
        counts: words of each sentence.
    """
    runs: list[tuple[int, int]] = []
    first = 0
    while first < len(counts):
        last = first + 1
        # Sentences over the limit stand alone: they neither take nor give an overlap.
        if counts[first] <= CHUNKER.max_words:
            while last < len(counts) and counts[last] <= CHUNKER.max_words:
                last += 1
            runs += [(first + a, first + b) for a, b in _balanced(counts[first:last])]
        else:
            runs.append((first, last))
        first = last
    return runs


def _balanced(counts: list[int]) -> list[tuple[int, int]]:
    """Pack sentences that all fit into as few runs as possible, then lower the longest run as far as it goes."""
    best = _greedy(counts, CHUNKER.max_words)
    assert best is not None
    if len(best) == 1:
        return best
    low, high = max(counts), CHUNKER.max_words
    while low < high:
        cap = (low + high) // 2
        runs = _greedy(counts, cap)
        if runs is not None and len(runs) <= len(best):
            best, high = runs, cap
        else:
            low = cap + 1
    return best


def _greedy(counts: list[int], cap: int) -> list[tuple[int, int]] | None:
    """Fill runs up to ``cap`` words, each beginning with the last sentence of the one before if there is room.

    Returns:
        The runs, or None where a run's overlap and first new sentence exceed ``cap`` and yet fit a passage: a lower
        cap must not cost an overlap.
    """
    runs: list[tuple[int, int]] = []
    first, new = 0, 0
    while new < len(counts):
        words = sum(counts[first : new + 1])
        if words > cap:
            return None
        last = new + 1
        while last < len(counts) and words + counts[last] <= cap:
            words += counts[last]
            last += 1
        runs.append((first, last))
        new = last
        if new < len(counts):
            first = new - CHUNKER.overlap_sentences
            if sum(counts[first : new + 1]) > CHUNKER.max_words:
                first = new
    return runs
