"""What lies under seeds/, without reading it: names and stamps, in the order of the paths.

Files come one by one, so that memory holds the names of one folder and of those it lies in, however many files there
are in all: about 70 bytes for each name of the largest folder.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from digestqa.errors import UsageError
from digestqa.library.records import RefusedFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIGEST_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".json"})

DOUBT_NS = 2_000_000_000
"""A file changed this near to when it was read may have changed once more within the same tick of the clock.

Two seconds is the coarsest tick in use (FAT); git calls the same thing "racily clean"
(https://git-scm.com/docs/racy-git)."""


class FileStamp(NamedTuple):
    """What tells, without reading a file, that it is still the one that was read.

    A tuple, since there is one for each file of every scan.

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
            self[:4] == earlier[:4]
            and abs(earlier.checked_ns - earlier.mtime_ns) > DOUBT_NS
            and abs(earlier.checked_ns - earlier.ctime_ns) > DOUBT_NS
        )


@dataclass(slots=True)
class Scan:
    """One pass over a seeds folder; what is found besides digest files is known when ``files`` has ended.

    Attributes:
        seeds: the folder.
        root: its real path.
        passed_over: real path of the embeddings folder, which may lie within.
        refused: entries that have a digest's name and cannot be one.
        ignored: how many files are not digests by their name.
        unreadable_folders: relative paths of folders that could not be listed.
        only: the only paths that are looked at, relative to the folder and sorted; None for all.
    """

    seeds: Path
    root: str
    passed_over: str
    refused: list[RefusedFile] = field(default_factory=list)
    ignored: int = 0
    unreadable_folders: list[str] = field(default_factory=list)
    only: tuple[str, ...] | None = None

    def files(self) -> Iterator[tuple[str, FileStamp]]:
        """Yield what may be digests: path relative to the folder, and stamp, in the order of the paths.

        What is found besides is noted anew each time.
        """
        self.refused, self.unreadable_folders, self.ignored = [], [], 0
        return self._files(self.root, "") if self.only is None else self._chosen_files(self.only)

    def count(self) -> int:
        """Return how many files have a digest's name, without looking any of them up."""
        return self._count(self.root) if self.only is None else len(self.only)

    def hides(self, path: str) -> bool:
        """Tell whether a path lies in a folder that could not be listed, so that nothing is known about it."""
        return any(path.startswith(f"{folder}/") for folder in self.unreadable_folders)

    def _chosen_files(self, paths: tuple[str, ...]) -> Iterator[tuple[str, FileStamp]]:
        for path in paths:
            if (stamp := self._stamp(self.root + os.sep + path.replace("/", os.sep), path)) is not None:
                yield path, stamp

    def _files(self, folder: str, relative: str) -> Iterator[tuple[str, FileStamp]]:
        try:
            with os.scandir(folder) as listing:
                names = [name for entry in listing if (name := self._listed(entry))]
        except OSError as error:
            self.unreadable_folders.append(relative)
            self.refused.append(
                RefusedFile(relative, f"the folder cannot be listed: {error.strerror}", "change its permissions")
            )
            return
        # A folder's name ends in a slash here, which puts the paths in it in their place among the files.
        names.sort(reverse=True)
        while names:
            name = names.pop()
            path = f"{relative}/{name}" if relative else name
            if name.endswith("/"):
                if (inner := folder + os.sep + name[:-1]) != self.passed_over:
                    yield from self._files(inner, path[:-1])
            elif (stamp := self._stamp(folder + os.sep + name, path)) is not None:
                yield path, stamp

    def _listed(self, entry: os.DirEntry[str]) -> str:
        """Return an entry's name, with a slash if it is a folder; empty for what is passed over."""
        name = entry.name
        if name.startswith("."):
            return ""
        if entry.is_dir(follow_symlinks=False):
            return f"{name}/"
        if _is_named_as_digest(name) or (entry.is_symlink() and entry.is_dir()):
            return name
        self.ignored += 1
        return ""

    def _stamp(self, file: str, path: str) -> FileStamp | None:
        """Look up one file; note why where it is refused."""
        try:
            path.encode("utf-8")
            status = os.lstat(file)
            if stat.S_ISLNK(status.st_mode):
                if (refused := _refused_link(file, path, self.root)) is not None:
                    self.refused.append(refused)
                    return None
                status = os.stat(file)
        except UnicodeEncodeError:
            self.refused.append(RefusedFile(_printable(path), "its name is not UTF-8", "rename the file"))
            return None
        except FileNotFoundError:
            if os.path.islink(file):
                self.refused.append(
                    RefusedFile(path, "a symbolic link that leads nowhere", "mend the link, or remove it")
                )
            # Else it went since the folder was listed.
            return None
        except OSError as error:
            self.refused.append(RefusedFile(path, f"cannot be looked up: {error.strerror}", "check its folder"))
            return None
        return FileStamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, time.time_ns())

    def _count(self, folder: str) -> int:
        count = 0
        try:
            with os.scandir(folder) as listing:
                for entry in listing:
                    name = entry.name
                    if name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        inner = folder + os.sep + name
                        count += self._count(inner) if inner != self.passed_over else 0
                    else:
                        count += _is_named_as_digest(name)
        except OSError:
            pass
        return count


def scan_seeds(seeds: Path, embeddings: Path) -> Scan:
    """Begin a pass over the digest files of a folder and its subfolders.

    Hidden names, other suffixes, and the embeddings folder are passed over. A symbolic link is followed to a file
    inside the folder and refused otherwise; linked folders are refused.

    Raises:
        UsageError: there is no such folder, or it cannot be listed.
    """
    if not seeds.is_dir():
        kind = "is no folder" if seeds.exists() else "does not exist"
        raise UsageError(f"the seeds folder {seeds} {kind}", "make it and put digests there, or name one with --seeds")
    root = os.path.realpath(seeds)
    try:
        with os.scandir(root):
            pass
    except OSError as error:
        raise UsageError(
            f"the seeds folder {seeds} cannot be listed: {error.strerror}", "change its permissions"
        ) from error
    return Scan(seeds, root, os.path.realpath(embeddings))


def scan_nothing(seeds: Path, embeddings: Path) -> Scan:
    """Return the pass over a seeds folder that is not there yet: it finds nothing."""
    return Scan(seeds, os.path.realpath(seeds), os.path.realpath(embeddings), only=())


def _is_named_as_digest(name: str) -> bool:
    return name[name.rfind(".") :].lower() in DIGEST_SUFFIXES


def _refused_link(file: str, path: str, root: str) -> RefusedFile | None:
    target = os.path.realpath(file)
    if os.path.isdir(target):
        return RefusedFile(path, "a symbolic link to a folder", "move the folder itself here, or name it with --seeds")
    if not target.startswith(root + os.sep):
        return RefusedFile(path, "a symbolic link that leads out of the seeds folder", "copy the file itself here")
    return None


def _printable(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")
