"""The language a page is in: what it declares, checked against the letters and small words of its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from astana_crawl.extract.jsonld import texts
from astana_crawl.extract.page import Page
from astana_crawl.items import Candidate

_SAMPLE = 6000
_RANGES = {
    "arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "cyrillic": "\u0400-\u052f",
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "hebrew": "\u0590-\u05ff",
    "greek": "\u0370-\u03ff",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
    "kana": "\u3040-\u30ff",
    "han": "\u3400-\u9fff",
    "hangul": "\uac00-\ud7af",
    "devanagari": "\u0900-\u097f",
    "bengali": "\u0980-\u09ff",
    "gurmukhi": "\u0a00-\u0a7f",
    "gujarati": "\u0a80-\u0aff",
    "tamil": "\u0b80-\u0bff",
    "telugu": "\u0c00-\u0c7f",
    "kannada": "\u0c80-\u0cff",
    "malayalam": "\u0d00-\u0d7f",
    "sinhala": "\u0d80-\u0dff",
    "thai": "\u0e00-\u0e7f",
    "lao": "\u0e80-\u0eff",
    "burmese": "\u1000-\u109f",
    "ethiopic": "\u1200-\u137f",
    "khmer": "\u1780-\u17ff",
}
_SCRIPTS = {name: re.compile(f"[{letters}]") for name, letters in _RANGES.items()}
_LANGUAGES = {
    "arabic": "ar fa ur ps ku ckb ug sd prs azb",
    "cyrillic": "ru uk kk bg sr mk be ky tg mn tt uz ba cv os sh bs az",
    "hebrew": "he yi iw",
    "greek": "el",
    "georgian": "ka",
    "armenian": "hy",
    "kana": "ja",
    "han": "zh ja",
    "hangul": "ko",
    "devanagari": "hi mr ne sa",
    "bengali": "bn as",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "thai": "th",
    "lao": "lo",
    "burmese": "my",
    "ethiopic": "am ti",
    "khmer": "km",
}
_NOT_LATIN = frozenset(" ".join(_LANGUAGES.values()).split()) - frozenset(
    ["sr", "uz", "ku", "az", "sh", "bs", "kk", "tt", "mn"]
)
_LETTERS = {
    "arabic": {"fa": "پچژگکی", "ur": "ٹڈڑےں", "ar": "كيىةأإؤئ", "ckb": "ۆێڕڵە", "ps": "ځښړټډۍ"},
    "cyrillic": {
        "kk": "әғқңөұүһ",
        "uk": "їєґ",
        "ru": "ыэъё",
        "sr": "јљњћђ",
        "be": "ў",
        "mk": "ѓќѕ",
        "bg": "ъ",
        "mn": "өү",
    },
}
_SMALL_WORDS = {
    "en": "the of and to in that is for on with was as it by at from said has have his are be this which",
    "de": "der die und den das von zu mit sich des auf ist im dem nicht ein eine als auch es hat aus bei nach sie",
    "fr": "le la les des et en du une que est dans qui par pour sur au plus pas avec ce sont il été aux cette",
    "es": "el la los de que y en las del se por una con para es su al como más lo fue ha este sus pero",
    "it": "il di che la e del per un non una con sono della dei nel alla si più da anche le gli ha dal come",
    "pt": "o de que e do da em um para com não uma os no se na por mais as dos foi ao das ele são à",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook door maar naar bij uit",
    "tr": "ve bir bu için ile olarak da de daha olan çok en gibi sonra kadar ancak dedi olduğunu tarafından ise",
    "sv": "och att det som en på är av för med den till inte har om ett de var vid så men från han",
    "no": "og det som er på en av for med til at ikke har den om et var jeg fra de han men seg etter",
    "da": "og det som er på en af for med til at ikke har den om et var jeg fra de han men sig efter hvor blev",
    "pl": "w i na z się do nie jest to że o od za po jak przez ale ma dla są był jego tym",
    "cs": "a se v na je že to s z do o i ve pro by za jsem po jako k ale od si bylo jsou",
    "id": "yang dan di dari untuk dengan ini pada tidak dalam itu akan ke juga oleh ada adalah bisa telah saat",
    "ro": "de și în a la că pe cu nu din o pentru este care mai fost au sunt se un după prin",
    "hu": "a az és hogy nem is egy ez meg de volt csak el már ki mint még azt szerint lesz",
    "fi": "ja on ei että se oli hän ovat mutta kuin myös sen mukaan joka ole tai kun mitä",
    "lt": "ir kad yra su iš tai ne bet kaip apie už nuo buvo jis dėl per iki",
    "lv": "un ir ka ar uz no par kas to tā arī ne lai bet pēc kā vai",
    "sq": "në të e dhe për me një që nga i se është si ka u nuk së",
    "ca": "el la de i que en els un una del per amb al és les dels no ha més aquest",
    "sw": "ya na wa kwa ni katika za la kuwa hiyo huo cha hii kama alisema",
    "hr": "je i u na se da za od su ne s o kako koji što će bi iz to ali",
    "is": "og að í er á sem við til um var það ekki en með fyrir af hann",
    "vi": "và của là có được cho trong không với các một người những này đã khi",
}
_VOTES = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_KIN = ({"no", "nb", "nn", "da"}, {"hr", "bs", "sr", "sh"}, {"id", "ms"}, {"cs", "sk"}, {"ca", "es"}, {"pt", "gl"})
_WORD = re.compile(r"[^\W\d_]+")


def language_candidates(page: Page) -> Iterator[Candidate]:
    """Languages the page declares, as primary subtags in lower case."""
    declared = [
        ("html-lang", page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    ]
    declared += [("json-ld:inLanguage", value) for value in texts(page.thing.get("inLanguage"))]
    names = ("og:locale", "content-language", "language", "itemprop:inlanguage", "dc.language")
    declared += [(f"meta:{name}", content) for name, content in page.meta(*names)]
    for rule, raw in declared:
        tag = re.split(r"[-_,; ]", raw.strip().lower())[0]
        if re.fullmatch("[a-z]{2,3}", tag):
            yield Candidate("language", tag, rule, raw[:300])


def choose_language(candidates: list[Candidate], text: str, expected: str | None = None) -> str | None:
    """The language of the text: the first declared one that the text bears out, else the site's, else the text's own.

    Adds the text's own language to the candidates where it can be told. A declaration never stands against the
    script of the text, nor against what the letters and small words clearly show.
    """
    read, sure = _from_text(text)
    if read:
        candidates.append(Candidate("language", read, "text", ""))
    script = _script(text)
    site = [Candidate("language", expected, "site", expected)] if expected else []
    for one in [*candidates, *site]:
        agrees = not read or not sure or one.value == read or any({one.value, read} <= kin for kin in _KIN)
        if _fits(one.value, script) and agrees:
            one.chosen = True
            if one.rule == "site":
                candidates.append(one)
            return one.value
    return None


def _script(text: str) -> str | None:
    sample = text[:_SAMPLE]
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS.items()}
    if counts["kana"] * 10 > counts["han"]:
        counts["kana"] += counts["han"]
    name, count = max(counts.items(), key=lambda item: item[1])
    return name if count >= 20 and count * 2 > sum(counts.values()) - counts["han"] * (name == "kana") else None


def _fits(language: str, script: str | None) -> bool:
    if script is None:
        return True
    return language not in _NOT_LATIN if script == "latin" else language in _LANGUAGES[script].split()


def _from_text(text: str) -> tuple[str | None, bool]:
    """The language the text shows, and whether it shows it beyond doubt."""
    script = _script(text)
    if script is None:
        return None, False
    sample = text[:_SAMPLE].casefold()
    if script in _LETTERS:
        return _by_letters(script, sample)
    if script == "latin":
        return _by_small_words(sample)
    return _LANGUAGES[script].split()[0], len(_LANGUAGES[script].split()) == 1


def _by_letters(script: str, sample: str) -> tuple[str | None, bool]:
    letters = Counter(sample)
    counts = {language: sum(letters[c] for c in own) for language, own in _LETTERS[script].items()}
    if script == "cyrillic":
        for rare in ("kk", "be", "uk", "sr", "mk"):
            if counts[rare] * 100 > len(sample):
                return rare, rare != "mk"
        language = "ru" if letters["ы"] + letters["э"] else "bg" if letters["ъ"] else None
        return language, language is not None and len(sample) > 200
    if counts["ur"] * 100 > len(sample):
        return "ur", True
    if counts["ckb"] * 50 > len(sample):
        return "ckb", True
    language = "fa" if counts["fa"] > counts["ar"] else "ar"
    return language, len(sample) > 200 and max(counts["fa"], counts["ar"]) > 3 * min(counts["fa"], counts["ar"])


def _by_small_words(sample: str) -> tuple[str | None, bool]:
    words = _WORD.findall(sample)
    if len(words) < 20:
        return None, False
    times = Counter(words)
    votes = Counter({language: sum(times[word] for word in own) for language, own in _VOTES.items()})
    (first, most), (_, next_most) = votes.most_common(2)
    share = most / len(words)
    if share > 0.08:
        return first, share > 0.15 and most > 1.5 * next_most and len(words) >= 60
    turkish = sum(map(sample.count, "ğı")) * 100 > len(sample) and "ə" not in sample
    return ("tr" if turkish else None), False
