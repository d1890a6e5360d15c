from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from digestqa.sessions import SavedTurn, SessionFiles, age_words
from saved_turns import a_turn

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture
def log(tmp_path: Path) -> SessionFiles:
    """Two saved sessions and a present one."""
    log = SessionFiles(tmp_path, now=lambda: NOW)
    log.append(a_turn("what dose?", "300 mg of Naïve Tα1.", asked_at="2026-11-20T10:00:00+00:00"))
    log.append(SavedTurn("broken", "2026-11-20T10:01:00+00:00", "failed", error="boom"))
    log.start_new()
    log.append(a_turn("which dose was best?", asked_at="2026-11-21T10:00:00+00:00", nearest=("Nobody knows.",)))
    log.start_new()
    log.append(a_turn("how long?", "A year.", asked_at="2026-11-22T10:00:00+00:00"))
    return log


@pytest.mark.parametrize(
    ("words", "questions"),
    [
        ("dose", ["which dose was best?", "what dose?"]),
        ("DOSE  300", ["what dose?"]),
        ("naive tα1", ["what dose?"]),
        ("nobody", ["which dose was best?"]),
        ("nct90000001", ["how long?", "which dose was best?", "what dose?"]),
        ("broken", ["broken"]),
        ("dose year", []),
        ("", ["how long?", "which dose was best?", "broken", "what dose?"]),
    ],
)
def test_every_word_counts_in_questions_quotes_and_studies_latest_first(
    log: SessionFiles, words: str, questions: list[str]
) -> None:
    assert [found.turn.question for found in log.search(words)] == questions


def test_what_is_found_says_where_it_is(log: SessionFiles) -> None:
    (found,) = log.search("broken")
    assert (found.session_id, found.position) == ("2026-11-22-1", 1)
    assert log.search("", limit=1)[0].session_id == log.id


def test_sessions_are_listed_latest_first_with_count_and_first_question(log: SessionFiles) -> None:
    told = [(summary.id, summary.turns, summary.first_question, summary.last_at) for summary in log.sessions()]
    assert told == [
        ("2026-11-22-3", 1, "how long?", "2026-11-22T10:00:00+00:00"),
        ("2026-11-22-2", 1, "which dose was best?", "2026-11-21T10:00:00+00:00"),
        ("2026-11-22-1", 2, "what dose?", "2026-11-20T10:01:00+00:00"),
    ]


def test_what_another_program_adds_is_found_without_a_restart(log: SessionFiles, tmp_path: Path) -> None:
    assert log.search("elsewhere") == []
    other = SessionFiles(tmp_path, now=lambda: NOW)
    other.append(a_turn("asked elsewhere", "a"))
    assert len(log.search("elsewhere")) == 1
    other.append(a_turn("asked elsewhere again", "a"))
    assert len(log.search("elsewhere")) == 2


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-22T11:59:30+00:00", "just now"),
        ("2026-11-22T13:00:00+00:00", "just now"),
        ("2026-11-22T11:59:00+00:00", "1 minute ago"),
        ("2026-11-22T09:00:00+00:00", "3 hours ago"),
        ("2026-11-22T09:00:00", "3 hours ago"),
        ("2026-11-20T09:00:00+00:00", "2 days ago"),
        ("2026-11-08T09:00:00+00:00", "2 weeks ago"),
        ("2026-01-08T12:00:00+00:00", "2026-01-08"),
        ("no moment", "no moment"),
    ],
)
def test_ages_are_told_in_words(then: str, words: str) -> None:
    assert age_words(then, NOW) == words
