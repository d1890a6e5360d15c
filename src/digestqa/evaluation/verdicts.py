"""Asking the questions and judging what comes back: one compact verdict a question."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digestqa.digests import read_file
from digestqa.errors import FileRefusedError
from digestqa.evaluation.rightness import cites, exact_match, holds_answer, right_passages, token_f1

if TYPE_CHECKING:
    from digestqa.answering import Assistant
    from digestqa.evaluation.questions import EvalQuestion
    from digestqa.replies import Answer, LibraryState, Reply

DEPTHS = (1, 3, 5, 10)
"""How many of the first passages recall is stated for."""
_DEEPEST = max(DEPTHS)
_RIGHT_LOOKED_AT = 3
_CONFIDENCE_DIGITS = 4
_SHARE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question fared.

    Attributes:
        id: the question's.
        type: the question's.
        kind: the question's; empty where it has none.
        answerable: whether the digests say.
        answered: whether an answer was given.
        confidence: of the best candidate, given or not, to four places as programs see it.
        right1: whether the first answer cites a right study and its quote holds an acceptable span.
        right3: whether one of the first three does.
        best_right: whether the best candidate does, also when it was not good enough to be given.
        source1: whether the first answer cites a right study.
        f1: of the first span, 0 to 1; 0 where its study is wrong.
        em: whether the first span is an acceptable one, word for word, of a right study.
        cross: share of the studies that answer among those cited; None where there are not several.
        given: answers that were given.
        cited_right: those of them that cite a right study.
        faults: quotes, spans, offsets and hashes that are not what stands in the cited files.
        right_passages: passages of the library that answer; 0 for an unanswerable question.
        ranks: places, from 1, of the right passages among the first ten retrieved.
    """

    id: str
    type: str
    kind: str
    answerable: bool
    answered: bool
    confidence: float
    right1: bool = False
    right3: bool = False
    best_right: bool = False
    source1: bool = False
    f1: float = 0.0
    em: bool = False
    cross: float | None = None
    given: int = 0
    cited_right: int = 0
    faults: int = 0
    right_passages: int = 0
    ranks: tuple[int, ...] = ()

    @property
    def handled(self) -> bool:
        """Whether the question was rightly answered, or rightly refused."""
        return self.right1 if self.answerable else not self.answered

    @property
    def reciprocal_rank(self) -> float:
        """One over the place of the first right passage; 0.0 where none is among the first ten."""
        return 1 / min(self.ranks) if self.ranks else 0.0

    @property
    def ndcg(self) -> float:
        """Normalised discounted cumulative gain at ten, every right passage gaining the same (Järvelin 2002)."""
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(self.right_passages, _DEEPEST) + 1))
        return sum(1 / math.log2(rank + 1) for rank in self.ranks) / ideal if ideal else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what is no part of it.

    Attributes:
        verdict: the same from run to run.
        elapsed_ms: time from question to reply, which is not.
        library: what was asked.
    """

    verdict: Verdict
    elapsed_ms: float
    library: LibraryState


def judge_questions(
    assistant: Assistant, questions: Sequence[EvalQuestion], on_progress: Callable[[int, int], None] | None = None
) -> Iterator[Judged]:
    """Ask every question as a person would and judge the replies, in the order of the questions."""
    files: dict[Path, tuple[str, str] | None] = {}
    for done, question in enumerate(questions, start=1):
        reply = assistant.ask(question.question, question.history)
        # The scope of the reply: what was asked for is what retrieval is judged by.
        retrieved = assistant.retriever.retrieve(reply.resolved_question, reply.filters, _DEEPEST)
        right = right_passages(question, assistant.library)
        ranks = [place for place, found in enumerate(retrieved, start=1) if found.passage.id in right]
        verdict = judge_reply(question, reply, len(right), ranks, files)
        yield Judged(verdict, reply.elapsed_ms, reply.library)
        if on_progress is not None:
            on_progress(done, len(questions))


def judge_reply(
    question: EvalQuestion,
    reply: Reply,
    right_passages: int = 0,
    ranks: Sequence[int] = (),
    files: dict[Path, tuple[str, str] | None] | None = None,
) -> Verdict:
    """Judge one reply.

    Args:
        question: with what is known of its answer.
        reply: what came back for it.
        right_passages: how many passages of the library answer it.
        ranks: where they stand among those that were retrieved.
        files: text and sha256 of the cited files read so far (None: cannot be read); filled further.
    """
    answers = reply.answers
    answered = reply.status == "answered" and bool(answers)
    cited_right = sum(cites(question.sources, answer.citation.source, answer.citation.path) for answer in answers)
    files = {} if files is None else files
    known: dict[str, Any] = {
        "id": question.id,
        "type": question.type,
        "kind": question.kind,
        "answerable": question.answerable,
        "answered": answered,
        "confidence": round(reply.confidence, _CONFIDENCE_DIGITS),
        "given": len(answers),
        "cited_right": cited_right if question.answerable else 0,
        "faults": sum(_faults(answer, files) for answer in answers),
        "right_passages": right_passages,
        "ranks": tuple(ranks),
    }
    if not question.answerable:
        return Verdict(**known)
    if len(question.sources) > 1:
        reached = sum(
            any(cites([source], answer.citation.source, answer.citation.path) for answer in answers)
            for source in question.sources
        )
        known["cross"] = round(reached / len(question.sources), _SHARE_DIGITS) if answered else 0.0
    if not answered:
        # What was not good enough comes first among the nearest; whether it was right tells what abstaining cost.
        best = next(iter(reply.nearest), None)
        known["best_right"] = best is not None and _is_right(question, best.source, best.path, best.quote)
        return Verdict(**known)
    right = [
        _is_right(question, answer.citation.source, answer.citation.path, answer.quote)
        for answer in answers[:_RIGHT_LOOKED_AT]
    ]
    first = answers[0]
    known |= {"right1": right[0], "right3": any(right), "best_right": right[0]}
    if cites(question.sources, first.citation.source, first.citation.path):
        known |= {
            "source1": True,
            "f1": round(token_f1(first.text, question.answers), _SHARE_DIGITS),
            "em": exact_match(first.text, question.answers),
        }
    return Verdict(**known)


def _is_right(question: EvalQuestion, source: str, path: str, quote: str) -> bool:
    return cites(question.sources, source, path) and holds_answer(quote, question.answers)


def _faults(answer: Answer, files: dict[Path, tuple[str, str] | None]) -> int:
    """Count what is not verbatim: the quote, the span, the span's place in the quote, the file's hash."""
    citation = answer.citation
    path = Path(citation.path)
    if path not in files:
        try:
            file = read_file(path)
            files[path] = file.text, file.sha256
        except FileRefusedError:
            files[path] = None
    known = files[path]
    if known is None:
        return 4
    text, sha256 = known
    return sum(
        (
            text[citation.start : citation.end] != answer.quote,
            text[citation.span_start : citation.span_end] != answer.text,
            not citation.start <= citation.span_start <= citation.span_end <= citation.end,
            citation.sha256 != sha256,
        )
    )
