"""Follows the seeds folder: looks again and again, and tells when it has changed and come to rest.

Looking costs one system call a file, works on every file system (network drives and containers tell no one of changes),
and sees what happened while the program was not running; so nothing is asked of the operating system's notices.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from digestqa.errors import UsageError
from digestqa.library.scan import scan_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOOK_EVERY_S = 1.0
"""Between two looks at a folder of moderate size; a change is taken up once two looks see the same."""

REST_SHARE = 20
"""A look that takes long is followed by a rest so many times as long: looking takes at most a twentieth of one core."""


def folder_fingerprint(seeds: Path, embeddings: Path) -> str:
    """Return what changes with any name, size, time or place of the digest files, in memory that does not grow."""
    seen = hashlib.blake2b(digest_size=16)
    try:
        scan = scan_seeds(seeds, embeddings)
        for path, stamp in scan.files():
            seen.update(f"{path}\0{stamp[:4]}\n".encode())
        for refused in scan.refused:
            seen.update(f"{refused.path}\0{refused.reason}\n".encode())
    except UsageError as error:  # the folder may come back
        return error.message
    return seen.hexdigest()


def wait_for_changes(
    seeds: Path, embeddings: Path, *, known: str, sleep: Callable[[float], None] = time.sleep
) -> Iterator[str]:
    """Yield the folder's fingerprint each time that it has changed and is as it was one look before; never ends.

    Args:
        seeds: the folder.
        embeddings: the library's folder, which may lie within.
        known: the fingerprint from before the folder was last taken up.
        sleep: waits so many seconds.
    """
    before = known
    while True:
        began = time.monotonic()
        seen = folder_fingerprint(seeds, embeddings)
        took_s = time.monotonic() - began
        if seen == before != known:
            known = seen
            yield seen
            continue
        before = seen
        sleep(max(LOOK_EVERY_S, took_s * REST_SHARE))
