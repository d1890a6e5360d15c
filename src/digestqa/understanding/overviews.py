"""Questions for a study as a whole: "what is it about?", "what did NCT01234567 find?", its bare number."""

from __future__ import annotations

import re

_THING = r"(?P<thing>[^?!;]+?)"
_NOT_MANY = r"(?!(?:they|these|those|that|this)\s+\w+\W*$)"
"""After "the scans were read": what they showed is no overview."""
_OPENING = r"^\W*(?:(?:so|and|please|ok|now|can you|could you)\s+)*"
_WHAT_IS = r"what(?:'s|\s+(?:is|are|was|were))"
_SUMMARY = r"(?:overview|summary|gist|outline|synopsis|recap)"
_WEIGHTY = r"(?:(?:key|main|overall|principal|major|most\s+important)\s+)"
_FOUND = r"(?:findings?|results?|conclusions?|take-?aways?|messages?)"
_LESSON = r"(?:bottom\s+line|upshot|take-?away|take-?home\s+message|gist)"
_ASKED = (
    rf"(?:tell\s+me\s+(?:more\s+)?about|describe|summari[sz]e|sum\s+up|introduce)\s+{_THING}",
    rf"(?:(?:give|show)\s+me\s+|{_WHAT_IS}\s+)?(?:an?\s+|the\s+)?(?:(?:short|brief|quick)\s+)?{_SUMMARY}\s+(?:of|for)\s+{_THING}",
    rf"{_WHAT_IS}\s+{_THING}\s+(?:all\s+)?about",
    rf"what\s+(?:did|does|do|has|have)\s+{_NOT_MANY}{_THING}\s+"
    r"(?:find|found|show|shown|conclude|concluded|discover|discovered|reveal|demonstrate)(?:\s+(?:out|overall))?",
    rf"(?:{_WHAT_IS}\s+)?(?:the\s+)?{_WEIGHTY}*{_FOUND}\s+(?:of|from|in|on|for|about|regarding)\s+{_THING}",
    rf"{_WHAT_IS}\s+the\s+{_LESSON}(?:\s+(?:of|from|for|in)\s+{_THING})?",
    rf"how\s+did\s+{_NOT_MANY}{_THING}\s+(?:turn\s+out|go|end|fare)",
    r"(?P<thing>(?:NCT|PMID)[\s:#]*\d+)",
    r"tell\s+me\s+more(?P<thing>)",
)
_HINT = re.compile(
    r"about|descri|summar|overview|gist|outline|synopsis|recap|find|found|show|conclu|discover|reveal|demonstrat|result|"
    r"take|message|bottom|upshot|turn|\bgo\b|\bend\b|\bfare\b|tell|sum up|introduce|^\W*(?:nct|pmid)[\s:#]*\d+\W*$",
    re.IGNORECASE,
)


def overview_of(question: str) -> str | None:
    """Return of what a question asks for an overview, in its words; empty where it names nothing, None if for none."""
    if not _HINT.search(question):
        return None  # the patterns are costly to compile, and most runs ask one question
    for pattern in _ASKED:
        if match := re.search(rf"{_OPENING}{pattern}\W*$", question, re.IGNORECASE):
            return match["thing"] or ""
    return None
