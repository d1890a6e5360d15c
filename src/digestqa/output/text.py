"""Answers as plain lines for a person."""

from __future__ import annotations

from collections.abc import Sequence

from digestqa.output.terminal import bold, dim, visible
from digestqa.replies import Answer, Citation, Reply

CLAIM_WORDS = {
    "expected": "expected: an aim, a plan or an expectation, not a finding",
    "not_available": "not available: the digest says that there is no result",
}
ABSTAINED = "The digests do not say."


def render_reply(reply: Reply, *, color: bool = False, unicode: bool = True) -> str:
    """Return the plain form of a reply, without a final line break.

    Args:
        reply: the answer or abstention.
        color: mark spans in bold; otherwise between ``▶`` and ``◀``.
        unicode: whether the stream carries every character; if not, marks are ASCII.
    """
    blocks = [_note(note, color) for note in reply.notes]
    if reply.resolved_question != reply.question:
        blocks.append(_dimmed(f"understood as: {visible(reply.resolved_question)}", color))
    if scope := _scope(reply):
        blocks.append(_dimmed(scope, color))
    if reply.status == "abstained":
        blocks.append(ABSTAINED)
        if reply.nearest:
            blocks.append("Nearest passages (no answer):")
            blocks += [_nearest(number, citation, color) for number, citation in enumerate(reply.nearest, start=1)]
        return "\n\n".join(blocks)
    for number, answer in enumerate(by_study(reply.answers), start=1):
        blocks.append(_answer(number, answer, color=color, unicode=unicode))
    return "\n\n".join(blocks)


def _scope(reply: Reply) -> str:
    """Return which studies were searched, where a person could not tell it from the answers."""
    sources = [visible(source) for source in reply.filters.sources if source]
    if not sources:
        return ""
    if reply.carried:
        return f"within {', '.join(sources)}, as before; 'in all studies' looks everywhere"
    if len(sources) > 1 or reply.status == "abstained":
        return f"within {', '.join(sources)}"
    return ""


def _answer(number: int, answer: Answer, *, color: bool, unicode: bool) -> str:
    lines = [marked_quote(answer, color=color, unicode=unicode)]
    if answer.claim != "reported":
        lines.append(CLAIM_WORDS[answer.claim])
    lines += ["", *_source_lines(number, answer.citation, color)]
    lines.append(_dimmed(f"    confidence {answer.confidence:.2f} · {_summary_line(answer.citation)}", color))
    return "\n".join(lines)


def by_study(answers: Sequence[Answer]) -> list[Answer]:
    """Return answers with those of one study together, in the order in which the studies come first."""
    order = {answer.citation.source: place for place, answer in reversed(list(enumerate(answers)))}
    return sorted(answers, key=lambda answer: order[answer.citation.source])


def marked_quote(answer: Answer, *, color: bool, unicode: bool) -> str:
    """Return the quote with its span marked."""
    cited = answer.citation
    before = visible(answer.quote[: cited.span_start - cited.start])
    span = visible(answer.text)
    after = visible(answer.quote[cited.span_end - cited.start :])
    if color:
        return f"{before}{bold(span)}{after}"
    opening, closing = ("▶", "◀") if unicode else (">>", "<<")
    return f"{before}{opening}{span}{closing}{after}"


def _source_lines(number: int, citation: Citation, color: bool) -> list[str]:
    name = citation.source if citation.registry else f"{citation.source} (no study id; named by its file)"
    parts = [name, citation.section, citation.title]
    lines = [f"[{number}] " + " · ".join(visible(part) for part in parts if part)]
    lines.append(_dimmed(f"    {visible(citation.url or citation.path)}", color))
    return lines


def _nearest(number: int, citation: Citation, color: bool) -> str:
    return "\n".join([f"  “{visible(citation.quote)}”", *_source_lines(number, citation, color)])


def _summary_line(citation: Citation) -> str:
    if citation.of_record:
        return "quoted from the registry record, as it was fetched"
    maker = f"by {visible(citation.digest_model)}" if citation.digest_model else "by an unnamed model"
    record = "the paper" if citation.registry == "pubmed" else "the registry record"
    return f"quoted from a summary written {maker}, not from {record}"


def _note(text: str, color: bool) -> str:
    return _dimmed(visible(text), color)


def _dimmed(text: str, color: bool) -> str:
    return dim(text) if color else text
