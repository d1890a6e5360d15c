"""Where things are and which models serve: flags, environment, configuration file and defaults, in that order."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digestqa.errors import UsageError

_KEYS = ("seeds", "embeddings", "encoder", "reader", "fetch_url", "sessions", "theme")
_ALIASES = "aliases"
_KEYMAP = "keys"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that every command shares.

    Attributes:
        seeds: folder of the digests, as the person wrote it (citations show paths under it).
        embeddings: folder of everything derived.
        encoder: sentence-transformers model by name or path; None for the library's own, or the default.
        reader: reader by name or path; None for the default.
        fetch_url: base URL of the registry or a mirror of it; None for the registry's own.
        sessions: folder in which conversations are kept, ``off`` to keep none; None for the platform's own.
        aliases: the user's own names: each with its other spellings (configuration file only).
        theme: colours of the terminal UI, by the name of a Textual theme; None for the default.
        keys: other keys of the terminal UI, by the name of what they do (configuration file only).
    """

    seeds: Path = Path("seeds")
    embeddings: Path = Path("embeddings")
    encoder: str | None = None
    reader: str | None = None
    fetch_url: str | None = None
    sessions: str | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


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
        UsageError: a configuration file cannot be read, or holds an unknown key or a value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    configured, aliases, keys = _configuration(folder or Path())
    chosen: dict[str, str | None] = {}
    for key in _KEYS:
        chosen[key] = flags.get(key) or environment.get(f"DIGESTQA_{key.upper()}") or configured.get(key)
    return Settings(
        seeds=Path(chosen["seeds"] or "seeds"),
        embeddings=Path(chosen["embeddings"] or "embeddings"),
        encoder=chosen["encoder"],
        reader=chosen["reader"],
        fetch_url=chosen["fetch_url"],
        sessions=chosen["sessions"],
        aliases=aliases,
        theme=chosen["theme"],
        keys=keys,
    )


_Configured = tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, str]]


def _configuration(folder: Path) -> _Configured:
    """Return the settings of the configuration file, the aliases, and the keys."""
    own = folder / "digestqa.toml"
    if own.is_file():
        return _checked(_toml(own), own)
    project = folder / "pyproject.toml"
    if project.is_file():
        table = _toml(project).get("tool", {}).get("digestqa", {})
        return _checked(table, project)
    return {}, {}, {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "mend the file or move it away") from error


def _checked(table: Any, path: Path) -> _Configured:
    if not isinstance(table, dict):
        raise UsageError(f"{path}: [tool.digestqa] is no table", f'write keys such as {_KEYS[0]} = "..." under it')
    texts = {key: value for key, value in table.items() if key not in (_ALIASES, _KEYMAP)}
    for key, value in texts.items():
        if key not in _KEYS:
            known = ", ".join((*_KEYS, _ALIASES, _KEYMAP))
            raise UsageError(f"{path}: unknown setting '{key}'", f"known settings: {known}")
        if not isinstance(value, str) or not value:
            raise UsageError(f"{path}: setting '{key}' is no text", f'write {key} = "..."')
    return texts, _checked_aliases(table.get(_ALIASES, {}), path), _checked_keys(table.get(_KEYMAP, {}), path)


def _checked_aliases(table: Any, path: Path) -> dict[str, tuple[str, ...]]:
    hint = 'write names with their other spellings, such as: "thymosin alpha 1" = ["Tα1", "Zadaxin"]'
    if not isinstance(table, dict):
        raise UsageError(f"{path}: 'aliases' is no table", hint)
    for name, spellings in table.items():
        if not isinstance(spellings, list) or not all(
            isinstance(spelling, str) and any(map(str.isalnum, spelling)) for spelling in spellings
        ):
            raise UsageError(f"{path}: the aliases of '{name}' are no list of texts", hint)
    return {name: tuple(spellings) for name, spellings in table.items()}


def _checked_keys(table: Any, path: Path) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(key, str) and key for key in table.values()):
        raise UsageError(f"{path}: 'keys' is no table of texts", 'write such as: copy = "f8"; f1 shows all names')
    return dict(table)
