"""What was fetched before: each study's last update and its file, in a hidden file in the seeds folder.

It lies beside the digests, so that it goes where they go; it may be deleted, and then every record is asked for again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from digestqa.errors import StorageError

MEMORY_NAME = ".fetched.json"
_SCHEMA = 1
_MAX_BYTES = 256 * 1024 * 1024


@dataclass(slots=True)
class FetchMemory:
    """Last updates and files by study number.

    Attributes:
        path: the hidden file.
        records: the day of the last update, as the registry writes it, and the digest file's path relative to the
            seeds folder.
    """

    path: Path
    records: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, seeds: Path) -> FetchMemory:
        """Return what is remembered; nothing where the file is missing or cannot be read."""
        memory = cls(seeds / MEMORY_NAME)
        with suppress(OSError, ValueError, RecursionError):
            if not memory.path.is_file() or memory.path.stat().st_size > _MAX_BYTES:
                return memory
            value = json.loads(memory.path.read_bytes())
            if isinstance(value, dict) and value.get("schema") == _SCHEMA and isinstance(value.get("records"), dict):
                memory.records = {
                    number: (entry[0], entry[1])
                    for number, entry in value["records"].items()
                    if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)
                }
        return memory

    def has(self, number: str, updated: str | None) -> bool:
        """Tell whether this state of a study was fetched, and its file is still there."""
        known = self.records.get(number)
        if known is None or updated is None or known[0] != updated:
            return False
        # Only a place inside the folder is looked up, whatever the hidden file says.
        name = PurePosixPath(known[1])
        return not name.is_absolute() and ".." not in name.parts and (self.path.parent / name).is_file()

    def save(self) -> None:
        """Write the file whole or not at all.

        Raises:
            StorageError: the folder cannot be written.
        """
        contents = json.dumps({"schema": _SCHEMA, "records": self.records}, separators=(",", ":")).encode()
        temporary = self.path.with_name(f"{MEMORY_NAME}.new")
        try:
            with temporary.open("wb") as stream:
                stream.write(contents)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise StorageError(
                f"{self.path} cannot be written: {error.strerror}", "make room or choose another folder with --seeds"
            ) from error
