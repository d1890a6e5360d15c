"""Words that are meant for the program, not for the digests: "hello", "help", "what can you do?"."""

from __future__ import annotations

import re

_MEANT_FOR_THE_PROGRAM = (
    r"^\W*(?:hi|hello|hey|hi there|hello there|good (?:morning|afternoon|evening|day)|"
    r"(?:(?:ok(?:ay)?|great|no|many|perfect)[ ,]+)*(?:thanks?|thx|thank you)(?: (?:so much|very much|a lot))?|"
    r"how are you(?: doing)?|(?:please )?help(?: me)?(?:,? please)?|"
    r"cheers|ok(?:ay)?|great|cool|bye|goodbye|quit|exit|stop|test|testing|"
    r"(?:what|how much) (?:can|do) you (?:do|know)|what are you(?: able to do)?|who (?:are|made|built|wrote) you|"
    r"what(?:'s| is) your (?:name|job|purpose)|what is digestqa|how (?:do|does) (?:you|it|this|digestqa) work|"
    r"how (?:do|can|should) i (?:use (?:you|it|this|digestqa)|ask(?: you)?(?: (?:a question|questions))?)|"
    r"what (?:can|should|may|could) i ask(?: you)?(?: about)?|are you (?:an? )?(?:ai|bot|robot|human|llm|there|ok)|"
    r"can you help(?: me)?)\W*$"
)

_WORDS = frozenset(
    "hi hello hey good thanks thank thx you your help cheers ok okay great cool bye goodbye quit exit stop test "
    "testing digestqa work i ok, okay, great, no, many, perfect,".split()
)
"""One of them is in all that is meant for the program."""
_MOST_CHARS = 60

ABOUT_ITSELF = "this answers questions about the digests: try “list the studies”, or ask what one of them found"
"""What a person is told who talks to the program."""


def is_small_talk(question: str) -> bool:
    """Tell whether a question is meant for the program."""
    if len(question) >= _MOST_CHARS or _WORDS.isdisjoint(question.lower().replace("'", " ").strip(" ?!.,").split()):
        return False  # the pattern is costly to compile, and most runs ask one question
    return bool(re.search(_MEANT_FOR_THE_PROGRAM, question, re.IGNORECASE))
