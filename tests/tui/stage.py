"""What the tests of the terminal UI share: an engine that waits for the test, and the screen as rows of text."""

from __future__ import annotations

import asyncio
import html
import os
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from digestqa.digests import parse_digest
from digestqa.errors import DigestQAError
from digestqa.library import DigestRecord
from digestqa.reading.claims import Claim
from digestqa.replies import Answer, Citation, LibraryState, Reply
from digestqa.retrieval import Filters
from digestqa.sessions import SessionFiles
from digestqa.tui.app import ChatApp
from digestqa.tui.engine import Engine, Opened
from digestqa.tui.events import Event, JobEnded
from digestqa.tui.job import OnProgress
from digestqa.tui.pages import DigestPage
from digestqa.tui.state import JobKind, LibraryFacts
from shelf import DIGESTS, PLANNED, REPORTED

WIDE = (120, 32)
NARROW = (80, 24)
FACTS = LibraryFacts(digests=3, passages=9, state=1, encoder="stand-in", reader="stand-in")
WAIT_S = 20.0
DAY_OF_GOLDENS = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""A session is named after its day, and the goldens show the name."""


def citation(text: str, quote: str, span: str | None = None, **changes: Any) -> Citation:
    """Cite a quote, and a span inside it, of a digest's text."""
    digest = parse_digest(text, sha256="0" * 64, name="page.txt")
    start = text.index(quote)
    span_start = start + quote.index(span or quote)
    section = next((part.heading for part in digest.sections if part.start <= start < part.end), "header")
    made = Citation(
        source=digest.source,
        registry=digest.registry,
        url=f"https://clinicaltrials.gov/study/{digest.source}",
        title=digest.headline,
        section=section,
        path=f"seeds/{digest.source}.txt",
        sha256="0" * 64,
        start=start,
        end=start + len(quote),
        span_start=span_start,
        span_end=span_start + len(span or quote),
        quote=quote,
        ingested="2026-01-20",
        digest_model="example-model-2",
    )
    return replace(made, **changes)


def answer(cited: Citation, confidence: float = 0.93, claim: Claim = "reported") -> Answer:
    text = cited.quote[cited.span_start - cited.start : cited.span_end - cited.start]
    return Answer(text, cited.quote, confidence, claim, cited)


def reply(question: str, *answers: Answer, nearest: Sequence[Citation] = (), **changes: Any) -> Reply:
    made = Reply(
        question=question,
        resolved_question=question,
        filters=Filters(),
        carried=False,
        status="answered" if answers else "abstained",
        confidence=answers[0].confidence if answers else 0.12,
        answers=answers,
        nearest=tuple(nearest),
        notes=(),
        library=LibraryState(3, 9, "stand-in", "stand-in", 1),
        elapsed_ms=210.0,
    )
    return replace(made, **changes)


RETURNS = citation(
    REPORTED,
    "Within 90 days, 11 of 60 patients (18.3%) on zelanide returned to hospital, against 22 of 60 (36.7%) on "
    "furosemide (HR 0.46, 95% CI 0.22–0.94; p=0.03).",
    "11 of 60 patients (18.3%)",
)
DOSE = citation(REPORTED, "Zelanide was given at 20 mg once daily for 90 days.", "20 mg once daily")
PLAN = citation(
    PLANNED,
    "The primary outcome is the change in the worst-itch score from baseline to week 12, and a fall of 2 points is "
    "expected with corvimab.",
    "the change in the worst-itch score from baseline to week 12",
)


