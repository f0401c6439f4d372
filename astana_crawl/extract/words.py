"""Words and phrases that stand around an article's text and are not part of it, in the languages of the outlets.

The single lines were read off pages of the outlets; compared by `jsonld.same`, so case and punctuation are free.
"""

from __future__ import annotations

import re


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in text.splitlines() for phrase in line.split("|") if phrase.strip())


WIDGETS = _phrases("""
    tt | share | share this | share this article | share article | share on facebook | share on twitter | tweet | print
    email | facebook | twitter | x | whatsapp | telegram | linkedin | copy link | copy | save | listen
    listen to the article | listen to this article | listen to article | advertisement | advertising | ad | sponsored
    all news | comments | comment | leave a comment | no comments | 0 comments | 0 persons | subscribe | sign up
    read more | more | topics | tags | photo: none | gallery | top stories | font size | text size | a a | a+ a-
    view comments | back to top | loading | download our app | follow us | video player is loading
    استمع إلى المقالة | استمع للمقال | مشاركة | شارك | طباعة | إعلان | تعليقات | التعليقات | المزيد
    حجم الخط | نسخ الرابط
    поделиться | реклама | все новости | комментарии | картина дня | загрузка новости | подписаться | распечатать
    читать далее | слушать статью | бөлісу | барлық жаңалықтар
    paylaş | reklam | tüm haberler | yorumlar | yazdır | devamını oku | haberi dinle
    بازنشر | اشتراک گذاری | چاپ | نظرات | بیشتر | werbung | anzeige | teilen | publicité | partager | publicidad
""")
"""Whole lines that are buttons, counters and labels."""

HEAD_WIDGETS = ("TT", "Listen to the article", "Listen to this article", "استمع إلى المقالة", "استمع للمقال")
"""Widgets that stand in an article's head and nowhere else."""

LIST_HEADINGS = _phrases("""
    check also | related articles | related posts | related news | related stories | related | related topics
    related content | read also | also read | see also | you may also like | you might also like | more on this story
    more from | most read | most viewed | most popular | recommended | recommended for you | latest news | trending
    leave a reply | مواضيع ذات صلة | أخبار ذات صلة | اقرأ أيضا | اقرأ أيضاً | إقرأ أيضا | مقالات ذات صلة | الأكثر قراءة
    новости по теме | похожие новости | читайте также | материалы по теме | по теме | другие новости
    ilgili haberler | benzer haberler | çok okunanlar | اخبار مرتبط | مطالب مرتبط | тақырып бойынша
    mehr zum thema | à lire aussi | lire aussi | lea también | etiketler | теги | метки | الوسوم | وسوم
    كلمات مفتاحية | كلمات دلالية | الكلمات المفتاحية | الكلمات الدلالية | برچسب‌ها | برچسب ها | کلیدواژه‌ها | тэгтер
""")
"""Headings of boxes that list other articles' headlines."""

BOX_HEADINGS = _phrases("""
    comments | comment | leave a comment | discussion | join the discussion | about us | about the author | contact us
    author | share this | newsletter | sign up for our newsletter | subscribe | advertisement | editors' picks
    تعليقات | التعليقات | أضف تعليقا | أضف تعليق | من نحن | عن الكاتب | اشترك في النشرة البريدية
    комментарии | обсуждение | о нас | об авторе | подписка | рассылка | выбор редакции
    yorumlar | yorum yap | hakkımızda | yazar hakkında | نظرات | دیدگاه ها | دیدگاهها | درباره ما | نظر شما
    kommentare | über den autor | commentaires | comentarios | commenti | пікірлер
""")
"""Headings of boxes for readers' comments, about the outlet or the author, and the like."""

ASIDES = re.compile(
    r"^\W*(?:"
    r"read (?:also|more)\b|also read\b|see also\b|check also\b|related\s*:|more:|subscribe (?:to|now|for)\b"
    r"|sign up (?:for|to)\b|follow us\b|follow \w+ on\b|click here (?:to|for)\b|news code\b|photo\s*:|tags?\s*:"
    r"|tagged\b|topics?\s*:|copyright\b|©|all rights reserved|anadolu agency website contains only"
    r"|anadolu ajansı web sitesinde"
    r"|if you think the article contain|is there an error in this story|bu haberde bir hata|send correction"
    r"|download (?:our|the) app|join our (?:telegram|whatsapp)|\*?\s*writing by\b|\*\s*(?:written|reported) by\b"
    r"|اقرأ أيض|إقرأ أيض|اقرا أيض|شاهد أيض|للمزيد\s*:|كد خبر|کد خبر|رمز الخبر"
    r"|читайте также|читать также|подробнее о|подписывайтесь|фото\s*:|теги\s*:"
    r"|also on \S+\.\w{2,4}\b|like this story\b"
    r"|(?:please |you need to )?enable (?:javascript|cookies)|please (?:turn on|activate) javascript"
    r"|get .{0,60} (?:sent|delivered) (?:directly|straight) to you"
    r"|ayrıca bak|ilgili haber|haberin devamı|بیشتر بخوانید|بازگشت به"
    r"|lesen sie auch|lire aussi|à lire|leer también|lea también|leggi anche|leia também|czytaj (?:też|także|również)"
    r"|les også|læs også|läs också|lees ook|also in the news\b|got a story\b|for more stories like this"
    r"|follow \S+ on (?:twitter|facebook|x|instagram|telegram)\b|have a tip\b"
    r"|more (?:on|from) [^.!?]{2,50}$|[^.!?]{0,40}\bnewsletter\b[^.!?]{0,60}$|sign me up\b"
    r"|you can share this (?:story|article)|انتهای پیام|للاشتراك في|تابعونا|انضموا إلى قناتنا|کپی شد|الوسوم\s*:"
    r"|(?:additional )?(?:reporting|writing|editing) by\b|хотите больше новостей|إذا كنت تعتقد"
    r"|(?:сондай-ақ|тағы да|тағы) оқы|оқи отырыңыз"
    r"|join our \w+ forum|this is a breaking (?:news )?story|أخبار متعلقة|مواد ذات صلة|нашли ошибку)",
    re.IGNORECASE,
)
"""Beginnings of lines that point to other articles, ask to subscribe, or number the page."""

INVITATION = re.compile(
    r"(?=.*(?:telegram|телеграм|تلغرام|تليغرام|تلگرام|whatsapp|واتساب|google news|youtube|facebook))"
    r"(?=.*(?:subscri|follow|join|подпи|жазыл|اشترك|تابع|انضم|takip|abone|بپیوندید|suivez|folgen|abonn))",
    re.IGNORECASE,
)
"""Lines that ask to follow the outlet elsewhere; short ones only, a story may tell of such a thing."""

NOTES = re.compile(
    r"this (?:article|piece|story|report) was (?:originally )?(?:translated|edited|published|written|produced|first)"
    r"|has not verified the content|responsibility for the information and views"
    r"|views (?:and opinions )?expressed (?:in|by|here|are)|opinions expressed (?:in|by|here|are)"
    r"|do(?:es)? not necessarily (?:reflect|represent)|لا (?:تعبر|يعبر) بالضرورة"
    r"|мнени[ея] (?:автора|редакции) може|не совпада(?:ет|ть) с (?:мнением|позицией)"
    r"|görüşleri? yansıtma|^\W*\[?editor['’]s note",
    re.IGNORECASE,
)
"""What closing disclaimers and editors' notes say."""
