"""What can be a question at all."""

from __future__ import annotations

from digestqa.errors import QuestionError

MAX_QUESTION_CHARS = 4000
"""Longer than any question; what is longer is a document pasted by mistake."""


def check_question(question: str) -> None:
    """Refuse what cannot be a question.

    Raises:
        QuestionError: empty, without a letter or digit, or longer than 4,000 characters.
    """
    if not question.strip():
        raise QuestionError(
            "the question is empty", 'ask something, such as: digestqa ask "what is the primary outcome?"'
        )
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} are read",
            "ask one thing at a time; several questions go into a file for 'digestqa ask --batch'",
        )
    if not any(char.isalnum() for char in question):
        raise QuestionError("the question has no letter or digit", "ask in words")
