"""What the screen says, as text: confidence in words, status lines, groups of answers, what is copied."""

from __future__ import annotations

from dataclasses import dataclass

from digestqa.output.reports import counted
from digestqa.output.terminal import visible
from digestqa.output.text import render_reply
from digestqa.replies import Answer, Citation, Reply
from digestqa.tui.scope import in_words
from digestqa.tui.state import Conversation, Turn

_CONFIDENCE = ((0.9, "very likely right"), (0.7, "likely right"), (0.5, "more likely right than wrong"))
_BAR_CELLS = 12


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one study.

    Attributes:
        source: the study.
        title: its digest's headline.
        answers: each with its index among the turn's citations.
    """

    source: str
    title: str
    answers: tuple[tuple[int, Answer], ...]


def groups_of(reply: Reply) -> tuple[Group, ...]:
    """Return a reply's answers by study, in the order in which the studies first come."""
    found: dict[str, list[tuple[int, Answer]]] = {}
    for index, answer in enumerate(reply.answers):
        found.setdefault(answer.citation.source, []).append((index, answer))
    return tuple(
        Group(source, entries[0][1].citation.title, tuple(entries)) for source, entries in found.items() if entries
    )


def confidence_words(confidence: float) -> str:
    """Return a calibrated confidence as number and words."""
    words = next((words for least, words in _CONFIDENCE if confidence >= least), "uncertain")
    return f"confidence {confidence:.2f}, {words}"


def one_line(text: str) -> str:
    """Return a text on one line, control characters escaped."""
    return " ".join(visible(text).split())


def source_line(citation: Citation) -> str:
    """Return which study, section and title a citation names."""
    name = citation.source if citation.registry else f"{citation.source} (no study id; named by its file)"
    return " · ".join(one_line(part) for part in (name, citation.section, citation.title) if part)


def turn_line(turn: Turn) -> str:
    """Return the last line of a turn: how it ended."""
    if turn.state == "queued":
        return "waiting"
    if turn.state == "searching":
        return "searching…"
    if turn.state == "cancelled":
        return "taken back; no answer was given"
    if turn.state == "failed" or turn.reply is None:
        return f"failed: {visible(turn.error)}" + (f" ({visible(turn.hint)})" if turn.hint else "")
    reply = turn.reply
    seconds = f"{reply.elapsed_ms / 1000:.2f} s"
    scope = f" · only {in_words(reply.filters)}" if in_words(reply.filters) else ""
    if turn.state == "abstained":
        return f"abstained · the best candidate's confidence was {reply.confidence:.2f}{scope} · {seconds}"
    studies = len({answer.citation.source for answer in reply.answers})
    quotes = counted(len(reply.answers), "quote")
    told = quotes if studies == 1 else f"{quotes} from {studies:,} studies"
    if reply.counted is not None:
        found, searched = reply.counted
        told += f" · found in {found:,} of {counted(searched, 'digest')}"
    return f"answered · {told}{scope} · {seconds}"


def header_words(state: Conversation, seeds: str) -> str:
    """Return what the header says of the library."""
    if state.library is None:
        return {
            "loading": "opening the library…",
            "building": "building the library…",
            "missing": "no library yet",
            "failed": "the library cannot be used",
            "ready": "",
        }[state.engine]
    facts = state.library
    return f"{one_line(seeds)} · {counted(facts.digests, 'digest')} · {counted(facts.passages, 'passage')}"


def status_words(state: Conversation, elapsed_s: float) -> str:
    """Return the status line: what goes on, and the key that matters now."""
    parts = []
    waiting = sum(turn.state == "queued" for turn in state.turns)
    if state.searching is not None:
        more = f", {waiting} waiting" if waiting else ""
        parts.append(f"searching… {elapsed_s:.1f} s{more} · esc takes it back")
    elif waiting:
        parts.append(f"{waiting} waiting for the library · esc takes it back")
    if state.job is not None:
        parts.append(job_words(state))
    elif state.engine == "loading":
        parts.append("loading the models; you can type and send already")
    elif state.engine in ("missing", "failed"):
        hint = f" · {state.engine_hint}" if state.engine_hint else ""
        parts.append(f"{state.engine_error}{hint}")
    if state.newer is not None:
        parts.append("the library on disk has changed · f5 takes it up")
    return visible("  │  ".join(parts)) if parts else "ready"


def job_words(state: Conversation) -> str:
    """Return how far an ingest or a rebuild is."""
    job = state.job
    if job is None:
        return ""
    name = {"build": "building the library", "ingest": "ingest", "rebuild": "rebuild"}[job.kind]
    if not job.total:
        return f"{name}: {job.phase}…"
    filled = min(_BAR_CELLS, _BAR_CELLS * job.done // job.total)
    return f"{name}: {job.phase} {'━' * filled}{'─' * (_BAR_CELLS - filled)} {job.done:,} of {job.total:,}"


def answer_to_copy(citation: Citation) -> str:
    """Return a quote with everything that finds it again."""
    where = f"{citation.path}, characters {citation.start}-{citation.end}"
    lines = [f"“{citation.quote}”", source_line(citation), *([citation.url] if citation.url else []), where]
    return "\n".join(lines)


def turn_to_copy(turn: Turn) -> str:
    """Return a whole turn as plain text."""
    body = render_reply(turn.reply) if turn.reply else turn_line(turn)
    return f"Question: {visible(turn.question)}\n\n{body}"
