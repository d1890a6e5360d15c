"""Words around what is asked: "hi, could you please tell me which …", "…, please"."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"\W*(?:(?:(?:so|and|well|now|then|ok(?:ay)?|alright|please|pls|hi|hello|hey|thanks|just|kindly|briefly|quickly|"
    r"(?:can|could|would|will)\s+(?:you|u)|i(?:['’]d|\s+would)\s+like(?:\s+you)?(?:\s+to)?|"
    r"i\s+(?:want|need)(?:\s+you)?(?:\s+to)?|(?:tell\s+me|do\s+you\s+know|know)(?=\s+(?:which|what|how)\b))\b"
    r"(?!['’]))[\s,.:;!–-]*)*",
    re.IGNORECASE,
)
_AFTER = ("please", "pls", "thanks", "thank you", "for me", "to me", "briefly", "in brief", "then", "again", "overall")


def place_of_asking(question: str) -> tuple[int, int]:
    """Return where a question stands without the courtesy around it; the whole place where nothing else is there."""
    opening = _BEFORE.match(question)
    start, end = opening.end() if opening else 0, len(question)
    lowered = question.casefold() if len(question.casefold()) == end else question
    while start < end:
        while end > start and not question[end - 1].isalnum():
            end -= 1
        word = next((each for each in _AFTER if lowered.endswith(each, start, end)), None)
        if word is None or (end - len(word) > start and question[end - len(word) - 1].isalnum()):
            break
        end -= len(word)
    return (start, end) if start < end else (0, len(question))


def plainly(question: str) -> str:
    """Return a question without the courtesy around it, its blanks and apostrophes of one kind."""
    start, end = place_of_asking(question)
    return " ".join(question[start:end].replace("’", "'").split())
