"""Invariant 1, as far as it lies with the library: what is stored, embedded and indexed is a slice of the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from library.library_stand import Place, page

HOSTILE = [
    *["\r\n", "\n", "\t", "\u00a0", "\u2028", "e\u0301", "\ufb01", "Tα1", "💊", "\U0001f469\u200d\u2695", "\ufeff"],
    *["[bold]", "[/x]", "\x1b]0;title\x07", "\x1b[31m", "\u202e", "\U0010ffff", "<b>", "{}", "%s", '"', "'", "\\"],
    *["µg/m²", "p=0.001", "0.51–0.75", "vs.", ". ", "A", "b"],
]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=30), min_size=1, max_size=3),
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_passages_are_slices_of_the_decoded_file(results: list[list[str]], mark: str, newline: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for number, words in enumerate(results, start=1):
            told = " ".join(words).replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
            text = page(number, results=f"It was {told} in the end.").replace("\n", newline)
            place.write(f"NCT{number:08d}.txt", mark + text)
        report = place.ingest()
        embedded = set()
        with place.open() as library:
            for digest in library.digests():
                decoded = (place.seeds / digest.path).read_bytes().decode("utf-8-sig")
                assert library.digest_text(digest.id) == decoded
                for fact in digest.facts:
                    assert decoded[fact.start : fact.end] == fact.value
                for passage in library.digest_passages(digest.id):
                    assert decoded[passage.start : passage.end] == passage.text
                    assert passage.sentence_texts() == tuple(decoded[a:b] for a, b in passage.sentences)
                    if digest.current:
                        embedded.add(f"{passage.context}: {passage.text}")
        assert set(place.encoder.texts) >= embedded
        assert report.refused == ()
        assert place.verify() == []
