"""A session as Markdown (CommonMark), in which nothing that a digest or a person wrote is taken for markup."""

from __future__ import annotations

import re

from digestqa.output.terminal import visible
from digestqa.output.text import ABSTAINED, CLAIM_WORDS
from digestqa.replies import Answer, Citation, Reply
from digestqa.sessions.files import SavedSession
from digestqa.sessions.turns import SavedTurn

# Characters that open markup wherever they stand: emphasis, code, links, HTML, entities, tables, mathematics,
# strikethrough, and the two that GitHub and others make links of.
_ANYWHERE = re.compile(r"[\\`*_{}\[\]<>#|~&$!@^]")
# Colons that end a scheme or enclose an emoji's name; dots of a bare www address.
_COLON = re.compile(r":(?=//|\w)|(?<=\w):(?!\s)")
_WWW = re.compile(r"(?<=www)\.", re.IGNORECASE)
# What makes a list, a rule or a heading of a line that begins with it.
_LINE_START = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")

_ADDRESS = re.compile(r"https://[A-Za-z0-9.]+/[A-Za-z0-9/]+")


def session_markdown(session: SavedSession) -> str:
    """Return a session with the quotes, citations and places of its answers."""
    begun = re.sub(r"[^0-9TZ:.+-]", "", session.started_at)
    blocks = [f"# digestqa session {escaped(session.id)}", f"Begun `{begun}`."]
    for number, turn in enumerate(session.turns, start=1):
        blocks += _turn(number, turn)
    return "\n\n".join(blocks) + "\n"


def _turn(number: int, turn: SavedTurn) -> list[str]:
    blocks = [f"## {number}. {escaped(' '.join(turn.question.split()))}"]
    if turn.reply is None:
        told = "Cancelled." if turn.outcome == "cancelled" else f"Failed: {escaped(turn.error) or 'no reason is known'}"
        return [*blocks, told]
    return [*blocks, *_reply(turn.reply)]


def _reply(reply: Reply) -> list[str]:
    blocks = []
    if reply.resolved_question != reply.question:
        blocks.append(f"Understood as: {escaped(reply.resolved_question)}")
    blocks += [f"Note: {escaped(note)}" for note in reply.notes]
    if reply.status == "abstained":
        blocks.append(f"**{ABSTAINED}**")
        if reply.nearest:
            blocks.append("Nearest passages, which are no answer:")
        for number, citation in enumerate(reply.nearest, start=1):
            blocks += [_quoted(citation.quote), _source(number, citation)]
        return blocks
    for number, answer in enumerate(reply.answers, start=1):
        blocks += _answer(number, answer)
    return blocks


def _answer(number: int, answer: Answer) -> list[str]:
    cited = answer.citation
    before = answer.quote[: cited.span_start - cited.start]
    after = answer.quote[cited.span_end - cited.start :]
    label = f" ({CLAIM_WORDS[answer.claim]})" if answer.claim in CLAIM_WORDS else ""
    return [
        _quoted(f"{before}▶{answer.text}◀{after}"),
        f"Answer, confidence {answer.confidence:.2f}{label}",
        _source(number, cited),
    ]


def _quoted(text: str) -> str:
    """Return a text as a block quote, line by line."""
    return "\n".join(f"> {line}".rstrip() for line in escaped(text).split("\n"))


def _source(number: int, citation: Citation) -> str:
    named = [citation.source, citation.section, citation.title]
    words = " · ".join(escaped(part) for part in named if part)
    place = (
        f"{escaped(citation.path)}, characters {citation.start} to {citation.end} "
        f"(answer {citation.span_start} to {citation.span_end}), sha256 {escaped(citation.sha256)}"
    )
    lines = [f"\\[{number}\\] {words}", place]
    if citation.url:
        lines.insert(1, f"<{citation.url}>" if _ADDRESS.fullmatch(citation.url) else escaped(citation.url))
    maker = escaped(citation.digest_model) if citation.digest_model else "an unnamed model"
    lines.append(
        "quoted from the registry record, as it was fetched"
        if citation.of_record
        else f"quoted from a summary written by {maker}, not from the record itself"
    )
    return "\\\n".join(lines)


def escaped(text: str) -> str:
    """Return a text so that Markdown shows it as it is; control characters become visible escapes.

    White space at the edges of lines, which Markdown drops or takes for code and line breaks, is dropped.
    """
    return "\n".join(_escaped_line(line.strip()) for line in visible(text).split("\n"))


def _escaped_line(line: str) -> str:
    line = _ANYWHERE.sub(lambda match: "\\" + match[0], line)
    line = _COLON.sub(r"\\:", line)
    line = _WWW.sub(r"\\.", line)
    return _LINE_START.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", line)
