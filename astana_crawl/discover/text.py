"""From what a server sent to plain text and absolute addresses; shared by all sources."""

from __future__ import annotations

import codecs
import html
import re
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy.utils.response import get_base_url
from w3lib.encoding import http_content_type_encoding, resolve_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import TextResponse

UNPACKED_LIMIT = 50 * 1024 * 1024  # as much as the sitemap protocol allows
PACKED_TIMES = 3
_STEP = 2**20

_PROLOG = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""")
_WIDE = ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (b"<\0\0\0", "utf-32-le"),
         (b"\0\0\0<", "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
         (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))  # fmt: skip
_CHARSET = re.compile(r"(?:cp|iso|koi8|gb|big5|euc|shift|mac|utf-8|ascii|tis|kz|ptcp)")  # not codecs like punycode
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"<(?:br|/?(?:p|div|li))\b[^<>]*>", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[!-~]*")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)


class UnreadableError(ValueError):
    """A response that cannot be read; its text says why, in words for the `problem` of a Reading."""


def unpack(body: bytes) -> bytes:
    """The body without its gzip layers (told by their first bytes, at most three); raises UnreadableError."""
    for _ in range(PACKED_TIMES):
        if not body.startswith(b"\x1f\x8b"):
            return body
        body = _gunzip(body)
    raise UnreadableError(f"packed with gzip more than {PACKED_TIMES - 1} times")


def _gunzip(body: bytes) -> bytes:
    content = bytearray()
    while body.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(wbits=31)
        while body and not member.eof:
            try:
                content += member.decompress(body, _STEP)  # in steps: zlib itself needs twice of what it is asked for
            except zlib.error as error:
                raise UnreadableError(f"damaged gzip data ({error})") from None
            if len(content) > UNPACKED_LIMIT:
                raise UnreadableError(f"larger than {UNPACKED_LIMIT // 2**20} MiB when unpacked")
            body = member.unconsumed_tail
        if not member.eof:
            raise UnreadableError("gzip data that is cut short")
        body = member.unused_data
    return bytes(content)


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of an XML, JSON or plain document, whatever its header and prolog claim.

    A byte order mark, or the zero bytes of UTF-16 and UTF-32, decide first; then UTF-8, if valid or damaged in a few
    places only (titles cut inside a letter); then what is declared. Bytes that fit nothing become U+FFFD.
    """
    for mark, encoding in _WIDE:
        if body.startswith(mark):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    text = body.decode("utf-8-sig", "replace")
    damaged = text.count("\ufffd")
    if 10 * damaged > len(text) - len(text.encode("ascii", "ignore")):
        for encoding in _declared(body, content_type):
            try:
                return body.decode(encoding)
            except ValueError:
                continue
    return text.lstrip("\ufeff")


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """The encodings to try: the header's, then the prolog's; a Latin-1 header is a server's default and goes last."""
    header = resolve_encoding(http_content_type_encoding(content_type) or "")
    match = _PROLOG.match(body)
    prolog = resolve_encoding(match[1].decode("latin-1")) if match else None
    order = (prolog, header) if header == "cp1252" else (header, prolog)
    return (name for name in order if name and _CHARSET.match(name))


def keepable(text: str) -> str:
    """The text without characters that neither XML nor a database takes: controls and lone surrogates."""
    return _UNKEEPABLE.sub("", text)


def plain(text: str | None, *, markup: bool = True) -> str | None:
    """A headline as a reader sees it: tags (if `markup`) and entities resolved, white space folded; None if empty."""
    if not text:
        return None
    if markup:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    return " ".join(keepable(html.unescape(text)).split()) or None


def absolute(base: str, href: str | None) -> str | None:
    """The http or https address that `href` names on a page at `base`; None when it names none."""
    if href and _ABSOLUTE.fullmatch(href):  # nearly every address of a sitemap; urljoin would take 20 microseconds
        return href
    href = re.sub(r"\s*[\r\n]\s*|\t", "", keepable(href or "").strip()).replace(" ", "%20")
    try:
        url = urljoin(base, href) if href else ""
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return url if usable else None


def base_of(response: TextResponse) -> str:
    """Where a page's links are resolved: its <base>, if it has one that can be read, else its address."""
    try:
        return get_base_url(response)
    except ValueError:  # <base href="http://[">
        return response.url


def unaddressed(missing: int, total: int) -> str | None:
    """The problem that entries without an address are; None when there are none."""
    return f"{missing} of {total} entries carry no address" if missing else None
