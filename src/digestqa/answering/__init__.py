"""The Assistant: one question in, quoted answers or a plain refusal out. Every front end asks it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.answering.questions import MAX_QUESTION_CHARS, check_question
from digestqa.lazy import loader_of

if TYPE_CHECKING:
    from digestqa.answering.assistant import Assistant
    from digestqa.answering.choosing import MAX_ANSWERS
    from digestqa.answering.page_context import PageContext
    from digestqa.answering.searching import PASSAGES_READ, search
    from digestqa.replies import Answer, Citation, LibraryState, Reply

_HOMES = {
    "MAX_ANSWERS": "digestqa.answering.choosing",
    "PASSAGES_READ": "digestqa.answering.searching",
    "Answer": "digestqa.replies",
    "Assistant": "digestqa.answering.assistant",
    "Citation": "digestqa.replies",
    "LibraryState": "digestqa.replies",
    "PageContext": "digestqa.answering.page_context",
    "Reply": "digestqa.replies",
    "search": "digestqa.answering.searching",
}

__all__ = [
    "MAX_ANSWERS",
    "MAX_QUESTION_CHARS",
    "PASSAGES_READ",
    "Answer",
    "Assistant",
    "Citation",
    "LibraryState",
    "PageContext",
    "Reply",
    "check_question",
    "search",
]


# Load a public name from its module, so that a question can be checked before anything is loaded.
__getattr__ = loader_of(__name__, _HOMES)
