from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digestqa.evaluation.questions import EvalQuestion
from digestqa.evaluation.verdicts import Verdict, judge_reply
from evaluation.made_replies import CitedFiles, reply

RETURNED = "Eleven of 60 patients returned to hospital."
DOSE = "The dose was 20 mg once daily."
ASKED = EvalQuestion(id="a", question="what dose?", answers=("20 mg", "20 mg once daily"), sources=("NCT1",))
UNSAID = EvalQuestion(id="n", question="what price?", sources=("NCT1",), kind="near-miss")


@pytest.fixture
def files(tmp_path: Path) -> CitedFiles:
    return CitedFiles(tmp_path)


def test_a_right_first_answer(files: CitedFiles) -> None:
    verdict = judge_reply(ASKED, reply(files.answer("NCT1", DOSE, "20 mg once")))
    assert (verdict.right1, verdict.right3, verdict.best_right, verdict.source1, verdict.handled) == (True,) * 5
    assert verdict.f1 == pytest.approx(6 / 7, abs=1e-6)
    assert not verdict.em
    assert (verdict.given, verdict.cited_right, verdict.faults) == (1, 1, 0)


def test_a_right_answer_in_third_place_is_right_at_three_alone(files: CitedFiles) -> None:
    wrong = files.answer("NCT2", DOSE, "20 mg"), files.answer("NCT1", RETURNED, "Eleven")
    verdict = judge_reply(ASKED, reply(*wrong, files.answer("NCT1", DOSE, "20 mg")))
    assert (verdict.right1, verdict.right3, verdict.handled, verdict.source1) == (False, True, False, False)
    assert (verdict.given, verdict.cited_right, verdict.f1, verdict.em) == (3, 2, 0.0, False)
    fourth = judge_reply(ASKED, reply(*wrong, wrong[0], files.answer("NCT1", DOSE, "20 mg")))
    assert not fourth.right3


def test_the_right_words_of_another_study_are_worth_nothing(files: CitedFiles) -> None:
    verdict = judge_reply(ASKED, reply(files.answer("NCT2", DOSE, "20 mg")))
    assert (verdict.right1, verdict.source1, verdict.f1, verdict.em) == (False, False, 0.0, False)


def test_abstaining_from_what_is_said_is_wrong_and_what_it_cost_is_kept(files: CitedFiles) -> None:
    verdict = judge_reply(ASKED, reply(confidence=0.31234567, nearest=(files.citation("NCT1", DOSE, "20 mg"),)))
    assert (verdict.answered, verdict.handled, verdict.right1, verdict.best_right) == (False, False, False, True)
    assert verdict.confidence == 0.3123
    assert not judge_reply(ASKED, reply(confidence=0.0)).best_right


def test_abstaining_from_what_is_not_said_is_right_and_answering_it_wrong(files: CitedFiles) -> None:
    assert judge_reply(UNSAID, reply(confidence=0.1)).handled
    verdict = judge_reply(UNSAID, reply(files.answer("NCT1", DOSE, "20 mg")))
    assert (verdict.handled, verdict.source1, verdict.best_right, verdict.cited_right) == (False,) * 3 + (0,)
    assert (verdict.given, verdict.kind) == (1, "near-miss")


def test_a_question_of_several_studies_wants_them_all(files: CitedFiles) -> None:
    both = replace(ASKED, sources=("NCT1", "NCT2", "NCT3"))
    answers = files.answer("NCT1", DOSE, "20 mg"), files.answer("NCT2", RETURNED, "Eleven")
    assert judge_reply(both, reply(*answers)).cross == pytest.approx(2 / 3, abs=1e-6)
    assert judge_reply(both, reply(confidence=0.1)).cross == 0.0
    assert judge_reply(ASKED, reply(*answers)).cross is None


def test_what_is_not_verbatim_is_counted(files: CitedFiles) -> None:
    good = files.answer("NCT1", DOSE, "20 mg")

    def faults(**changed: Any) -> int:
        return judge_reply(ASKED, reply(replace(good, **changed))).faults

    assert faults(quote=DOSE.lower()) == 1
    assert faults(text="20 mg!") == 1
    assert faults(citation=replace(good.citation, sha256="0" * 64)) == 1
    assert faults(citation=replace(good.citation, start=good.citation.span_end)) == 2
    assert faults(citation=replace(good.citation, path=(files.folder / "gone.txt").as_posix())) == 4


def test_the_gain_of_retrieval_falls_with_the_rank() -> None:
    verdict = Verdict("a", "", "", True, True, 0.5, right_passages=2, ranks=(2, 5))
    assert verdict.reciprocal_rank == 0.5
    ideal = 1 + 1 / math.log2(3)
    assert verdict.ndcg == pytest.approx((1 / math.log2(3) + 1 / math.log2(6)) / ideal)
    assert replace(verdict, ranks=(1, 2)).ndcg == pytest.approx(1.0)
    nothing = replace(verdict, ranks=())
    assert (nothing.reciprocal_rank, nothing.ndcg) == (0.0, 0.0)


def test_more_right_passages_than_places_still_make_a_whole_gain() -> None:
    assert Verdict("a", "", "", True, True, 0.5, right_passages=30, ranks=tuple(range(1, 11))).ndcg == pytest.approx(1)
