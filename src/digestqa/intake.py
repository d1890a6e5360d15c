"""Intake: what is given by path, folder, glob or standard input is read, and its digests are written into seeds/.

Digest pages, Markdown and JSON are copied as they are. Saved HTML pages, registry records and JSON Lines become one
digest file for each study. A file is named by the study it is about (``NCT06598839.txt``), never by its content; a
digest that is already there is not written again, and one with other content for the same study stands beside it
under a name of its own.
"""

from __future__ import annotations

import glob
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import BinaryIO

from digestqa.digests import (
    DIGEST_SUFFIXES,
    HTML_SUFFIXES,
    MAX_FILE_BYTES,
    MAX_STREAM_BYTES,
    MAX_WHOLE_BYTES,
    canonical_json,
    decode_text,
    numbered_lines,
    open_regular,
    page_from_html,
    parse_digest,
    read_unpacked,
    unpacked,
)
from digestqa.errors import DigestQAError, FileRefusedError, NotADigestError, StorageError
from digestqa.placing import Shelf, Taken, put_page
from digestqa.records import holds_records, iter_records, page_of

__all__ = ["INTAKE_SUFFIXES", "MAX_STDIN_BYTES", "Taken", "put_page", "take_in"]

_LINES_SUFFIXES = frozenset({".jsonl", ".ndjson"})
INTAKE_SUFFIXES = DIGEST_SUFFIXES | HTML_SUFFIXES | _LINES_SUFFIXES
"""Suffixes, in lower case, of the files that are looked for in a folder; each also with ``.gz`` after it."""

MAX_STDIN_BYTES = MAX_WHOLE_BYTES
"""Most bytes that are taken from standard input; more need not be read to be refused."""

_MAX_BYTES = {".json": MAX_WHOLE_BYTES} | dict.fromkeys(_LINES_SUFFIXES, MAX_STREAM_BYTES)
_RECORD_MARKS = (b'"protocolSection"', b'"studies"')


def take_in(
    paths: Iterable[str],
    seeds: Path,
    *,
    stdin: bytes | None = None,
    dry_run: bool = False,
    ingested: date | None = None,
) -> list[Taken]:
    """Write digests into the seeds folder.

    Args:
        paths: files, folders, globs, or ``-`` for the bytes in ``stdin``.
        seeds: the folder; created if it is not there.
        stdin: what was read from standard input.
        dry_run: say what would be done and write nothing.
        ingested: the ingest date of pages made from records; today's where it is not given.

    Returns:
        One entry for each digest found and each path that led to none; a bad file never stops the others.

    Raises:
        StorageError: the seeds folder cannot be written, or the disk is full.
    """
    intake = _Intake(seeds, dry_run=dry_run, ingested=ingested or date.today())
    for origin, path, folder in _origins(paths):
        intake.take(origin, path, folder, stdin or b"")
    return intake.taken


@dataclass(frozen=True, slots=True)
class _Given:
    """A digest's bytes as they are to stand in the seeds folder.

    Attributes:
        raw: the bytes.
        name: a file name that tells the format by its suffix and, where the text names no study, the study.
        nameless: whether that name stands for no study, so that the text must name one.
    """

    raw: bytes
    name: str
    nameless: bool = False


