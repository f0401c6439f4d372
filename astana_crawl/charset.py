"""The text of a page's bytes, and what decided how they were read; crawl, trial, reread and read_article share it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from w3lib.encoding import http_content_type_encoding, resolve_encoding

_BOMS = (
    (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"), (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip
_WIDE = ((re.compile(rb"(?:\s\0)*<\0"), "utf-16-le"), (re.compile(rb"(?:\0\s)*\0<"), "utf-16-be"))
_HEAD = 16 * 1024  # where the labels of a page stand
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,300}?encoding\s*=\s*["']\s*([\w.:-]+)""", re.IGNORECASE)
_LANGUAGE = re.compile(rb"""<html[^>]{0,500}?\blang\s*=\s*["']?([a-z]{2,3})\b""", re.IGNORECASE)
_TEXTS = re.compile(r"(?:cp|iso8859|koi8|kz1048|ptcp|gb|big5|euc|shift|mac|utf-8|ascii|tis)")  # not codecs as punycode

# What browsers assume by language (HTML standard, "Determining the character encoding"); Kazakh letters as KZ-1048 adds
# them to windows-1251.
_BY_LANGUAGE = {
    **dict.fromkeys(("be", "bg", "ky", "mk", "ru", "sr", "tg", "tt", "uk"), "cp1251"), "kk": "kz1048",
    **dict.fromkeys(("ar", "fa"), "cp1256"), **dict.fromkeys(("az", "ku", "tr"), "cp1254"), "el": "cp1253",
    "he": "cp1255", **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), "cp1250"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"), "ja": "cp932", "ko": "cp949", "th": "cp874", "vi": "cp1258",
    "zh": "gb18030",
}  # fmt: skip
_ANY = ("cp1252", "cp1251", "koi8-r", "cp1256")
_TURKISH = b"\xf0\xfd\xfe\xdd"  # ğ ı ş İ in windows-1254, ð ý þ Ý in windows-1252
_ELSEWHERE = b"\xe1\xe9\xed\xf3\xfa\xe6"  # á é í ó ú æ, which stand beside these
_SERBIAN, _RUSSIAN = re.compile("[ђћјџњљќґ]"), re.compile("[ыэъ]")  # together: Kazakh in KZ-1048
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_LOOKED_AT = 100_000  # characters
_SCRIPTS = ("[A-Za-zªºÀ-ʯ]", "[\u0370-\u03ff]", "[\u0400-\u052f]", "[\u0590-\u05ff]", "[\u0600-\u06ff]")
_PURE = re.compile("|".join(f"{script}+" for script in _SCRIPTS) + "|[^\x00-\u06ff]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the Python name of the charset it was read with, and what decided for that, in words.

    `damaged` is how many places of the bytes could not be read: there the text has U+FFFD.
    """

    text: str
    charset: str
    how: str
    damaged: int = 0


def decode(
    body: bytes, content_type: str | None = None, *, hint: str | None = None, language: str | None = None
) -> Decoded:
    """Read a page's bytes, whatever their labels claim; anything at all gives a text.

    These decide, in this order: a byte order mark, or the zero bytes of UTF-16; validity as UTF-8 (chance makes hardly
    any other text valid), with a few broken bytes; then the labels, as far as the bytes read by them look like text:
    the site's own `hint`, the HTTP header (Latin-1 there is a server's default and says nothing), the meta element, the
    XML declaration; then what browsers assume for the `language`, the page's own or else the given one; then the first
    that fits of windows-1254, windows-1252, windows-1251, koi8-r, windows-1256. Bytes that fit nothing become U+FFFD.
    """
    if marked := next(((mark, name) for mark, name in _BOMS if body.startswith(mark)), None):
        return _read(body[len(marked[0]) :], marked[1], "byte order mark")
    if wide := next((name for start, name in _WIDE if start.match(body)), None):
        return _read(body, wide, "zero bytes")
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "valid UTF-8")
    except UnicodeDecodeError:
        return _labelled(body, list(_labels(body[:_HEAD], content_type, hint)), language)


def _labelled(body: bytes, labels: list[tuple[str, str]], language: str | None) -> Decoded:
    """The text of bytes that are no valid UTF-8."""
    read = _read(body, "utf-8", "UTF-8 with broken bytes")
    if read.damaged * (2 if any(name == "utf-8" for name, _ in labels) else 10) <= _beyond_ascii(read.text):
        return read
    tried = []
    for name, how in (*labels, *_guesses(body, _languages(body[:_HEAD], language))):
        if name != "utf-8" and _is_text(read := _read(body, name, how)):
            kazakh = name == "cp1251" and _SERBIAN.search(read.text) and _RUSSIAN.search(read.text)
            return _read(body, "kz1048", how) if kazakh else read  # browsers know no label for it
        tried.append(read)
    return min(tried, key=lambda one: one.damaged)


def _read(body: bytes, name: str, how: str) -> Decoded:
    text, served = body.decode(name, "replace"), "\ufffd".encode(name, "ignore")
    return Decoded(text, name, how, text.count("\ufffd") - (body.count(served) if served else 0))


def _labels(head: bytes, content_type: str | None, hint: str | None) -> Iterator[tuple[str, str]]:
    header = _codec(http_content_type_encoding(content_type))
    meta, xml = _META.search(head), _XML.match(head.lstrip())
    default = header == "cp1252"
    labels = (
        (_codec(hint), "the site's hint"),
        (None if default else header, "HTTP header"),
        (_codec(meta[1].decode("latin-1")) if meta else None, "meta element"),
        (_codec(xml[1].decode("latin-1")) if xml else None, "XML declaration"),
    )
    yield from ((name, how) for name, how in labels if name)


def _codec(label: str | None) -> str | None:
    name = resolve_encoding(label) if label else None
    return name if name and _TEXTS.match(name) else None


def _languages(head: bytes, given: str | None) -> list[str]:
    own = _LANGUAGE.search(head)
    return [code for code in (own[1].decode().lower() if own else None, given) if code]


def _guesses(body: bytes, languages: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((_BY_LANGUAGE[code], f"usual for the language {code}") for code in languages if code in _BY_LANGUAGE)
    turkish = sum(map(body.count, _TURKISH)) > sum(map(body.count, _ELSEWHERE))
    yield from ((name, "looks like text") for name in (*(("cp1254",) if turkish else ()), *_ANY))


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _is_text(read: Decoded) -> bool:
    """Whether the words with letters beyond ASCII are such as people write, and hardly a byte fits nothing."""
    if 100 * read.damaged > _beyond_ascii(read.text):
        return False
    words = [word for word in _LETTERS.findall(read.text[:_LOOKED_AT]) if not word.isascii()]
    return 2 * sum(map(_is_odd, words)) <= len(words)


def _is_odd(word: str) -> bool:
    """Letters of two scripts, capitals behind small letters or throughout, or nothing but accented Latin letters."""
    if not _PURE.fullmatch(word) or any(a.islower() and b.isupper() for a, b in pairwise(word)):
        return True
    return word.isupper() or all("\x80" <= letter < "\u0250" for letter in word)
