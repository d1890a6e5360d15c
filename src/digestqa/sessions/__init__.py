"""Saved sessions: append-only files under the platform's state directory, searched, resumed and exported."""

from __future__ import annotations

from digestqa.sessions.age import age_words
from digestqa.sessions.folder import OFF, sessions_folder
from digestqa.sessions.left_out import left_out_words, question_count
from digestqa.sessions.log import SessionFiles
from digestqa.sessions.turns import FoundTurn, LeftOut, Outcome, SavedTurn, SessionSummary

__all__ = [
    "OFF",
    "FoundTurn",
    "LeftOut",
    "Outcome",
    "SavedTurn",
    "SessionFiles",
    "SessionSummary",
    "age_words",
    "left_out_words",
    "question_count",
    "sessions_folder",
]
