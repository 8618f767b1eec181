"""Sentences as customers write them, by language, and the charsets that such files are saved in."""

# ruff: noqa: RUF001 - letters of other alphabets look like those of this one

CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866")
CENTRAL = ("cp1250", "iso8859_2")
WESTERN = ("cp1252", "iso8859_15")
CHARSETS = {
    "ru": CYRILLIC,
    "uk": ("cp1251", "koi8_u"),
    "bg": ("cp1251",),
    "el": ("cp1253", "iso8859_7"),
    "he": ("cp1255", "iso8859_8"),
    "ar": ("cp1256",),
    "tr": ("cp1254",),
    "pl": CENTRAL,
    "cs": CENTRAL,
    "hu": CENTRAL,
    "ro": CENTRAL,
    "de": WESTERN,
    "fr": WESTERN,
    "es": WESTERN,
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh-cn": ("gb18030",),
    "zh-tw": ("big5",),
}
SENTENCES: dict[str, tuple[str, ...]] = {
    "ru": (
        "Где мой заказ?",
        "Здравствуйте, когда будет готов мой заказ?",
        "Когда вы отправите посылку номер 48213?",
        "Здравствуйте! Я заказал у вас лампу, но она пришла с разбитым стеклом.",
        "Кабель от лампы Nordhem 40 сломан, спасибо.",
        "Прошу вернуть деньги на карту, товар не подошёл.",
        "Добрый день! Лампа пришла разбитой. Нам нужен возврат или замена до пятницы.",
    ),
    "uk": (
        "Де моє замовлення?",
        "Доброго дня, коли надійде посилка?",
        "Лампа не вмикається, що мені робити?",
        "Прошу повернути гроші за замовлення 48213, дякую.",
        "Їхній кур'єр не приїхав, а телефон не відповідає вже другий день.",
    ),
    "bg": (
        "Къде е поръчката ми?",
        "Здравейте, лампата не работи.",
        "Кога ще пристигне пратката с номер 48213?",
        "Моля, върнете парите ми, защото стъклото е счупено.",
        "Получих грешен цвят. Искам бялата лампа, която поръчах миналата седмица.",
    ),
    "el": (
        "Πού είναι η παραγγελία;",
        "Καλησπέρα, η λάμπα δεν ανάβει.",
        "Άργησε πολύ το δέμα 48213. Πότε θα έρθει;",
        "Θα ήθελα να επιστρέψω το φωτιστικό και να πάρω τα χρήματά μου πίσω.",
    ),
    "he": (
        "איפה ההזמנה שלי?",
        "שלום, המנורה לא נדלקת.",
        "מתי תגיע חבילה מספר 48213?",
        "אני רוצה להחזיר את המוצר ולקבל את הכסף בחזרה, בבקשה.",
    ),
    "ar": (
        "أين طلبي؟",
        "مرحبا، المصباح لا يعمل.",
        "متى تصل الشحنة رقم 48213؟",
        "أريد إرجاع المنتج واسترداد المبلغ لأن الزجاج مكسور.",
    ),
    "tr": (
        "Siparişim nerede kaldı?",
        "Lamba çalışmıyor, yardım eder misiniz?",
        "48213 numaralı kargo ne zaman gelecek?",
        "İade etmek istiyorum, çünkü ürün kırık geldi. Paramı ne zaman alırım?",
    ),
    "pl": (
        "Gdzie jest moja przesyłka?",
        "Lampa nie działa, proszę o pomoc.",
        "Chciałbym zwrócić lampę, bo jest pęknięta.",
        "Żarówka miała być biała, a przyszła żółta. Czy mogę ją wymienić?",
        "Kiedy dotrze zamówienie 48213? Czekam już dwa tygodnie i nikt nie odpowiada.",
    ),
    "cs": (
        "Kde je moje objednávka?",
        "Dobrý den, lampa nesvítí.",
        "Prosím o vrácení peněz za rozbité zboží.",
        "Přišla mi špatná barva, chtěl bych ji vyměnit za bílou.",
        "Kdy dorazí zásilka 48213? Čekám už dva týdny a nikdo mi neodpověděl.",
    ),
    "hu": (
        "Hol van a rendelésem?",
        "Jó napot, a lámpa nem működik.",
        "Szeretném visszaküldeni, mert eltört az üveg.",
        "Mikor érkezik meg a 48213 számú csomag? Két hete várok rá.",
        "A színe nem megfelelő, fehéret kértem, nem sárgát. Cserélhető?",
    ),
    "ro": (
        "Unde este comanda mea, vă rog?",
        "Lampa nu funcţionează.",
        "Când ajunge coletul 48213?",
        "Aş dori să returnez lampa, deoarece sticla este spartă.",
        "Bună ziua, am primit culoarea greşită şi aş vrea să o schimb cu una albă.",
    ),
    "de": (
        "Wo bleibt die Lampe für mich?",
        "Die Lampe ist beschädigt.",
        "Ich möchte die Bestellung zurückgeben.",
        "Können Sie mir eine größere schicken? Diese ist zu klein.",
        "Guten Tag, das Paket 48213 ist geöffnet angekommen, und das Glas war zerbrochen. Grüße",
    ),
    "fr": (
        "Où est ma commande ?",
        "Retour à la",
        "La lampe est arrivée cassée.",
        "Retour à la boutique, s'il vous plaît.",
        "Je voudrais être remboursé, car le verre est brisé.",
        "Bonjour, j’ai reçu la mauvaise couleur ; pourriez-vous l’échanger contre une blanche ?",
    ),
    "es": (
        "¿Dónde está mi pedido?",
        "La lámpara no funciona.",
        "Quiero devolverla, llegó rota.",
        "Mañana vence el plazo y todavía no he recibido el paquete 48213.",
        "Buenos días, me enviaron otro color. ¿Podrían cambiarlo por el blanco, por favor?",
    ),
    "ja": (
        "注文はどこですか。",
        "ランプがつきません。",
        "荷物はいつ届きますか。番号は48213です。",
        "ガラスが割れていたので、返品して返金をお願いします。",
    ),
    "ko": (
        "제 주문은 어디에 있나요?",
        "램프가 켜지지 않습니다.",
        "48213번 택배는 언제 도착하나요?",
        "유리가 깨져서 왔습니다. 반품하고 환불받고 싶습니다.",
    ),
    "zh-cn": (
        "我的订单在哪里？",
        "台灯不亮，请帮忙。",
        "42小时之前",
        "编号48213的包裹什么时候能送到？",
        "玻璃碎了，我想退货并退款，请问应该怎么办？",
    ),
    "zh-tw": (
        "我的訂單在哪裡？",
        "檯燈不亮，請幫忙。",
        "編號48213的包裹什麼時候能送到？",
        "玻璃碎了，我想退貨並退款，請問應該怎麼辦？",
    ),
}
CEDILLAS = str.maketrans("ŞşŢţ", "ȘșȚț")
"""One letter to a Romanian, whichever of them a charset has."""


def encoded(language: str) -> list[tuple[str, str, bytes]]:
    """Return each sentence of a language in each of its charsets that has all of it."""
    pairs = [(text, charset) for text in SENTENCES[language] for charset in CHARSETS[language]]
    found = [(text, charset, text.encode(charset, "ignore")) for text, charset in pairs]
    return [(text, charset, data) for text, charset, data in found if data.decode(charset) == text]
