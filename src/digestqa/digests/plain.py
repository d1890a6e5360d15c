"""Text from other formats as one line of a page: no controls, no invisible characters, single spaces."""

from __future__ import annotations

import re

# Controls, direction marks, lone surrogates and what is no character have no place on a page.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]+")


def on_one_line(text: str) -> str:
    """Return a text on one line, as it is seen: runs of blanks and controls become a space."""
    return " ".join(_INVISIBLE.sub("", _UNPRINTABLE.sub(" ", text)).split())