@dataclass
class FakeEngine:
    """Answers what it was told to, when the test lets it.

    Attributes:
        may_open: the library opens once this is set.
        may_answer: every question is answered once this is set.
        replies: by question; what is not there is abstained from.
        pages: digests by study.
        asked: (question, history, filters) in order.
        cited: with each of them, the studies just cited.
    """

    may_open: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)
    may_end_job: threading.Event = field(default_factory=threading.Event)
    replies: dict[str, Reply | Exception] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=lambda: {"NCT90000001": PLANNED, "NCT90000002": REPORTED})
    records: list[DigestRecord] = field(default_factory=lambda: [record(name, text) for name, text in DIGESTS.items()])
    asked: list[tuple[str, tuple[str, ...], Filters]] = field(default_factory=list)
    cited: list[Sequence[str] | None] = field(default_factory=list)
    opened: list[Opened | DigestQAError] = field(default_factory=lambda: [Opened(FACTS)])
    job_ends: JobEnded = field(default_factory=lambda: JobEnded("library at state 2: 1 new", changed=True))
    jobs: list[tuple[JobKind, tuple[str, ...]]] = field(default_factory=list)
    newer: int | None = None
    lags: str = ""
    closed: bool = False

    def __post_init__(self) -> None:
        self.may_open.set()
        self.may_answer.set()
        self.may_end_job.set()

    def release(self) -> None:
        for gate in (self.may_open, self.may_answer, self.may_end_job):
            gate.set()

    def open(self, on_event: Callable[[Event], None]) -> Opened:
        self.may_open.wait(WAIT_S)
        outcome = self.opened.pop(0) if len(self.opened) > 1 else self.opened[0]
        if isinstance(outcome, DigestQAError):
            raise outcome
        self.newer = None
        return outcome

    def ask(self, question: str, history: Sequence[str], filters: Filters, cited: Sequence[str] | None = None) -> Reply:
        self.asked.append((question, tuple(history), filters))
        self.cited.append(cited)
        self.may_answer.wait(WAIT_S)
        outcome = self.replies.get(question) or reply(question)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def newer_state(self) -> int | None:
        return self.newer

    def run_job(self, kind: JobKind, paths: Sequence[str], on_progress: OnProgress) -> JobEnded:
        self.jobs.append((kind, tuple(paths)))
        on_progress("embedding", 3, 12)
        self.may_end_job.wait(WAIT_S)
        return self.job_ends

    def behind(self) -> str:
        return self.lags

    def status(self) -> str:
        return "library     embeddings, state 1\nseeds       seeds, in step"

    def digests(self) -> Sequence[DigestRecord]:
        return self.records

    def page(self, wanted: Citation | DigestRecord) -> DigestPage:
        text = self.pages.get(wanted.source, DIGESTS.get(f"{wanted.source.replace(':', '_')}.txt", REPORTED))
        cited = isinstance(wanted, Citation)
        digest = parse_digest(text, sha256="0" * 64, name="page.txt")
        return DigestPage(
            source=wanted.source,
            registry=wanted.registry,
            url=wanted.url,
            title=wanted.title if isinstance(wanted, Citation) else wanted.headline,
            path=wanted.path,
            text=text,
            facts=(("n", "120"),),
            headings=tuple((part.heading_start, part.heading_end) for part in digest.sections),
            quote=(wanted.start, wanted.end) if cited and isinstance(wanted, Citation) else None,
            span=(wanted.span_start, wanted.span_end) if isinstance(wanted, Citation) else None,
        )

    def find(self, written: str) -> DigestRecord | None:
        return next((entry for entry in self.records if entry.source.lower() == written.lower()), None)

    def close(self) -> None:
        self.closed = True


def record(name: str, text: str, number: int = 0) -> DigestRecord:
    digest = parse_digest(text, sha256="0" * 64, name=name)
    return DigestRecord(
        id=number,
        path=name,
        sha256="0" * 64,
        size=len(text),
        source=digest.source,
        registry=digest.registry,
        url=None,
        headline=digest.headline,
        official_title=digest.value("official_title"),
        compound=digest.value("compound"),
        evidence_type=digest.value("evidence_type"),
        date=digest.value("date"),
        ingested=digest.value("ingested"),
        digest_model=digest.value("digest_model"),
        layout=digest.layout,
        current=True,
        added_state=1,
        facts=digest.facts,
    )


