from __future__ import annotations

import contextlib
import hashlib
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestqa.digests import Digest, page_from_html, parse_digest
from digestqa.errors import DigestQAError, FileRefusedError, NotADigestError
from digestqa.passages import split_passages

PAGE = """<!DOCTYPE html>
<html><head><title>Corvimab Eases Itching | Example</title><meta charset="utf-8">
<style>/* x */ .gone, #gone { display: none } @media print { .printed-not { display: none } }</style>
<script>if (a<b) document.write("<div>")</script></head>
<body><nav><a href="/">Home</a></nav><header><b>Example Site</b></header>
<main><a href="/c">Back to Corvimab research</a>
<div class="tags"><span>corvimab</span><span>monoclonal antibody</span><span>rct</span><span>n=120</span>
<span>2025-03-14</span><span>ClinicalTrials</span></div>
<h1>Corvimab Eases Itching in Cholestasis</h1><p>A Randomised Study of Corvimab &amp; Placebo</p>
<h2>Background</h2><p>Itching keeps people <em>awake</em>.
Counts were 10<sup>9</sup>/L. <span class="gone">G1</span><i id="gone">G2</i><b hidden>G3</b>
<b aria-hidden="true">G4</b>
<b style="DISPLAY : none">G5</b><span class="sr-only">G6</span><span class="printed-not">Shown.</span><!-- G7 --></p>
<noscript>G8</noscript><template>G9</template><form><p>Kept.</p><button>G10</button><input value="G11"></form>
<h2>Results</h2><p>Itch fell by 30&nbsp;% (p&lt;0.001).</p><ul><li><p>One death</p></li><li>No strokes</li></ul>
<table><tr><th>Arm</th><th>n</th></tr><tr><td>Corvimab</td><td>60</td></tr></table>
<h2>Why It Matters</h2><p>It may help.<br>It is cheap.</p>
</main><footer><p>corvimab monoclonal antibody pruritus dose mentioned</p>
<p>Source: clinicaltrials:NCT90000001 · Ingested 2026-02-03 · Digest: example-model</p><p>Imprint</p></footer>
</body></html>
"""


def read(html: str | bytes, name: str = "page") -> Digest:
    suffix, text = page_from_html(html.encode() if isinstance(html, str) else html, "page.html")
    return parse_digest(text, sha256="", name=name + suffix)


def body(digest: Digest, heading: str) -> str:
    section = next(section for section in digest.sections if section.heading == heading)
    return digest.text[section.start : section.end]


def test_a_saved_page_becomes_a_page_in_layout_a() -> None:
    suffix, text = page_from_html(PAGE.encode(), "page.html")
    assert suffix == ".txt"
    assert text.startswith(
        "Back to Corvimab research\ncorvimab monoclonal antibody rct n=120 2025-03-14 ClinicalTrials\n\n"
        "Corvimab Eases Itching in Cholestasis\n\nA Randomised Study of Corvimab & Placebo\n\nBackground\n\n"
    )
    digest = parse_digest(text, sha256="", name="x.txt")
    assert (digest.layout, digest.source) == ("A", "NCT90000001")
    assert [section.heading for section in digest.sections] == ["Background", "Results", "Why It Matters"]
    assert digest.value("compound") == "corvimab"
    assert digest.value("flags") == "dose mentioned"
    assert digest.value("ingested") == "2026-02-03"


def test_the_hash_of_the_html_is_kept_in_a_last_line_that_is_never_quoted() -> None:
    digest = read(PAGE)
    sha256 = hashlib.sha256(PAGE.encode()).hexdigest()
    assert digest.text.endswith(f"\nOrigin: html sha256:{sha256}\n")
    assert digest.origin == f"html sha256:{sha256}"
    assert not any(sha256 in passage.text for passage in split_passages(digest))


def test_an_origin_line_elsewhere_is_text_like_any_other() -> None:
    line = "Origin: html sha256:" + "a" * 64
    digest = parse_digest(f"Knees\n\nResults\n\n{line}\nThey bend.\n", sha256="", name="x.txt")
    assert digest.origin is None
    assert line in body(digest, "Results")


def test_what_is_not_seen_is_dropped() -> None:
    digest = read(PAGE)
    assert body(digest, "Background") == "Itching keeps people awake. Counts were 10⁹/L. Shown.\n\nKept."
    for gone in ("G1", "G10", "Home", "Example Site", "Imprint", "document.write"):
        assert gone not in digest.text


def test_lists_tables_and_line_breaks_keep_their_parts_apart() -> None:
    digest = read(PAGE)
    assert body(digest, "Results").split("\n\n") == [
        "Itch fell by 30 % (p<0.001).",
        "- One death",
        "- No strokes",
        "Arm | n",
        "Corvimab | 60",
    ]
    assert body(digest, "Why It Matters") == "It may help.\n\nIt is cheap."


