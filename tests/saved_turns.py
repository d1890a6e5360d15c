"""Turns as sessions keep them, made up for tests."""

from __future__ import annotations

from digestqa.reading.claims import Claim
from digestqa.replies import Answer, Citation, LibraryState, Reply
from digestqa.retrieval.scope import Filters
from digestqa.sessions import SavedTurn

NOON = "2026-11-22T12:00:00+00:00"


def a_citation(quote: str, span: tuple[int, int] | None = None, source: str = "NCT90000001") -> Citation:
    """A quote that stands at the beginning of its file; the span is within the quote."""
    start, end = span or (0, len(quote))
    return Citation(
        source=source,
        registry="clinicaltrials",
        url=f"https://clinicaltrials.gov/study/{source}",
        title="Corvimab Put to the Test",
        section="Results",
        path=f"seeds/{source}.txt",
        sha256="ab" * 32,
        start=0,
        end=len(quote),
        span_start=start,
        span_end=end,
        quote=quote,
        ingested="2026-02-03",
        digest_model="example-model-1",
    )


def a_reply(
    question: str,
    *quotes: str,
    nearest: tuple[str, ...] = (),
    claim: Claim = "reported",
    notes: tuple[str, ...] = (),
    filters: Filters | None = None,
) -> Reply:
    """An answer with these quotes, each its own answer; an abstention where there are none."""
    answers = tuple(Answer(quote, quote, 0.93, claim, a_citation(quote)) for quote in quotes)
    return Reply(
        question=question,
        resolved_question=question,
        filters=filters or Filters(),
        carried=False,
        status="answered" if answers else "abstained",
        confidence=0.93 if answers else 0.12,
        answers=answers,
        nearest=tuple(a_citation(quote) for quote in nearest),
        notes=notes,
        library=LibraryState(3, 24, "an-encoder", "a reader", 7),
        elapsed_ms=61.2,
    )


def a_turn(question: str, *quotes: str, asked_at: str = NOON, nearest: tuple[str, ...] = ()) -> SavedTurn:
    """A finished turn."""
    reply = a_reply(question, *quotes, nearest=nearest)
    return SavedTurn(question, asked_at, reply.status, reply)
