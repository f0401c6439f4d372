"""Folding text for full-text search: words written in different ways, and in different cases, become one token.

The same function folds documents and queries, so a rough stem does no harm as long as it is always the same. It needs
no library: snowball cuts Астана and Астане to two stems and is inconsistent in Arabic (measured on 22 headlines).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0640\u00ad\u200d-\u200f\u2060"
)
_APOSTROPHES = "'\u2019\u02bc\u2018\u0060\u00b4"
_PART = f"[^\\W_]+(?:[{_MARKS}][^\\W_]*)*"
WORD = re.compile(f"{_PART}(?:[{_APOSTROPHES}]{_PART})*")
"""A word in a text: letters, digits and marks, and what hangs on it by an apostrophe (Astana'da)."""

_LETTERS = str.maketrans(
    {
        **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
        **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
        **dict.fromkeys("ٱ", "ا"),
        **dict.fromkeys("ىیېۍ", "ي"),
        **dict.fromkeys("ةہھە", "ه"),
        **dict.fromkeys("کڪ", "ك"),
        "ı": "i",
    }
)


@functools.lru_cache(maxsize=4)  # an article's text is folded for the search, and at once again for its story
def fold(text: str) -> str:
    """Return the folded words of a text, one blank between them; '' when it has none."""
    return " ".join(filter(None, map(_chunks.__getitem__, text.split())))


def fold_word(word: str) -> str:
    """Return the tokens of one word (as WORD finds it), one blank between them; glued numbers stand apart."""
    return _words[word]


class _Kept(dict[str, str]):
    """What was folded so far: words come again, and a dict takes half the time of functools.lru_cache."""

    def __init__(self, folding: Callable[[str], str]) -> None:
        super().__init__()
        self._folding = folding

    def __missing__(self, text: str) -> str:
        if len(self) > 1 << 17:
            self.clear()
        self[text] = folded = self._folding(text)
        return folded


def _fold_chunk(chunk: str) -> str:
    return " ".join(filter(None, map(fold_word, WORD.findall(chunk))))


def _fold_word(word: str) -> str:
    plain = plain_word(word)
    if plain.isalpha():
        return _stem(plain)
    return " ".join(part if part.isdecimal() else _stem(part) for part in _PIECES.findall(plain))


_words = _Kept(_fold_word)
_chunks = _Kept(_fold_chunk)  # what stands between blanks: splitting is faster than finding words


def prefixes(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways in which the folded words that begin like this one can begin, as tokens; the last is a beginning.

    Endings and proclitics are cut off whole words, so that both the letters given and their stem are tried.
    """
    plain = tuple(_PIECES.findall(plain_word(word)))
    stem = tuple(fold_word(word).split())
    ways = {plain, stem}
    if len(plain) == 1:
        ways |= {(_ARTICLE.sub("", plain[0]),), (plain[0].removeprefix("و"),)}
        if any(name.startswith(plain[0]) for name in _ASTANA_BEGINS) and len(plain[0]) > 2:
            ways.add(("astana",))
    yield from sorted(way for way in ways if way and way[-1])


_PIECES = re.compile(r"[0-9]+|[^\W\d_]+|\d+")


def plain_word(word: str) -> str:
    """Return a word without case, accents, vowel marks, joiners and its apostrophe ending, its letters of one form.

    Compatibility forms (presentation forms, full width) become plain ones; ё is е, й is и, İ and ı are i.
    """
    head, *tails = re.split(f"[{_APOSTROPHES}]", word)
    letters = [_bare(head), *map(_bare, tails)]
    if len(letters) == 1:
        return letters[0]
    if letters[0] in _ELIDED:
        letters = letters[1:]
    if len(letters) > 1 and _HUNG_ON.fullmatch(letters[-1]):
        letters.pop()
    return "".join(letters)


def _bare(part: str) -> str:
    if part.isascii():
        return part.lower()
    text = unicodedata.normalize("NFKD", part).casefold()
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter) != "Mn")
    return _JOINERS.sub("", text.translate(_LETTERS))


_JOINERS = re.compile("[\u0640\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_ELIDED = {"l", "d", "s", "n", "j", "m", "t", "c", "qu", "jusqu", "lorsqu", "puisqu"}  # l'accord, qu'Astana
_HUNG_ON = re.compile(
    r"s"  # Syria's
    r"|[ysn]?[aeiu]|[dt][ae](?:n|ki\w*)?|n?[iu]n(?:ki\w*)?|y?l[ae]|l[iu]\w*|l[ae]r\w*|c[ae]|s[iu]n\w+"  # Turkish
    r"|[дт][аеы]н?|[нд]ыи?ң|[нд]іи?ң|[гғкқ][ае]"  # Kazakh
)


def _stem(word: str) -> str:
    """Cut proclitics and endings, by the script of the word; the names of Astana and Syria become one token each."""
    first = word[0]
    if "\u0600" <= first <= "\u06ff":
        return _arabic(word)
    if "\u0400" <= first <= "\u04ff":
        return _cyrillic(word)
    return "astana" if _ASTANA_LATIN.fullmatch(word) else word


_ASTANA_LATIN = re.compile(r"astana(?:da|daki|dan|ya|nin)?")
_ASTANA_ARABIC = re.compile(r"[وفبلك]{0,2}(?:ال|ل)?استان[اه]")
_ASTANA_CYRILLIC = re.compile(r"астан(?:[аыеу]|о[июй]|а(?:да|дан|дағы|ның|нын|ны|ға|га|мен|сы|лық))")
_SYRIA_ARABIC = re.compile(r"[وفبلك]{0,2}(?:ال|ل)?سوري[اه]")
_ASTANA_BEGINS = (
    "astana",
    "астана",
    "астаны",
    "астане",
    "астану",
    "астанои",
    "استانا",
    "استانه",
    "الاستانه",
    "الاستانا",
)

_ARTICLE = re.compile(r"^(?:[وف]?[بك]?ال|[وف]?لل)(?=...)")  # والمحادثات، بالعاصمة، للمفاوضات
_AND = re.compile(r"^و(?=.{5})")  # ومحادثات, but not وزير or وكالة


def _arabic(word: str) -> str:
    if _ASTANA_ARABIC.fullmatch(word):
        return "astana"
    if _SYRIA_ARABIC.fullmatch(word):
        return "سوريا"
    return _AND.sub("", _ARTICLE.sub("", word))


_KAZAKH = re.compile(r"[әғқңөұүһі]")
_KAZAKH_ENDINGS = re.compile(
    r"(?<=...)(?:[лдт][ае]р)?(?:с?[ыі]н?)?(?:[дт][ае]н|[дт][ае]ғ[ыі]|[дт][ае]|[нд][ыі]ң?|[гғкқ][ае]|[мбп]ен)?$"
)
_IN_COUNTRY = re.compile(r"(?<=ия)(?:дан?|дағы|ны|нын)$")  # Kazakh: Сирияда
_RUSSIAN_ENDINGS = re.compile(
    r"(?<=...)(?:иями|ями|ами|иях|иям|ием|иеи|иею|ыми|ими|ого|его|ому|ему|ью|ья|ье|ьи"
    r"|ия|ии|ию|ие|ях|ах|ям|ам|ем|ом|ои|ою|еи|ею|ыи|ые|ых|ым|их|им|ая|яя|ое|ее|ую|юю|а|я|о|е|и|ы|у|ю)$"
)
_RUSSIAN_PLURALS = re.compile(r"(?<=...)(?:ов|ев|ьев)$")
_SOFT = re.compile(r"(?<=..)ь$")


def _cyrillic(word: str) -> str:
    """Light stems: the ending of a case, then -ов and -ев of plurals and names (переговоров, Лаврова, Лаврентьевым)."""
    if _ASTANA_CYRILLIC.fullmatch(word):
        return "astana"
    if _KAZAKH.search(word):
        return _KAZAKH_ENDINGS.sub("", word)
    word = _RUSSIAN_ENDINGS.sub("", _IN_COUNTRY.sub("", word))
    return _SOFT.sub("", _RUSSIAN_PLURALS.sub("", word))
