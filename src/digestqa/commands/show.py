"""``digestqa show``: one digest, literally."""

from __future__ import annotations

import argparse

from digestqa.errors import UsageError
from digestqa.output.terminal import Console, visible
from digestqa.settings import Settings

HELP = "show one digest, literally"
DESCRIPTION = "Prints a digest as the library holds it; control characters are shown escaped."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("id", metavar="ID", help="NCT number, PMID, or file name (of any version)")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Print the digest."""
    from digestqa.commands.session import opened_library
    from digestqa.digests import normalize_source

    with opened_library(settings, console) as library:
        source = normalize_source(parsed.id)
        # A study's id shows its current version; a file's name shows that one.
        found = library.find_digests(source)
        if not found:
            nearest = library.nearest_sources(source, cutoff=0.6)
            raise UsageError(
                f"there is no digest '{parsed.id}' in the library",
                f"the nearest are {', '.join(nearest)}" if nearest else "'digestqa list' shows what there is",
            )
        shown = found[0]
        text = library.digest_text(shown.id)
        versions = library.find_digests(shown.source) if shown.registry else []
        for other in versions:
            if other.id != shown.id:
                what = "current" if other.current else "superseded"
                path = (settings.seeds / other.path).as_posix()
                console.note(f"another version: {path} ({what}, ingested {other.ingested or 'on an unknown date'})")
    console.result(visible(text.replace("\r\n", "\n")))
    return 0
