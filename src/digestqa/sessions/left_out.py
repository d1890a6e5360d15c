"""How files that no list of sessions can hold are told."""

from __future__ import annotations

from collections.abc import Sequence

from digestqa.output.reports import counted
from digestqa.sessions.turns import LeftOut, SessionSummary

_NAMED = 5


def left_out_words(left: Sequence[LeftOut]) -> str:
    """Return how many files are left out, and which and why; empty where there are none."""
    if not left:
        return ""
    verbs = "cannot be read and is" if len(left) == 1 else "cannot be read and are"
    named = [f"{entry.name} ({entry.reason})" for entry in left[:_NAMED]]
    if len(left) > _NAMED:
        named.append(f"and {len(left) - _NAMED:,} more")
    return f"{counted(len(left), 'session file')} {verbs} left out: {', '.join(named)}"


def question_count(summary: SessionSummary) -> str:
    """Return how many questions a session holds, and how many lines of it are lost."""
    told = counted(summary.turns, "question")
    return f"{told}, {counted(summary.damaged_lines, 'unreadable line')}" if summary.damaged_lines else told
