"""A follow-up's findings: read with the earlier question and alone, weighed by what it brings up, without repeats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digestqa.answering.citing import Finding
from digestqa.reading.base import Range
from digestqa.reading.cues import stems
from digestqa.retrieval.terms import content_words

if TYPE_CHECKING:
    from digestqa.retrieval.aliases import Aliases
    from digestqa.understanding import Understood

SHARE_OF_READING_WITH_EARLIER = 0.6
"""What a follow-up's reading together with the earlier question counts beside that of its own words alone."""
SHARE_OF_READING_WITH_A_FOLLOW_UP = 0.4
"""The same where the earlier question was a follow-up itself: two facets back, hardly anything is still meant."""
SHARE_WITHOUT_OWN_WORDS = 0.7
"""What a sentence counts, beside others, that has none of the words that a follow-up brings up."""
SHARE_OF_A_REPEAT = 0.2
"""How sure another span of a sentence must be, of a repeat's confidence, to take its place."""
_MOST_STUDIES_READ_TWICE = 2


def texts_read(understood: Understood) -> tuple[str, ...]:
    """Return the texts with which passages are read: of a follow-up within few studies, also its own words alone."""
    if understood.asked and 1 <= len(understood.about) <= _MOST_STUDIES_READ_TWICE:
        return tuple(dict.fromkeys((understood.text, understood.asked)))
    return (understood.text,)


def share_of_first_reading(understood: Understood) -> float:
    """Return what a follow-up's reading together with the earlier question counts."""
    leant_itself = understood.earlier is not None and understood.earlier.carried
    return SHARE_OF_READING_WITH_A_FOLLOW_UP if leant_itself else SHARE_OF_READING_WITH_EARLIER


_LEAD = re.compile(
    r"^\s*(?:(?:and|or|but|also|then|so|ok(?:ay)?|plus|what about|how about|same (?:for|in|with)|versus|vs\.?|"
    r"compared (?:to|with))\b[\s,]*)+",
    re.IGNORECASE,
)
_POINTS_ONLY = frozenset(
    """
    often long other arm arms group groups cohort one ones same number patients people women men participants first
    second third last latter former many much soon far
    """.split()
)
"""Words of a follow-up that say which of the things already spoken of is meant, or how it is asked for."""
_WRITTEN_FOR = {"side": ("adverse",), "effects": ("adverse", "event")}
"""What digests write for what people type."""


def own_words(question: str) -> tuple[str, ...]:
    """Return the words of a follow-up that bring something up."""
    return tuple(word for word in content_words(_LEAD.sub("", question)) if word not in _POINTS_ONLY)


def shares_of_own_words(
    question: str, sentences: Mapping[tuple[int, Range], str], aliases: Aliases
) -> dict[tuple[int, Range], float]:
    """Return, for each sentence, the share of a follow-up's own words that it has, under any of their names.

    Args:
        question: the follow-up as asked.
        sentences: by digest and quote.
        aliases: the names that the library and the user know.
    """
    named = {mention.text.lower(): mention.aliases for mention in aliases.mentions(question)}
    forms = [
        [stems(form) for form in (word, *_WRITTEN_FOR.get(word, ()), *named.get(word, ()))]
        for word in own_words(question)
    ]
    shares = {}
    for key, sentence in sentences.items():
        present = stems(sentence)
        held = sum(any(form and form <= present for form in of_word) for of_word in forms)
        shares[key] = held / len(forms) if forms else 0.0
    return shares


def with_own_words_first(findings: Sequence[Finding], shares: Mapping[tuple[int, Range], float]) -> list[Finding]:
    """Return the findings of a follow-up, those before the others whose sentences have the words that it brings up.

    Asked for another facet ("and with placebo?"), a sentence that does not have it is less likely meant, however
    well it answers the earlier question. No confidence rises by this, and none is above that of one placed before it.

    Args:
        findings: of one follow-up.
        shares: by digest and quote, the share of the follow-up's own words that the sentence has.
    """
    most = max(shares.values(), default=0.0)
    if not most:
        return list(findings)

    def weighed(item: Finding) -> float:
        share = shares[item.digest.id, item.quote] / most
        return item.confidence * (SHARE_WITHOUT_OWN_WORDS + (1 - SHARE_WITHOUT_OWN_WORDS) * share)

    ordered: list[Finding] = []
    for item in sorted(findings, key=lambda item: -weighed(item)):
        most_sure = ordered[-1].confidence if ordered else 1.0
        ordered.append(replace(item, confidence=min(item.confidence, most_sure)))
    return ordered


def without_repeats(findings: Sequence[Finding], earlier: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a follow-up, those that repeat what the earlier question was answered with put last.

    A follow-up asks for something else, often in the same sentence: only there another span takes a repeat's place.
    """
    said = [(item.digest.id, item.span) for item in earlier]
    result = list(findings)
    for place, item in enumerate(findings):
        if not any(_same(item, *where) for where in said):
            continue
        others = [
            other
            for other in findings
            if other.quote == item.quote
            and other.digest.id == item.digest.id
            and not any(_same(other, *where) for where in said)
        ]
        best = max(others, key=lambda other: other.confidence, default=None)
        if best is not None and best.confidence >= SHARE_OF_A_REPEAT * item.confidence:
            result[place] = replace(best, confidence=item.confidence)
    return result


def _same(item: Finding, digest_id: int, span: Range) -> bool:
    if item.digest.id != digest_id:
        return False
    common = min(item.span[1], span[1]) - max(item.span[0], span[0])
    return common > 0.5 * (max(item.span[1], span[1]) - min(item.span[0], span[0]))
