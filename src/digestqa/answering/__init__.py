"""The Assistant: one question in, quoted answers or a plain refusal out. Every front end asks it, and nothing else."""

from digestqa.answering.assistant import Assistant
from digestqa.answering.choosing import MAX_ANSWERS
from digestqa.answering.questions import MAX_QUESTION_CHARS, check_question
from digestqa.answering.searching import PASSAGES_READ, readable_passages, search
from digestqa.replies import Answer, Citation, LibraryState, Reply

__all__ = [
    "MAX_ANSWERS",
    "MAX_QUESTION_CHARS",
    "PASSAGES_READ",
    "Answer",
    "Assistant",
    "Citation",
    "LibraryState",
    "Reply",
    "check_question",
    "readable_passages",
    "search",
]
