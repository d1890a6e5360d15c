"""From a file to a Digest: chooses the format by the file's name, and refuses what is no digest."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from digestqa.digests.draft import Draft
from digestqa.digests.files import read_file
from digestqa.digests.json_digest import read_json
from digestqa.digests.markdown import read_markdown
from digestqa.digests.model import Digest
from digestqa.digests.page import has_known_heading, read_page
from digestqa.digests.rows import line_number
from digestqa.digests.sources import find_source_ids, read_source
from digestqa.errors import NotADigestError

DIGEST_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".json"})
"""Suffixes, in lower case, of the files that may be digests."""

MAX_LINES = 20_000
"""Most lines, or parts of JSON sections, of a digest: a page has some dozens, a registry record a thousand."""

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_HTML_START = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|div|\?xml)\b", re.IGNORECASE)
_HINT = (
    "a digest has a headline and sections such as Background or Results, each heading on a line of its own above "
    "its paragraph, and ends in a line such as: Source: clinicaltrials:NCT01234567"
)


def read_digest(path: Path) -> Digest:
    """Read one digest file.

    Raises:
        FileRefusedError: the file cannot be read as text.
        NotADigestError: it is text, but no digest.
    """
    file = read_file(path)
    return parse_digest(file.text, sha256=file.sha256, name=path.name)


def parse_digest(text: str, *, sha256: str, name: str) -> Digest:
    """Read a digest from its decoded text.

    Args:
        text: the decoded file, newlines untouched.
        sha256: hex digest of the file's bytes.
        name: the file's name; its suffix chooses the format (``.md``, ``.json``, else a plain page), and its stem
            is the source of a digest that names none.

    Raises:
        NotADigestError: the text is no digest; the message says what was looked for.
    """
    suffix = PurePath(name).suffix.casefold()
    if not text or text.isspace():
        raise NotADigestError(f"{name}: no digest: the text is blank", _HINT)
    if text.count("\n") + text.count("\r") > 2 * MAX_LINES:  # a line may end in both
        raise _too_long(name)
    if suffix in (".html", ".htm", ".xhtml") or _HTML_START.match(text):
        raise NotADigestError(
            f"{name}: an HTML page, not a digest's text",
            "digestqa ingest PAGE.html writes its text into the seeds folder",
        )
    if suffix == ".json":
        draft = read_json(text, name)
    elif suffix in _MARKDOWN_SUFFIXES:
        draft = read_markdown(text, name)
    else:
        draft = read_page(text)
    if len(draft.sections) > MAX_LINES:
        raise _too_long(name)
    source, registry = _source(draft, name)
    _require_digest(draft, name, known_source=bool(draft.sources) or registry is not None)
    return Digest(
        text=text,
        sha256=sha256,
        source=source,
        registry=registry,
        layout=draft.layout,
        facts=tuple(sorted(draft.facts, key=lambda fact: fact.start)),
        sections=tuple(sorted(draft.sections, key=lambda section: section.start)),
        lines=tuple(sorted(draft.lines, key=lambda line: line.start)),
    )


def _too_long(name: str) -> NotADigestError:
    return NotADigestError(f"{name}: no digest: more than {MAX_LINES:,} lines", "split it into one file per study")


def _source(draft: Draft, name: str) -> tuple[str, str | None]:
    """Return the digest's source id and registry: its own, or else the file's name."""
    if not draft.sources:
        stem = PurePath(name).stem
        source, registry = read_source(stem)
        # A copy, or another version, has more than the id in its name: `NCT06598839 (1)`, `NCT06598839-1a2b3c4d`.
        named = {mention.source for mention in find_source_ids(stem.replace("_", " "))}
        if len(named) == 1:
            source, registry = read_source(named.pop())
        return (source, registry) if source.startswith(("NCT", "PMID:")) and registry else (stem, None)
    first = draft.sources[0]
    for other in draft.sources[1:]:
        # Two Source lines must say the same in full: with two ingest dates, which one is the digest's?
        both_lines = first.is_source_line and other.is_source_line
        differ = first.written.split() != other.written.split() if both_lines else first.source != other.source
        if differ:
            raise NotADigestError(
                f"{name}: two different sources: line {line_number(draft.text, first.position)} has "
                f"{first.written!r}, line {line_number(draft.text, other.position)} has {other.written!r}",
                "a file holds one study's digest: split it, or remove the line that is wrong",
            )
    return first.source, first.registry


def _require_digest(draft: Draft, name: str, *, known_source: bool) -> None:
    if not draft.has_body and draft.layout == "json" and '"protocolSection"' in draft.text:
        raise NotADigestError(
            f"{name}: registry records, not a digest",
            "digestqa ingest FILE.json writes a digest of each record into the seeds folder",
        )
    if not draft.has_body:
        raise NotADigestError(
            f"{name}: no digest: no section found (looked for a heading such as Background or Results on a line "
            "of its own, with a paragraph below it)",
            _HINT,
        )
    marked = known_source or draft.declares_sections or any(line.kind in ("back", "tag") for line in draft.lines)
    if not marked and not has_known_heading(draft):
        raise NotADigestError(
            f"{name}: no digest: no tag line, no Source line and none of the usual headings (Background, Results, "
            "Why It Matters and the like) were found",
            _HINT,
        )
