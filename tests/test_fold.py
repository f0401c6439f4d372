"""Folding: the spellings and cases of one word meet, and different words stay apart."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astana_crawl.archive.fold import WORD, fold, fold_word, prefixes


@pytest.mark.parametrize(
    "spellings",
    [
        "أستانا أستانة آستانا آستانة استانا استانة أستانه الأستانة والأستانة بأستانا لأستانا وأستانا آستانه Astana ASTANA "
        "Astana'da Astana’daki Astana'nın Astana's d'Astana Астана Астаны Астане Астану Астаной Астанада Астананың астана",
        "سوريا سورية السورية سوریه بسوريا وسوريا لسوريا",
        "محادثات المحادثات والمحادثات ومحادثات للمحادثات بالمحادثات مُحَادَثَات المحـادثات",
        "الولايات ولايات والولايات",
        "وزير الوزير والوزير للوزير",
        "ضامنة الضامنة ضامنه الضامنه",
        "Сирия Сирии Сирию Сирией Сирияда СИРИЯ",
        "переговоры переговоров переговорам переговорах переговорами Переговоры",
        "раунд раунда раунде раундом раунды раундов",
        "астанинский астанинского астанинская астанинском Астанинские",
        "Лаврентьев Лаврентьева Лаврентьевым Лаврентьеву",
        "Лавров Лаврова Лаврову Лавровым",
        "делегация делегации делегаций делегациями делегацию",
        "заявление заявления заявлений заявлению",
        "область областью области",
        "Иран Ирана Иране Ираном",
        "ещё еще ЕЩЁ",
        "келіссөз келіссөздер келіссөздері келіссөздің келіссөздерге",
        "İstanbul ISTANBUL istanbul Istanbul ıstanbul İstanbul'da",
        "Türkiye TÜRKİYE Turkiye Türkiye'de Türkiye’nin türkiye'ye",
        "Suriye Suriye'nin Suriye’de Suriye'deki",
        "görüşme gorusme GÖRÜŞME",
        "accord l’accord L'ACCORD d'accord",
        "Jaafari Ja'afari Ja’afari",
        "2024 ٢٠٢٤ ۲۰۲۴ ２０２４",
    ],
)
def test_the_spellings_of_one_word_become_one_token(spellings):
    found = {word: fold(word) for word in spellings.split()}
    assert len(set(found.values())) == 1, found
    assert " " not in next(iter(found.values()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Сирия", "сирийский"),
        ("Астана", "астанинский"),
        ("Иран", "Ирак"),
        ("переговоры", "перевороты"),
        ("وزير", "زير"),
        ("إيران", "إيرادات"),
        ("Turkey", "Türkiye"),
        ("21", "22"),
        ("Astana", "Astra"),
    ],
)
def test_different_words_stay_apart(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Astana-21: «раунд» № 21", "astana 21 раунд 21"),
        ("أستانة16", "astana 16"),
        ("Нур-Султан / Nur-Sultan / نور سلطان", "нур султан nur sultan نور سلطان"),
        ("نشست‌های صلح", "نشست هاي صلح"),
        ("so\u00adlu\u00adtion", "solution"),
        ("snake_case e-mail@host.example", "snake case e mail host example"),
        ("— … '' ’ « »", ""),
        ("", ""),
    ],
)
def test_marks_between_words_part_them_and_marks_inside_them_vanish(text, tokens):
    assert fold(text) == tokens


def test_a_beginning_is_tried_as_given_and_as_a_stem():
    ways = {word: list(prefixes(word)) for word in ("переговоро", "астан", "أستا", "ولاي", "المحا", "Astana-2")}
    assert ways == {
        "переговоро": [("переговор",), ("переговоро",)],
        "астан": [("astana",), ("астан",)],
        "أستا": [("astana",), ("استا",)],
        "ولاي": [("لاي",), ("ولاي",)],
        "المحا": [("المحا",), ("محا",)],
        "Astana-2": [("astana", "2")],
    }


@given(st.text())
def test_any_text_folds_to_tokens_that_sqlite_takes_for_the_same_ones(text):
    folded = fold(text)
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE f USING fts5(t, tokenize='unicode61 remove_diacritics 2')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, instance)")
        db.execute("INSERT INTO f VALUES (?)", (folded,))
        if folded.isascii():
            found = [term for (term,) in db.execute('SELECT term FROM v ORDER BY "offset"')]
            assert found == folded.split()


@given(st.text())
def test_a_word_folds_alone_as_it_does_in_its_text(text):
    assert " ".join(filter(None, map(fold_word, WORD.findall(text)))) == fold(text)
