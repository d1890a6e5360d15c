"""Intake: digests given by path, folder, glob or standard input are checked and copied into the seeds folder.

A copied file is named by the study it is about (``NCT06598839.txt``), never by its content; a digest that is already
there is not copied again, and one with other content for the same study stands beside it under a name of its own.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from digestqa.digests import DIGEST_SUFFIXES, canonical_json, decode_text, parse_digest, read_bytes
from digestqa.errors import DigestQAError, FileRefusedError, StorageError

Outcome = Literal["copied", "already there", "refused"]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_NAME_CHARS = 100


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


def take_in(paths: Iterable[str], seeds: Path, *, stdin: bytes | None = None, dry_run: bool = False) -> list[Taken]:
    """Copy digests into the seeds folder.

    Args:
        paths: files, folders, globs, or ``-`` for the bytes in ``stdin``.
        seeds: the folder; created if it is not there.
        stdin: what was read from standard input.
        dry_run: say what would be done and write nothing.

    Returns:
        One entry for each digest found and each path that led to none; a bad file never stops the others.

    Raises:
        StorageError: the seeds folder cannot be written, or the disk is full.
    """
    taken: list[Taken] = []
    hashes = _present_hashes(seeds)
    planned: set[Path] = set()
    for origin, found in _origins(paths, seeds):
        try:
            raw = (stdin or b"") if origin == "-" else read_bytes(found)
            taken.append(_take_one(origin, raw, found.name, seeds, hashes, planned, dry_run=dry_run))
        except StorageError:
            raise
        except DigestQAError as error:
            taken.append(Taken(origin, "refused", reason=error.message, hint=error.hint))
    return taken


def _take_one(
    origin: str, raw: bytes, name: str, seeds: Path, hashes: dict[str, Path], planned: set[Path], *, dry_run: bool
) -> Taken:
    sha256 = hashlib.sha256(raw).hexdigest()
    if sha256 in hashes:
        return Taken(origin, "already there", hashes[sha256])
    text = decode_text(raw, origin)
    digest = parse_digest(text, sha256=sha256, name=name)
    suffix = Path(name).suffix.lower() or ".txt"
    if origin == "-" and digest.registry is None:
        raise FileRefusedError("the digest on standard input names no study", "save it under a name and give the file")
    if suffix == ".json" and "\\u" in text:
        # Escaped letters would stand in every quote; the letters themselves can be read.
        raw = canonical_json(text).encode("utf-8")
        sha256 = hashlib.sha256(raw).hexdigest()
        if sha256 in hashes:
            return Taken(origin, "already there", hashes[sha256])
    stem = _UNSAFE.sub("_", digest.source.replace("PMID:", "PMID_")).strip("._") or "digest"
    target = seeds / f"{stem[:_MAX_NAME_CHARS]}{suffix}"
    if target.exists() or target in planned:
        target = target.with_name(f"{target.stem}-{sha256[:8]}{suffix}")
    if not dry_run:
        _write(target, raw)
    hashes[sha256] = target
    planned.add(target)
    return Taken(origin, "copied", target)


def _origins(paths: Iterable[str], seeds: Path) -> Iterator[tuple[str, Path]]:
    for given in paths:
        if given == "-":
            yield "-", Path("stdin.txt")
            continue
        path = Path(given)
        if path.is_dir():
            yield from ((str(found), found) for found in _digest_files(path))
        elif not os.path.lexists(path) and glob.has_magic(given):
            matches = sorted(glob.glob(given, recursive=True))
            for match in matches:
                found = Path(match)
                yield from ((str(inner), inner) for inner in (_digest_files(found) if found.is_dir() else [found]))
            if not matches:
                yield given, path
        else:
            yield given, path


def _digest_files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in DIGEST_SUFFIXES and not path.name.startswith(".") and not path.is_dir()
    )


def _present_hashes(seeds: Path) -> dict[str, Path]:
    present: dict[str, Path] = {}
    if seeds.is_dir():
        for path in _digest_files(seeds):
            try:
                present[hashlib.sha256(read_bytes(path)).hexdigest()] = path
            except FileRefusedError:
                continue
    return present


def _write(target: Path, raw: bytes) -> None:
    """Write a file whole or not at all."""
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
