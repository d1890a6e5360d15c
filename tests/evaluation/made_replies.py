"""Replies made by hand, over one file that stands still."""

from __future__ import annotations

import hashlib
from pathlib import Path

from digestqa.replies import Answer, Citation, LibraryState, Reply
from digestqa.retrieval import Filters

TEXT = "Zelanide in Heart Failure\n\nEleven of 60 patients returned to hospital. The dose was 20 mg once daily.\n"


class CitedFiles:
    """A folder of equal files under several names, and replies that cite them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def citation(self, source: str, quote: str, span: str = "") -> Citation:
        path = self.folder / f"{source.replace(':', '_')}.txt"
        path.write_text(TEXT, encoding="utf-8", newline="")
        start = TEXT.index(quote)
        span_start = start + quote.index(span or quote)
        return Citation(
            source=source,
            registry="clinicaltrials",
            url=None,
            title="",
            section="Results",
            path=path.as_posix(),
            sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
            start=start,
            end=start + len(quote),
            span_start=span_start,
            span_end=span_start + len(span or quote),
            quote=quote,
            ingested=None,
            digest_model=None,
        )

    def answer(self, source: str, quote: str, span: str, confidence: float = 0.9) -> Answer:
        return Answer(span, quote, confidence, "reported", self.citation(source, quote, span))


def reply(*answers: Answer, confidence: float | None = None, nearest: tuple[Citation, ...] = ()) -> Reply:
    return Reply(
        question="?",
        resolved_question="?",
        filters=Filters(),
        carried=False,
        status="answered" if answers else "abstained",
        confidence=answers[0].confidence if confidence is None else confidence,
        answers=answers,
        nearest=nearest,
        notes=(),
        library=LibraryState(digests=1, passages=1, encoder="letters", reader="made", state=1),
        elapsed_ms=10.0,
    )
