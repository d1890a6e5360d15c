"""What the options of several commands take."""

from __future__ import annotations

import argparse


def given_text(text: str) -> str:
    """Return the value of an option, which must say something.

    An empty one mostly comes from a shell's variable that is not set; taken as it is, it would stand for the default,
    for the current folder, or for a study that does not exist.

    Raises:
        argparse.ArgumentTypeError: it is empty or blank.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is blank; give a value, or leave it out")
    return text
