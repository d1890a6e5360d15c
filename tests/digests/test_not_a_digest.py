"""What is refused as no digest, with the reason."""

from __future__ import annotations

import pytest

from digestqa.digests import parse_digest
from digestqa.errors import NotADigestError

NOT_DIGESTS = {
    "a lone paragraph": "Knees stiffen after surgery. Nobody knows why.",
    "prose": "Dear Ann,\n\nthe knees are well.\n\nThey bend again, and I walk to the shop every day.\n\nYours\n\nBob",
    "source code": "import os\n\n\ndef bend(knee):\n    # Results\n    return knee.bend()\n",
    "a table": "study,n,result\nNCT09999991,19,12\nNCT09999992,20,13\n",
    "a list of links": "Results\nSafety\nMethods\n",
    "a letter with a title": "Minutes of the Meeting\n\nOpen Points\n\nThe lamp is broken. Bob will see to it.\n",
    "one word": "x",
}


@pytest.mark.parametrize("text", NOT_DIGESTS.values(), ids=NOT_DIGESTS.keys())
def test_text_without_a_digests_structure_is_refused_with_what_was_looked_for(text: str) -> None:
    with pytest.raises(NotADigestError) as caught:
        parse_digest(text, sha256="", name="notes.txt")
    assert "notes.txt" in caught.value.message
    assert "heading" in caught.value.message
    assert "Source:" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [("<!DOCTYPE html>\n<p>Results</p>", "a.txt"), ("<html><body>x</body></html>", "a.md"), ("Results", "page.html")],
)
def test_html_is_refused_by_its_name(text: str, name: str) -> None:
    with pytest.raises(NotADigestError, match="HTML"):
        parse_digest(text, sha256="", name=name)


@pytest.mark.parametrize("text", ["", " \n\t\u00a0\r\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.json"])
def test_blank_text_is_refused(text: str, name: str) -> None:
    with pytest.raises(NotADigestError, match="blank"):
        parse_digest(text, sha256="", name=name)


@pytest.mark.parametrize(
    "text",
    [
        "Knees Bend Again\nResults\nThey bend.",
        "Knees Bend Again\n\nFamily Voices\n\nThey bend.\n\nSource: NCT09999991",
        "knees 2024-01 PubMed\n\nKnees Bend Again\n\nFamily Voices\n\nThey bend.",
        "Results\n\nThey bend.",
    ],
    ids=["usual heading", "Source line", "tag line", "no headline"],
)
def test_little_is_enough_to_be_a_digest(text: str) -> None:
    assert parse_digest(text, sha256="", name="a.txt").sections
