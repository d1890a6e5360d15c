"""A file becomes a Digest, a saved HTML page the text of one. Readers, one per format; no models, no state on disk.

The names load on first use (PEP 562): asking needs the source ids only, and not the readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestqa.lazy import loader_of

if TYPE_CHECKING:
    from digestqa.digests.files import MAX_FILE_BYTES, SeedFile, decode_text, open_regular, read_bytes, read_file
    from digestqa.digests.html_page import HTML_SUFFIXES, page_from_html
    from digestqa.digests.json_digest import canonical_json
    from digestqa.digests.model import Digest, Fact, FactName, Layout, Line, LineKind, Section
    from digestqa.digests.packing import (
        MAX_LINE_BYTES,
        MAX_STREAM_BYTES,
        MAX_WHOLE_BYTES,
        numbered_lines,
        read_unpacked,
        unpacked,
    )
    from digestqa.digests.plain import on_one_line
    from digestqa.digests.reader import DIGEST_SUFFIXES, parse_digest, read_digest
    from digestqa.digests.sources import SourceMention, find_source_ids, normalize_source, source_registry, source_url

_NAMES_OF = {
    "files": ("MAX_FILE_BYTES", "SeedFile", "decode_text", "open_regular", "read_bytes", "read_file"),
    "html_page": ("HTML_SUFFIXES", "page_from_html"),
    "json_digest": ("canonical_json",),
    "model": ("Digest", "Fact", "FactName", "Layout", "Line", "LineKind", "Section"),
    "packing": ("MAX_LINE_BYTES", "MAX_STREAM_BYTES", "MAX_WHOLE_BYTES", "numbered_lines", "read_unpacked", "unpacked"),
    "plain": ("on_one_line",),
    "reader": ("DIGEST_SUFFIXES", "parse_digest", "read_digest"),
    "sources": ("SourceMention", "find_source_ids", "normalize_source", "source_registry", "source_url"),
}
_HOMES = {name: f"{__name__}.{module}" for module, names in _NAMES_OF.items() for name in names}

__all__ = [
    "DIGEST_SUFFIXES",
    "HTML_SUFFIXES",
    "MAX_FILE_BYTES",
    "MAX_LINE_BYTES",
    "MAX_STREAM_BYTES",
    "MAX_WHOLE_BYTES",
    "Digest",
    "Fact",
    "FactName",
    "Layout",
    "Line",
    "LineKind",
    "Section",
    "SeedFile",
    "SourceMention",
    "canonical_json",
    "decode_text",
    "find_source_ids",
    "normalize_source",
    "numbered_lines",
    "on_one_line",
    "open_regular",
    "page_from_html",
    "parse_digest",
    "read_bytes",
    "read_digest",
    "read_file",
    "read_unpacked",
    "source_registry",
    "source_url",
    "unpacked",
]


__getattr__ = loader_of(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
