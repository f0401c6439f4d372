"""What a byline names: persons, agencies and outlets, freed of "By", offices and cities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from astana_crawl.extract.headline import once
from astana_crawl.extract.jsonld import same, texts
from astana_crawl.extract.page import Page, clean, text_of
from astana_crawl.extract.words import words
from astana_crawl.items import Candidate

_BY = re.compile(
    r"^(?:(?:written|reported|reporting|report|interview|story|words|posted|published|submitted|text)\s+by|by|от"
    r"|автор[ыа]?|текст|авторы|опубликовал[аи]?|yazar|yazan|haber|gönderen|(?:verfasst|geschrieben)\s+von"
    r"|(?:publié|écrit|rédigé)\s+par|author|بقلم|كتبه?|إعداد|الكاتب|(?:مرسلة|نشرت?)\s+بواسطة|نویسنده|خبرنگار)\b\s*:?\s*",
    re.IGNORECASE,
)
_SHOWN_BY = re.compile(r"^(?:von|par|por|di|av|af|door|na)(?:\s+|$)", re.IGNORECASE)
_LABELLED_BY = re.compile(r"^[^A-ZÀ-Þ]{1,30}\s(?:by|von|par|por)\s+(?=[A-ZÀ-Þ])")  # "politics by Jane Doe"
_OFFICE = re.compile(r"\s+(?:기자|특파원|記者)$")
_BETWEEN = re.compile(
    r"\s*(?:[,;،؛|/•·&]|\s[-–—]\s|\s(?:and|und|et|y|e|и|ve|och|og|en|with)\s)\s*",
    re.IGNORECASE,
)
PLACE = re.compile(r"^[^:]{2,30}\s*:\s*")
_FROM = re.compile(r"\sin\s[A-Z][\w.-]+(?:\s[A-Z][\w-]+)?(?=\sand\s|,|;|$)")  # "Jane Doe in Ankara and …"
CITIES = frozenset(
    words(
        """london riyadh moscow damascus ankara istanbul beirut cairo amman astana nursultan tehran baghdad geneva
        newyork washington brussels paris jeddah dubai aleppo idlib sochi erbil gaza jerusalem vienna doha
        لندن الرياض موسكو دمشق أنقرة إسطنبول بيروت القاهرة عمان أستانا آستانة طهران بغداد جنيف نيويورك واشنطن
        باريس جدة دبي
        москва дамаск анкара стамбул астана нурсултан тегеран женева вашингтон брюссель"""
    )
)
_NOT_A_PERSON = re.compile(
    r"\.(?:com|net|org|ru|kz|tr|de)\b|\d{2}|^(?:editors?|redaktion|redazione|redacci[oó]n|red|agenturen"
    r"|staff|agencies|agency|(?:our )?correspondent|(?:[a-z]+ ){1,2}(?:editor|correspondent)|wires?|news ?desk)$"
    r"|\b(?:staff|newsroom|news desk|web desk|agenc(?:y|ies)|editorial|redaktion|news team|reporters?)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"https?:|www\.|@|©|\d{5}|^(?:admin|administrator|unknown|null|none|guest|author|name|share|follow|submitted)$",
    re.IGNORECASE,
)
_AGENCIES = frozenset(
    words(
        """reuters ap afp dpa tass sana irna anadolu aa interfax ria rianovosti associatedpress agencefrancepresse
        bloomberg pa upi efe ansa kyodo xinhua тасс рианoвости интерфакс
        kazinform sputnik apa sid"""
    )
)
_OUTLETS = frozenset(words("asharqalawsat الشرقالأوسط"))
SHOWN = ("byline", "rel:author", "head:link", "head:byline", "text:byline")


def names(raw: str, rule: str) -> Iterator[Candidate]:
    """Candidates for `authors`, one a name, from what stands at the place that `rule` names."""
    if "://" in raw or re.match(r"(?:editor|photo|foto|фото)\s*:", raw.strip(), re.IGNORECASE):
        return
    text = _BY.sub("", clean(re.sub(r"<[^>]*>|(?<=\w\s)\([^()]*\)", " ", raw)))
    if rule in SHOWN:
        text = _SHOWN_BY.sub("", _LABELLED_BY.sub("", text))
        text = _FROM.sub("", text)
        text = re.split(r"\s(?:in|on|am|stand:)\s|\s(?:le\s)?\d|\s@", text, flags=re.IGNORECASE)[0]
    for part in _BETWEEN.split(text):
        name = once(_OFFICE.sub("", _BY.sub("", PLACE.sub("", clean(part))))).strip(' -–—:.,*()«»"“”')
        if 1 < len(name) <= 80:
            yield Candidate("authors", name, rule, raw[:300])


def is_somebody(name: str) -> bool:
    """Whether a name names anybody: no city, no address, no machine's name for a user."""
    return sum(map(str.isalpha, name)) > 1 and same(name) not in CITIES and not _NOBODY.search(name)


def is_person(name: str) -> bool:
    """Whether a name is a person's: no agency, newsroom or office."""
    plain = not _NOT_A_PERSON.search(name) and not name.islower() and len(name.split()) <= 6
    return plain and is_somebody(name) and not is_agency(name)


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's, with or without "in" and a city."""
    return same(re.split(r"\s+in\s+", name)[0]) in _AGENCIES


def is_outlet(name: str, outlet: set[str]) -> bool:
    """Whether a name is one of the outlet's own names, or begins with one."""
    first = same(name.split()[0])
    return same(name) in outlet or (len(first) > 2 and first in outlet)


def outlet_names(page: Page) -> set[str]:
    """What the page calls its own outlet, as `jsonld.same` gives it."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    names = [content for _, content in page.meta("og:site_name", "application-name")] + [host, *host.split(".")]
    for thing in page.things:
        names += texts(thing.get("publisher"))
    title = text_of(next(iter(page.tree.iter("title")), None))
    names += [re.split(r"\s+[-–—|]\s+", title)[-1]] if re.search(r"\s[-–—|]\s", title) else []
    return {same(name) for name in names} | _OUTLETS
