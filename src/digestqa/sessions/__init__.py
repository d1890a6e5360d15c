"""Saved sessions: append-only files under the platform's state directory, searched, resumed and exported."""

from __future__ import annotations

from digestqa.sessions.age import age_words
from digestqa.sessions.folder import OFF, sessions_folder
from digestqa.sessions.log import SessionFiles
from digestqa.sessions.turns import FoundTurn, Outcome, SavedTurn, SessionSummary

__all__ = [
    "OFF",
    "FoundTurn",
    "Outcome",
    "SavedTurn",
    "SessionFiles",
    "SessionSummary",
    "age_words",
    "sessions_folder",
]