class _Intake:
    def __init__(self, seeds: Path, *, dry_run: bool, ingested: date) -> None:
        self.taken: list[Taken] = []
        self._seeds = seeds
        self._shelf: Shelf | None = None
        self._dry_run = dry_run
        self._ingested = ingested

    def take(self, origin: str, path: Path | None, folder: Path | None, stdin: bytes) -> None:
        """Take in what one path or standard input holds; a path found in a folder must not lead out of it."""
        with self._noted(origin):
            if path is None:
                if len(stdin) > MAX_STDIN_BYTES:
                    raise FileRefusedError(
                        f"standard input: more than {MAX_STDIN_BYTES:,} bytes", "save it to a file and give that"
                    )
                self._take_stream(origin, "stdin", _form_of(stdin), io.BytesIO(stdin), nameless=True)
                return
            if folder is not None and path.is_symlink() and not _leads_into(path, folder):
                raise FileRefusedError(
                    f"{path}: a symbolic link that leads out of the folder", "name the file itself, or copy it there"
                )
            inner = PurePath(path.stem if path.suffix.lower() == ".gz" else path.name)
            form = inner.suffix.lower()
            with open_regular(path, _MAX_BYTES.get(form, MAX_FILE_BYTES)) as stream:
                self._take_stream(origin, inner.stem, form, stream)

    def _take_stream(self, origin: str, stem: str, form: str, stream: BinaryIO, *, nameless: bool = False) -> None:
        if form in _LINES_SUFFIXES:
            self._take_lines(origin, stream)
            return
        raw = read_unpacked(stream, origin)
        if form == ".json" and self._take_records(origin, raw):
            return
        if len(raw) > MAX_FILE_BYTES:
            raise FileRefusedError(
                f"{origin}: {len(raw):,} bytes, more than the limit of {MAX_FILE_BYTES:,} bytes for one digest",
                "a digest is a page of a few thousand characters; split the file into one file per study",
            )
        if form in HTML_SUFFIXES:
            suffix, text = page_from_html(raw, origin)
            self._take_digest(origin, _Given(text.encode("utf-8"), stem + suffix, nameless))
        else:
            self._take_digest(origin, _Given(raw, stem + form, nameless))

    def _take_records(self, origin: str, raw: bytes) -> bool:
        """Take in the records of a JSON value; return whether it holds any."""
        if not any(mark in raw for mark in _RECORD_MARKS):
            return False
        value = _decoded(raw, origin)
        if not holds_records(value):
            return False
        alone = isinstance(value, Mapping) and "protocolSection" in value
        count = 0
        for count, record in enumerate(iter_records(value), start=1):
            which = origin if alone else f"{origin} record {count}"
            with self._noted(which):
                self._take_record(which, record)
        if not count:
            raise NotADigestError(f"{origin}: a page of studies with no study in it", "fetch it once more")
        return True

    def _take_lines(self, origin: str, stream: BinaryIO) -> None:
        found = False
        for number, line in numbered_lines(stream, origin):
            found = True
            which = f"{origin} line {number}"
            with self._noted(which):
                if any(mark in line for mark in _RECORD_MARKS) and holds_records(value := _decoded(line, which)):
                    for record in iter_records(value):
                        with self._noted(which):
                            self._take_record(which, record)
                else:
                    self._take_digest(which, _Given(line.strip(), "line.json", nameless=True))
        if not found:
            raise FileRefusedError(f"{origin}: no line in it", "put one JSON digest or record on each line")

    def _take_record(self, origin: str, record: object) -> None:
        if not isinstance(record, Mapping):
            raise NotADigestError(f"{origin}: no registry record: not a JSON object", "fetch the records once more")
        page = page_of(record, self._ingested)
        self.taken.append(put_page(page, self._seeds, origin=origin, dry_run=self._dry_run))

    def _take_digest(self, origin: str, given: _Given) -> None:
        if self._shelf is None:
            self._shelf = Shelf(self._seeds)
        if present := self._shelf.find(given.raw):
            self.taken.append(Taken(origin, "already there", present))
            return
        raw = given.raw
        text = decode_text(raw, origin)
        try:
            digest = parse_digest(text, sha256="", name=given.name)
        except NotADigestError as error:  # the name is ours where the digest came on a line or as HTML
            raise NotADigestError(error.message.removeprefix(f"{given.name}: "), error.hint) from error
        if given.nameless and digest.registry is None:
            where = "on standard input" if origin == "-" else f"of {origin}"
            raise FileRefusedError(f"the digest {where} names no study", "save it under a name and give the file")
        suffix = PurePath(given.name).suffix.lower()
        suffix = suffix if suffix in DIGEST_SUFFIXES else ".txt"  # what else would not be found in the folder
        if suffix == ".json" and (given.nameless or "\\u" in text):
            # Escaped letters would stand in every quote; the letters themselves can be read.
            raw = canonical_json(text).encode("utf-8")
        self.taken.append(self._shelf.put(raw, digest.source, suffix, origin=origin, dry_run=self._dry_run))

    @contextmanager
    def _noted(self, origin: str) -> Iterator[None]:
        """Note what is refused; let only a full or unwritable disk stop the rest."""
        try:
            yield
        except StorageError:
            raise
        except DigestQAError as error:
            reason = error.message.removeprefix(f"{origin}: ")
            self.taken.append(Taken(origin, "refused", reason=reason, hint=error.hint))


def _decoded(raw: bytes, name: str) -> object:
    """Decode JSON, numbers as they are written.

    Raises:
        FileRefusedError: the bytes are no UTF-8 text.
        NotADigestError: the text is no valid JSON.
    """
    hint = "check the file with a JSON checker, or fetch it once more"
    try:
        value: object = json.loads(decode_text(raw, name), parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise NotADigestError(
            f"{name}: no digest: not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}", hint
        ) from error
    except RecursionError as error:
        raise NotADigestError(f"{name}: no digest: JSON nested too deep", hint) from error
    return value


def _form_of(raw: bytes) -> str:
    """Return the suffix for bytes that come without a name, by their beginning."""
    start = next(unpacked(io.BytesIO(raw), "standard input"), b"")
    start = start[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return ".html"
    if not start.startswith((b"{", b"[")):
        return ".txt"
    # Lines of JSON: the first line is a whole value and is not the last.
    first, newline, rest = start.partition(b"\n")
    return (
        ".jsonl" if newline and rest.strip() and first.rstrip().endswith(b"}") and first.startswith(b"{") else ".json"
    )


def _origins(paths: Iterable[str]) -> Iterator[tuple[str, Path | None, Path | None]]:
    """Yield each file: how the person knows it, its path (None for standard input), the folder it was found in."""
    for given in paths:
        if given == "-":
            yield "-", None, None
            continue
        path = Path(given)
        if path.is_dir():
            yield from ((str(found), found, path) for found in _files_in(path))
        elif not os.path.lexists(path) and glob.has_magic(given):
            matches = sorted(glob.glob(given, recursive=True))
            for match in matches:
                found = Path(match)
                if found.is_dir():
                    yield from ((str(inner), inner, found) for inner in _files_in(found))
                else:
                    yield match, found, None
            if not matches:
                yield given, path, None
        else:
            yield given, path, None


def _files_in(folder: Path) -> list[Path]:
    """Return what may be taken in from a folder and the folders in it; linked folders are not entered."""
    found: list[Path] = []
    for inner, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            plain = PurePath(name[:-3] if name.lower().endswith(".gz") else name)
            if plain.suffix.lower() in INTAKE_SUFFIXES and not name.startswith("."):
                found.append(Path(inner, name))
    return sorted(found)


def _leads_into(link: Path, folder: Path) -> bool:
    try:
        return link.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop
        return False
