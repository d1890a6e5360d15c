"""``digestqa show``: one digest, literally."""

from __future__ import annotations

import argparse
import difflib

from digestqa.errors import UsageError
from digestqa.output.terminal import Console, visible
from digestqa.settings import Settings

HELP = "show one digest, literally"
DESCRIPTION = "Prints a digest as the library holds it; control characters are shown escaped."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("id", metavar="ID", help="NCT number, PMID or file name")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Print the digest."""
    from digestqa.commands.session import opened_library
    from digestqa.digests import normalize_source

    with opened_library(settings, console) as library:
        source = normalize_source(parsed.id)
        found = library.find_digests(source)
        if not found:
            nearest = difflib.get_close_matches(source, library.sources(), n=3)
            raise UsageError(
                f"there is no digest '{parsed.id}' in the library",
                f"the nearest are {', '.join(nearest)}" if nearest else "'digestqa list' shows what there is",
            )
        current = [record for record in found if record.current] or found
        text = library.digest_text(current[0].id)
        for other in found:
            if other.id != current[0].id:
                console.note(f"{(settings.seeds / other.path).as_posix()} is kept beside it, superseded")
    console.result(visible(text.replace("\r\n", "\n")))
    return 0
