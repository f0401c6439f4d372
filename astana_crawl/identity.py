"""One name for one address and one fingerprint for one text, whichever way they were written."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_to_bytes, urlsplit

from astana_crawl import reference


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Query parameters that do not tell pages apart: all in `drop` but not in `keep`.

    Names are in lower case; one that ends in `*` stands for every name that begins so.
    """

    drop: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()


def canonical_url(url: str, rules: AddressRules | None = None) -> str:
    """Return the one spelling of a web address that its other spellings share; it serves as a name, not to be fetched.

    http and https, `www.`, the ports 80 and 443, the fragment, the case and script of the host, dot segments, percent
    encodings, an empty query, the order of the parameters, trailing slashes and tracking parameters make no difference;
    all else does. Without `rules` those of reference/addresses.toml for the host hold. Canonical addresses stay as they
    are. Raises ValueError, naming the address, when it is not an http(s) address with a valid host and port.
    """
    text = _CONTROLS.sub("", url.strip(_BLANKS)).replace("\\", "/")
    try:
        parts = urlsplit(text)
        port = parts.port
        name = _ascii_host(parts.hostname or "")
    except ValueError as error:
        raise ValueError(f"not a web address: {url!r} ({error})") from error
    if parts.scheme not in ("http", "https") or not name:
        raise ValueError(f"not a web address: {url!r} (it must begin with http:// or https:// and name a host)")
    user = parts.netloc.rpartition("@")[0].strip(":")
    place = (_encoded(user) + "@" if user else "") + (f"[{name}]" if ":" in name else name)
    if port is not None and port not in (80, 443):
        place += f":{port}"
    query = _query(parts.query, rules if rules is not None else _rules_of(name)) if parts.query else ""
    return f"https://{place}{_path(parts.path)}{'?' + query if query else ''}"


def url_hash(url: str) -> str:
    """Return the SHA-256 (hex) of the canonical form of an address; raises as `canonical_url` does."""
    return hashlib.sha256(canonical_url(url).encode()).hexdigest()


def host(url: str) -> str:
    """Return the host of a web address, lower case, in ASCII, without `www.` and port; raises as `canonical_url`."""
    place = canonical_url(url)[len("https://") :].partition("/")[0].rpartition("@")[2]
    return place[1 : place.index("]")] if place.startswith("[") else place.partition(":")[0]


def same_site(url: str, other: str) -> bool:
    """Return whether two web addresses have the same host, `www.` aside; False when one is not a web address."""
    try:
        return host(url) == host(other)
    except ValueError:
        return False


def content_hash(title: str | None, body: str | None) -> str:
    """Return the SHA-256 (hex) over headline and text, in Unicode's NFC form, white space folded to single blanks."""
    text = f"{_folded(title)}\n{_folded(body)}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


_BLANKS = "".join(map(chr, range(0x21))) + "\xa0\ufeff\u200b\u200e\u200f"
_CONTROLS = re.compile(r"[\t\n\r]")
_HOST = re.compile(r"[a-z0-9._~!$&'()*+,;=-]+|[0-9a-f:.]+")


def _ascii_host(name: str) -> str:
    if "%" in name and ":" not in name:
        name = unquote_to_bytes(name).decode("utf-8").lower()
    if not name.isascii():
        name = name.replace("\u3002", ".").encode("idna").decode("ascii").lower()
    name = name.rstrip(".")
    while name.startswith("www.") and "." in name[4:]:
        name = name[4:]
    if name and not _HOST.fullmatch(name):
        raise ValueError("its host is not a valid name")
    return name


_PATH_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!'()*,:@")
_PATH_ODD = re.compile(rb"%(?:[0-9A-Fa-f]{2})?|[^A-Za-z0-9\-._~!'()*,:@$&+;=/]")
_SESSION = re.compile(r";jsessionid=[^/;?]*", re.IGNORECASE)


def _encoded(text: str) -> str:
    return _PATH_ODD.sub(_escape, text.encode("utf-8", "surrogatepass")).decode("ascii")


def _escape(found: re.Match[bytes]) -> bytes:
    token = found.group()
    byte = int(token[1:], 16) if len(token) == 3 else token[0]
    return bytes((byte,)) if byte in _PATH_PLAIN else b"%%%02X" % byte


def _path(path: str) -> str:
    path = _encoded(path)
    if ";" in path:
        path = _SESSION.sub("", path)
    if "/." in path:
        path = _without_dots(path)
    return path.rstrip("/") or "/"


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


_QUERY_PLAIN = re.compile(r"[A-Za-z0-9\-._~]*")


def _query(query: str, rules: AddressRules) -> str:
    pairs = []
    for part in query.replace("&amp;", "&").split("&"):
        name, _, value = part.partition("=")
        name = _recoded(name)
        if part.strip("=") and not _dropped(name.lower(), rules):
            pairs.append((name, _recoded(value)))
    pairs.sort(key=lambda pair: pair[0])
    return "&".join(f"{name}={value}" if value else name for name, value in pairs)


def _recoded(text: str) -> str:
    if _QUERY_PLAIN.fullmatch(text):
        return text
    raw = text.replace("+", " ").encode("utf-8", "surrogatepass")
    return quote_plus(unquote_to_bytes(raw), safe="!'()*,:@/$?")


def _dropped(name: str, rules: AddressRules) -> bool:
    return _named(name, rules.drop) and not _named(name, rules.keep)


def _named(name: str, names: frozenset[str]) -> bool:
    return name in names or any(entry[-1:] == "*" and name.startswith(entry[:-1]) for entry in names)


@functools.lru_cache(maxsize=4096)
def _rules_of(name: str) -> AddressRules:
    """Return the rules for a host: the general list with what its own and its parent domains' tables add."""
    table = reference.load("addresses")
    hosts = table.get("hosts", {})
    labels = name.split(".")
    own = [hosts[domain] for start in range(len(labels)) if (domain := ".".join(labels[start:])) in hosts]
    drop = {entry.lower() for rules in own for entry in rules.get("drop", ())}
    keep = {entry.lower() for rules in own for entry in rules.get("keep", ())}
    return AddressRules(frozenset(drop.union(map(str.lower, table["tracking"]))), frozenset(keep))
