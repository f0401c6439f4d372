"""Pages with status 200 that are no articles, as sites really put them up: checks, consent, logins, paywalls, regrets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

HEADLINE = {
    "en": "Guarantors meet in Astana for talks on Syria",
    "de": "Garantiemächte beraten in Astana über Syrien",
    "fr": "Les garants se retrouvent à Astana pour parler de la Syrie",
    "ru": "Страны-гаранты встретились в Астане для переговоров по Сирии",
    "tr": "Garantör ülkeler Suriye görüşmeleri için Astana'da buluştu",
    "ar": "الدول الضامنة تجتمع في أستانا لبحث الملف السوري",
    "fa": "نشست کشورهای ضامن در آستانه درباره سوریه",
    "kk": "Кепілгер елдер Астанада Сирия бойынша бас қосты",
    "es": "Los garantes se reúnen en Astaná para hablar de Siria",
}


@dataclass(frozen=True)
class Wall:
    """`head` is the title element, `shown` the h1; with `thing` the page says in JSON-LD that it is an article."""

    name: str
    language: str
    state: str
    head: str
    paragraphs: tuple[str, ...]
    shown: str | None = None
    thing: bool = False
    free: bool | None = None
    selector: str | None = None
    around: str = ""

    @property
    def path(self) -> str:
        return f"/2024/astana-{self.name}-{self.language}"

    @property
    def html(self) -> str:
        text = "".join(f"<p>{one}</p>" for one in self.paragraphs)
        h1 = f"<h1>{escape(self.shown)}</h1>" if self.shown else ""
        return (
            f'<!DOCTYPE html><html lang="{self.language}"><head><meta charset="utf-8"><title>{escape(self.head)}</title>'
            f"{self._json()}</head><body><header><nav><a href='/'>Home</a> <a href='/world'>World</a></nav></header>"
            f"<main><article>{h1}<div class='content'>{text}</div></article></main>{self.around}</body></html>"
        )

    def _json(self) -> str:
        if not self.thing:
            return ""
        data: dict[str, object] = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": HEADLINE[self.language],
            "datePublished": "2024-01-25T09:30:00+03:00", "author": {"@type": "Person", "name": "Nora Field"},
        }  # fmt: skip
        if self.free is not None:
            data["isAccessibleForFree"] = self.free
        if self.selector:
            data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": self.selector}
        return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def own(language: str) -> str:
    return f"{HEADLINE[language]} | The Daily Steppe"


WALLS = (
    # --- a title that says nothing else, and a text that says little
    Wall("guard", "en", "blocked", "Guard - Access denied", (
        "If you run this site, put your address on the list of those that may pass.",
    ), "One moment"),
    Wall("limited", "en", "blocked", "The Daily Steppe", (
        "Access to this site has been limited by its owner.",
        "If you think that this is a mistake, write to the editors.",
    ), "The Daily Steppe"),
    Wall("letter", "en", "blocked", "Subscribe to our newsletter", (
        "The best of the Astana talks on Syria, each morning before you get up.",
    ), "Subscribe to our newsletter"),
    # --- is it a person?
    Wall("cf", "en", "blocked", "Just a moment...", (
        "Verifying you are human. This may take a few seconds.",
        "steppe.example needs to review the security of your connection before proceeding.",
        "Ray ID: 7d1c4a6b9f3e2a10. Performance &amp; security by a network that protects this site.",
    ), "steppe.example"),
    Wall("traffic", "en", "blocked", "steppe.example", (
        "We have noticed unusual activity coming from your computer network, and to protect our readers we have paused your request.",
        "To continue, please click the box below to let us know you're not a robot. It takes no more than a few seconds, and you will then be taken to the story you asked for.",
        "Why did this happen? Please make sure your browser supports JavaScript and cookies and that you are not blocking them from loading. For more information you can review our terms of service.",
        "Need help? For inquiries related to this message please contact our support team and provide the reference ID below.",
    ), "Pardon our interruption"),
    Wall("denied", "en", "blocked", "Access Denied", (
        "You don't have permission to access \"http://steppe.example/2024/astana-talks\" on this server.",
        "Reference #18.6f3c1502.1706171410.2b9d5e1. If you believe that this is a mistake, write to the owner of the site and name the number above.",
    ), "Access Denied"),
    Wall("own-captcha", "en", "blocked", own("en"), (
        "Before we show you this page we would like to be sure that a person is asking for it.",
        "Press and hold the button until the bar is full to confirm you are a human and not a bot.",
        "If the button does not appear, please enable JavaScript and reload the page.",
    ), HEADLINE["en"], thing=True),
    Wall("ddos", "ru", "blocked", "Проверка браузера", (
        "Мы проверяем ваш браузер перед тем, как открыть сайт. Это займёт несколько секунд.",
        "Процесс автоматический: как только проверка закончится, вы будете перенаправлены на запрошенную страницу. Пожалуйста, не закрывайте это окно.",
        "Для работы сайта необходимо включить JavaScript и cookies. Если страница не открывается, обратитесь к администратору и сообщите ваш IP-адрес.",
    ), "Проверка браузера"),
    Wall("robot", "ru", "blocked", "Ой!", (
        "Нам очень жаль, но запросы с вашего устройства похожи на автоматические.",
        "Подтвердите, что запросы отправляли вы, а не робот: отметьте поле ниже и введите символы с картинки.",
        "Если у вас возникли проблемы, воспользуйтесь формой обратной связи.",
    ), "Подтвердите, что вы не робот"),
    Wall("robot", "tr", "blocked", "Güvenlik doğrulaması", (
        "Devam etmeden önce robot olmadığınızı doğrulamanız gerekiyor.",
        "Ağınızdan olağan dışı sayıda istek geldi; okurlarımızı korumak için bağlantınızı kontrol ediyoruz. Bu işlem birkaç saniye sürer.",
        "Tarayıcınızda JavaScript ve çerezlerin etkin olduğundan emin olun, ardından sayfayı yenileyin.",
    ), "Güvenlik doğrulaması"),
    Wall("robot", "ar", "blocked", "لحظة من فضلك", (
        "يرجى التحقق من أنك إنسان ولست روبوتا قبل المتابعة إلى الموقع.",
        "لاحظنا نشاطا غير معتاد من شبكتك، ولهذا نتحقق من أمان اتصالك. قد يستغرق ذلك بضع ثوان.",
        "يرجى تفعيل جافا سكريبت وملفات تعريف الارتباط في متصفحك ثم إعادة تحميل الصفحة.",
    ), "التحقق من الأمان"),
    Wall("guard", "fa", "blocked", "در حال انتقال به سایت مورد نظر هستید", (
        "لطفا چند لحظه صبر کنید؛ در حال بررسی مرورگر شما هستیم.",
        "برای ادامه باید تایید کنید که ربات نیستید. این بررسی به صورت خودکار انجام می‌شود و چند ثانیه طول می‌کشد.",
        "اگر صفحه باز نشد جاوااسکریپت و کوکی‌ها را در مرورگر خود فعال کنید.",
    ), None),
    Wall("captcha", "de", "blocked", "Sicherheitsabfrage", (
        "Bitte bestätigen Sie, dass Sie kein Roboter sind, um die Seite aufzurufen.",
        "Aus Ihrem Netzwerk kamen zuletzt ungewöhnlich viele Anfragen. Zum Schutz unserer Leserinnen und Leser müssen wir daher kurz prüfen, ob ein Mensch vor dem Bildschirm sitzt.",
        "Bitte aktivieren Sie JavaScript und Cookies in Ihrem Browser und laden Sie die Seite neu.",
    ), "Sicherheitsabfrage"),
    # --- may we?
    Wall("consent", "en", "blocked", "Before you continue to The Daily Steppe", (
        "We and our 142 partners store and access information on your device, such as cookies, to deliver and maintain our services and to show you personalised advertising.",
        "If you choose to accept all, we will also use cookies and data to measure the effectiveness of ads and to develop new services. If you choose to reject all, we will not use cookies for these additional purposes.",
        "You can change your mind at any time by visiting the privacy settings at the bottom of every page. Some partners do not ask for your consent and rely on their legitimate interest.",
        "Select “Manage options” to see additional information, including details about managing your privacy settings.",
    ), "Before you continue"),
    Wall("pur", "de", "blocked", own("de"), (
        "Besuchen Sie uns wie gewohnt mit Werbung und Tracking, indem Sie der Nutzung aller Cookies zustimmen. Details zum Tracking finden Sie in der Datenschutzerklärung.",
        "Oder nutzen Sie unser PUR-Abo: ohne Werbetracking und praktisch werbefrei für 3,99 Euro im Monat. Sie haben bereits ein PUR-Abo? Dann melden Sie sich hier an.",
        "Wir und unsere bis zu 167 Partner verarbeiten personenbezogene Daten, etwa die IP-Adresse, und nutzen Cookies, um Anzeigen und Inhalte zu personalisieren.",
        "Ihre Einwilligung können Sie jederzeit mit Wirkung für die Zukunft im Privacy Center widerrufen.",
    ), "Weiterlesen mit Werbung oder im Abo"),
    Wall("consentement", "fr", "blocked", own("fr"), (
        "Avec votre accord, nos 128 partenaires et nous utilisons des cookies ou technologies similaires pour stocker et accéder à des informations personnelles comme votre visite sur ce site.",
        "Vous pouvez retirer votre consentement ou vous opposer aux traitements fondés sur l'intérêt légitime à tout moment en cliquant sur « Gérer mes choix » ou dans notre politique de confidentialité.",
        "Continuer sans accepter, tout refuser ou accepter et poursuivre : votre choix sera conservé pendant six mois.",
    ), HEADLINE["fr"], thing=True),
    Wall("soglasie", "ru", "blocked", own("ru"), (
        "Мы используем файлы cookie и собираем данные о вашем устройстве, чтобы сайт работал и чтобы показывать вам рекламу.",
        "Нажимая «Принять», вы даёте согласие на обработку персональных данных и принимаете политику конфиденциальности. Отозвать согласие можно в любое время.",
        "Без согласия на использование cookie материалы сайта, к сожалению, недоступны.",
    ), HEADLINE["ru"], thing=True),
    Wall("cerez", "tr", "blocked", "Gizliliğinize önem veriyoruz", (
        "Size daha iyi hizmet sunabilmek için çerezler kullanıyoruz; kişisel verileriniz KVKK kapsamında iş ortaklarımızla birlikte işlenmektedir.",
        "Tümünü kabul et düğmesine basarak çerezlerin kullanılmasına açık rıza vermiş olursunuz. Tercihlerinizi dilediğiniz zaman çerez ayarlarından değiştirebilirsiniz.",
        "Ayrıntılı bilgi için çerez politikamızı ve gizlilik bildirimimizi okuyabilirsiniz.",
    ), "Gizliliğinize önem veriyoruz"),
    # --- who are you, and have you paid?
    Wall("teaser", "en", "blocked", own("en"), (
        "Envoys of Russia, Türkiye and Iran gathered in Astana on Thursday for another round of talks on Syria, with the calm around Idlib and the fate of the missing high on the agenda.",
        "The Kazakh hosts spoke of a good beginning. Behind closed doors, however, two of the delegations were said to have asked for a delay of",
        "To continue reading this article, subscribe now. Get your first month for one euro, cancel at any time.",
        "Already a subscriber? Sign in",
    ), HEADLINE["en"], thing=True, free=False),
    Wall("snippet", "en", "blocked", own("en"), (
        "Envoys of Russia, Türkiye and Iran gathered in Astana on Thursday for another round of talks on Syria. The Kazakh hosts spoke of a good beginning, the Iranian delegation of a long road.",
        "By the evening the guarantors had agreed upon little more than the date of...",
    ), HEADLINE["en"], thing=True, free=False, around="<div class='snippet-login'>To Read the Full Story <a href='/s'>Subscribe</a></div>"),
    Wall("metered", "en", "blocked", own("en"), (
        "Envoys of Russia, Türkiye and Iran gathered in Astana on Thursday for another round of talks on Syria.",
        "You have reached your limit of three free articles this month. Create a free account or log in to keep reading the news that matters.",
    ), HEADLINE["en"]),
    Wall("plus", "de", "blocked", own("de"), (
        "Die Gesandten Russlands, der Türkei und Irans sind am Donnerstag in Astana zu einer weiteren Gesprächsrunde über Syrien zusammengekommen. Auf der Tagesordnung stehen die Waffenruhe um Idlib und das Schicksal der Vermissten.",
        "Die kasachischen Gastgeber sprachen von einem guten Beginn. Hinter verschlossenen Türen jedoch baten zwei der Delegationen um",
    ), HEADLINE["de"], thing=True, free=False, selector=".paid-content"),
    Wall("abonnes", "fr", "blocked", own("fr"), (
        "Les émissaires de la Russie, de la Turquie et de l'Iran se sont retrouvés jeudi à Astana pour un nouveau cycle de pourparlers sur la Syrie, le sort des disparus et le calme autour d'Idleb.",
        "Cet article est réservé à nos abonnés. Il vous reste 82 % de cet article à lire.",
        "Déjà abonné ? Connectez-vous pour lire la suite.",
    ), HEADLINE["fr"], thing=True, free=False),
    Wall("podpiska", "ru", "blocked", own("ru"), (
        "Делегации России, Турции и Ирана собрались в четверг в Астане на очередной раунд переговоров по Сирии. В повестке — режим тишины в Идлибе и судьба пропавших без вести.",
        "Полный текст статьи доступен только по подписке. Оформите её, чтобы читать все материалы без ограничений.",
        "Уже подписаны? Войдите в личный кабинет.",
    ), HEADLINE["ru"], thing=True, free=False),
    Wall("mushtarik", "ar", "blocked", own("ar"), (
        "اجتمعت وفود روسيا وتركيا وإيران يوم الخميس في أستانا في جولة جديدة من المحادثات حول سوريا، وعلى جدول الأعمال الهدوء في إدلب ومصير المفقودين.",
        "هذا المحتوى مخصص للمشتركين فقط. اشترك الآن لمتابعة القراءة والاطلاع على جميع المقالات.",
        "هل أنت مشترك بالفعل؟ سجل الدخول",
    ), HEADLINE["ar"], thing=True, free=False),
    Wall("abone", "tr", "blocked", own("tr"), (
        "Rusya, Türkiye ve İran heyetleri Suriye görüşmelerinin yeni turu için perşembe günü Astana'da bir araya geldi.",
        "Haberin devamını okumak için abone olun. İlk ay ücretsizdir, dilediğiniz zaman iptal edebilirsiniz.",
        "Zaten abone misiniz? Giriş yapın.",
    ), HEADLINE["tr"]),
    Wall("login", "en", "blocked", own("en"), (
        "Please sign in to read this story. Registration is free and takes less than a minute.",
        "With an account you can save articles for later, follow your favourite writers and receive our evening letter.",
        "By signing in you agree to our terms of use and our privacy policy.",
    ), HEADLINE["en"], around="<form><input name='user'><input type='password' name='p'></form>"),
    Wall("kiru", "kk", "blocked", own("kk"), (
        "Мақаланы оқу үшін жүйеге кіріңіз немесе тіркеліңіз.",
        "Тіркелу тегін және бір минуттан аспайды. Толық мәтін тек тіркелген оқырмандарға қолжетімді.",
    ), HEADLINE["kk"]),
    Wall("registro", "es", "blocked", own("es"), (
        "Enviados de Rusia, Turquía e Irán se reunieron el jueves en Astaná para una nueva ronda de conversaciones sobre Siria.",
        "Para seguir leyendo, regístrate gratis o inicia sesión. Este contenido es exclusivo para suscriptores.",
        "¿Ya eres suscriptor? Inicia sesión aquí.",
    ), HEADLINE["es"], thing=True),
    # --- it is not here
    Wall("lost", "en", "gone", "Page not found | The Daily Steppe", (
        "Sorry, the page you are looking for could not be found. It may have been moved or deleted, or the address may have been typed wrongly.",
        "Try the search at the top of the page, go back to the home page or have a look at what others are reading today.",
        "If you think that something is broken here, please tell our editors.",
    ), "Oops! That page can’t be found."),
    Wall("removed", "en", "gone", own("en"), (
        "This article is no longer available. It was removed at the request of the agency that supplied it.",
    ), "Article unavailable"),
    Wall("net", "ru", "gone", "Ошибка 404 — The Daily Steppe", (
        "К сожалению, запрашиваемая страница не найдена. Возможно, она была удалена или перемещена, либо в адресе допущена опечатка.",
        "Воспользуйтесь поиском или перейдите на главную страницу, там собраны все важные новости дня.",
    ), "Страница не найдена"),
    Wall("mawjud", "ar", "gone", "الصفحة غير موجودة", (
        "عذرا، الصفحة التي تبحث عنها غير موجودة أو تم حذفها أو نقلها إلى عنوان آخر.",
        "يمكنك استخدام البحث أو العودة إلى الصفحة الرئيسية لقراءة آخر الأخبار.",
    ), "خطأ 404"),
    Wall("yok", "tr", "gone", "Sayfa bulunamadı - The Daily Steppe", (
        "Aradığınız sayfa bulunamadı. Sayfa kaldırılmış, taşınmış ya da adresi değişmiş olabilir.",
        "Ana sayfaya dönebilir ya da arama kutusunu kullanarak haberlere ulaşabilirsiniz.",
    ), "Sayfa bulunamadı"),
    Wall("weg", "de", "gone", "The Daily Steppe", (
        "Der gesuchte Artikel ist leider nicht mehr verfügbar. Möglicherweise wurde er gelöscht oder verschoben.",
        "Nutzen Sie unsere Suche oder kehren Sie zur Startseite zurück.",
    ), "Seite nicht gefunden"),
    Wall("introuvable", "fr", "gone", "Erreur 404", (
        "La page que vous recherchez n'existe pas ou n'est plus disponible. Vérifiez l'adresse saisie ou revenez à la page d'accueil.",
        "Vous pouvez aussi utiliser le moteur de recherche pour retrouver un article.",
    ), "Page introuvable"),
    # --- nothing is here
    Wall("script", "en", "unreadable", own("en"), (
        "You need to enable JavaScript to run this app. Please turn it on in the settings of your browser and reload the page.",
    ), None, thing=True),
    Wall("shell", "en", "unreadable", own("en"), (), HEADLINE["en"], thing=True, around="<div id='root'></div>"),
    Wall("loading", "ru", "unreadable", own("ru"), ("Загрузка…", "Подождите, страница загружается", "Загрузка…"), HEADLINE["ru"], thing=True),
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """An article that speaks of walls, or stands behind one that is open: it is to be kept."""

    name: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    free: bool | None = None
    around: str = ""

    @property
    def path(self) -> str:
        return f"/2024/astana-report-{self.name}"

    @property
    def html(self) -> str:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.title,
            "datePublished": "2024-01-25",
        }
        if self.free is not None:
            data |= {"isAccessibleForFree": str(self.free)}
        text = "".join(f"<p>{one}</p>" for one in self.paragraphs)
        return (
            f'<!DOCTYPE html><html lang="{self.language}"><head><meta charset="utf-8"><title>{escape(self.title)}</title>'
            f'<script type="application/ld+json">{json.dumps(data)}</script></head><body><div id="cookie-banner"><p>We and '
            "our partners use cookies. Accept all or manage your preferences.</p></div><nav><a href='/in'>Sign in</a> "
            "<a href='/s'>Subscribe now</a></nav><noscript>Please enable JavaScript.</noscript>"
            f"<article><h1>{escape(self.title)}</h1>{text}</article>{self.around}</body></html>"
        )


REPORTS = (
    Report("denied", "en", "Access denied: convoys for Idlib wait while the Astana talks go on", (
        "The Astana talks on Syria heard on Thursday that access was denied to three convoys for Idlib. Russia, Türkiye and Iran promised an answer.",
        "A fourth has been blocked for security reasons, said the envoy. The drivers wait at the border, and have bread for two days.",
    )),
    Report("closed", "ru", "Доступ ограничен: что показали переговоры в Астане по Сирии", (
        "Доступ журналистов к залу был ограничен, и о переговорах по Сирии в Астане рассказали сами делегации. Россия, Турция и Иран приняли заявление.",
        "Решение по Идлибу не найдено, признал дипломат. Следующий раунд назначен на осень.",
    )),
    Report("upkeep", "en", "Maintenance of the truce on the table of the Astana talks", (
        "The truce in Syria is under maintenance, as one envoy at the Astana talks put it. Nobody laughed in the hall.",
        "The guarantors, Russia, Türkiye and Iran, will try again later, he said, when the winter is over.",
    )),
    Report("cookies", "en", "Cookie rules reach the press centre of the Astana talks", (
        "Journalists who report on the Astana talks on Syria have been told that the website of the press centre will no longer set cookies without consent.",
        "The organisers said that a reader had complained after the last round; under the privacy law of the host country every visitor must be able to reject all of them.",
        "The delegations of Russia, Türkiye and Iran were not affected, as they receive the papers of the talks in print. A spokesman said that the change had cost less than a lunch.",
    )),
    Report("robots", "ru", "В Астане спорили о роботах и о Сирии", (
        "На полях переговоров по Сирии в Астане показали робота, который встречает делегации у входа и проверяет их пропуска.",
        "Представители России, Турции и Ирана улыбались: машина трижды приняла переводчика за посла. Организаторы пообещали исправить ошибку к следующему раунду.",
        "Сами переговоры прошли спокойно, стороны подтвердили приверженность режиму тишины и условились встретиться зимой.",
    )),
    Report("subscriptions", "de", "Astana-Gespräche: Zeitungen beklagen Bezahlschranken", (
        "Am Rande der Astana-Gespräche über Syrien haben Korrespondenten beklagt, dass die Erklärungen der Delegationen immer öfter hinter Bezahlschranken verschwinden.",
        "Wer alles lesen wolle, brauche inzwischen vier Abonnements, sagte eine Reporterin aus Wien. Die kasachischen Gastgeber wollen die Texte künftig selbst veröffentlichen.",
        "Die Vertreter Russlands, der Türkei und Irans äußerten sich dazu nicht; sie vertagten sich auf den Winter.",
    )),
    Report("lost", "tr", "Astana bildirisi internetten kaldırıldı", (
        "Suriye konulu Astana görüşmelerinin ardından yayımlanan ortak bildiri, bakanlığın internet sayfasından kısa süreliğine kaldırıldı.",
        "Yetkililer, metindeki bir çeviri hatasının düzeltildiğini ve belgenin akşam saatlerinde yeniden yayımlandığını söyledi.",
        "Türkiye, Rusya ve İran heyetleri içerikte bir değişiklik olmadığını vurguladı; bir sonraki tur kış aylarında yapılacak.",
    )),
    Report("paid", "en", "Guarantors agree upon a winter round in Astana", (
        "Envoys of Russia, Türkiye and Iran agreed on Thursday to meet again in Astana this winter for another round of talks on Syria, the Kazakh foreign ministry said.",
        "The statement, which runs to two pages, speaks of the calm around Idlib, of the return of refugees and of the exchange of prisoners. It names no day for the next round, and none of the three delegations wished to name one at the door.",
        "A working group on the missing met for the fifth time. Its members compared their lists late into the night, and the Red Cross was present as an observer.",
        "Behind the scenes, two diplomats said, the talk was of electricity and of bread. The hosts had laid on a dinner with music, which the observers from Jordan left early for their plane.",
    ), free=False, around="<aside><p>Already a subscriber? Sign in</p></aside>"),
    Report("brief", "en", "Astana talks delayed by technical problems", (
        "The opening of the Astana talks on Syria was delayed by an hour on Thursday over technical problems with the interpreters' booths, the hosts said.",
    )),
    Report("wahrung", "ar", "محادثات أستانا: الصحفيون يشكون من حجب المواقع", (
        "اشتكى صحفيون يغطون محادثات أستانا حول سوريا من أن مواقع عدة لم تكن متاحة في المركز الصحفي خلال اليوم الأول من الجولة.",
        "وقال المنظمون إن العطل أصلح في المساء، وإن وفود روسيا وتركيا وإيران لم تتأثر به، وإن البيان الختامي سينشر كاملا على موقع الوزارة.",
    )),
)  # fmt: skip
