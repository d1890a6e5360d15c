"""Where things are and which models serve: flags, environment, configuration file and defaults, in that order."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digestqa.errors import UsageError

_KEYS = ("seeds", "embeddings", "encoder", "reader")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that every command shares.

    Attributes:
        seeds: folder of the digests, as the person wrote it (citations show paths under it).
        embeddings: folder of everything derived.
        encoder: sentence-transformers model by name or path; None for the library's own, or the default.
        reader: reader by name or path; None for the default.
    """

    seeds: Path = Path("seeds")
    embeddings: Path = Path("embeddings")
    encoder: str | None = None
    reader: str | None = None


def load_settings(
    flags: Mapping[str, str | None],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Merge the sources of settings.

    Args:
        flags: what the command line gave, by key; None where it gave nothing.
        environment: defaults to the process's; ``DIGESTQA_SEEDS`` and so on.
        folder: where ``digestqa.toml`` or ``pyproject.toml`` is looked for; defaults to the current folder.

    Raises:
        UsageError: a configuration file cannot be read, or holds an unknown key or a value that is no text.
    """
    environment = os.environ if environment is None else environment
    configured = _configuration(folder or Path())
    chosen: dict[str, str | None] = {}
    for key in _KEYS:
        chosen[key] = flags.get(key) or environment.get(f"DIGESTQA_{key.upper()}") or configured.get(key)
    return Settings(
        seeds=Path(chosen["seeds"] or "seeds"),
        embeddings=Path(chosen["embeddings"] or "embeddings"),
        encoder=chosen["encoder"],
        reader=chosen["reader"],
    )


def _configuration(folder: Path) -> dict[str, str]:
    own = folder / "digestqa.toml"
    if own.is_file():
        return _checked(_toml(own), own)
    project = folder / "pyproject.toml"
    if project.is_file():
        table = _toml(project).get("tool", {}).get("digestqa", {})
        return _checked(table, project)
    return {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "mend the file or move it away") from error


def _checked(table: Any, path: Path) -> dict[str, str]:
    if not isinstance(table, dict):
        raise UsageError(f"{path}: [tool.digestqa] is no table", f'write keys such as {_KEYS[0]} = "..." under it')
    for key, value in table.items():
        if key not in _KEYS:
            raise UsageError(f"{path}: unknown setting '{key}'", f"known settings: {', '.join(_KEYS)}")
        if not isinstance(value, str) or not value:
            raise UsageError(f"{path}: setting '{key}' is no text", f'write {key} = "..."')
    return dict(table)
