"""The text of an HTML file: which charset it is in, by the rules of the HTML standard, and only charsets of text."""

from __future__ import annotations

import codecs
import re

from digestqa.errors import FileRefusedError

_META_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_CHARSETS = frozenset(
    """
    ascii utf-8 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4
    iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r
    koi8-u mac-roman shift_jis cp932 euc_jp iso2022_jp euc_kr cp949 gbk gb2312 gb18030 big5 big5hkscs tis-620
    """.split()
)


def decode_html(raw: bytes, name: str) -> str:
    """Decode a page by its byte order mark, else by the charset that it declares, else as UTF-8.

    Raises:
        FileRefusedError: the bytes are blank, binary, in an unknown charset, or not valid in theirs.
    """
    for mark, charset in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], charset, name)
    declared = _META_CHARSET.search(raw[:4096])
    charset = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        known = codecs.lookup(charset).name
    except LookupError:
        known = ""
    if known.startswith("utf-16"):  # the standard: a page that can say so in ASCII is not in UTF-16
        known = "utf-8"
    if known == "iso8859-1":  # the standard: what calls itself Latin-1 is windows-1252
        known = "cp1252"
    if known not in _CHARSETS:
        raise FileRefusedError(f"{name}: HTML in the charset {charset!r}, which is not read", "save the page as UTF-8")
    return _decoded(raw, known, name)


def _decoded(raw: bytes, charset: str, name: str) -> str:
    if not charset.startswith("utf-16") and b"\0" in raw:
        raise FileRefusedError(
            f"{name}: binary data (a zero byte at offset {raw.index(0)})", "save the page as HTML, text only"
        )
    try:
        text = raw.decode(charset, errors="replace" if charset == "cp1252" else "strict")
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            f"{name}: not valid {charset.upper()}: byte 0x{raw[error.start]:02x} at offset {error.start}",
            "save the page as UTF-8",
        ) from error
    if not text.strip():
        raise FileRefusedError(f"{name}: {'blank' if text else 'empty'}", "save the page once more, or remove the file")
    return text
