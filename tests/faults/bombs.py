"""Answers that are small on the way and fill the memory, or the time, of whoever reads them carelessly."""

from __future__ import annotations

import functools
import gzip
import importlib
import sys
import zlib
from collections.abc import Callable, Iterator

import brotli

from tests.faults.hosts import article
from tests.web import Answer

zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
MEGABYTES = 200  # of a bomb, unpacked
HTML, XML = ("Content-Type", "text/html; charset=utf-8"), ("Content-Type", "application/xml")
CHUNK = b"<p>Astana talks on Syria, again and again.</p>\n" * 22_310  # one megabyte


def _packed(add: Callable[[bytes], bytes], end: Callable[[], bytes], head: bytes, megabytes: int) -> bytes:
    return b"".join([add(head), *(add(CHUNK) for _ in range(megabytes)), end()])


@functools.cache
def gzipped(head: bytes = b"<html><body>", megabytes: int = MEGABYTES) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return _packed(packer.compress, packer.flush, head, megabytes)


def deflated() -> bytes:
    packer = zlib.compressobj(9)
    return _packed(packer.compress, packer.flush, b"<html><body>", MEGABYTES)


def brotlied() -> bytes:
    packer = brotli.Compressor(quality=1)
    return _packed(packer.process, packer.finish, b"<html><body>", MEGABYTES)


def zstandarded() -> bytes:
    packer = zstd.ZstdCompressor()
    return _packed(packer.compress, packer.flush, b"<html><body>", MEGABYTES)


def pages() -> dict[str, Answer]:
    """Pages that are bombs, by a word for each."""
    return {
        "gzip": Answer(200, [HTML, ("Content-Encoding", "gzip")], gzipped()),
        "deflate": Answer(200, [HTML, ("Content-Encoding", "deflate")], deflated()),
        "brotli": Answer(200, [HTML, ("Content-Encoding", "br")], brotlied()),
        "zstd": Answer(200, [HTML, ("Content-Encoding", "zstd")], zstandarded()),
        "twice": Answer(200, [HTML, ("Content-Encoding", "gzip, gzip")], gzip.compress(gzipped())),
        "plain": Answer(200, [HTML], b"<html><body>" + CHUNK * 12),
        "unnamed": Answer(200, [], b"<html><body>" + CHUNK * 12),
        "tags": Answer(200, [HTML], b"<html><body>" + b"<a>" * 3_000_000),
    }


def deep() -> Answer:
    """A page of 300,000 elements, each inside the one before, around an article."""
    return Answer(200, [HTML], ("<div>" * 300_000 + article(7) + "</div>" * 300_000).encode())


def wide() -> Answer:
    """A page just as large as a page may be."""
    lines = (
        "<p>The bakers of the river port sold more loaves than ever before, and blame the cold of the winter.</p>"
        * 88_000
    )
    return Answer(200, [HTML], article(8).replace("</article>", f"</article>{lines}").encode())


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def laughs(root: str) -> Answer:
    return Answer(
        200, [XML], f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}]><{root}>&l9;</{root}>'.encode()
    )


def outside(root: str, url: str) -> Answer:
    """An entity that is to be read from elsewhere: a file of this machine, or an address."""
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]><{root}><item><title>&e;</title><link>/a</link></item></{root}>'
    return Answer(200, [XML], text.encode())


def sitemap(count: int, base: str) -> bytes:
    lines = (f"<url><loc>{base}/the-bakers-of-the-river-port-{number}</loc></url>" for number in range(count))
    return f"<urlset>{''.join(lines)}</urlset>".encode()


def nested(base: str, levels: int) -> Iterator[tuple[str, Answer]]:
    """An index of an index of an index …"""
    for level in range(levels):
        child = f"<sitemapindex><sitemap><loc>{base}/nested-{level + 1}.xml</loc></sitemap></sitemapindex>"
        yield f"/nested-{level}.xml", Answer(200, [XML], child.encode())


def sources(base: str) -> dict[tuple[str, str], Answer]:
    """Sources that are bombs, by their kind and path."""
    head = b"<urlset>"
    return {
        ("Sitemap", "/packed.xml"): Answer(200, [XML, ("Content-Encoding", "gzip")], gzipped(head)),
        ("Sitemap", "/packed.xml.gz"): Answer(200, [("Content-Type", "application/gzip")], gzipped(head)),
        ("Sitemap", "/twice.xml.gz"): Answer(200, [("Content-Type", "application/gzip")], gzip.compress(gzipped(head))),
        ("Sitemap", "/laughs.xml"): laughs("urlset"),
        ("Feed", "/laughs.rss"): laughs("rss"),
        ("Feed", "/file.rss"): outside("rss", "file:///etc/hostname"),
        ("Feed", "/there.rss"): outside("rss", f"{base}/secret"),
        ("Feed", "/packed.rss"): Answer(200, [XML, ("Content-Encoding", "br")], brotlied()),
        ("Feed", "/deep.rss"): Answer(200, [XML], b"<rss><channel>" + b"<a>" * 2_000_000),
        ("Feed", "/deep.json"): Answer(
            200, [], b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 5_000_000
        ),
        ("Sitemap", "/words.xml"): Answer(200, [XML], b"<urlset>" + CHUNK * 45 + b"</urlset>"),
        ("Sitemap", "/many.xml"): Answer(200, [XML], sitemap(110_000, base)),
        ("Sitemap", "/nested-0.xml"): dict(nested(base, 1))["/nested-0.xml"],
    }
