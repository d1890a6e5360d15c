"""Writing digests into the seeds folder: names from ids, nothing written twice, each file whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from digestqa.digests import DIGEST_SUFFIXES, read_bytes
from digestqa.errors import FileRefusedError, StorageError
from digestqa.records import PageText

Outcome = Literal["copied", "already there", "refused"]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_MAX_NAME_CHARS = 100
_INGESTED = re.compile(
    rb"^(Source: clinicaltrials:NCT\d{8} \xc2\xb7 Ingested )\d{4}-\d\d-\d\d( \xc2\xb7 Digest: registry record)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one given digest.

    Attributes:
        origin: where it came from, as the person may know it.
        outcome: what was done.
        path: the file in the seeds folder; None where it was refused.
        reason: why it was refused; empty otherwise.
        hint: what to do about it; empty otherwise.
    """

    origin: str
    outcome: Outcome
    path: Path | None = None
    reason: str = ""
    hint: str = ""


def put_page(page: PageText, seeds: Path, *, origin: str, dry_run: bool = False) -> Taken:
    """Write a page that was made from a record into the seeds folder.

    A page that differs from one that is there by nothing but the day of its ingest is not written: a daily run does
    not pile up files.

    Args:
        page: the page.
        seeds: the folder; created if it is not there.
        origin: where it came from, as the person may know it.
        dry_run: say what would be done and write nothing.

    Raises:
        StorageError: the folder cannot be written, or the disk is full.
    """
    raw = page.text.encode("utf-8")
    target = seeds / page.name
    if os.path.lexists(target):
        undated = _without_day(raw)
        for present in (target, *_others_beside(target)):
            if _without_day(_content(present)) == undated:
                return Taken(origin, "already there", present)
        target = beside(target, raw)
    if not dry_run:
        write_whole(target, raw)
    return Taken(origin, "copied", target)


class Shelf:
    """The files of a seeds folder by their sizes, so that what is there already is found without reading them all."""

    def __init__(self, seeds: Path) -> None:
        self._seeds = seeds
        # Strings: of very many files a path object each would take most of the time.
        self._by_size: dict[int, list[str]] = {}
        self._planned: dict[Path, bytes] = {}
        for path, size in _present(seeds):
            self._by_size.setdefault(size, []).append(path)

    def find(self, raw: bytes) -> Path | None:
        """Return the file that holds exactly these bytes, or None."""
        sha256 = hashlib.sha256(raw).digest()
        for path in map(Path, self._by_size.get(len(raw), ())):
            if (self._planned.get(path) or hashlib.sha256(_content(path)).digest()) == sha256:
                return path
        return None

    def put(self, raw: bytes, source: str, suffix: str, *, origin: str, dry_run: bool) -> Taken:
        """Write a digest under its study's name, or find it where it is already."""
        if present := self.find(raw):
            return Taken(origin, "already there", present)
        target = self._seeds / file_name(source, suffix)
        if target in self._planned or os.path.lexists(target):
            target = beside(target, raw)
        if not dry_run:
            write_whole(target, raw)
        self._by_size.setdefault(len(raw), []).append(str(target))
        self._planned[target] = hashlib.sha256(raw).digest()
        return Taken(origin, "copied", target)


def file_name(source: str, suffix: str) -> str:
    """Return the name of a study's file: letters, digits, ``.``, ``_`` and ``-`` of its id, nothing else."""
    stem = _UNSAFE.sub("_", source.replace("PMID:", "PMID_")).strip("._-")[:_MAX_NAME_CHARS] or "digest"
    return f"{'_' if _RESERVED.match(stem) else ''}{stem}{suffix}"


def beside(target: Path, raw: bytes) -> Path:
    """Return the name of other content of the same study: with the first digits of its hash."""
    return target.with_name(f"{target.stem}-{hashlib.sha256(raw).hexdigest()[:8]}{target.suffix}")


def _others_beside(target: Path) -> list[Path]:
    """Return the files of other content of the same study, by their names."""
    try:
        with os.scandir(target.parent) as listing:
            names = [
                entry.name
                for entry in listing
                if entry.name.startswith(f"{target.stem}-") and entry.name.endswith(target.suffix)
            ]
    except OSError:
        return []
    return [target.with_name(name) for name in sorted(names)]


def _without_day(raw: bytes) -> bytes:
    return _INGESTED.sub(rb"\1\2", raw)


def _content(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except FileRefusedError:
        return b""


def _present(seeds: Path) -> Iterator[tuple[str, int]]:
    """Yield the digest files of a folder with their sizes; symbolic links are nobody's copy."""
    folders = [str(seeds)]
    while folders:
        try:
            with os.scandir(folders.pop()) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif _is_named_as_digest(entry.name) and not entry.is_symlink():
                        yield entry.path, entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue


def _is_named_as_digest(name: str) -> bool:
    return not name.startswith(".") and name[name.rfind(".") :].lower() in DIGEST_SUFFIXES


def write_whole(target: Path, raw: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        StorageError: the folder cannot be written, or the disk is full.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".taking-in-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(raw)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        what = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else error.strerror
        raise StorageError(
            f"{target} cannot be written: {what}", "make room or choose another folder with --seeds"
        ) from error
