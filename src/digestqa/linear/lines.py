"""What is said, one thing a line, each line under the word that tells what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digestqa.output.terminal import visible
from digestqa.output.text import ABSTAINED, CLAIM_WORDS, marked_quote
from digestqa.replies import Answer, Citation, Reply
from digestqa.sessions import FoundTurn, SavedTurn, SessionSummary, age_words, question_count
from digestqa.tui.pages import DigestPage
from digestqa.tui.wording import confidence_words

_SHOWN_CHARS = 100


def line(role: str, text: str) -> str:
    """Return a text under its word; further lines are set in, so that no text can pass for a line of the program."""
    return labelled(role, visible(text))


def labelled(role: str, shown: str) -> str:
    """Return what may be shown as it is, under its word."""
    first, *more = shown.split("\n")
    return "\n".join([f"{role}: {first}", *(f"  {entry}".rstrip(" ") for entry in more)])


def reply_lines(reply: Reply, *, color: bool = False) -> Iterator[str]:
    """Yield the lines of an answer or an abstention.

    Args:
        reply: what came back.
        color: mark the answer inside its quote in bold; it stands on a line of its own in any case.
    """
    if reply.resolved_question != reply.question:
        yield line("Understood as", reply.resolved_question)
    for note in reply.notes:
        yield line("Note", note)
    if reply.status == "abstained":
        yield line("Answer", ABSTAINED)
        for number, citation in enumerate(reply.nearest, start=1):
            yield line(f"Nearest passage {number}, no answer", citation.quote)
            yield from source_lines(number, citation)
        return
    many = len(reply.answers) > 1
    for number, answer in enumerate(reply.answers, start=1):
        yield from _answer_lines(number, answer, many=many, color=color)


def _answer_lines(number: int, answer: Answer, *, many: bool, color: bool) -> Iterator[str]:
    yield line(f"Answer {number}" if many else "Answer", answer.text)
    if answer.claim in CLAIM_WORDS:
        yield line("Claim", CLAIM_WORDS[answer.claim])
    quote = marked_quote(answer, color=True, unicode=True) if color else visible(answer.quote)
    yield labelled("Quote", quote)
    yield line("Confidence", confidence_words(answer.confidence).removeprefix("confidence "))
    yield from source_lines(number, answer.citation)


def source_lines(number: int, citation: Citation) -> Iterator[str]:
    """Yield where a quote is from, and whose words it is quoted from."""
    name = citation.source if citation.registry else f"{citation.source} (no study id; named by its file)"
    yield line(f"Source {number}", ", ".join(part for part in (name, citation.section, citation.title) if part))
    if citation.of_record:
        yield line(f"Record {number}", "the registry record, as it was fetched")
    else:
        maker = citation.digest_model or "an unnamed model"
        record = "the paper" if citation.registry == "pubmed" else "the registry record"
        yield line(f"Summary {number}", f"written by {maker}, not {record}")
    if citation.url:
        yield line(f"Link {number}", citation.url)


def page_lines(number: int, citation: Citation, page: DigestPage) -> Iterator[str]:
    """Yield a source with what its digest says of itself, and the part of the digest around the quote."""
    yield from source_lines(number, citation)
    yield line(f"File {number}", f"{citation.path}, characters {citation.start} to {citation.end}")
    for name, value in page.facts:
        yield line(name.capitalize(), value)
    if page.notice:
        yield line("Note", page.notice)
    if page.quote is None:
        return
    starts = [0, *(start for start, _ in page.headings), len(page.text)]
    begin = max(start for start in starts[:-1] if start <= page.quote[0])
    end = min(start for start in starts if start >= page.quote[1])
    yield line("Text", page.text[begin:end].strip())


def session_line(summary: SessionSummary) -> str:
    """Return a saved session in one line."""
    count, age = question_count(summary), age_words(summary.last_at)
    return line(f"Session {summary.id}", f"{count}, {age}, first: {short(summary.first_question)}")


def found_lines(found: Sequence[FoundTurn]) -> Iterator[str]:
    """Yield the turns that a search found."""
    for number, entry in enumerate(found, start=1):
        where = f"session {entry.session_id}, {age_words(entry.turn.asked_at)}"
        yield line(f"Found {number}", f"{where}: {short(entry.turn.question)}")
        yield line(f"Answer {number}", short(outcome_words(entry.turn)))


def outcome_words(turn: SavedTurn) -> str:
    """Return what became of a question, in a few words."""
    if turn.reply is None:
        return "cancelled" if turn.outcome == "cancelled" else f"failed: {turn.error}"
    if not turn.reply.answers:
        return ABSTAINED
    first = turn.reply.answers[0]
    return f"{first.text} ({first.citation.source})"


def short(text: str) -> str:
    """Return a text on one line, cut where it is long."""
    told = " ".join(text.split())
    return told if len(told) <= _SHOWN_CHARS else f"{told[: _SHOWN_CHARS - 1]}…"
