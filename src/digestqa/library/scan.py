"""What lies under seeds/, without reading it: names and stamps."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digestqa.errors import UsageError
from digestqa.library.records import RefusedFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIGEST_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".json"})

DOUBT_NS = 2_000_000_000
"""A file changed this near to when it was read may have changed once more within the same tick of the clock.

Two seconds is the coarsest tick in use (FAT); git calls the same thing "racily clean"."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells, without reading a file, that it is still the one that was read.

    Attributes:
        size: in bytes.
        mtime_ns: modification time.
        ctime_ns: change time of the entry, which cannot be set back by hand.
        inode: the file's number in its file system.
        checked_ns: when this was looked up.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    checked_ns: int

    def proves_same(self, earlier: FileStamp) -> bool:
        """Tell whether the file is surely the one that had the earlier stamp."""
        return (
            self.size == earlier.size
            and self.mtime_ns == earlier.mtime_ns
            and self.ctime_ns == earlier.ctime_ns
            and self.inode == earlier.inode
            and abs(earlier.checked_ns - earlier.mtime_ns) > DOUBT_NS
            and abs(earlier.checked_ns - earlier.ctime_ns) > DOUBT_NS
        )


@dataclass(slots=True)
class Scan:
    """The files of a seeds folder.

    Attributes:
        files: stamps of what may be digests, by path relative to the folder, in the order of the paths.
        refused: entries that have a digest's name and cannot be one.
        ignored: how many files are not digests by their name.
        unreadable_folders: relative paths of folders that could not be listed.
    """

    files: dict[str, FileStamp] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)
    ignored: int = 0
    unreadable_folders: list[str] = field(default_factory=list)

    def hides(self, path: str) -> bool:
        """Tell whether a path lies in a folder that could not be listed, so that nothing is known about it."""
        return any(path.startswith(f"{folder}/") for folder in self.unreadable_folders)


def scan_seeds(seeds: Path, embeddings: Path) -> Scan:
    """List the digest files of a folder and its subfolders.

    Hidden names, other suffixes, and the embeddings folder are passed over. A symbolic link is followed to a file
    inside the folder and refused otherwise; linked folders are refused.

    Raises:
        UsageError: there is no such folder, or it cannot be listed.
    """
    if not seeds.is_dir():
        kind = "is no folder" if seeds.exists() else "does not exist"
        raise UsageError(f"the seeds folder {seeds} {kind}", "make it and put digests there, or name one with --seeds")
    scan = Scan()
    root = os.path.realpath(seeds)
    passed_over = os.path.realpath(embeddings)
    try:
        with os.scandir(root):
            pass
    except OSError as error:
        raise UsageError(
            f"the seeds folder {seeds} cannot be listed: {error.strerror}", "change its permissions"
        ) from error
    found = list(_entries(root, "", root, passed_over, scan))
    found.sort()
    scan.files = dict(found)
    return scan


def _entries(folder: str, relative: str, root: str, passed_over: str, scan: Scan) -> Iterator[tuple[str, FileStamp]]:
    try:
        with os.scandir(folder) as listing:
            entries = list(listing)
    except OSError as error:
        scan.unreadable_folders.append(relative)
        scan.refused.append(
            RefusedFile(relative, f"the folder cannot be listed: {error.strerror}", "change its permissions")
        )
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = f"{relative}/{entry.name}" if relative else entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.path != passed_over:
                yield from _entries(entry.path, path, root, passed_over, scan)
            continue
        linked_folder = entry.is_symlink() and entry.is_dir()
        if os.path.splitext(entry.name)[1].lower() not in DIGEST_SUFFIXES and not linked_folder:
            scan.ignored += 1
            continue
        if (refused := _refusal(entry, path, root)) is not None:
            scan.refused.append(refused)
            continue
        try:
            status = os.stat(entry.path) if entry.is_symlink() else entry.stat(follow_symlinks=False)
        except OSError as error:
            scan.refused.append(RefusedFile(_printable(path), f"cannot be looked up: {error.strerror}", ""))
            continue
        yield (
            path,
            FileStamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, time.time_ns()),
        )


def _refusal(entry: os.DirEntry[str], path: str, root: str) -> RefusedFile | None:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return RefusedFile(_printable(path), "its name is not UTF-8", "rename the file")
    if not entry.is_symlink():
        return None
    target = os.path.realpath(entry.path)
    if os.path.isdir(target):
        return RefusedFile(path, "a symbolic link to a folder", "move the folder itself here, or name it with --seeds")
    if not target.startswith(root + os.sep):
        return RefusedFile(path, "a symbolic link that leads out of the seeds folder", "copy the file itself here")
    return None


def _printable(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")