@dataclass
class Stage:
    """A running application and what a test does with it."""

    app: ChatApp
    pilot: Pilot[int]
    copied: list[str]
    links: list[str]

    async def until(self, holds: Callable[[], object], patience_s: float = WAIT_S) -> None:
        """Wait until something holds; what a thread does is never waited for by time alone."""
        deadline = time.monotonic() + patience_s
        while not holds():
            if time.monotonic() > deadline:
                raise AssertionError("it never came to hold:\n" + "\n".join(self.rows))
            await asyncio.sleep(0.02)

    async def ready(self) -> None:
        """Wait until questions can be answered."""
        await self.until(lambda: self.app.conversation.engine == "ready")

    async def type(self, text: str) -> None:
        """Type a text."""
        self.app.prompt.insert(text)

    async def ask(self, question: str) -> None:
        """Type a question and send it."""
        await self.type(question)
        await self.pilot.press("enter")

    async def answered(self, question: str) -> None:
        """Ask and wait for what comes back, and for its source."""
        count = len(self.app.conversation.turns)
        await self.ask(question)
        await self.until(lambda: len(self.app.conversation.turns) > count)
        await self.until(lambda: self.app.conversation.turns[-1].reply is not None)
        await self.until(lambda: "searching…" not in self.text)
        if self.app.conversation.selected_citation is not None:
            await self.shown(self.app.conversation.selected_citation.source)

    async def shown(self, source: str) -> None:
        """Wait until a study is in the source panel."""
        panel = self.app.source
        await self.until(lambda: panel.page is not None and panel.page.source == source)
        await self.pilot.pause()

    @property
    def rows(self) -> list[str]:
        """The screen, a row each, without blanks at the end."""
        return screen_rows(self.app.export_screenshot())

    @property
    def text(self) -> str:
        """The screen as one text; quicker than a screenshot, for waiting on."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def words(self) -> str:
        """The screen's words with single blanks, so that wrapping does not matter."""
        return " ".join(re.sub(r"[▌│▏▎█▅▂▃▄▆▇]", " ", self.text).split())

    @property
    def notices(self) -> str:
        """What the notices say."""
        return "\n".join(str(notice.message) for notice in self.app._notifications)


@asynccontextmanager
async def staged(engine: Engine, size: tuple[int, int] = WIDE, **arguments: Any) -> AsyncIterator[Stage]:
    """Run the application without a terminal."""
    copied: list[str] = []
    links: list[str] = []

    def copy(text: str) -> bool:
        copied.append(text)
        return True

    def follow(url: str) -> bool:
        links.append(url)
        return True

    given = {
        "sessions": SessionFiles(None, now=lambda: DAY_OF_GOLDENS),
        "clipboard": copy,
        "opener": follow,
        **arguments,
    }
    app = ChatApp(engine, given.pop("sessions"), seeds="seeds", **given)
    async with app.run_test(size=size, notifications=True) as pilot:
        app.prompt.cursor_blink = False
        yield Stage(app, pilot, copied, links)


_TEXT = re.compile(
    r'<text class="[^"]*" x="([\d.]+)" y="[\d.]+" textLength="[\d.]+" clip-path="url\(#[^)]*line-(\d+)\)">(.*?)</text>'
)
_CELL = 12.2


def screen_rows(svg: str) -> list[str]:
    """Read the rows of text out of a screenshot."""
    rows: dict[int, str] = {}
    for match in _TEXT.finditer(svg):
        column, row = round(float(match[1]) / _CELL), int(match[2])
        text = html.unescape(match[3]).replace("\xa0", " ")
        rows[row] = rows.get(row, "").ljust(column) + text
    return [rows.get(row, "").rstrip() for row in range(max(rows, default=-1) + 1)]


def golden(name: str, rows: list[str], folder: Path) -> None:
    """Compare the screen with a file of ``goldens/``; ``UPDATE_GOLDENS=1`` writes it."""
    path = folder / "goldens" / f"{name}.txt"
    text = "\n".join(rows) + "\n"
    if os.environ.get("UPDATE_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
