from __future__ import annotations

import pytest

from digestqa.choosing import chooses_studies


@pytest.mark.parametrize(
    ("question", "chooses"),
    [
        ("which of these were randomised?", True),
        ("and which were randomised?", True),
        ("how many of these studies are rcts?", True),
        ("which digests mention a dose?", True),
        ("which one is the largest?", True),
        ("and the smallest?", True),
        ("the most recent one", True),
        ("which one had the most patients?", True),
        ("ok the smallest", True),
        ("or the largest one?", True),
        ("also the oldest", True),
        ("and which were the largest?", True),
        ("the largest of them", True),
        ("which one had the largest effect?", False),
        ("which one had the most adverse events?", False),
        ("the largest dose?", False),
        ("which one did better?", False),
        ("what did the two trials measure?", False),
        ("which outcomes did these trials measure?", False),
        ("which were the side effects?", False),
        ("how many of them died?", False),
        ("what doses did they use?", False),
    ],
)
def test_a_question_for_studies_chooses_among_them(question: str, *, chooses: bool) -> None:
    assert chooses_studies(question) is chooses
