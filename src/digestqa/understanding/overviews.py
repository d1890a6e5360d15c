"""Questions for a study as a whole: "what is it about?", "what did NCT01234567 find?", its bare number."""

from __future__ import annotations

import re

from digestqa.digests import find_source_ids
from digestqa.retrieval.terms import content_words, words
from digestqa.understanding.courtesy import plainly

MOST_STUDIES_TOLD = 6
"""Of so many studies, each is told as a whole at most."""
FEW_STUDIES = 20
"""Where nobody says of which study, a library of so many is listed instead: as many as a list shows at once."""
WHICH_STUDY = "an overview of which study? name one by its number; “what is in here?” lists them"
"""What a person is told who asks for a "summary" in a larger one."""

_THING = r"(?P<thing>[^?!;]+?)"
_NUMBER = r"(?:NCT|PMID)[ :#]*\d+"
_STUDY = rf"(?=[^?!;]*(?:\b(?:trial|study|digest|paper|project)\b|\b{_NUMBER}))(?P<thing>[^?!;]+?)"
"""A thing that is called a study: "results in women" are of one group."""
_NOT_MANY = r"(?!(?:they|these|those|that|this)\s+\w+$)"
"""After "the scans were read": what they showed is no overview; what "they found" is what the authors did."""
_WHAT_IS = r"what(?:'?s| is| are| was| were)"
_SUMMARY = r"(?:overview|summary|gist|outline|synopsis|recap|tl;?dr)"
_WEIGHTY = r"(?:(?:key|main|overall|principal|major|most important) )"
_FOUND = r"(?:findings?|results?|conclusions?|take-?aways?|messages?|points)"
_LESSON = r"(?:bottom line|upshot|take-?away|take-?home message|take home message|gist|conclusions?)"
_ABOUT = r"(?:more |all |everything )?(?:about|on)"
_ASKED = (
    rf"(?:tell me {_ABOUT}|describe|summari[sz]e|sum up|introduce) {_THING}",
    rf"(?:explain|walk me through) {_STUDY}",
    rf"(?:(?:give|show) me |{_WHAT_IS} )?(?:an? |the )?(?:(?:short|brief|quick|one-line) )?{_SUMMARY}"
    rf"(?: (?:of|for) {_THING})?",
    rf"{_WHAT_IS} {_THING} (?:all )?about",
    rf"what (?:did|does|do|has|have) {_NOT_MANY}{_THING},? "
    r"(?:find|found|show|shown|conclude|concluded|discover|discovered|reveal|demonstrate|report|reported)"
    r"(?: (?:out|in the end))?",
    r"what (?:did|have) (?P<thing>they) (?:find|found|conclude|concluded|discover|discovered)",
    rf"(?:{_WHAT_IS} )?(?:the )?{_WEIGHTY}*{_FOUND} (?:of|from|about|regarding) {_THING}",
    rf"(?:{_WHAT_IS} )?(?:the )?{_WEIGHTY}*{_FOUND} (?:in|on|for) {_STUDY}",
    rf"(?:{_WHAT_IS} )?(?:the )?{_WEIGHTY}+{_FOUND}",
    rf"(?:{_WHAT_IS} )?(?:the )?{_LESSON}(?: (?:of|from|for|in) {_THING})?",
    rf"how did {_NOT_MANY}{_THING} (?:turn out|go|end|fare)",
    rf"what (?:do (?:you|we) know|can you (?:tell me|say)) (?:more )?about {_THING}",
    rf"(?:know (?:more )?about|more (?:about|on)) {_THING}",
    rf"(?:(?:about|what(?:'?s| is)|show(?: me)?|give me|(?:more )?(?:details|info|information) (?:on|about)|results) )?"
    rf"(?P<thing>{_NUMBER})(?:[ ,:–-]+(?:{_SUMMARY}|{_FOUND}|info|details))?",
    r"(?:tell me more|summari[sz]e|sum up|sum it up|more details)(?P<thing>)",
)
_HINTS = (
    "about", "descri", "summar", "overview", "gist", "outline", "synopsis", "recap", "find", "found", "show", "conclu",
    "discover", "reveal", "demonstrat", "result", "report", "take", "message", "points", "bottom", "upshot", "turn",
    "go", "end", "fare", "tell", "sum ", "introduce", "explain", "walk", "tldr", "tl;dr", "more", "nct", "pmid",
)  # fmt: skip
_ADDED = r"\W*and\b"
_MOST_CHARS = 200


def overview_of(question: str) -> str | None:
    """Return of what a question asks for an overview, in its words; empty where it names nothing, None if for none."""
    lowered = question.lower()
    if not any(hint in lowered for hint in _HINTS) or len(plain := plainly(question)) > _MOST_CHARS:
        return None  # the patterns are costly to compile, and most runs ask one question
    for pattern in _ASKED:
        if match := re.fullmatch(pattern, plain, re.IGNORECASE):
            thing = match.groupdict().get("thing") or ""
            # "And the main results?", after "when does it end?", asks when.
            return None if not thing and re.match(_ADDED, question, re.IGNORECASE) else thing
    return None


def asks_for_overview_of_what_was_spoken_of(question: str) -> bool:
    """Tell whether a question asks for an overview and leaves to the conversation of what."""
    thing = overview_of(question)
    return thing is not None and not content_words(thing) and not find_source_ids(thing)


_INTRODUCING = frozenset(
    """
    tell describe summarise summarize summary overview gist outline synopsis recap tldr introduce show give know me us
    more about what is a an the of for and please can could you study trial
    """.split()
)


def only_introduces(question: str) -> bool:
    """Tell whether a question names studies by number, to be told of, and asks no more: what follows stands alone.

    Of 94 questions of digests-dev asked after "tell me about NCT…", 67 are answered from the right sentence when read
    by themselves in that study, 63 when read together with it.
    """
    named = find_source_ids(question)
    if not named or overview_of(question) is None:
        return False
    for mention in reversed(named):
        question = question[: mention.start] + question[mention.end :]
    return _INTRODUCING.issuperset(words(question.lower()))