def test_a_heading_that_a_plain_page_cannot_mark_makes_it_markdown() -> None:
    digest = read(PAGE.replace("<h2>Results</h2>", "<h2>does it work?</h2>"))
    assert digest.layout == "markdown"
    assert [section.heading for section in digest.sections] == ["Background", "does it work?", "Why It Matters"]
    assert digest.source == "NCT90000001"
    assert digest.origin is not None


def test_raised_digits_never_join_the_number_before() -> None:
    digest = read(
        "<h1>A</h1><h2>Results</h2><p>10<sup>9</sup>, m<sup>2</sup>, x<sup>-1</sup>, n<sup>th</sup>, CO<sub>2</sub>"
    )
    assert body(digest, "Results") == "10⁹, m², x⁻¹, n^(th), CO2"


def test_a_text_page_saved_as_html_keeps_its_lines() -> None:
    digest = read("<html><body><pre>Knees\n\nResults\n\nThey bend.\n\nSource: NCT90000003</pre></body></html>")
    assert digest.source == "NCT90000003"
    assert body(digest, "Results") == "They bend."


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", "gb18030"])
def test_the_declared_charset_counts(charset: str) -> None:
    html = f"<meta charset='{charset}'><h1>Knees</h1><h2>Results</h2><p>Fièvre 5 µg.</p>"
    assert body(read(html.encode(charset)), "Results") == "Fièvre 5 µg."


def test_a_byte_order_mark_counts_more_than_the_declaration() -> None:
    html = "\ufeff<meta charset=latin1><h1>Knees</h1><h2>Results</h2><p>5 µg.</p>"
    assert body(read(html.encode("utf-16-le")), "Results") == "5 µg."
    assert body(read(html.encode("utf-8")), "Results") == "5 µg."


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \n", "blank"),
        (b"<p>\x00</p>", "zero byte at offset 3"),
        (b"<p>\xff</p>", "0xff at offset 3"),
        (b"<meta charset=unicode_escape><p>\\u0041", "unicode_escape"),
        (b"<meta charset=nonsense><p>x", "nonsense"),
    ],
)
def test_bytes_that_are_no_page_are_refused_by_name_and_place(raw: bytes, reason: str) -> None:
    with pytest.raises(FileRefusedError, match=r"page\.html") as refusal:
        page_from_html(raw, "page.html")
    assert reason in refusal.value.message
    assert refusal.value.hint


def test_a_page_that_shows_nothing_is_refused() -> None:
    with pytest.raises(NotADigestError, match="shows no text"):
        page_from_html(b"<div id=app></div><script>render()</script>", "page.html")


def test_entities_of_the_documents_own_are_not_expanded() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'lollollol'><!ENTITY b '&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    digest = read(f"{bomb}<h1>Knees</h1><h2>Results</h2><p>&b;&f; bend.</p>")
    assert "lollol" not in body(digest, "Results")
    assert "root:" not in digest.text


UNITS = ["<div>", "<b>", "<p>x", "<i><b><u><s>x</i>", "<li>x</li>", "<br>x", "<!--", "<script>", "<style>/*", "<td>x"]
UNITS += [
    "<style>@{",
    "<a x=1 y=2>x</b>",
    "<sup>1</sup>",
    "<header>x",
    "<footer>Source:",
    "&lt;",
    "<svg><math>",
    "</p>",
]
UNITS += [
    "<h2>Results</h2><p>x.",
    "<span>x</span>",
    "<pre>\n\nx",
    "<select><option>",
    "<table><tr>",
    "<p>Source: NCT90000001",
]


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_pages_cost_no_more_than_a_second_a_megabyte(unit: str) -> None:
    html = f"<h1>Knees</h1><h2>Results</h2><p>They bend.</p>{unit * (500_000 // len(unit))}"
    start = process_time()
    with contextlib.suppress(NotADigestError):
        split_passages(read(html))
    # Half a second is the promise; tests run beside others on busy machines.
    assert process_time() - start < 3


fragments = st.sampled_from(
    [*UNITS, "</div>", "</b>", "<main>", "</main>", "Results", "Source: x:1", "\x1b[31m", "\ud7ff", "# a"]
)


@given(st.lists(fragments | st.text(max_size=8), max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_page_is_read_with_exact_offsets_or_refused(html: str) -> None:
    try:
        suffix, text = page_from_html(html.encode("utf-8", "replace"), "page.html")
        digest = parse_digest(text, sha256="", name="page" + suffix)
    except DigestQAError:
        return
    assert not any(character < " " and character != "\n" for character in text)
    assert digest.origin is not None
    for passage in split_passages(digest):
        assert passage.text == text[passage.start : passage.end]


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(DigestQAError):
        page_from_html(raw, "page.html")
